"""How well a model that has learned captions reads the dev photos: how it guesses their words, and which photo it would put first.

What is learned by heart shows here first: the next word of photos that it learns from falls for ever, that of others turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from asking import asked_rows, look_and_keep
from data import LONGEST_CAPTION, Material, scaled
from evaluation import Dev
from layers import Store
from model import Beit3
from tokenizer import PADDING

#: Captions and pictures at a time.
CAPTIONS, PICTURES = 48, 125
#: What the towers' cosine may weigh beside the sum of the words' log-likelihoods. The best is told.
WEIGHTS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)


@dataclass(frozen=True)
class Sample:
    """How many of the captions are read, one in ``every``, and among how many candidates of the towers; none: words alone."""

    every: int
    candidates: int


def likelihoods(model: Beit3, stores: list[Store], texts: list[list[int]], pictures: Tensor, mask: int) -> tuple[Tensor, Tensor]:
    """texts (ids) of N, pictures [N, C] → the log-likelihood of each text under each of its pictures [N, C], and its words [N]."""
    device, (n, candidates) = pictures.device, pictures.shape
    longest = max(len(ids) for ids in texts)
    ids = torch.tensor([one + [PADDING] * (longest - len(one)) for one in texts], device=device)
    places = torch.arange(1, longest, device=device).expand(n, -1)
    there = ids[:, 1:] != PADDING
    under = [(k[pictures.flatten()], v[pictures.flatten()]) for k, v in stores]
    rows = asked_rows(
        model.beit3, under, ids.repeat_interleave(candidates, 0), places.repeat_interleave(candidates, 0), mask
    )
    logits = model.mlm_head(rows).float()
    wanted = ids[:, 1:].repeat_interleave(candidates, 0)
    lost = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="none").view(n, candidates, -1)
    return -(lost * there[:, None]).sum(2), there.sum(1)


@torch.no_grad()
def dev_reading(model: Beit3, material: Material, dev: Dev, sample: Sample) -> dict[str, float]:
    device, rows = material.device, dev.rows
    ids = [material.tokenizer.encode(text, LONGEST_CAPTION) for text in dev.texts]
    order = sorted(range(0, len(ids), sample.every), key=lambda place: len(ids[place]))
    with torch.autocast(device.type, torch.bfloat16):
        parts = [
            look_and_keep(model.beit3, scaled(material.views.take("pixels", rows[start : start + PICTURES])))[2]
            for start in range(0, len(rows), PICTURES)
        ]
        stores = [tuple(torch.cat(side) for side in zip(*layer)) for layer in zip(*parts)]
        lost = count = 0.0
        first = {weight: 0 for weight in WEIGHTS}
        for start in range(0, len(order), CAPTIONS):
            part = torch.tensor(order[start : start + CAPTIONS], device=device)
            own = dev.image_of[part]
            cosines = dev.words[part] @ dev.images.T
            best = cosines.topk(sample.candidates, 1).indices if sample.candidates else own[:, None][:, :0]
            pictures = torch.cat([own[:, None], best], 1)
            found, many = likelihoods(model, stores, [ids[place] for place in part.tolist()], pictures, material.tokenizer.mask)
            lost -= found[:, 0].sum().item()
            count += many.sum().item()
            for weight in WEIGHTS if sample.candidates else ():
                scores = found[:, 1:] + weight * cosines.gather(1, best)
                chosen = best.gather(1, scores.argmax(1, keepdim=True))[:, 0]
                first[weight] += (chosen == own).sum().item()
    result = {"next word": round(lost / count, 4)}
    if sample.candidates:
        result["text to image R@1"] = round(100 * max(first.values()) / len(order), 2)
    return result
