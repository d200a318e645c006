"""Losses, masks, measures and schedules, with known answers."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from asking import Asked, answers, answers_in_parts, look_and_keep
from data import scaled
from distil import closest_map, contrast
from evaluation import recalls
from mixing import MIXED, pieces
from model import Beit3
from muon import orthogonal
from noise import SMALL, make_material
from reading import likelihoods
from stages import due, rate_at
from tokenizer import Tokenizer

class Parts(unittest.TestCase):
    def test_a_captions_likelihood_is_that_of_its_words_one_by_one(self) -> None:
        torch.manual_seed(0)
        model = Beit3(SMALL).eval()
        pixels, texts, mask = torch.randn(2, 3, 32, 32), [[0, 7, 9, 2], [0, 8, 2]], 41
        with torch.no_grad():
            _, _, stores = look_and_keep(model.beit3, pixels)
            found, many = likelihoods(model, stores, texts, torch.tensor([[0, 1], [1, 0]]), mask)
            self.assertEqual(many.tolist(), [3, 2])
            for row, (ids, pictures) in enumerate(zip(texts, ((0, 1), (1, 0)))):
                for column, picture in enumerate(pictures):
                    one = [(k[picture : picture + 1], v[picture : picture + 1]) for k, v in stores]
                    answered = answers(model.beit3, one, [Asked(0, ids, list(range(1, len(ids))))], mask)
                    logits = model.mlm_head(answered.rows)
                    alone = -torch.nn.functional.cross_entropy(logits, answered.words, reduction="sum")
                    self.assertAlmostEqual(found[row, column].item(), alone.item(), places=4)

    def test_matrices_of_a_stack_are_made_orthogonal_each_for_itself(self) -> None:
        torch.manual_seed(1)
        stack = torch.randn(3, 8, 12) * torch.tensor([1.0, 10.0, 0.1])[:, None, None]
        together, alone = orthogonal(stack), torch.stack([orthogonal(one) for one in stack])
        self.assertLess((together - alone).abs().max().item(), 0.05)

    def test_all_words_at_once_are_predicted_as_one_by_one(self) -> None:
        torch.manual_seed(0)
        model = Beit3(SMALL).eval()
        backbone, mask = model.beit3, 41
        pixels, ids = torch.randn(1, 3, 32, 32), torch.tensor([[0, 7, 9, 11, 2]])
        with torch.no_grad():
            picture = backbone.picture_rows(pixels)
            words = ids.shape[1]
            rows, _, stores = look_and_keep(backbone, pixels)
            self.assertTrue(torch.equal(rows, backbone.through(picture, None, None)[0]))
            # In any order, beside a text that has fewer.
            places = [3, 1, 4, 2]
            asked = [Asked(0, ids[0].tolist(), places), Asked(0, [0, 8, 2], [1])]
            answered = answers(backbone, stores, asked, mask)
            self.assertEqual(answered.words.tolist(), [*(ids[0, place].item() for place in places), 8])
            in_parts = answers_in_parts(backbone, stores, asked, mask, 0, 2)
            self.assertLess((in_parts.rows[1:] - answered.rows[:4]).abs().max().item(), 1e-5)
            at_once = answered.rows[torch.tensor(places).argsort()]
            for place in range(1, words):
                so_far = torch.cat([ids[:, :place], torch.tensor([[mask]])], 1)
                text = backbone.text_rows(so_far, torch.ones(1, place + 1))
                size = picture.shape[1] + place + 1
                seen = torch.zeros(size, size, dtype=torch.bool)
                seen[:, : picture.shape[1]] = True
                seen[picture.shape[1] :, picture.shape[1] :] = torch.ones(place + 1, place + 1).tril().bool()
                last = backbone.through(torch.cat([picture, text], 1), picture.shape[1], seen[None, None])[0][:, -1]
                self.assertLess((last[0] - at_once[place - 1]).abs().max().item(), 1e-5)

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
