"""The text expert alone: any text belongs where the shared space has it.

No picture is needed for that, so captions without photos teach as well as those with, and so do pieces of them: people type three
words and not a sentence.
"""

from __future__ import annotations

import numpy
from torch import Tensor

from data import Material, as_typed, parts_of_like
from distil import Distil, OnTowers
from model import Beit3
from tokenizer import read_texts

#: How many texts are pieces of a caption, and of how many words these are at most.
PIECES, LONGEST_PIECE = 0.3, 6
OF_PICTURES = 0.4
#: What the words' own places weigh beside the caption's.
WORDS = 0.5
PARTS = 4


class Words(OnTowers):
    name = "words"
    batch_size, rate, decay = 256, 1e-3, 0.02

    def __init__(self, model: Beit3, material: Material, towers: Distil | None = None) -> None:
        super().__init__(model, material, towers)
        self.alone = read_texts(material.texts)

    def text(self, chance: numpy.random.Generator) -> str:
        material = self.material
        if chance.random() < OF_PICTURES:
            text = material.caption(int(chance.choice(material.told)), chance)
        else:
            text = as_typed(self.alone[chance.integers(len(self.alone))], chance)
        if chance.random() < PIECES:
            words = text.split()
            length = int(chance.integers(1, LONGEST_PIECE + 1))
            start = int(chance.integers(0, max(1, len(words) - length + 1)))
            text = " ".join(words[start : start + length])
        return text

    def batch(self, step: int, size: int) -> list[str]:
        chance = self.material.chance(step, 4)
        return [self.text(chance) for _ in range(size)]

    def losses(self, texts: list[str], whole: bool) -> dict[str, Tensor]:
        parts = [self.towers.text_losses(part)[0] for part in parts_of_like(texts, len, PARTS)]
        return {name: sum(part[name] for part in parts) / len(parts) for name in parts[0]}

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return losses["caption"] + WORDS * losses["words"]
