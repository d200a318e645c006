"""The shared space turned towards a model that has learned an older one.

A space is made anew from whatever views there are, and its directions come out in another order and with other signs. But
both spaces have the same captions, so one turn (the orthogonal Procrustes problem, Schönemann 1966) brings the new one to where
the model has its texts, and its experts go on from what they know.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from data import Material
from model import Beit3, Size, checkpoint_weights
from space import Space, lay_out

SAMPLE = 5000
BATCH = 100


@torch.no_grad()
def text_places(checkpoint: Path, material: Material, texts: list[str]) -> Tensor:
    """Where a model has texts: [N, D] of length 1."""
    weights = checkpoint_weights(checkpoint, material.device)
    model = Beit3(Size.of(weights)).to(material.device).eval()
    model.load_state_dict(weights, strict=False)
    parts = [
        model.text_embedding(*material.text_batch(texts[start : start + BATCH])) for start in range(0, len(texts), BATCH)
    ]
    return torch.cat(parts).cpu()


def turned(space: Space, texts: list[str], places: Tensor) -> Space:
    """The same space where ``texts`` lie as near to ``places`` as a turn can bring them. Its last number stays what it is."""
    here, there = (side[:, :-1].double() for side in (space.texts(texts), places))
    left, _, right = torch.linalg.svd(here.T @ there)
    turn = torch.eye(places.shape[1])
    turn[:-1, :-1] = (left @ right).float()
    return replace(
        space,
        picture_to_space=space.picture_to_space @ turn.numpy(),
        word_to_space=space.word_to_space @ turn.numpy(),
    )


def turned_to(space: Space, checkpoint: Path, material: Material) -> Space:
    """Towards a checkpoint, by a sample of the captions of photos."""
    chance = material.chance(0, 8)
    told = [i for i in material.told.tolist() if material.kinds[i] == "captioned"]
    chosen = chance.choice(told, min(SAMPLE, len(told)), replace=False)
    texts = [material.captions[i][chance.integers(len(material.captions[i]))] for i in chosen.tolist()]
    places = text_places(checkpoint, material, texts)
    result = turned(space, texts, places)
    agreement = F.cosine_similarity(result.texts(texts), places).mean().item()
    print(f"space: texts of {checkpoint.name} lie at a mean cosine of {agreement:.3f} from where they belong", flush=True)
    return result


def laid_out(material: Material, width: int, like: Path | None) -> None:
    """Makes the space and keeps it."""
    space = lay_out(material, width)
    if like is not None:
        space = turned_to(space, like, material)
    space.save(material.work)
