"""The masked-language head: words of a caption under its picture.

Three kinds of pictures teach three things. Photos with all words of some of their captions: what is to be seen, and how people say it. Drawn
scenes with the words that tell them from their twin: left and right, two and three, whose colour, and what is not there; the twin's
word is the one wrong answer that counts. Empty pictures with any text: how likely a text is of nothing, which is what the
likelihood under a picture is measured against when captions are compared.

The vision expert goes on learning from the teacher by the very pass whose keys and values the words look at, and the text
expert is held to where it had texts when the stage began, so that both towers stay what they were. Against the released training, which hides words at random under
the same mask: each word that is asked for sees all words before it, as when captions are written.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from asking import NOBODY, Asked, answers_in_parts, look_and_keep
from data import LONGEST_CAPTION, Batch, Material, as_typed, parts_of_like
from distil import Distil, OnTowers, apart, kept_patches
from layers import Store
from model import Beit3
from words import Words

#: The part of a batch's pictures that are photos; the others are scenes with their twins.
PHOTOS = 0.6
CAPTIONS_A_PHOTO = 3
#: Words that are asked for of a scene's caption: those that tell it from its twin, and others.
TELLING, OF_SCENE = 3, 5
EMPTY, TEXTS = 20, 160
FORGOTTEN = 0.2
PARTS = 3
TOWERS, SPOKEN = 1.0, 10.0
#: What the pieces of a text weigh beside it.
PIECES = 0.5


@dataclass(frozen=True)
class Captioned:
    """Pictures, empty ones behind them, what is asked for under them, and texts for the text expert alone."""

    seen: Batch
    empty: Tensor
    asked: list[Asked]
    alone: list[str]


class Caption(OnTowers):
    name = "caption"
    batch_size, rate, decay = 80, 1e-3, 0.02

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        #: Whether the vision expert is left as it is.
        self.sight_stays = False
        #: The model as it was when the stage began, for where it had texts.
        self.before = copy.deepcopy(model).eval().requires_grad_(False)
        self.words = Words(model, material, self.towers)
        kinds = numpy.array(material.kinds)[material.told]
        self.photos = material.told[kinds == "captioned"]
        told = set(material.told.tolist())
        self.pairs = sorted({(min(a, b), max(a, b)) for a, b in material.twin.items() if a in told and b in told})

    @property
    def queue(self) -> dict[str, object]:
        return {"before": self.before.state_dict()}

    @queue.setter
    def queue(self, kept: dict[str, object]) -> None:
        self.before.load_state_dict(kept["before"])

    def add(self) -> None:
        """A head that knows how frequent words are, unless it has learned more already."""
        self.before.load_state_dict(self.model.state_dict())
        material = self.material
        if self.model.mlm_head.bias.any():
            return
        counts = torch.full((self.model.size.vocabulary,), 0.5)
        for picture in self.photos.tolist():
            for caption in material.captions[picture]:
                for piece in material.tokenizer.encode(caption, LONGEST_CAPTION)[1:]:
                    counts[piece] += 1
        with torch.no_grad():
            self.model.mlm_head.bias.copy_((counts / counts.sum()).log())
            self.model.mlm_head.weight.mul_(0.3)

    def batch(self, step: int, size: int) -> Captioned:
        material, chance = self.material, self.material.chance(step, 2)
        photos = chance.choice(self.photos, max(1, round(PHOTOS * size)), replace=False)
        twins = min(len(self.pairs), (size - len(photos)) // 2)
        pairs = [self.pairs[i] for i in chance.choice(len(self.pairs), twins, replace=False)]
        pictures: list[int] = []
        asked: list[Asked] = []
        for photo in photos.tolist():
            captions = chance.permutation(material.captions[photo])[:CAPTIONS_A_PHOTO]
            asked += [self._every_word(len(pictures), as_typed(str(caption), chance)) for caption in captions]
            pictures.append(photo)
        for pair in pairs:
            for own, other in (pair, pair[::-1]):
                asked.append(self._telling_words(len(pictures), own, other, chance))
                pictures.append(own)
        for empty in range(EMPTY):
            asked.append(self._every_word(len(pictures) + empty, self.words.text(chance)))
        rows = numpy.array([self._view(picture, chance) for picture in pictures])
        grey = torch.from_numpy(chance.uniform(-1, 1, (EMPTY, 1, 1, 1)).astype("float32")).to(material.device)
        side = self.model.size.image
        return Captioned(
            material.seen(numpy.array(pictures), rows, chance),
            grey.expand(-1, 3, side, side),
            asked,
            [self.words.text(chance) for _ in range(TEXTS)],
        )

    def _view(self, picture: int, chance: numpy.random.Generator) -> int:
        """The whole picture, or one of those views that its captions still tell of."""
        views = self.material.rows[picture][: self.material.views.wide]
        return views[0] if chance.random() < 0.5 else views[chance.integers(len(views))]

    def _every_word(self, place: int, text: str) -> Asked:
        ids = self.material.tokenizer.encode(text, LONGEST_CAPTION)
        return Asked(place, ids, list(range(1, len(ids))))

    def _telling_words(self, place: int, own: int, other: int, chance: numpy.random.Generator) -> Asked:
        material = self.material
        told, twins = material.captions[own], material.captions[other]
        # The first tells one from the other; so do others, where both are described in the same ways.
        ways = [(a, b) for a, b in zip(told, twins) if a != b] if len(told) == len(twins) else []
        text, rival = ways[chance.integers(len(ways))] if ways else (told[0], twins[0])
        seed = int(chance.integers(1 << 30))
        ids, others = (
            material.tokenizer.encode(as_typed(one, numpy.random.default_rng(seed)), LONGEST_CAPTION)
            for one in (text, rival)
        )
        apart = [i for i in range(1, min(len(ids), len(others))) if ids[i] != others[i]]
        # Beyond the first, the same places tell of the same words only where both texts are of one length.
        telling = apart[: TELLING if len(ids) == len(others) else 1]
        rest = some_of([i for i in range(1, len(ids)) if i not in telling], OF_SCENE - len(telling), chance)
        return Asked(place, ids, telling + rest, others[telling[0]] if telling else NOBODY)

    def losses(self, batch: Captioned, whole: bool) -> dict[str, Tensor]:
        material, losses = self.material, {}
        keep: list[Store] = []
        n = len(batch.seen.rows)

        def look(pixels: Tensor, kept: Tensor | None = None) -> tuple[Tensor, Tensor]:
            every = torch.cat([pixels, batch.empty])
            rows, between, stores = look_and_keep(self.model.beit3, every, self.towers.middle_layer, kept)
            keep.extend(stores)
            return rows[:n], between[:n]

        if self.sight_stays:
            with torch.no_grad():
                look(batch.seen.pixels, None if whole else self.some_patches(n + EMPTY))
        else:
            losses, _ = self.towers.picture_losses(batch.seen, True, look=look)
        answer = answers_in_parts(self.model.beit3, keep, batch.asked, material.tokenizer.mask, FORGOTTEN, PARTS)
        logits = self.model.mlm_head(answer.rows).float()
        losses["next word"] = F.cross_entropy(logits, answer.words)
        told = answer.rivals != NOBODY
        if told.any():
            right = logits[told].gather(1, answer.words[told, None])
            wrong = logits[told].gather(1, answer.rivals[told, None])
            losses["twins"] = F.softplus(wrong - right).mean()
            losses["in order"] = (right > wrong).float().mean()
        losses["spoken"] = self.moved(batch.alone)
        return losses

    def some_patches(self, n: int) -> Tensor:
        """Half of each picture's, other ones every time. The vision expert knows the photos that it has learned from better than any
        other; a text expert that always saw all of them would rely on that, and learn them by heart."""
        return kept_patches(n, self.model.size.patches, Distil.dropped, self.material.device)

    def moved(self, texts: list[str]) -> Tensor:
        """How far texts and their pieces have come from where they were."""
        parts = []
        for part in parts_of_like(texts, len, PARTS):
            ids, present = self.material.text_batch(part)
            rows = self.model.text_rows_embedded(ids, present)
            with torch.no_grad():
                wanted = self.before.text_rows_embedded(ids, present)
            there = present[:, 1:].bool()
            parts.append(apart(rows[:, 0], wanted[:, 0]) + PIECES * apart(rows[:, 1:][there], wanted[:, 1:][there]))
        return sum(parts) / len(parts)

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        twins = losses.get("twins", 0)
        return losses["next word"] + twins + SPOKEN * losses["spoken"] + TOWERS * self.towers.total(losses)


def some_of(places: list[int], most: int, chance: numpy.random.Generator) -> list[int]:
    return sorted(chance.permutation(places)[:most].tolist())
