"""Recall on the dev photos, by the standard protocol, while a model learns; and the yardstick beside it.

Beside it what each tower would reach if the other were as good as what it learns from: the model's pictures against the captions' words
in the shared space, the model's texts against the teacher's features there, and at last both of these without any part of the model.
"""

from __future__ import annotations

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


@torch.no_grad()
def dev_recall(model: Beit3, material: Material, targets: Targets) -> dict[str, dict[str, float]]:
    device = material.device
    rows = numpy.array([material.rows[picture][0] for picture in material.dev])
    if len(rows) == 0:
        return {}
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
    teacher = targets.placed(targets.raw("pooled", rows))
    image_of = torch.tensor([n for n, picture in enumerate(material.dev) for _ in material.captions[picture]])
    image_of = image_of.to(device)
    said = targets.space.texts(texts).to(device)
    images = images.float()
    return {
        "model": recalls(images @ words.T, image_of),
        "its pictures, the space's words": recalls(images @ said.T, image_of),
        "teacher's features": recalls(teacher @ words.T, image_of),
        "the space": recalls(teacher @ said.T, image_of),
    }
