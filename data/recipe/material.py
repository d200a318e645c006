"""What is learned from: photos, their captions, and which of them are only looked at.

Every picture belongs to one kind:

* ``captioned``: photos with several captions each;
* ``labelled``: photos with one class name. Every fifth class is held out, so that zero-shot classification can be measured on
  photos that were never seen;
* ``plain``: photos without a word;
* ``scene``: drawn by ``sightline demo --scenes``, with captions that are exactly true;
* ``dev``: for choosing, never for learning.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy
from PIL import Image

TEMPLATES = ("a photo of a {}", "a picture of a {}", "{}", "a {} .", "photo of a {}", "an image of a {}")
HELD_OUT_EVERY = 5


@dataclass(frozen=True)
class Picture:
    kind: str
    name: str
    path: Path
    captions: tuple[str, ...]


def decoded(content: bytes) -> numpy.ndarray:
    """An encoded picture → uint8 [h, w, 3]."""
    return numpy.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def _captions(folder: Path) -> dict[str, list[str]]:
    told: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "captions.jsonl"):
        told[row["image"]].append(row["caption"].strip())
    return told


def _captioned(kind: str, folder: Path, images: Path) -> list[Picture]:
    return [Picture(kind, name, images / name, tuple(told)) for name, told in _captions(folder).items()]


def labelled(photos: Path, held_out: bool) -> list[Picture]:
    """Photos of classes to learn from, or those that are held out."""
    folder = photos / "imagenet-one-per-class"
    chosen = [
        row
        for number, row in enumerate(_rows(folder / "captions.jsonl"))
        if (number % HELD_OUT_EVERY == 0) == held_out
    ]
    return [
        Picture(
            "labelled",
            row["image"],
            folder / "images" / row["image"],
            tuple(template.format(row["label"]) for template in TEMPLATES),
        )
        for row in chosen
    ]


def pictures(photos: Path, scenes: list[Path]) -> list[Picture]:
    """Everything, dev included, in an order that never changes."""
    plain = sorted((photos / "uncaptioned" / "images").iterdir())
    return [
        *_captioned("captioned", photos / "train", photos / "train" / "images"),
        *labelled(photos, held_out=False),
        *(Picture("plain", path.name, path, ()) for path in plain),
        *_captioned("dev", photos / "dev", photos / "dev" / "images"),
        *(picture for folder in scenes for picture in _captioned("scene", folder, folder)),
    ]


def twins(scenes: list[Path]) -> list[tuple[Path, Path]]:
    """Pictures that differ in one fact, as paths."""
    return [
        (folder / row["imageA"], folder / row["imageB"])
        for folder in scenes
        for row in _rows(folder / "probes.jsonl")
    ]
