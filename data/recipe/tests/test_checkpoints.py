"""What is written, and read back."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from bundle import widened
from export import exported
from model import FIRST_ROW, Beit3, Size, of_another_size
from tokenizer import Tokenizer

class Checkpoints(unittest.TestCase):
    def test_a_mean_of_states_has_the_heads_of_the_stage_that_trained_them(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            for stage, value in (("words", 1.0), ("vision", 3.0), ("match", 9.0)):
                names = ("beit3.text_embed.weight", "vision_head.weight", "head.0.weight", "mlm_head.weight")
                torch.save({"average": {name: torch.full((2,), value) for name in names}}, work / f"{stage}.pt")
            files = []
            for value in (2.0, 6.0):
                names = ("beit3.text_embed.weight", "mlm_head.weight", "mlm_head.bias")
                files.append(str(work / f"elsewhere-{value}.pth"))
                torch.save({"model": {name: torch.full((2,), value) for name in names}}, files[-1])
            spoken = exported(work, [files[0], files[0], files[1], files[1], "words"], ["vision"])
            mean, apart = exported(work, ["words", "vision"]), exported(work, ["words"], ["vision", "match"])
        self.assertEqual({name: value[0].item() for name, value in mean.items()},
                         {"beit3.text_embed.weight": 2.0, "vision_head.weight": 2.0, "head.0.weight": 9.0})
        self.assertEqual({name: value[0].item() for name, value in apart.items()},
                         {"beit3.text_embed.weight": 1.0, "vision_head.weight": 6.0, "head.0.weight": 9.0})
        # The words head has not learned in the state of `words`, so it counts there no more than before.
        self.assertAlmostEqual(spoken["beit3.text_embed.weight"][0].item(), 17 / 5, places=6)
        self.assertEqual({name: value[0].item() for name, value in spoken.items() if name != "beit3.text_embed.weight"},
                         {"vision_head.weight": 3.0, "head.0.weight": 9.0, "mlm_head.weight": 4.0, "mlm_head.bias": 4.0})

    def test_a_bundle_has_all_that_its_checkpoint_had(self) -> None:
        bundle = Path(__file__).resolve().parents[2] / "model"
        weights = widened(bundle)
        model = Beit3(Size.of(weights)).eval()
        missing = model.load_state_dict(weights, strict=False)
        self.assertEqual(missing.unexpected_keys, [])
        self.assertEqual(missing.missing_keys, [])
        texts = ["two dogs play in the snow", "snow and dogs", "a red car in a street"]
        with torch.no_grad():
            dogs, snow, car = model.text_embedding(*Tokenizer(bundle / "tokenizer.spm").batch(texts, 28, torch.device("cpu")))
            blue, red = (model.image_embedding(torch.tensor(colour).view(1, 3, 1, 1).expand(-1, -1, model.size.image, model.size.image))[0]
                         for colour in ([-1.0, 0.0, 1.0], [1.0, -1.0, -1.0]))
        self.assertGreater(dogs @ snow, dogs @ car + 0.2)
        self.assertGreater(car @ red, car @ blue)

    def test_places_of_patches_are_stretched_to_pictures_of_another_size(self) -> None:
        before = Size(width=64, layers=1, heads=1, image=64, vocabulary=50)
        after = Size(width=64, layers=1, heads=1, image=128, vocabulary=50)
        weights = Beit3(before).state_dict()
        name = "beit3.encoder.embed_positions.A.weight"
        columns = torch.arange(before.grid, dtype=torch.float32).repeat(before.grid)
        weights[name][FIRST_ROW + 1 :] = columns[:, None]
        self.assertIs(of_another_size(weights, before.grid), weights)
        stretched = of_another_size(weights, after.grid)[name]
        self.assertTrue(torch.equal(stretched[: FIRST_ROW + 1], weights[name][: FIRST_ROW + 1]))
        grid = stretched[FIRST_ROW + 1 :, 0].view(after.grid, after.grid)
        # A patch of half the side has its middle a quarter of the old patch beside the old middle; cubic, so about there.
        for row in (0, 3, 7):
            self.assertAlmostEqual(grid[row, 3].item(), 1.25, delta=0.06)
            self.assertAlmostEqual(grid[row, 3].item() + grid[row, 4].item(), 3.0, places=5)
        Beit3(after).load_state_dict(of_another_size(weights, after.grid))
