"""Both towers at once: the vision expert sees as the teacher sees, and pictures and captions meet in the shared space.

The teacher gives four targets: pooled features for the class token, class probabilities, and a dense map for the patches
after the last layer and another after the third. The shared space (``space.py``) says where the picture and the caption belong; the
towers' own contrast, with negatives from the batch and from a queue of the batches before, then moves them to where they tell more
apart: word order, say, which the space does not know.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data import Batch, Material, Targets, scaled
from mixing import Pieces
from model import Beit3

QUEUE = 768
#: A model whose pictures have this mean cosine with their places knows the space already. By chance it is 0.
AT_HOME = 0.25
WEIGHTS = {
    "pooled": 2.0,
    "classes": 0.3,
    "dense": 1.5,
    "middle": 0.5,
    "picture": 2.0,
    "cells": 0.5,
    "caption": 0.5,
    "words": 0.25,
    "contrast": 0.5,
}


#: Pixels, and the patches that stay → rows after the last layer and after the middle one.
Look = Callable[[Tensor, "Tensor | None"], "tuple[Tensor, Tensor]"]


class TeacherHeads(nn.Module):
    """What only teaching needs: from the model to the teacher's features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.pooled, self.classes = nn.Linear(width, 1280), nn.Linear(width, 1001)
        self.dense, self.middle = nn.Linear(width, 320), nn.Linear(width, 96)


def contrast(a: Tensor, b: Tensor, keys: Tensor, past: tuple[Tensor, Tensor, Tensor], scale: Tensor) -> Tensor:
    """Cross-entropy both ways; what has the same key as the right answer is no wrong answer."""
    past_a, past_b, past_keys = past
    same = keys[:, None] == torch.cat([keys, past_keys])[None]
    right = torch.arange(len(keys), device=keys.device)
    same[right, right] = False
    ways = ((a, torch.cat([b, past_b])), (b, torch.cat([a, past_a])))
    losses = [F.cross_entropy((scale * one @ all_.T).masked_fill(same, -1e4), right) for one, all_ in ways]
    return sum(losses) / 2


def limited(log_scale: Tensor) -> Tensor:
    return log_scale.clamp(max=4.6).exp()


def closest_map(x: Tensor, y: Tensor, ridge: float = 10.0) -> tuple[Tensor, Tensor]:
    """Weights [outputs, inputs] and bias of the ridge regression from x to y."""
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = (x - x_mean).double(), (y - y_mean).double()
    weight = torch.linalg.solve(x.T @ x + ridge * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y).T.float()
    return weight, y_mean - weight @ x_mean


class Distil:
    """The losses of the first stage; the others keep them on at a lower weight, so that the towers do not forget."""

    name = "distil"
    batch_size, rate, decay = 192, 1e-3, 0.05
    queued = QUEUE
    #: Half of the patches are dropped until the end of the cool-down: one and a half times the pictures a second.
    dropped = 0.5

    def __init__(self, model: Beit3, material: Material) -> None:
        self.model, self.material = model, material
        self.at = 0
        self.targets = Targets(material, model.size.grid)
        self.extra = TeacherHeads(model.size.width).to(material.device)
        width, device = model.size.width, material.device
        self.queue = {
            **{name: torch.zeros(0, width, device=device) for name in ("image", "text")},
            "keys": torch.zeros(0, dtype=torch.long, device=device),
        }

    @property
    def towers(self) -> Distil:
        return self

    @torch.no_grad()
    def begin(self, sample: int = 800) -> None:
        """For a model that has learned already: teaching heads that fit what it sees, found by regression.

        So is the head that gives a picture its place, unless the space was turned towards the model (``alignment.py``).
        """
        material, extra = self.material, self.extra
        chance = material.chance(0, 9)
        pictures = chance.choice(material.told, min(sample, len(material.told)), replace=False)
        rows = torch.tensor([material.rows[i][0] for i in pictures.tolist()]).numpy()
        last, between = [], []
        for start in range(0, len(rows), 64):
            part = slice(start, start + 64)
            pixels = scaled(material.views.take("pixels", rows[part]))
            with torch.autocast(material.device.type, torch.bfloat16):
                seen, middle = self.look(pixels, None)
            last.append(seen.float())
            between.append(F.layer_norm(middle[:, 1:].float(), (self.model.size.width,)))
        still = torch.zeros(len(rows), dtype=torch.bool, device=material.device)
        empty = torch.zeros(0, device=material.device)
        whole = Batch(rows, pictures, empty, still, empty, [], empty)
        seen, middle = torch.cat(last), torch.cat(between)
        fits = (
            (extra.pooled, seen[:, 0], self.targets.standardised("pooled", self.targets.raw("pooled", rows))),
            (extra.dense, seen[:, 1:].flatten(0, 1), self.targets.maps("dense", whole).flatten(0, 1)),
            (extra.middle, middle.flatten(0, 1), self.targets.maps("middle", whole).flatten(0, 1)),
        )
        for layer, given, wanted in fits:
            weight, bias = closest_map(given.cpu(), wanted.cpu())
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
        head, places = self.model.vision_head, self.targets.placed(self.targets.raw("pooled", rows))
        if F.cosine_similarity(head(seen[:, 0]), places).mean() < AT_HOME:
            head.weight.copy_(closest_map(seen[:, 0].cpu(), places.cpu(), 300.0)[0])
        nn.init.zeros_(extra.classes.weight)

    def add(self) -> None:
        """Nothing is new in this stage."""

    @property
    def middle_layer(self) -> int:
        return self.model.size.layers // 2 - 1

    def batch(self, step: int, size: int) -> Batch:
        return self.material.batch(step, size)

    def look(self, pixels: Tensor, kept: Tensor | None) -> tuple[Tensor, Tensor]:
        """A picture's rows after the last layer and after the middle one."""
        backbone = self.model.beit3
        return backbone.through(backbone.picture_rows(pixels, kept), None, None, self.middle_layer)

    def picture_losses(
        self, batch: Batch, whole: bool, mixed: Pieces | None = None, look: Look | None = None
    ) -> tuple[dict[str, Tensor], Tensor]:
        """What the vision expert is taught, and the embeddings [N, D] of the batch's pictures.

        ``look`` is how they are looked at, for who wants more of it than the rows.
        """
        model, extra, targets = self.model, self.extra, self.targets
        pixels, pooled, classes = batch.pixels, targets.raw("pooled", batch.rows), targets.classes(batch.rows)
        maps = [targets.maps(column, batch) for column in ("dense", "middle", "cells")]
        if mixed is not None:
            pixels, pooled, classes = mixed.pixels(pixels), mixed.whole(pooled), mixed.whole(classes)
            maps = [mixed.maps(values) for values in maps]
        kept = None if whole else kept_patches(len(batch.rows), model.size.patches, self.dropped, pixels.device)
        if kept is not None:
            maps = [torch.gather(values, 1, kept[..., None].expand(-1, -1, values.shape[2])) for values in maps]
        dense, middle, cells = maps
        rows, between = (look or self.look)(pixels, kept)
        first, patches = rows[:, 0], rows[:, 1:]
        between = F.layer_norm(between[:, 1:], (model.size.width,))
        embedded = F.normalize(model.vision_head(rows).float(), dim=-1)
        image = embedded[:, 0]
        losses = {
            "pooled": apart(extra.pooled(first), targets.standardised("pooled", pooled)),
            "classes": F.kl_div(F.log_softmax(extra.classes(first).float(), -1), classes, reduction="batchmean"),
            "dense": apart(extra.dense(patches), dense),
            "middle": apart(extra.middle(between), middle),
            "picture": apart(image, targets.placed(pooled)),
            "cells": apart(embedded[:, 1:], cells),
        }
        return losses, image

    def text_losses(self, texts: list[str]) -> tuple[dict[str, Tensor], Tensor]:
        """What the text expert is taught, and the embeddings [N, D] of the texts."""
        ids, present = self.material.text_batch(texts)
        rows = self.model.text_rows_embedded(ids, present)
        text, pieces = rows[:, 0], rows[:, 1:]
        wanted, words = self.targets.spoken(texts, ids.shape[1])
        told, there = wanted.any(1), present[:, 1:].bool()
        losses = {"caption": apart(text[told], wanted[told]), "words": apart(pieces[there], words[:, 1:][there])}
        return losses, text

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        losses, image = self.picture_losses(batch, whole)
        image = image[batch.told]
        spoken, text = self.text_losses(batch.texts)
        losses.update(spoken)
        past, keys = self.queue, batch.keys
        losses["contrast"] = contrast(
            image, text, keys, (past["image"], past["text"], past["keys"]), limited(self.model.logit_scale)
        )
        self.queue_up(image=image, text=text, keys=keys)
        return losses

    def queue_up(self, **newest: Tensor) -> None:
        """Negatives of the steps to come: the newest first, as many as are kept."""
        for name, values in newest.items():
            self.queue[name] = torch.cat([values.detach(), self.queue[name]])[: self.queued]

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """The weighted sum of those losses that are there."""
        return sum(weight * losses[name] for name, weight in WEIGHTS.items() if name in losses)


class OnTowers:
    """What a stage has that goes on from both towers: all of their teaching, and their negatives."""

    def __init__(self, model: Beit3, material: Material, towers: Distil | None = None) -> None:
        self.model, self.material = model, material
        self.towers = towers or Distil(model, material)
        #: The step that is being learned.
        self.at = 0
        self.extra = self.towers.extra

    @property
    def queue(self) -> dict[str, Tensor]:
        return self.towers.queue

    @queue.setter
    def queue(self, kept: dict[str, Tensor]) -> None:
        self.towers.queue = kept

    def begin(self) -> None:
        self.towers.begin()

    def add(self) -> None:
        """Nothing is new in this stage."""


def apart(a: Tensor, b: Tensor) -> Tensor:
    return 1 - F.cosine_similarity(a.float(), b, dim=-1).mean()


def kept_patches(n: int, patches: int, dropped: float, device: torch.device) -> Tensor:
    return torch.rand(n, patches, device=device).argsort(1)[:, : round(patches * (1 - dropped))]
