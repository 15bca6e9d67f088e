"""Trains and measures a cross-layer transcoder in plain PyTorch: an independent peer of Strata's own training.

    python train_clt.py --check
    python train_clt.py --sparsifier relu-topk --cache cache --json relu-topk.json

It shares the recipe with Strata and no code: vision tower, sparsifiers, losses (by autograd) and metrics are written
again from the published method. The random streams differ, so both agree to within the spread of seeds, not to the
bit. `--check` holds the tower and five training steps of every sparsifier against the golden values in testdata/.
How to install: README.md beside this file.

In shapes: B tokens of a batch, T tokens of an image (CLS first), L layers, d width, m features of a layer.
"""

import argparse
import hashlib
import io
import json
import math
import sys
import tarfile
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
IMAGES_AT_ONCE = 32
TOKEN_GROUPS = {"cls": slice(0, 1), "patches": slice(1, None), "all": slice(None)}
METRICS = ("cosine", "mse", "r2", "l0", "dead")


# ----------------------------------------------------------------------------------------------- activations
class VisionTower:
    """CLIP's vision transformer from a HuggingFace folder, up to its last block."""

    def __init__(self, folder: Path):
        config = json.loads((folder / "config.json").read_text())["vision_config"]
        self.layers, self.width = config["num_hidden_layers"], config["hidden_size"]
        self.heads, self.eps = config["num_attention_heads"], config["layer_norm_eps"]
        self.image_size, self.patch_size = config["image_size"], config["patch_size"]
        self.activation = {"gelu": F.gelu, "quick_gelu": lambda h: h * torch.sigmoid(1.702 * h)}[config["hidden_act"]]
        processor = json.loads((folder / "preprocessor_config.json").read_text())
        self.mean, self.std = (torch.tensor(processor[key]).view(3, 1, 1) for key in ("image_mean", "image_std"))
        weights = load_file(folder / "model.safetensors")
        prefix = "vision_model."
        self.weights = {name[len(prefix) :]: value for name, value in weights.items() if name.startswith(prefix)}

    def pixels(self, file: bytes) -> Tensor:
        """An image file -> [3, size, size], transparency on white. The image must have the model's size already."""
        image = Image.open(io.BytesIO(file)).convert("RGBA")
        if image.size != (self.image_size, self.image_size):
            raise ValueError(f"expected an image of {self.image_size} x {self.image_size} pixels, found {image.size}")
        flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
        values = torch.frombuffer(bytearray(flat.tobytes()), dtype=torch.uint8).view(*flat.size, 3)
        return (values.permute(2, 0, 1) / 255 - self.mean) / self.std

    @torch.no_grad()
    def taps(self, pixels: Tensor) -> Tensor:
        """[images, 3, size, size] -> [images, T, L, 2, d]: LN2 activation x and MLP output y of every layer."""
        kernel = self.weights["embeddings.patch_embedding.weight"]
        patches = F.conv2d(pixels, kernel, stride=self.patch_size).flatten(2).transpose(1, 2)
        cls = self.weights["embeddings.class_embedding"].expand(len(pixels), 1, -1)
        stream = torch.cat([cls, patches], 1) + self.weights["embeddings.position_embedding.weight"]
        stream = self._norm(stream, "pre_layrnorm")
        taps = torch.empty(*stream.shape[:2], self.layers, 2, self.width)
        for layer in range(self.layers):
            block = f"encoder.layers.{layer}"
            stream = stream + self._attention(self._norm(stream, f"{block}.layer_norm1"), f"{block}.self_attn")
            x = self._norm(stream, f"{block}.layer_norm2")
            y = self._linear(self.activation(self._linear(x, f"{block}.mlp.fc1")), f"{block}.mlp.fc2")
            taps[:, :, layer, 0], taps[:, :, layer, 1] = x, y
            stream = stream + y
        return taps

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (self.width,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], self.eps)

    def _attention(self, x: Tensor, name: str) -> Tensor:
        heads = (*x.shape[:2], self.heads, self.width // self.heads)
        q, k, v = (self._linear(x, f"{name}.{part}_proj").view(heads).transpose(1, 2) for part in "qkv")
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
        return self._linear(mixed, f"{name}.out_proj")


def capture(tower: VisionTower, data: Path, split: str, patches: int | None, seed: int) -> Tensor:
    """A split's activations [images, tokens kept, L, 2, d] in float16: CLS and `patches` random ones, or all (None)."""
    generator = torch.Generator().manual_seed(seed)
    kept = []
    with tarfile.open(data) as archive:
        names = sorted(entry.name for entry in archive if entry.isfile() and entry.name.split("/")[0] == split)
        for start in range(0, len(names), IMAGES_AT_ONCE):
            files = [archive.extractfile(name).read() for name in names[start : start + IMAGES_AT_ONCE]]
            taps = tower.taps(torch.stack([tower.pixels(file) for file in files])).half()
            if patches is not None:
                chosen = torch.rand(len(files), taps.shape[1] - 1, generator=generator).argsort(1)[:, :patches] + 1
                tokens = torch.cat([torch.zeros(len(files), 1, dtype=torch.long), chosen], 1)
                taps = taps[torch.arange(len(files))[:, None], tokens]
            kept.append(taps)
    if not kept:
        raise ValueError(f"{data} has no images under {split}/")
    return torch.cat(kept)


def activations(args: argparse.Namespace, split: str, patches: int | None) -> Tensor:
    """What `capture` gives, read from the cache where a former run has left it."""
    tower = VisionTower(args.model)
    if args.cache is None:
        return capture(tower, args.data, split, patches, args.seed)
    inputs = hashlib.sha256(f"{split} {patches} {args.seed if patches is not None else None}".encode())
    for path in (args.model / "model.safetensors", args.data):
        inputs.update(path.read_bytes())
    path = args.cache / f"{split}-{inputs.hexdigest()[:16]}.safetensors"
    if not path.exists():
        args.cache.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        save_file({"taps": capture(tower, args.data, split, patches, args.seed)}, unfinished)
        unfinished.rename(path)
    return load_file(path)["taps"]


class Standardiser:
    """One mean vector and one RMS per layer and side over the training tokens."""

    def __init__(self, rows: Tensor):
        """rows [tokens, L, 2, d]"""
        total, squares = (torch.zeros(rows.shape[1:], dtype=torch.float64) for _ in range(2))
        for part in rows.split(4096):
            total += part.double().sum(0)
            squares += part.double().square().sum(0)
        mean = total / len(rows)
        self.mean = mean.float()
        self.rms = (squares / len(rows) - mean.square()).mean(-1, keepdim=True).sqrt().float()

    def apply(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """rows [B, L, 2, d] -> standardised x and y [B, L, d]."""
        return ((rows.float() - self.mean) / self.rms).unbind(2)

    def restore(self, yhat: Tensor) -> Tensor:
        """Reconstructions [B, L, d] in raw activation units."""
        return yhat * self.rms[:, 1] + self.mean[:, 1]


# ---------------------------------------------------------------------------------------- cross-layer transcoder
class JumpReLU(torch.autograd.Function):
    """h where h > theta, else 0; theta learns through a rectangle kernel on h."""

    @staticmethod
    def forward(ctx, h: Tensor, theta: Tensor, bandwidth: float) -> Tensor:
        ctx.save_for_backward(h, theta)
        ctx.bandwidth = bandwidth
        return h * (h > theta)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        h, theta = ctx.saved_tensors
        near = (h - theta).abs() < ctx.bandwidth / 2
        return gradient * (h > theta), -(theta / ctx.bandwidth) * (gradient * near).sum(0), None


def keep_top(values: Tensor, score: Tensor, k: int) -> Tensor:
    """`values` where `score` [B, m] is among its row's k largest, else 0. Exact ties fall as torch.topk lets them."""
    kept = score.detach().topk(min(k, score.shape[1]), dim=1).indices
    return values * torch.zeros_like(values).scatter(1, kept, 1.0)


class Clt(nn.Module):
    """Encoders, sparsifier and decoders; source i's decoders are one matrix [m, (L-i)*d] over the targets i..L-1."""

    def __init__(self, layers: int, width: int, features: int, settings: argparse.Namespace):
        super().__init__()
        self.settings = settings

        def uniform(limit: float, *shape: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(shape).uniform_(-limit, limit))

        encoder_limit, decoder_limit = 1 / math.sqrt(features), 1 / math.sqrt(layers * width)
        self.w_enc = nn.ParameterList(uniform(encoder_limit, width, features) for _ in range(layers))
        self.w_dec = nn.ParameterList(uniform(decoder_limit, features, (layers - i) * width) for i in range(layers))
        self.b_enc = nn.Parameter(torch.zeros(layers, features))
        self.b_dec = nn.Parameter(torch.zeros(layers, width))
        if settings.sparsifier == "jumprelu":
            self.log_theta = nn.Parameter(torch.full((layers, features), math.log(settings.initial_threshold)))

    def encode(self, x: Tensor) -> list[Tensor]:
        """x [B, L, d] -> preactivations h, one [B, m] a layer."""
        return [torch.addmm(self.b_enc[i], x[:, i], weight) for i, weight in enumerate(self.w_enc)]

    def sparsify(self, h: list[Tensor], k: int) -> list[Tensor]:
        if self.settings.sparsifier == "relu-topk":
            return [keep_top(part.relu(), part, k) for part in h]
        if self.settings.sparsifier == "abs-topk":
            return [keep_top(part, part.abs(), k) for part in h]
        theta = self.log_theta.exp()
        return [JumpReLU.apply(part, theta[i], self.settings.bandwidth) for i, part in enumerate(h)]

    def decode(self, codes: list[Tensor], bias: Tensor) -> Tensor:
        """Codes z, one [B, m] a source, and bias [L, d] -> yhat [B, L, d]."""
        running, rebuilt = bias.flatten(), []
        for code, weight in zip(codes, self.w_dec, strict=True):
            # Source i adds to all targets from i on; target i is then complete.
            total = torch.addmm(running, code, weight)
            rebuilt.append(total[:, : bias.shape[1]])
            running = total[:, bias.shape[1] :]
        return torch.stack(rebuilt, 1)

    def forward(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        """x [B, L, d] -> codes and yhat."""
        codes = self.sparsify(self.encode(x), self.settings.k)
        return codes, self.decode(codes, self.b_dec)

    def loss(self, x: Tensor, y: Tensor, sparsity_weight: float, dead: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The training loss of standardised x, y [B, L, d], with dead [L, m] 1 for a dead feature; and the codes."""
        h = self.encode(x)
        codes = self.sparsify(h, self.settings.k)
        error = y - self.decode(codes, self.b_dec)
        loss = error.square().mean()
        if self.settings.sparsifier == "jumprelu":
            loss = loss + self.threshold_losses(h, codes, sparsity_weight, dead)
        elif dead.any() and self.settings.aux_k > 0:
            dead_codes = self.sparsify([part * dead[i] for i, part in enumerate(h)], self.settings.aux_k)
            rebuilt = self.decode(dead_codes, torch.zeros_like(self.b_dec))
            loss = loss + self.settings.aux_weight * (error.detach() - rebuilt).square().mean()
        return loss, codes

    def threshold_losses(self, h: list[Tensor], codes: list[Tensor], sparsity_weight: float, dead: Tensor) -> Tensor:
        """JumpReLU's sparsity penalty and the pre-activation push that brings dead features back."""
        total = torch.zeros(())
        for i, theta in enumerate(self.log_theta.exp()):
            norm = self.w_dec[i].norm(dim=1)
            active = torch.tanh(self.settings.c * norm * codes[i]).sum(1).mean()
            push = (dead[i] * (theta - h[i]).relu() * norm).sum(1).mean()
            total = total + sparsity_weight * active + self.settings.preactivation_weight * push
        return total


# --------------------------------------------------------------------------------------------------- training
def adam(clt: Clt) -> torch.optim.Optimizer:
    return torch.optim.Adam(clt.parameters(), betas=(0.9, 0.999), eps=1e-8, fused=True)


def train_step(
    clt: Clt, optimiser: torch.optim.Optimizer, batch: tuple[Tensor, Tensor], rate: float, weight: float, dead: Tensor
) -> tuple[float, Tensor]:
    """One step at a learning rate and sparsity weight; the loss before it and how often each feature fired [L, m]."""
    optimiser.zero_grad()
    loss, codes = clt.loss(*batch, weight, dead)
    loss.backward()
    nn.utils.clip_grad_norm_(clt.parameters(), clt.settings.clip_norm)
    optimiser.param_groups[0]["lr"] = rate
    optimiser.step()
    return loss.item(), torch.stack([(code != 0).sum(0) for code in codes])


def learning_rate(args: argparse.Namespace, step: int) -> float:
    peak = args.learning_rate or 2e-4 / math.sqrt(args.features / 2**14)
    decay_steps = math.ceil(args.steps * args.decay_share)
    warm_up = min(1, (step + 1) / args.warmup_steps) if args.warmup_steps else 1
    return peak * warm_up * min(1, (args.steps - step) / max(1, decay_steps))


def train(args: argparse.Namespace, rows: Tensor, standardiser: Standardiser) -> Clt:
    """Trains on rows [tokens, L, 2, d], drawn in seeded shuffles, one an epoch."""
    torch.manual_seed(args.seed)
    clt = Clt(rows.shape[1], rows.shape[3], args.features, args)
    optimiser = adam(clt)
    since_fired = torch.zeros(rows.shape[1], args.features)
    epochs = math.ceil(args.steps * args.batch_tokens / len(rows))
    order = torch.cat([torch.randperm(len(rows)) for _ in range(epochs)])
    started = time.perf_counter()
    for step in range(args.steps):
        batch = standardiser.apply(rows[order[step * args.batch_tokens : (step + 1) * args.batch_tokens]])
        weight = args.sparsity_weight * (step + 1) / args.steps
        dead = (since_fired >= args.dead_after_tokens).float()
        loss, fired = train_step(clt, optimiser, batch, learning_rate(args, step), weight, dead)
        since_fired = torch.where(fired > 0, 0, since_fired + args.batch_tokens)
        if (step + 1) % 50 == 0 or step + 1 == args.steps:
            l0 = fired.sum(1) / args.batch_tokens
            seconds = time.perf_counter() - started
            print(
                f"step {step + 1:5d}  loss {loss:.4f}  L0 {l0.mean():6.1f} ({l0.min():.1f} to {l0.max():.1f})"
                f"  dead {dead.mean():.3f}  {seconds / (step + 1):.2f} s/step",
                flush=True,
            )
    return clt


# ------------------------------------------------------------------------------------------------- measurement
class Meter:
    """Reconstruction metrics of all layers over one token group, in double precision and raw activation units."""

    def __init__(self):
        self.tokens, self.sums = 0, {}

    def add(self, y: Tensor, yhat: Tensor, active: Tensor) -> None:
        """y, yhat [B, L, d]; active [B, L, m], true where a feature is not 0."""
        y, yhat = y.double(), yhat.double()
        self.tokens += len(y)
        parts = {
            "cosine": F.cosine_similarity(y, yhat, dim=-1).sum(0),
            "error": (y - yhat).square().sum((0, 2)),
            "y": y.sum(0),
            "squares": y.square().sum(0),
            "fired": active.sum(0),
        }
        self.sums = {name: self.sums.get(name, 0) + value for name, value in parts.items()}

    def rows(self) -> list[dict]:
        sums, tokens = self.sums, self.tokens
        spread = (sums["squares"] - sums["y"].square() / tokens).sum(1)
        columns = {
            "cosine": sums["cosine"] / tokens,
            "mse": sums["error"] / (tokens * sums["y"].shape[1]),
            "r2": 1 - sums["error"] / spread,
            "l0": sums["fired"].sum(1) / tokens,
            "dead": (sums["fired"] == 0).double().mean(1),
        }
        return [
            {"layer": layer, **{name: columns[name][layer].item() for name in METRICS}} for layer in range(len(spread))
        ]


@torch.no_grad()
def evaluate(clt: Clt, images: Tensor, standardiser: Standardiser) -> dict[str, list[dict]]:
    """Metrics per token group and layer on images [images, T, L, 2, d]."""
    meters = {group: Meter() for group in TOKEN_GROUPS}
    for part in images.split(IMAGES_AT_ONCE):
        x, _ = standardiser.apply(part.flatten(0, 1))
        codes, yhat = clt(x)
        per_image = (*part.shape[:2], clt.b_dec.shape[0], -1)
        y = part[:, :, :, 1].float()
        yhat = standardiser.restore(yhat).view(per_image)
        active = torch.stack([code != 0 for code in codes], 1).view(per_image)
        for group, tokens in TOKEN_GROUPS.items():
            meters[group].add(*(values[:, tokens].flatten(0, 1) for values in (y, yhat, active)))
    return {group: meter.rows() for group, meter in meters.items()}


def summary(reconstruction: dict[str, list[dict]]) -> dict:
    """Means over layers, and the worst layer's R2, per token group."""
    return {
        group: {
            **{name: sum(row[name] for row in rows) / len(rows) for name in METRICS},
            "worstR2": min(row["r2"] for row in rows),
        }
        for group, rows in reconstruction.items()
    }


def print_tables(reconstruction: dict[str, list[dict]]) -> None:
    for group, mean in summary(reconstruction).items():
        print(f"\n{group:8}" + "".join(f"{name:>10}" for name in METRICS))
        for row in reconstruction[group]:
            print(f"  L{row['layer']:<5}" + "".join(f"{row[name]:10.4f}" for name in METRICS))
        print(f"  {'mean':6}" + "".join(f"{mean[name]:10.4f}" for name in METRICS))


# ---------------------------------------------------------------------------------------------------- checking
def relative_error(found: Tensor, expected: Tensor) -> float:
    """Largest difference over the expected tensor's RMS."""
    return ((found - expected).abs().max() / expected.square().mean().sqrt().clamp_min(1e-12)).item()


def check_tower(args: argparse.Namespace) -> float:
    """Pixels and taps of the golden images, read from the data set."""
    folder = ROOT / "testdata" / "mini-clip"
    golden = load_file(folder / "golden.safetensors")
    paths = [image["path"] for image in json.loads((folder / "golden.json").read_text())["images"]]
    tower = VisionTower(args.model)
    with tarfile.open(args.data) as archive:
        pixels = torch.stack([tower.pixels(archive.extractfile(path).read()) for path in paths])
    errors = [relative_error(pixels, golden["pixel_values"])]
    taps = tower.taps(pixels)
    for layer in range(tower.layers):
        for side, name in enumerate(("ln2", "mlp_out")):
            errors.append(relative_error(taps[:, :, layer, side], golden[f"layers.{layer}.{name}"]))
    return max(errors)


def check_training(case: str, meta: dict) -> float:
    """Losses and parameters of five golden steps, in double precision."""
    stored = load_file(ROOT / "testdata" / "golden" / f"clt-{case}.safetensors")
    golden = {name: value.double() for name, value in stored.items()}
    config, layers, steps = meta[case], meta["layers"], meta["steps"]
    settings = argparse.Namespace(
        sparsifier=config["sparsifier"],
        k=config["k"],
        clip_norm=config["clip"] or math.inf,
        initial_threshold=1.0,
        bandwidth=config.get("bandwidth"),
        c=config.get("c"),
        preactivation_weight=0.0,
    )

    def tensors(prefix: str) -> dict[str, Tensor]:
        state = {name: golden[f"{prefix}/{name}"] for name in ("b_enc", "b_dec")}
        for i in range(layers):
            state[f"w_enc.{i}"] = golden[f"{prefix}/W_enc"][i]
            state[f"w_dec.{i}"] = torch.cat([golden[f"{prefix}/W_dec/{i}-{j}"] for j in range(i, layers)], 1)
        if settings.sparsifier == "jumprelu":
            state["log_theta"] = golden[f"{prefix}/log_theta"]
        return state

    clt = Clt(layers, meta["width"], meta["features"], settings).double()
    clt.load_state_dict(tensors("init"))
    optimiser, errors = adam(clt), []
    for step in range(steps):
        batch = golden["x"][step], golden["y"][step]
        weight = config.get("lambda", 0) * (step + 1) / steps
        loss, _ = train_step(clt, optimiser, batch, config["lr"], weight, torch.zeros(layers, meta["features"]))
        errors.append(abs(loss - config["losses"][step]) / config["losses"][step])
        if step + 1 in (1, steps):
            state = clt.state_dict()
            errors += [relative_error(state[name], value) for name, value in tensors(f"step{step + 1}").items()]
    return max(errors)


def check(args: argparse.Namespace) -> bool:
    """Prints the largest relative error of each part; true when all are within bounds."""
    meta = json.loads((ROOT / "testdata" / "golden" / "clt-golden.json").read_text())
    results = [("vision tower", check_tower(args), 1e-4)]
    for case in ("relu-topk", "abs-topk", "jumprelu", "relu-topk-clip"):
        results.append((f"training, {case}", check_training(case, meta), 1e-5))
    for name, error, bound in results:
        print(f"{name:26}{error:9.1e}  {'ok' if error < bound else f'FAILED: more than {bound:g}'}")
    return all(error < bound for _, error, bound in results)


# ------------------------------------------------------------------------------------------------------- command
def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog="Defaults are Strata's."
    )
    add = parser.add_argument
    add("--check", action="store_true", help="compare with the golden values and stop")
    add("--model", type=Path, default=ROOT / "models" / "mini-clip", help="HuggingFace CLIPModel folder")
    add("--data", type=Path, default=ROOT / "resources" / "emoji" / "emoji-10665.tar", help="tar of split/class/image")
    add("--cache", type=Path, help="folder that keeps captured activations for the next run (1.4 GB)")
    add("--json", type=Path, help="file to write recipe and metrics to")
    add("--evaluate-on", default="test", metavar="SPLIT", help="split to measure on (default test)")
    add("--threads", type=int, default=2)
    add("--seed", type=int, default=0)
    add("--patches-per-image", type=int, default=16)
    add("--sparsifier", choices=("relu-topk", "abs-topk", "jumprelu"), default="relu-topk")
    add("--k", type=int, default=32)
    add("--bandwidth", type=float, default=0.25, help="jumprelu: width of the threshold's kernel")
    add("--c", type=float, default=4.0, help="jumprelu: steepness of the penalty's tanh")
    add("--lambda", type=float, default=3e-4, dest="sparsity_weight", help="jumprelu: penalty's weight at the end")
    add("--initial-threshold", type=float, default=0.5, help="jumprelu: theta at initialisation")
    add("--preactivation-weight", type=float, default=3e-6, help="jumprelu: push for dead features")
    add("--features", type=int, default=768, help="m, features of a layer")
    add("--steps", type=int, default=600)
    add("--batch-tokens", type=int, default=1024)
    add("--learning-rate", type=float, help="peak (default 2e-4 / sqrt(m / 2^14))")
    add("--warmup-steps", type=int, default=50)
    add("--decay-share", type=float, default=0.2)
    add("--clip-norm", type=float, default=1.0)
    add("--dead-after-tokens", type=int, default=1_000_000)
    add("--aux-k", type=int, default=128, help="top-k kinds: dead features that rebuild the error, 0 for none")
    add("--aux-weight", type=float, default=1 / 32)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    if args.check:
        sys.exit(0 if check(args) else 1)
    rows = activations(args, "train", args.patches_per_image).flatten(0, 1)
    standardiser = Standardiser(rows)
    started = time.perf_counter()
    clt = train(args, rows, standardiser)
    seconds = time.perf_counter() - started
    reconstruction = evaluate(clt, activations(args, args.evaluate_on, None), standardiser)
    print_tables(reconstruction)
    if args.json:
        recipe = {name: value for name, value in vars(args).items() if not isinstance(value, Path)}
        document = {
            "torch": torch.__version__,
            "recipe": recipe,
            "trainSeconds": seconds,
            "summary": summary(reconstruction),
            "reconstruction": reconstruction,
        }
        args.json.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
