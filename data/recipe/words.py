"""The text expert alone: captions against the teacher's features of their photos.

No picture goes through the model here, so a step costs a quarter of one with pictures, and the text expert, which needs many rounds
through few captions, gets them before the pictures follow it. What it meets is a linear map of the teacher's features: the same space
into which ``distil`` then leads the vision expert.
"""

from __future__ import annotations

import torch
from torch import Tensor

from data import Batch, Material
from distil import Distil, contrast, limited
from model import Beit3

QUEUE = 4096


class Words(Distil):
    name = "words"
    batch_size, rate, decay = 512, 1e-3, 0.05

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        self.queue = {name: self.queue[name] for name in ("text", "teacher", "keys")}

    def batch(self, step: int, size: int) -> Batch:
        return self.material.batch(step, size, captioned=True, pixels=False)

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        model, extra = self.model, self.extra
        text = model.text_embedding(*self.material.text_batch(batch.texts))
        teacher = extra.embedding(self.targets.standardised("pooled", batch.rows)[batch.told])
        past, keys = self.queue, batch.keys
        sides = (past["teacher"], past["text"], past["keys"])
        for name, values in (("text", text), ("teacher", teacher), ("keys", keys)):
            self.queue[name] = torch.cat([values.detach(), past[name]])[:QUEUE]
        return {"teacher contrast": contrast(teacher, text, keys, sides, limited(extra.scale))}

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return losses["teacher contrast"]
