"""What must hold, with known answers: ``python3 data/recipe/tests.py``. Needs no material, a few seconds."""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import tempfile
import unittest
from pathlib import Path

import numpy
import sentencepiece
import torch

from alignment import turned
from bundle import widened
from caption import captioning_mask
from data import Material, scaled
from distil import closest_map, contrast
from evaluation import recalls
from muon import orthogonal
from mixing import MIXED, pieces
from model import Beit3, Size
from shards import write_array
from space import Space, correlated, lay_out, weighed
from stages import STAGES, Run, due, rate_at
from tokenizer import Tokenizer

SMALL = Size(width=64, layers=2, heads=1, image=32, vocabulary=50)


def make_material(work: Path) -> None:
    """Sixteen pictures of noise, each with a caption of its own, with features of noise."""
    chance = numpy.random.default_rng(5)
    words = ["dog", "cat", "red", "blue", "snow", "sea", "two", "three"]
    captions = [f"a {a} and a {b}" for a in words[:4] for b in words[4:]]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(captions * 20),
        model_prefix=str(work / "tokenizer"),
        vocab_size=40,
        hard_vocab_limit=False,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        minloglevel=2,
    )
    (work / "tokenizer.model").rename(work / "tokenizer.spm")
    pictures = [
        {"kind": "dev" if i % 4 == 0 else "captioned", "name": str(i), "captions": [caption]}
        for i, caption in enumerate(captions)
    ]
    (work / "pictures.json").write_text(json.dumps({"pictures": pictures, "twins": [[1, 2]]}))
    folder = work / "views" / "shard-0000"
    folder.mkdir(parents=True)
    shapes = {
        "pixels": (32, 32, 3),
        "pooled": (1280,),
        "classes": (1001,),
        "dense": (7, 7, 320),
        "middle": (7, 7, 96),
    }
    for name, shape in shapes.items():
        write_array(folder / f"{name}.npy", chance.integers(0, 256, (16, *shape), dtype=numpy.uint8))
    write_array(folder / "picture.npy", numpy.arange(16, dtype=numpy.int32))
    (work / "teacher").mkdir()
    (work / "teacher" / "imagenet_labels.txt").write_text("nothing\n" * 1001)
    (work / "text").mkdir()
    with gzip.open(work / "text" / "captions.txt.gz", "wt") as file:
        file.write("\n".join(captions))
    space = lay_out(material_in(work), SMALL.width)
    space.save(work)
    write_array(folder / "cells.npy", chance.integers(-127, 128, (16, 7, 7, 64), dtype=numpy.int8))


def material_in(work: Path) -> Material:
    return Material(work, work, torch.device("cpu"), seed=3, placed=False)


def options(work: Path, steps: int) -> argparse.Namespace:
    return argparse.Namespace(
        work=work,
        shared=work,
        start=None,
        steps=steps,
        cooldown=2,
        rate=None,
        batch=4,
        stop_at=None,
        evaluate_every=1000,
        width=64,
        layers=2,
        heads=1,
        image=32,
        seed=3,
    )


class Stages(unittest.TestCase):
    def run_stage(self, name: str, work: Path, steps: int) -> Run:
        run = Run(name, options(work, steps), torch.device("cpu"))
        run.go()
        return run

    def test_a_training_goes_on_as_if_it_had_never_stopped(self) -> None:
        for name in STAGES:
            with self.subTest(name), tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                make_material(Path(one))
                make_material(Path(two))
                whole = self.run_stage(name, Path(one), 4)
                # The cool-down is counted from the end, so both are told the same end.
                halted = Run(name, options(Path(two), 4), torch.device("cpu"))
                for _ in range(2):
                    halted.one_step(4, halted.stage.rate)
                halted.save()
                resumed = self.run_stage(name, Path(two), 4)
                self.assertEqual(resumed.step, 4)
                for key, value in whole.model.state_dict().items():
                    self.assertTrue(torch.equal(value, resumed.model.state_dict()[key]), key)

    def test_a_signal_stops_it_after_the_step(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            make_material(Path(folder))
            run = Run("distil", options(Path(folder), 1000), torch.device("cpu"))
            signal.raise_signal(signal.SIGTERM)
            run.go()
            self.assertEqual(run.step, 0)
            self.assertTrue((Path(folder) / "distil.pt").exists())


class Parts(unittest.TestCase):
    def test_all_words_at_once_are_predicted_as_one_by_one(self) -> None:
        torch.manual_seed(0)
        model = Beit3(SMALL).eval()
        backbone, mask = model.beit3, 41
        pixels, ids = torch.randn(1, 3, 32, 32), torch.tensor([[0, 7, 9, 11, 2]])
        with torch.no_grad():
            picture = backbone.picture_rows(pixels)
            words = ids.shape[1]
            asked = torch.full((1, words - 1), mask)
            masks = backbone.text_rows(asked, torch.ones(1, words - 1), torch.arange(1, words))
            rows = torch.cat([picture, backbone.text_rows(ids, torch.ones(1, words)), masks], 1)
            visible = captioning_mask(picture.shape[1], words, ids.device)
            at_once = backbone.through(rows, picture.shape[1], visible)[0][:, 1 - words :]
            for place in range(1, words):
                so_far = torch.cat([ids[:, :place], torch.tensor([[mask]])], 1)
                text = backbone.text_rows(so_far, torch.ones(1, place + 1))
                size = picture.shape[1] + place + 1
                seen = torch.zeros(size, size, dtype=torch.bool)
                seen[:, : picture.shape[1]] = True
                seen[picture.shape[1] :, picture.shape[1] :] = torch.ones(place + 1, place + 1).tril().bool()
                last = backbone.through(torch.cat([picture, text], 1), picture.shape[1], seen[None, None])[0][:, -1]
                self.assertLess((last - at_once[:, place - 1]).abs().max().item(), 1e-5)

    def test_recall_by_hand(self) -> None:
        similarity = torch.tensor([[0.9, 0.1, 0.2, 0.3], [0.2, 0.8, 0.7, 0.1]])
        found = recalls(similarity, torch.tensor([0, 0, 1, 1]))
        self.assertEqual(found["text to image R@1"], 50)
        self.assertEqual(found["image to text R@1"], 50)

    def test_contrast_spares_what_has_the_same_key(self) -> None:
        a = torch.nn.functional.normalize(torch.eye(3) + 0.1, dim=-1)
        nothing = (torch.zeros(0, 3), torch.zeros(0, 3), torch.zeros(0, dtype=torch.long))
        scale = torch.tensor(1.0)
        apart = contrast(a, a, torch.tensor([0, 1, 2]), nothing, scale)
        alike = contrast(a, a, torch.tensor([0, 0, 0]), nothing, scale)
        self.assertGreater(apart.item(), 0.5)
        self.assertLess(alike.item(), 1e-6)

    def test_the_closest_map_finds_a_map(self) -> None:
        torch.manual_seed(1)
        x, weight = torch.randn(200, 5), torch.randn(3, 5)
        found, bias = closest_map(x, x @ weight.T + 2, ridge=1e-6)
        self.assertLess((found - weight).abs().max().item(), 1e-4)
        self.assertLess((bias - 2).abs().max().item(), 1e-4)

    def test_the_space_finds_what_both_sides_share(self) -> None:
        chance = numpy.random.default_rng(2)
        shared = chance.standard_normal((4000, 2))
        # Each side has the two shared numbers, mixed, beside noise of its own.
        a = numpy.concatenate([shared, chance.standard_normal((4000, 3))], 1) @ chance.standard_normal((5, 5))
        b = numpy.concatenate([chance.standard_normal((4000, 2)), shared], 1) @ chance.standard_normal((4, 4))
        n = len(a)
        to_a, to_b = correlated(a.T @ a / n, b.T @ b / n, a.T @ b / n, (1e-6, 1e-6), 6)
        self.assertEqual((to_a.shape, to_b.shape), ((5, 6), (4, 6)))
        placed_a, placed_b = a @ to_a, b @ to_b
        for i in range(2):
            self.assertGreater(numpy.corrcoef(placed_a[:, i], placed_b[:, i])[0, 1], 0.999)
        # What is not shared is worth next to nothing, and what there is no room for is nothing.
        self.assertLess(placed_a[:, 2:4].std(), 0.1)
        self.assertEqual(abs(placed_a[:, 4:]).max(), 0)

    def test_the_space_puts_a_text_by_its_words_alone(self) -> None:
        one, none = numpy.ones(1, numpy.float32), numpy.zeros(2, numpy.float32)
        space = Space(
            mean=one,
            spread=one,
            picture_mean=one,
            picture_to_space=one[:, None],
            vocabulary=numpy.array(["dog", "snow"]),
            rarity=numpy.array([3.0, 4.0], numpy.float32),
            word_mean=none,
            word_to_space=numpy.eye(2, dtype=numpy.float32),
        )
        placed = space.texts(["A dog in the snow.", "SNOW, dog", "zebras"])
        self.assertTrue(torch.allclose(placed[0], torch.tensor([0.6, 0.8])))
        self.assertTrue(torch.equal(placed[0], placed[1]))
        self.assertEqual(placed[2].abs().max().item(), 0)

    def test_a_piece_of_another_picture_brings_its_features(self) -> None:
        torch.manual_seed(6)
        mixed = pieces(200, 4, torch.device("cpu"))
        self.assertTrue(torch.equal(mixed.share[:, 0], mixed.other.float().mean((1, 2))))
        self.assertLess(abs((mixed.share > 0).float().mean().item() - MIXED), 0.1)
        # Every picture and every map has its own number everywhere: afterwards both show the same.
        numbers = torch.arange(200.0)
        pixels = mixed.pixels(numbers[:, None, None, None].expand(200, 3, 32, 32))
        maps = mixed.maps(numbers[:, None, None].expand(200, 16, 5))
        seen = pixels[:, 0, ::8, ::8].flatten(1)
        self.assertTrue(torch.equal(seen, maps[..., 0]))
        self.assertTrue(torch.allclose(mixed.whole(numbers[:, None])[:, 0], seen.mean(1), atol=1e-4))

    def test_a_turned_space_is_the_same_space(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            make_material(work)
            material = Material(work, work, torch.device("cpu"), 0, placed=False)
            space = lay_out(material, 64)
            texts = [text for told in material.captions for text in told]
            before = space.texts(texts)
            other, _ = torch.linalg.qr(torch.randn(63, 63, generator=torch.Generator().manual_seed(1)))
            elsewhere = torch.cat([before[:, :-1] @ other, before[:, -1:]], 1)
            after = turned(space, texts, elsewhere)
        torch.testing.assert_close(after.texts(texts), elsewhere, atol=1e-4, rtol=0)
        pooled = torch.randint(0, 255, (4, 1280), generator=torch.Generator().manual_seed(2)).numpy()
        torch.testing.assert_close(
            after.pictures(pooled) @ after.texts(texts).T, space.pictures(pooled) @ before.T, atol=1e-4, rtol=0
        )

    def test_a_bundle_has_all_that_its_checkpoint_had(self) -> None:
        bundle = Path(__file__).resolve().parent.parent / "model"
        weights = widened(bundle)
        model = Beit3(Size.of(weights)).eval()
        missing = model.load_state_dict(weights, strict=False)
        self.assertEqual(missing.unexpected_keys, [])
        self.assertTrue(all(name.startswith("mlm_head") for name in missing.missing_keys), missing.missing_keys)
        texts = ["two dogs play in the snow", "snow and dogs", "a red car in a street"]
        with torch.no_grad():
            dogs, snow, car = model.text_embedding(*Tokenizer(bundle / "tokenizer.spm").batch(texts, 28, torch.device("cpu")))
            blue, red = (model.image_embedding(torch.tensor(colour).view(1, 3, 1, 1).expand(-1, -1, 128, 128))[0]
                         for colour in ([-1.0, 0.0, 1.0], [1.0, -1.0, -1.0]))
        self.assertGreater(dogs @ snow, dogs @ car + 0.2)
        self.assertGreater(car @ red, car @ blue)

    def test_a_word_weighs_what_it_lacks_in_the_last_number(self) -> None:
        place = torch.nn.functional.normalize(torch.tensor([1.0, 2.0, 0.0]), dim=0)
        picture = torch.nn.functional.normalize(torch.tensor([2.0, 1.0, 0.0]), dim=0)
        word = weighed(place, 0.25)
        self.assertAlmostEqual(word.norm().item(), 1, places=6)
        self.assertAlmostEqual((word @ picture).item(), 0.25 * (place @ picture).item(), places=6)

    def test_every_piece_knows_its_word(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            make_material(Path(folder))
            tokenizer = Tokenizer(Path(folder) / "tokenizer.spm")
            text = "a red dog and zzz"
            words = tokenizer.words(text, 28)
            self.assertEqual(len(words), len(tokenizer.encode(text, 28)))
            self.assertEqual([words[0], words[-1]], [("", 1), ("", 1)])
            self.assertEqual(list(dict.fromkeys(word for word, _ in words[1:-1])), text.split())
            for word, pieces in words[1:-1]:
                self.assertEqual(pieces, sum(other == word for other, _ in words[1:-1]))

    def test_a_step_of_muon_has_singular_values_near_one(self) -> None:
        torch.manual_seed(4)
        for shape in ((32, 128), (128, 32), (64, 64)):
            matrix = torch.randn(shape)
            values = torch.linalg.svdvals(orthogonal(matrix).float())
            self.assertGreater(values.min().item(), 0.4)
            self.assertLess(values.max().item(), 1.3)
            # It points where the matrix points.
            self.assertGreater((orthogonal(matrix).float() * matrix).sum().item(), 0)

    def test_the_rate_rises_stays_and_falls(self) -> None:
        self.assertAlmostEqual(rate_at(0, 0, 1000, 200), 0.01)
        self.assertEqual(rate_at(500, 0, 1000, 200), 1)
        self.assertAlmostEqual(rate_at(900, 0, 1000, 200), 0.5)
        self.assertEqual(rate_at(900, 0, 1000, 0), 1)

    def test_pixels_are_scaled_as_the_encoder_scales_them(self) -> None:
        pixels = torch.tensor([[[[0, 255, 128]]]], dtype=torch.uint8)
        self.assertEqual(scaled(pixels).flatten()[:2].tolist(), [-1, 1])

    def test_no_time_is_never_due(self) -> None:
        self.assertFalse(due(None))


if __name__ == "__main__":
    unittest.main()
