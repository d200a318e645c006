"""What a step learns from: views with the teacher's features, and captions, chosen by seed and step alone.

Nothing is remembered from one step to the next, so a training that was stopped goes on with the very batches it would have had.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from packed import Made, MadeViews, is_packed
from shards import PLACES, TARGETS, Views
from space import STEPS, Space
from teacher import Teacher, teacher_file
from tokenizer import Tokenizer

T = TypeVar("T")
LONGEST_CAPTION = 28
LONGEST_TEXT = 64
#: A photo without words is called what the teacher sees, where it is as sure as this (of 255).
SURE = 140
#: Scenes are all alike beside photos: an epoch has a part of them.
SCENES_AN_EPOCH = 0.25
TEMPLATES = ("a photo of a {}", "a picture of a {}", "{}", "a {} .")


@dataclass(frozen=True)
class Batch:
    """Pictures of a step. ``told`` are the rows that have a caption; ``keys`` are alike where captions may be exchanged."""

    rows: numpy.ndarray
    pictures: numpy.ndarray
    pixels: Tensor
    flipped: Tensor
    told: Tensor
    texts: list[str]
    keys: Tensor


class Material:
    def __init__(
        self, work: Path, shared: Path, device: torch.device, seed: int, placed: bool = True, made: Made | None = None
    ) -> None:
        kept = json.loads((work / "pictures.json").read_text(encoding="utf8"))
        self.device, self.seed, self.work = device, seed, work
        self.texts = shared / "text" / "captions.txt.gz"
        self.tokenizer = Tokenizer(work / "tokenizer.spm")
        if is_packed(work):
            if made is None:
                raise SystemExit(f"{work} holds packed pictures, of which only stages that learn make views.")
            self.views = MadeViews(work, Teacher(teacher_file(shared), device), device, made, seed, placed)
        else:
            self.views = Views(work, device, (*TARGETS, *PLACES) if placed else TARGETS)
        self.kinds = [picture["kind"] for picture in kept["pictures"]]
        self.drawn = numpy.array([kind == "scene" for kind in self.kinds])
        self.captions: list[list[str]] = [picture["captions"] for picture in kept["pictures"]]
        self.twin = {a: b for pair in kept["twins"] for a, b in (pair, pair[::-1])}
        self.rows: dict[int, list[int]] = {}
        for row, picture in enumerate(self.views.picture.tolist()):
            self.rows.setdefault(picture, []).append(row)
        self.keys = list(range(len(self.kinds)))
        self._name_plain_photos(shared / "teacher" / "imagenet_labels.txt")
        self.learned = numpy.array([i for i, kind in enumerate(self.kinds) if kind != "dev" and i in self.rows])
        self.told = numpy.array([i for i in self.learned if self.captions[i]])
        self.dev = [i for i, kind in enumerate(self.kinds) if kind == "dev" and i in self.rows]

    def _name_plain_photos(self, labels: Path) -> None:
        names = [line.strip().split(", ")[0] for line in labels.read_text(encoding="utf8").splitlines()]
        plain = [i for i, kind in enumerate(self.kinds) if kind == "plain" and i in self.rows]
        if not plain:
            return
        seen = self.views.take("classes", numpy.array([self.rows[i][0] for i in plain])).cpu()
        for picture, (sure, name) in zip(plain, zip(*(part.tolist() for part in seen.max(1)))):
            if sure >= SURE:
                self.captions[picture] = [template.format(names[name]) for template in TEMPLATES]
                # Two photos of one class have the same caption: neither is a wrong answer for the other.
                self.keys[picture] = len(self.kinds) + name

    def chance(self, step: int, label: int) -> numpy.random.Generator:
        return numpy.random.default_rng([self.seed, label, step])

    def _epoch(self, pool: numpy.ndarray, number: int) -> numpy.ndarray:
        """All photos of the pool once, and a part of its scenes, in an order of their own."""
        chance = numpy.random.default_rng([self.seed, 7, number])
        drawn = self.drawn[pool]
        scenes = chance.permutation(pool[drawn])[: self._scenes(pool)]
        return chance.permutation(numpy.concatenate([pool[~drawn], scenes]))

    def _scenes(self, pool: numpy.ndarray) -> int:
        """How many scenes an epoch has."""
        return math.ceil(self.drawn[pool].sum() * SCENES_AN_EPOCH)

    def batch(self, step: int, size: int, captioned: bool = False) -> Batch:
        """The pictures of a step."""
        pool = self.told if captioned else self.learned
        steps = (int((~self.drawn[pool]).sum()) + self._scenes(pool)) // size
        order = self._epoch(pool, step // steps)
        pictures = order[(step % steps) * size :][:size]
        chance = self.chance(step, 1)
        rows = numpy.array([self.rows[i][chance.integers(len(self.rows[i]))] for i in pictures.tolist()])
        return self.seen(pictures, rows, chance)

    def seen(self, pictures: numpy.ndarray, rows: numpy.ndarray, chance: numpy.random.Generator) -> Batch:
        told = [place for place, i in enumerate(pictures.tolist()) if self.captions[i]]
        texts = [self.caption(int(pictures[place]), chance) for place in told]
        # Left and right mean something in a scene.
        may_flip = numpy.array([self.kinds[i] != "scene" for i in pictures.tolist()])
        flipped = torch.from_numpy((chance.random(len(pictures)) < 0.5) & may_flip).to(self.device)
        keys = torch.tensor([self.keys[int(pictures[place])] for place in told])
        return Batch(
            rows,
            pictures,
            self.shown(self.views.take("pixels", rows), flipped, chance),
            flipped,
            torch.tensor(told).to(self.device),
            texts,
            keys.to(self.device),
        )

    def caption(self, picture: int, chance: numpy.random.Generator) -> str:
        """One of its captions, as people type."""
        told = self.captions[picture]
        return as_typed(told[chance.integers(len(told))], chance)

    def shown(self, pixels: Tensor, flipped: Tensor, chance: numpy.random.Generator) -> Tensor:
        """uint8 [N, S, S, 3] → float [N, 3, S, S] in −1…1, under another light, mirrored where told."""
        n = len(pixels)

        def drawn(low: float, high: float, channels: int = 1) -> Tensor:
            return torch.from_numpy(chance.uniform(low, high, (n, channels, 1, 1)).astype("float32")).to(self.device)

        x = scaled(pixels)
        x = x * (drawn(0.75, 1.25) * drawn(0.92, 1.08, 3)) + drawn(-0.2, 0.2)
        return torch.where(flipped[:, None, None, None], x.flip(3), x).clamp_(-1, 1)

    def text_batch(self, texts: list[str], longest: int = LONGEST_CAPTION) -> tuple[Tensor, Tensor]:
        return self.tokenizer.batch(texts, longest, self.device)


def as_typed(text: str, chance: numpy.random.Generator) -> str:
    """Some in lower case, some without the full stop."""
    if chance.random() < 0.4:
        text = text.lower()
    return text.rstrip(" .") if chance.random() < 0.5 else text


def scaled(pixels: Tensor) -> Tensor:
    return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def parts_of_like(items: list[T], length: Callable[[T], object], parts: int) -> list[list[T]]:
    """In parts of about one length: what a short text is padded with is work for nothing."""
    ordered = sorted(items, key=length)
    size = math.ceil(len(ordered) / parts)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


class Targets:
    """The teacher's features of a batch, standardised by what a sample of views says is usual."""

    def __init__(self, material: Material, grid: int, sample: int = 800) -> None:
        self.material = material
        views = material.views
        rows = numpy.random.default_rng([material.seed, 3]).choice(len(views), min(sample, len(views)), replace=False)
        rows.sort()
        self._usual = {}
        for column, floor in (("pooled", 2.0), ("dense", 1.0), ("middle", 1.0)):
            values = views.take(column, rows).float().flatten(0, -2)
            self._usual[column] = (values.mean(0), values.std(0) + floor)
        self._grid = grid
        self.space = Space.load(material.work)
        self._words: dict[tuple[str, int], Tensor] = {}

    def raw(self, column: str, rows: numpy.ndarray) -> Tensor:
        """In the teacher's own steps."""
        return self.material.views.take(column, rows).float()

    def placed(self, pooled: Tensor) -> Tensor:
        """Where the shared space has pictures with such features, [N, D] of length 1."""
        return self.space.pictures(pooled)

    def standardised(self, column: str, values: Tensor) -> Tensor:
        mean, spread = self._usual[column]
        return (values - mean) / spread

    def spoken(self, texts: list[str], rows: int) -> tuple[Tensor, Tensor]:
        """Where texts belong, [N, D], and where late interaction has each row's word, [N, rows, D]; zeros where there is none."""
        material = self.material
        words = torch.zeros(len(texts), rows, self.space.word_to_space.shape[1])
        for n, text in enumerate(texts):
            for place, (written, pieces) in enumerate(material.tokenizer.words(text, LONGEST_CAPTION)):
                words[n, place] = self._word(written, pieces)
        return self.space.texts(texts).to(material.device), words.to(material.device)

    def _word(self, written: str, pieces: int) -> Tensor:
        """Pieces share the weight of their word."""
        found = self._words.get((written, pieces))
        if found is None:
            found = self._words[(written, pieces)] = self.space.word(written, pieces)
        return found

    def maps(self, column: str, batch: Batch) -> Tensor:
        """[N, grid², C]: one of the teacher's maps, or the places of its cells, stretched over the model's patches."""
        if column == "cells":
            values = self.raw(column, batch.rows) / STEPS
        else:
            values = self.standardised(column, self.raw(column, batch.rows))
        values = F.interpolate(values.permute(0, 3, 1, 2), (self._grid, self._grid), mode="bilinear", align_corners=False)
        values = torch.where(batch.flipped[:, None, None, None], values.flip(3), values)
        return values.flatten(2).transpose(1, 2)

    def classes(self, rows: numpy.ndarray) -> Tensor:
        values = self.material.views.take("classes", rows).float() + 0.02
        return values / values.sum(1, keepdim=True)
