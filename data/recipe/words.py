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


class Words(Distil):
    name = "words"
    batch_size, rate, decay = 512, 1e-3, 0.05
    queued = 4096

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        self.queue = {name: self.queue[name] for name in ("text", "teacher", "keys")}

    def batch(self, step: int, size: int) -> Batch:
        return self.material.batch(step, size, captioned=True, pixels=False)

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        model, extra = self.model, self.extra
        text = model.text_embedding(*self.material.text_batch(batch.texts))
        # Every picture of a captioned batch has a text.
        teacher = extra.embedding(self.targets.standardised("pooled", batch.rows))
        past = (self.queue["teacher"], self.queue["text"], self.queue["keys"])
        loss = contrast(teacher, text, batch.keys, past, limited(extra.scale))
        self.queue_up(text=text, teacher=teacher, keys=batch.keys)
        return {"teacher contrast": loss}

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return losses["teacher contrast"]
