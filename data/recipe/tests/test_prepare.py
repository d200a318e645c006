"""Views are made once, and pictures keep their numbers when more scenes come."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import numpy
from PIL import Image

from prepare import prepare, prepared
from shards import folders


def drawn(folder: Path, images: Path, names: list[str], **row: str) -> None:
    images.mkdir(parents=True)
    for shade, name in enumerate(names):
        Image.new("RGB", (40, 30), (10 * shade, 90, 200)).save(images / name)
    (folder / "captions.jsonl").write_text("".join(json.dumps({"image": name, **row}) + "\n" for name in names))


def made(root: Path) -> Path:
    photos = root / "photos"
    for kind, row in (("train", {"caption": "a dog"}), ("dev", {"caption": "a cat"})):
        drawn(photos / kind, photos / kind / "images", ["1.png", "2.png"], **row)
    classes = photos / "imagenet-one-per-class"
    drawn(classes, classes / "images", ["3.png", "4.png"], label="fox")
    drawn(photos / "uncaptioned", photos / "uncaptioned" / "images", ["5.png"])
    return photos


def scenes(root: Path, name: str) -> Path:
    folder = root / name
    drawn(folder, folder, [f"{name}-a.png", f"{name}-b.png"], caption="a red car left of a dog")
    pair = {"imageA": f"{name}-a.png", "imageB": f"{name}-b.png"}
    (folder / "probes.jsonl").write_text(json.dumps(pair) + "\n")
    return folder


class Prepare(unittest.TestCase):
    def test_what_is_there_stays_and_what_is_new_is_added(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            root = Path(place)
            photos, work = made(root), root / "work"
            first, second = scenes(root, "first"), scenes(root, "second")

            prepare(work, photos, [first], 32, 3, 0)
            listed = json.loads((work / "pictures.json").read_text())
            before = [(folder / "pixels.npy").read_bytes() for folder in folders(work)]
            # Photos have three views, scenes and photos to look at one.
            self.assertEqual(sorted(prepared(work).values()), [1] * 4 + [3] * 4)

            prepare(work, photos, [first, second], 32, 3, 0)
            after = json.loads((work / "pictures.json").read_text())
            self.assertEqual(after["pictures"][: len(listed["pictures"])], listed["pictures"])
            self.assertEqual(after["twins"], [*listed["twins"], [8, 9]])
            self.assertEqual([(folder / "pixels.npy").read_bytes() for folder in folders(work)][: len(before)], before)
            self.assertEqual(sorted(prepared(work).values()), [1] * 6 + [3] * 4)
            self.assertEqual(numpy.load(folders(work)[-1] / "picture.npy").tolist(), [8, 9])

            prepare(work, photos, [first, second], 32, 3, 0)
            self.assertEqual(len(folders(work)), len(before) + 1)
