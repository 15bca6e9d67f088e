"""Writes resize.json and preprocess.json: what Pillow and transformers make of small images given by a formula.

    pip install pillow==12.3.0 numpy==2.4.6 transformers==5.18.0
    python make_resize_golden.py

Every case names an image (pattern, width, height), which a test makes itself; results are base64: 8-bit RGB for
resize.json, little-endian float32 [3, height, width] for preprocess.json.
"""
import base64
import json
import os

import numpy as np
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

HERE = os.path.dirname(os.path.abspath(__file__))
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def image(pattern, width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    if pattern == "ramp":
        values = (5 * x + 3 * y + 40 * c) % 256
    elif pattern == "edges":  # black and white, so that sharp filters overshoot and have to be clipped
        values = (x // 3 + y // 2 + c) % 2 * 255
    else:
        values = (((3 * y + c) * 7919 + x * 104729) * 2654435761 % 2**32) >> 24
    return Image.fromarray(values.astype(np.uint8), "RGB")


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def write(name, cases):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


def resize_cases():
    sizes = [
        (37, 23, 44, 30), (64, 64, 17, 17), (100, 75, 29, 22), (1, 1, 5, 7), (200, 3, 21, 3), (9, 50, 9, 13),
        (31, 33, 32, 16), (128, 96, 8, 6), (3, 2, 24, 31), (53, 47, 1, 1),
    ]
    for width, height, new_width, new_height in sizes:
        for pattern in ("ramp", "edges", "noise"):
            for name, code in FILTERS.items():
                if pattern != "noise" and name in ("nearest", "bilinear"):
                    continue
                out = image(pattern, width, height).resize((new_width, new_height), code)
                yield {"pattern": pattern, "width": width, "height": height, "newWidth": new_width,
                       "newHeight": new_height, "resample": name, "pixels": encoded(np.array(out))}


def preprocess_cases():
    shapes = [("noise", 40, 31), ("ramp", 20, 77), ("edges", 16, 16), ("noise", 5, 9), ("ramp", 33, 16)]
    settings = [
        {"size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16}},
        {"size": {"height": 13, "width": 19}, "crop_size": {"height": 16, "width": 16}, "resample": 2},
        {"do_resize": False, "crop_size": {"height": 15, "width": 20}, "do_normalize": False},
    ]
    for setting in settings:
        processor = CLIPImageProcessorPil(**setting)
        for pattern, width, height in shapes:
            out = processor(images=image(pattern, width, height), return_tensors="np")["pixel_values"][0]
            yield {"pattern": pattern, "width": width, "height": height, "settings": setting,
                   "values": encoded(out.astype("<f4"))}


write("resize.json", resize_cases())
write("preprocess.json", preprocess_cases())
