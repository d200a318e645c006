"""A bundle's weights back in the official layout, so that one can go on from a model of which nobody kept the checkpoint.

What the import did (src/encoder/beit3/weights.ts) is undone: int8 columns get their scales, the three projections of attention come
apart, and the patch projection takes pixels of −1…1 again. Two things stay as they were folded, because they only appear in sums:
the projection's bias and the class token's position are in the rows they were added to, and both are zero here. What
the import rounded away stays away: less than one part in a hundred of the largest weight of a column.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy
import torch
from torch import Tensor

from model import FIRST_ROW, LONGEST_TEXT

#: Of ONNX: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
GRAPH, INITIALIZER, DIMENSIONS, TYPE, NAME, EXTERNAL = 7, 5, 1, 2, 8, 13
KEY, VALUE = 1, 2
TYPES = {1: numpy.float32, 3: numpy.int8, 10: numpy.float16}
#: Half the range of a byte: (x / 255 − 0.5) / 0.5 was folded into the projection.
HALF_WHITE = 127.5


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and lengths of a protocol buffer; a graph's weights need no other kind."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        value: int | bytes
        if tag & 7 == 0:
            value, at = _varint(data, at)
        elif tag & 7 == 2:
            length, at = _varint(data, at)
            value = data[at : at + length]
            at += length
        else:
            at += 8 if tag & 7 == 1 else 4
            continue
        yield tag >> 3, value


def _weights(folder: Path) -> dict[str, numpy.ndarray]:
    """Everything that any graph of the bundle reads from the file beside it, as float32."""
    stored = (folder / "weights.bin").read_bytes()
    found: dict[str, numpy.ndarray] = {}
    for path in sorted(folder.glob("*.onnx")):
        graphs = [value for field, value in _fields(path.read_bytes()) if field == GRAPH]
        for tensor in (value for graph in graphs for field, value in _fields(graph) if field == INITIALIZER):
            fields = list(_fields(tensor))
            entries = [dict(_fields(value)) for field, value in fields if field == EXTERNAL]
            where = {entry[KEY].decode(): entry[VALUE].decode() for entry in entries}
            if not where:
                continue
            single = dict(fields)
            start = int(where.get("offset", 0))
            values = numpy.frombuffer(stored[start : start + int(where["length"])], TYPES[single[TYPE]])
            shape = _shape([value for field, value in fields if field == DIMENSIONS])
            found[single[NAME].decode()] = values.reshape(shape).astype(numpy.float32)
    return found


def _shape(written: list[int | bytes]) -> list[int]:
    """Packed or one by one."""
    sizes: list[int] = []
    for part in written:
        if isinstance(part, int):
            sizes.append(part)
            continue
        at = 0
        while at < len(part):
            size, at = _varint(part, at)
            sizes.append(size)
    return sizes


class _Layout:
    """Names of the bundle → names of the checkpoint."""

    def __init__(self, stored: dict[str, numpy.ndarray]) -> None:
        self.stored = stored
        self.named: dict[str, Tensor] = {}

    def put(self, name: str, values: numpy.ndarray) -> None:
        self.named[name] = torch.from_numpy(numpy.ascontiguousarray(values))

    def matrix(self, name: str) -> numpy.ndarray:
        """[out, in]"""
        weight = self.stored[f"{name}.weight"]
        scale = self.stored.get(f"{name}.scale")
        return (weight if scale is None else weight * scale).T

    def linear(self, name: str, to: str) -> None:
        self.put(f"{to}.weight", self.matrix(name))
        if f"{name}.bias" in self.stored:
            self.put(f"{to}.bias", self.stored[f"{name}.bias"].ravel())

    def norm(self, name: str, to: str) -> None:
        for part in ("weight", "bias"):
            self.put(f"{to}.{part}", self.stored[f"{name}.{part}"].ravel())

    def layer(self, number: int, expert: str) -> None:
        name, to = f"layers.{number}.{expert}", f"beit3.encoder.layers.{number}"
        weights, biases = self.matrix(f"{name}.qkv"), self.stored[f"{name}.qkv.bias"].ravel()
        for part, weight, bias in zip("qkv", numpy.split(weights, 3), numpy.split(biases, 3)):
            self.put(f"{to}.self_attn.{part}_proj.{expert}.weight", weight)
            self.put(f"{to}.self_attn.{part}_proj.{expert}.bias", bias)
        self.norm(f"{name}.attention_norm", f"{to}.self_attn_layer_norm.{expert}")
        self.norm(f"{name}.context_norm", f"{to}.self_attn.inner_attn_ln.{expert}")
        self.linear(f"{name}.out", f"{to}.self_attn.out_proj.{expert}")
        self.norm(f"{name}.feed_forward_norm", f"{to}.final_layer_norm.{expert}")
        self.linear(f"{name}.fc1", f"{to}.ffn.{expert}.fc1")
        self.norm(f"{name}.hidden_norm", f"{to}.ffn.{expert}.ffn_layernorm")
        self.linear(f"{name}.fc2", f"{to}.ffn.{expert}.fc2")

    def embeddings(self, width: int, patch: int) -> None:
        stored = self.stored
        kernel = (HALF_WHITE * stored["vision.patch"]).reshape(patch * patch, 3, width).transpose(2, 1, 0)
        self.put("beit3.vision_embed.proj.weight", kernel.reshape(width, 3, patch, patch))
        self.put("beit3.vision_embed.proj.bias", numpy.zeros(width, numpy.float32))
        self.put("beit3.vision_embed.cls_token", stored["vision.class"].reshape(1, 1, width))
        self.put("beit3.vision_embed.mask_token", numpy.zeros((1, 1, width), numpy.float32))
        patches = stored["vision.position"].reshape(-1, width) + kernel.reshape(width, -1).sum(1)
        unused = numpy.zeros((FIRST_ROW + 1, width), numpy.float32)
        self.put("beit3.encoder.embed_positions.A.weight", numpy.concatenate([unused, patches]))
        self.put("beit3.text_embed.weight", stored["text.table"])
        words = numpy.zeros((LONGEST_TEXT, width), numpy.float32)
        words[FIRST_ROW:] = stored["text.position"][: LONGEST_TEXT - FIRST_ROW]
        self.put("beit3.encoder.embed_positions.B.weight", words)


def widened(folder: Path) -> dict[str, Tensor]:
    """The bundle's weights by the names of a checkpoint."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    layout = _Layout(_weights(folder))
    layout.embeddings(manifest["width"], manifest["patchSize"])
    for expert in "AB":
        for number in range(manifest["layers"]):
            layout.layer(number, expert)
        layout.norm(f"final_norm.{expert}", f"beit3.encoder.layer_norm.{expert}")
    layout.linear("head.vision", "vision_head")
    layout.linear("head.language", "language_head")
    if "head.answer.pool.weight" in layout.stored:
        layout.norm("head.answer.pool_norm", "pooler.norm")
        layout.linear("head.answer.pool", "pooler.dense")
        layout.linear("head.answer.hidden", "head.0")
        layout.norm("head.answer.hidden_norm", "head.1")
        layout.linear("head.answer.classes", "head.3")
    if "head.words.weight" in layout.stored:
        layout.linear("head.words", "mlm_head")
    layout.named["logit_scale"] = torch.tensor(math.log(manifest["logitScale"]))
    return layout.named


def widen(folder: Path, to: Path) -> None:
    """Writes the checkpoint, and the tokenizer beside it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": widened(folder)}, to)
    shutil.copy(folder / "tokenizer.spm", to.with_suffix(".spm"))
