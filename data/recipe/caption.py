"""The masked-language head: the next word of a caption under a picture, and hidden words of texts without one.

The released model writes by appending ``<mask>`` to the words so far and reading its prediction there. Here all those
appendings of a caption are learned in one pass: the rows are [picture | words | masks], where word t sees the picture and
words 0…t, and mask t stands at word t's position and sees the picture, the words before t and itself. Each mask's prediction
is then exactly what writing will compute. (The released training hides words at random under the same mask instead,
and so learns from fewer of them.) Texts without pictures pass through the text expert alone, one word in four hidden.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from data import Batch, Material
from distil import OnTowers
from model import Beit3
from tokenizer import END, PADDING, read_texts

TOWERS = 0.5
HIDDEN = 0.25


class Caption(OnTowers):
    name = "caption"
    batch_size, rate, decay = 96, 4e-4, 0.02

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        self.texts = read_texts(material.texts)
        self.at = 0

    def batch(self, step: int, size: int) -> Batch:
        self.at = step
        return self.material.batch(step, size, captioned=True)

    def next_words(self, batch: Batch) -> Tensor:
        """Cross-entropy of every word of the batch's captions, ``</s>`` included, each from what stands before it."""
        backbone = self.model.beit3
        ids, present = self.material.text_batch(batch.texts)
        picture = backbone.picture_rows(batch.pixels)
        words = backbone.text_rows(ids, present)
        asked = ids[:, 1:]
        places = torch.arange(1, ids.shape[1], device=ids.device)
        masks = backbone.text_rows(
            torch.full_like(asked, self.material.tokenizer.mask), torch.ones_like(present[:, 1:]), places
        )
        x = torch.cat([picture, words.to(picture.dtype), masks.to(picture.dtype)], 1)
        visible = captioning_mask(picture.shape[1], ids.shape[1], ids.device)
        rows = backbone.through(x, picture.shape[1], visible)[0][:, -asked.shape[1] :]
        wanted = asked != PADDING
        return F.cross_entropy(self.model.mlm_head(rows[wanted]).float(), asked[wanted])

    def hidden_words(self, size: int) -> Tensor:
        """Cross-entropy of hidden words of texts that have no picture."""
        chance = self.material.chance(self.at, 8)
        texts = [self.texts[i] for i in chance.integers(len(self.texts), size=size)]
        ids, present = self.material.text_batch(texts)
        hidden = (torch.rand(ids.shape, device=ids.device) < HIDDEN) & (ids > END)
        rows = self.model.beit3.text(ids.masked_fill(hidden, self.material.tokenizer.mask), present)
        return F.cross_entropy(self.model.mlm_head(rows[hidden]).float(), ids[hidden])

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        losses = self.towers.losses(batch, whole)
        losses["next word"] = self.next_words(batch)
        losses["hidden word"] = self.hidden_words(len(batch.rows))
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return losses["next word"] + losses["hidden word"] + TOWERS * self.towers.total(losses)


def captioning_mask(picture: int, words: int, device: torch.device) -> Tensor:
    """[1, 1, R, R] with R = picture + words + (words − 1) rows; true where a row may look."""
    masks = words - 1
    rows = picture + words + masks
    visible = torch.zeros(rows, rows, dtype=torch.bool, device=device)
    visible[:, :picture] = True
    text = torch.arange(words, device=device)
    visible[picture : picture + words, picture : picture + words] = text[:, None] >= text[None]
    # Mask m asks for word m + 1: it sees words 0…m, and itself.
    visible[picture + words :, picture : picture + words] = text[:masks, None] >= text[None]
    visible[picture + words :, picture + words :] = torch.eye(masks, dtype=torch.bool, device=device)
    return visible[None, None]
