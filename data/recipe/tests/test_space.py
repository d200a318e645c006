"""The shared space, with known answers."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy
import torch

from alignment import turned
from noise import make_material, material_in
from space import Space, correlated, lay_out, weighed

class TheSpace(unittest.TestCase):
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

    def test_a_turned_space_is_the_same_space(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            make_material(work)
            material = material_in(work)
            space = lay_out(material, 64)
            texts = [text for told in material.captions for text in told]
            before = space.texts(texts)
            other, _ = torch.linalg.qr(torch.randn(63, 63, generator=torch.Generator().manual_seed(1)))
            elsewhere = torch.cat([before[:, :-1] @ other, before[:, -1:]], 1)
            after = turned(space, texts, elsewhere)
        torch.testing.assert_close(after.texts(texts), elsewhere, atol=1e-4, rtol=0)
        pooled = torch.randint(0, 255, (4, 1280), generator=torch.Generator().manual_seed(2))
        torch.testing.assert_close(
            after.pictures(pooled) @ after.texts(texts).T, space.pictures(pooled) @ before.T, atol=1e-4, rtol=0
        )

    def test_a_word_weighs_what_it_lacks_in_the_last_number(self) -> None:
        place = torch.nn.functional.normalize(torch.tensor([1.0, 2.0, 0.0]), dim=0)
        picture = torch.nn.functional.normalize(torch.tensor([2.0, 1.0, 0.0]), dim=0)
        word = weighed(place, 0.25)
        self.assertAlmostEqual(word.norm().item(), 1, places=6)
        self.assertAlmostEqual((word @ picture).item(), 0.25 * (place @ picture).item(), places=6)
