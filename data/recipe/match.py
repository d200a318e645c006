"""The match head: does this text belong to this picture, both read together.

Three pairs a picture: its caption; a caption that the towers find nearly as fitting; and a picture that they find nearly as fitting
for the caption. Wrong ones are drawn by the towers' own similarity from the batches of late, more sharply as training goes on. A
scene that has a twin meets the twin instead: the towers cannot tell those apart, so they are the hardest of all. The
towers' own losses stay on, lest they forget.
"""

from __future__ import annotations

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from data import Batch, Material
from distil import QUEUE, Distil, OnTowers, kept_patches, limited
from model import Beit3

TOWERS = 0.5
#: Steps until wrong answers are drawn as sharply as the towers see them, and how sharply at first.
SHARP_AFTER, AT_FIRST = 1500, 0.3
TWIN_CHANCE = 0.8


class Match(OnTowers):
    name = "match"
    batch_size, rate, decay = 64, 4e-4, 0.02
    dropped = Distil.dropped

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        self.recent: tuple[numpy.ndarray, list[str]] = (numpy.zeros(0, numpy.int64), [])

    @property
    def queue(self) -> dict[str, object]:
        return {**self.towers.queue, "recent": self.recent}

    @queue.setter
    def queue(self, kept: dict[str, object]) -> None:
        self.recent = kept["recent"]
        self.towers.queue = {name: value for name, value in kept.items() if name != "recent"}

    def batch(self, step: int, size: int) -> Batch:
        batch = self.material.batch(step, size, captioned=True)
        for place, picture in enumerate(batch.pictures.tolist()):
            if picture in self.material.twin:
                # The first caption is the one that tells a scene from its twin.
                batch.texts[place] = self.material.captions[picture][0]
        return batch

    def wrong_answers(self, batch: Batch) -> tuple[numpy.ndarray, list[str]]:
        """For every picture of the batch the view of a wrong picture and a wrong text."""
        towers, n = self.towers.queue, len(batch.rows)
        rows = numpy.concatenate([batch.rows, self.recent[0]])[:QUEUE]
        texts = [*batch.texts, *self.recent[1]][:QUEUE]
        known = len(rows)
        same = towers["keys"][:n, None] == towers["keys"][None, :known]
        sharp = AT_FIRST + (1 - AT_FIRST) * min(1.0, self.at / SHARP_AFTER)
        scale = sharp * limited(self.model.logit_scale.detach())

        def drawn(a: Tensor, b: Tensor) -> list[int]:
            odds = torch.softmax((scale * a[:n] @ b[:known].T).masked_fill(same, -1e4), 1) + 1e-6
            return torch.multinomial(odds.masked_fill(same, 0), 1)[:, 0].tolist()

        wrong_rows = rows[drawn(towers["text"], towers["image"])]
        wrong_texts = [texts[place] for place in drawn(towers["image"], towers["text"])]
        self.recent = (rows, texts)
        chance = self.material.chance(self.at, 5)
        for place, picture in enumerate(batch.pictures.tolist()):
            twin = self.material.twin.get(picture)
            if twin is not None and chance.random() < TWIN_CHANCE:
                wrong_rows[place] = self.material.rows[twin][0]
                wrong_texts[place] = self.material.captions[twin][0]
        return wrong_rows, wrong_texts

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        losses = self.towers.losses(batch, whole)
        with torch.no_grad():
            wrong_rows, wrong_texts = self.wrong_answers(batch)
        material, n = self.material, len(batch.rows)
        unflipped = torch.zeros(n, dtype=torch.bool, device=material.device)
        wrong = material.shown(material.views.take("pixels", wrong_rows), unflipped, material.chance(self.at, 6))
        ids, present = material.text_batch([*batch.texts, *wrong_texts, *batch.texts])
        pixels = torch.cat([batch.pixels, batch.pixels, wrong])
        kept = None
        if not whole:
            kept = kept_patches(n, self.model.size.patches, self.dropped, pixels.device).repeat(3, 1)
        logits = self.model.match_logits(pixels, ids, present, kept)
        matching = torch.zeros(3 * n, dtype=torch.long, device=logits.device)
        matching[:n] = 1
        margin = logits[:, 1] - logits[:, 0]
        right, wrong_text, wrong_picture = margin[:n], margin[n : 2 * n], margin[2 * n :]
        losses["match"] = F.cross_entropy(logits, matching)
        losses["pair"] = (F.softplus(wrong_text - right).mean() + F.softplus(wrong_picture - right).mean()) / 2
        losses["in order"] = ((right > wrong_text).float().mean() + (right > wrong_picture).float().mean()) / 2
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return losses["match"] + losses["pair"] + TOWERS * self.towers.total(losses)
