"""Trains and measures a cross-layer transcoder in plain PyTorch: an independent peer of Strata's own training.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python train_clt.py --check
    venv/bin/python train_clt.py --sparsifier relu-topk --cache cache --json relu-topk.json

Nothing here is shared with Strata but the recipe: the vision tower, the sparsifiers, the losses (by autograd), Adam and
the metrics are written again from the published method. The random streams differ, so results agree to within the
spread of seeds, not to the bit. `--check` holds the tower and five training steps against the stored golden values.

Names in shapes: B tokens of a batch, T tokens of an image (CLS first), L layers, d width, m features of a layer.
"""

import argparse
import hashlib
import io
import json
import math
import tarfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
GROUPS = {"cls": slice(0, 1), "patches": slice(1, None), "all": slice(None)}
METRICS = ("cosine", "mse", "r2", "l0", "dead")


# ------------------------------------------------------------------------------------------------ activations
class VisionTower:
    """CLIP's vision transformer from a HuggingFace folder, up to the last block."""

    def __init__(self, folder: Path):
        config = json.loads((folder / "config.json").read_text())["vision_config"]
        self.layers, self.width = config["num_hidden_layers"], config["hidden_size"]
        self.heads, self.eps = config["num_attention_heads"], config["layer_norm_eps"]
        self.image_size, self.patch_size = config["image_size"], config["patch_size"]
        self.tokens = 1 + (self.image_size // self.patch_size) ** 2
        self.activation = {"gelu": F.gelu, "quick_gelu": lambda h: h * torch.sigmoid(1.702 * h)}[config["hidden_act"]]
        processor = json.loads((folder / "preprocessor_config.json").read_text())
        self.mean, self.std = (torch.tensor(processor[key]).view(3, 1, 1) for key in ("image_mean", "image_std"))
        self.weights = load_file(folder / "model.safetensors")

    def linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f"vision_model.{name}.weight"], self.weights[f"vision_model.{name}.bias"])

    def norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = (self.weights[f"vision_model.{name}.{part}"] for part in ("weight", "bias"))
        return F.layer_norm(x, (self.width,), weight, bias, self.eps)

    def attention(self, x: Tensor, name: str) -> Tensor:
        images, tokens, width = x.shape
        q, k, v = (
            self.linear(x, f"{name}.{part}_proj").view(images, tokens, self.heads, -1).transpose(1, 2) for part in "qkv"
        )
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(images, tokens, width)
        return self.linear(mixed, f"{name}.out_proj")

    @torch.no_grad()
    def taps(self, pixels: Tensor) -> Tensor:
        """Pixels [images, 3, size, size] -> [images, T, L, 2, d]: every layer's LN2 activation x and MLP output y."""
        part = {name: self.weights[f"vision_model.embeddings.{name}"] for name in ("class_embedding",)}
        patches = F.conv2d(
            pixels, self.weights["vision_model.embeddings.patch_embedding.weight"], stride=self.patch_size
        )
        cls = part["class_embedding"].expand(len(pixels), 1, -1)
        stream = torch.cat([cls, patches.flatten(2).transpose(1, 2)], 1)
        stream = self.norm(stream + self.weights["vision_model.embeddings.position_embedding.weight"], "pre_layrnorm")
        taps = torch.empty(*stream.shape[:2], self.layers, 2, self.width)
        for layer in range(self.layers):
            block = f"encoder.layers.{layer}"
            stream = stream + self.attention(self.norm(stream, f"{block}.layer_norm1"), f"{block}.self_attn")
            x = self.norm(stream, f"{block}.layer_norm2")
            y = self.linear(self.activation(self.linear(x, f"{block}.mlp.fc1")), f"{block}.mlp.fc2")
            taps[:, :, layer, 0], taps[:, :, layer, 1] = x, y
            stream = stream + y
        return taps
