"""Times one training step of a ReLU-TopK transcoder (k = 32) in plain PyTorch: forward, backward, clipping and Adam.

    python step_time.py --size S
    python step_time.py --size M --threads 2 --repetitions 3 --json step-m.json

The decoders of a source are one dense matrix, as in train_clt.py, whose step this is. Beside it stands what a plain
matrix product reaches at the same moment: the machine's speed drifts, so compare ratios rather than milliseconds.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from train_clt import Clt, adam, train_step

SIZES = {
    "S": {"layers": 6, "width": 192, "features": 1536, "tokens": 1024},
    "M": {"layers": 12, "width": 768, "features": 3072, "tokens": 512},
}
GEMM_SIZE = 2048


def seconds_of(run: Callable[[], object], repetitions: int) -> dict[str, float]:
    """Median and minimum seconds of `run`, after one run to warm up."""
    run()
    seconds = []
    for _ in range(repetitions):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return {"median": statistics.median(seconds), "minimum": min(seconds)}


def time_step(size: dict[str, int], repetitions: int) -> dict[str, float]:
    layers, width, features, tokens = (size[name] for name in ("layers", "width", "features", "tokens"))
    settings = argparse.Namespace(sparsifier="relu-topk", k=32, aux_k=0, clip_norm=1.0)
    torch.manual_seed(0)
    clt = Clt(layers, width, features, settings)
    optimiser = adam(clt)
    batch = torch.randn(tokens, layers, width), torch.randn(tokens, layers, width)
    none_dead = torch.zeros(layers, features)
    return seconds_of(lambda: train_step(clt, optimiser, batch, 1e-4, 0.0, none_dead), repetitions)


def time_gemm(repetitions: int) -> dict[str, float]:
    a, b = torch.randn(2, GEMM_SIZE, GEMM_SIZE)
    return seconds_of(lambda: a @ b, repetitions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    size = SIZES[args.size]
    step, gemm = time_step(size, args.repetitions), time_gemm(args.repetitions)
    document = {
        "torch": torch.__version__,
        "threads": args.threads,
        "size": args.size,
        **size,
        "stepMs": {name: seconds * 1e3 for name, seconds in step.items()},
        "tokensPerSecond": {name: size["tokens"] / seconds for name, seconds in step.items()},
        "gemmGflops": {name: 2 * GEMM_SIZE**3 / seconds / 1e9 for name, seconds in gemm.items()},
    }
    shape = " ".join(f"{name} {value}" for name, value in size.items())
    print(f"torch {torch.__version__}, {args.threads} threads, {args.size} ({shape})")
    for name in step:
        print(
            f"{name:8}{document['stepMs'][name]:10.0f} ms/step{document['tokensPerSecond'][name]:10.0f} tokens/s"
            f"{document['gemmGflops'][name]:8.1f} GFLOP/s plain GEMM"
        )
    if args.json:
        args.json.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
