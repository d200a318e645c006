"""What is written, and read back."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from bundle import widened
from export import exported
from model import Beit3, Size
from tokenizer import Tokenizer

class Checkpoints(unittest.TestCase):
    def test_a_mean_of_states_has_the_heads_of_the_stage_that_trained_them(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            for stage, value in (("words", 1.0), ("vision", 3.0), ("match", 9.0)):
                names = ("beit3.text_embed.weight", "vision_head.weight", "head.0.weight", "mlm_head.weight")
                torch.save({"average": {name: torch.full((2,), value) for name in names}}, work / f"{stage}.pt")
            mean, apart = exported(work, ["words", "vision"]), exported(work, ["words"], ["vision", "match"])
        self.assertEqual({name: value[0].item() for name, value in mean.items()},
                         {"beit3.text_embed.weight": 2.0, "vision_head.weight": 2.0, "head.0.weight": 9.0})
        self.assertEqual({name: value[0].item() for name, value in apart.items()},
                         {"beit3.text_embed.weight": 1.0, "vision_head.weight": 6.0, "head.0.weight": 9.0})

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
            blue, red = (model.image_embedding(torch.tensor(colour).view(1, 3, 1, 1).expand(-1, -1, 128, 128))[0]
                         for colour in ([-1.0, 0.0, 1.0], [1.0, -1.0, -1.0]))
        self.assertGreater(dogs @ snow, dogs @ car + 0.2)
        self.assertGreater(car @ red, car @ blue)
