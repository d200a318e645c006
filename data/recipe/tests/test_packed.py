"""What is packed is what views are made of, in the order of ``prepare``."""

from __future__ import annotations

import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import numpy
import torch
from PIL import Image

from packed import Made, MadeViews, crop_boxes, cropped, pack
from test_prepare import made, scenes


class Blind:
    """A teacher that tells the mean colour."""

    def see(self, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"pooled": pixels.float().mean((1, 2)).to(torch.uint8)}


class Packed(unittest.TestCase):
    def test_views_of_packed_pictures_are_those_of_the_files(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            root = Path(place)
            photos, scene = made(root), scenes(root, "scene")
            alone = {"image": "alone.png", "caption": "nobody's twin"}
            Image.new("RGB", (40, 30)).save(scene / "alone.png")
            with open(scene / "captions.jsonl", "a") as file:
                file.write(json.dumps(alone) + "\n")
            pack(photos, [scene], 32, root / "to")
            kept = json.loads((root / "to" / "pictures.json").read_text())
            kinds = [picture["kind"] for picture in kept["pictures"]]
            # Of the scenes only twins travel, and of the classes those that are not held out.
            self.assertEqual(Counter(kinds), {"captioned": 2, "labelled": 1, "plain": 1, "dev": 2, "scene": 2})
            self.assertEqual(kept["twins"], [[6, 7]])

            views = MadeViews(root / "to", Blind(), torch.device("cpu"), Made(16, 3), 0, placed=False)
            self.assertEqual(views.picture.tolist(), [*range(8), *range(4), *range(4)])
            self.assertEqual(views.wide, 2)
            shades = views.take("pixels", numpy.array([1, 9, 13]))
            self.assertEqual(tuple(shades.shape), (3, 16, 16, 3))
            # Pictures of one colour have it in every view; WebP may be off by a little.
            for row, picture in enumerate(views.picture.tolist()):
                colour = views.take("pooled", numpy.array([row]))[0].float()
                whole = views.take("pooled", numpy.array([picture]))[0].float()
                self.assertLess((colour - whole).abs().max().item(), 2)

    def test_a_crop_shows_what_its_box_tells(self) -> None:
        ramp = torch.arange(100).float().expand(1, 3, 100, 100)
        seen = cropped(ramp, torch.tensor([[0.5, 0.0, 0.25, 1.0]]), 25)
        # A quarter of the width from the middle on, one pixel each.
        self.assertLess((seen[0, 12, :, 0].float() - torch.arange(50, 75)).abs().max().item(), 1.1)

    def test_boxes_have_the_areas_that_are_asked_for_and_stay_inside(self) -> None:
        boxes = crop_boxes(500, (0.12, 0.4), numpy.random.default_rng(1))
        areas = boxes[:, 2] * boxes[:, 3]
        self.assertGreater(areas.min(), 0.119)
        self.assertLess(areas.max(), 0.401)
        self.assertGreaterEqual(boxes.min(), 0)
        self.assertLessEqual((boxes[:, :2] + boxes[:, 2:]).max(), 1 + 1e-9)
