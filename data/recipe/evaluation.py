"""Recall on the dev photos, by the standard protocol, while a model learns; and the yardstick beside it.

Beside it what each tower would reach if the other were as good as what it learns from: the model's pictures against the captions' words
in the shared space, the model's texts against the teacher's features there, and at last both of these without any part of the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy
import torch
from torch import Tensor

from data import LONGEST_TEXT, Material, Targets, scaled
from model import Beit3

BATCH = 125


def recalls(similarity: Tensor, image_of: Tensor) -> dict[str, float]:
    """similarity [images, captions] → R@1, 5, 10 both ways, in percent."""
    own = image_of[None] == torch.arange(len(similarity), device=similarity.device)[:, None]
    best_own = similarity.masked_fill(~own, -2).max(1).values
    image_rank = (similarity > best_own[:, None]).sum(1)
    right = similarity[image_of, torch.arange(len(image_of), device=similarity.device)]
    text_rank = (similarity > right[None]).sum(0)
    ways = (("image to text", image_rank), ("text to image", text_rank))
    return {
        f"{way} R@{k}": round(100 * (rank < k).float().mean().item(), 2) for way, rank in ways for k in (1, 5, 10)
    }


@dataclass(frozen=True)
class Dev:
    """Embeddings of the dev photos [images, D] and of their captions [captions, D], and whose each caption is."""

    rows: numpy.ndarray
    texts: list[str]
    images: Tensor
    words: Tensor
    image_of: Tensor


@torch.no_grad()
def dev_embedded(model: Beit3, material: Material) -> Dev | None:
    device = material.device
    rows = numpy.array([material.rows[picture][0] for picture in material.dev])
    if len(rows) == 0:
        return None
    with torch.autocast(device.type, torch.bfloat16):
        images = torch.cat(
            [
                model.image_embedding(scaled(material.views.take("pixels", rows[i : i + BATCH])))
                for i in range(0, len(rows), BATCH)
            ]
        )
        texts = [caption for picture in material.dev for caption in material.captions[picture]]
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        words = torch.zeros(len(texts), images.shape[1], device=device)
        for i in range(0, len(order), 2 * BATCH):
            part = order[i : i + 2 * BATCH]
            words[part] = model.text_embedding(
                *material.text_batch([texts[place] for place in part], LONGEST_TEXT)
            ).float()
    image_of = torch.tensor([n for n, picture in enumerate(material.dev) for _ in material.captions[picture]])
    return Dev(rows, texts, images.float(), words, image_of.to(device))


def dev_recall(dev: Dev, targets: Targets) -> dict[str, dict[str, float]]:
    teacher = targets.placed(targets.raw("pooled", dev.rows))
    said = targets.space.texts(dev.texts).to(dev.images.device)
    return {
        "model": recalls(dev.images @ dev.words.T, dev.image_of),
        "its pictures, the space's words": recalls(dev.images @ said.T, dev.image_of),
        "teacher's features": recalls(teacher @ dev.words.T, dev.image_of),
        "the space": recalls(teacher @ said.T, dev.image_of),
    }
