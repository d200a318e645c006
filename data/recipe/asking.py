"""Words asked for under a picture, as captions are written.

The picture sees itself alone, so its keys and values are computed once and any number of texts look at them. A word that is asked
for is a row ``<mask>`` at its place that sees the picture, the words before it and itself: exactly what the released model computes when
it writes, by appending a mask to the words so far. Any words of a text can be asked for in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from data import parts_of_like
from layers import Store
from model import Backbone
from tokenizer import PADDING

#: Asked for where a text has fewer words to ask for than the others.
NOBODY = -1


@dataclass(frozen=True)
class Asked:
    """Words of a text that are asked for under a picture."""

    #: Place of the picture in its batch.
    picture: int
    ids: list[int]
    #: Of the words, from 1 on.
    places: list[int]
    #: What the picture's twin has at the first of the places.
    rival: int = NOBODY


@dataclass(frozen=True)
class Answers:
    """Final rows [K, D] of all words that were asked for, which words they are [K], and rivals [K] (``NOBODY`` where there is none)."""

    rows: Tensor
    words: Tensor
    rivals: Tensor


def look_and_keep(
    backbone: Backbone, pixels: Tensor, middle: int | None = None, patches: Tensor | None = None
) -> tuple[Tensor, Tensor, list[Store]]:
    """A picture's rows after the last layer and after layer ``middle``, and its keys and values; ``patches`` [N, k]: of these alone."""
    kept: list[Store] = []
    rows, between = backbone.through(backbone.picture_rows(pixels, patches), None, None, middle, keep=kept)
    return rows, between, kept


def visible_to(places: Tensor, words: int, picture: int) -> Tensor:
    """places [N, M] → [N, 1, words + M, picture + words + M]; true where a row may look."""
    n, asked = places.shape
    rows = words + asked
    visible = torch.zeros(n, rows, picture + rows, dtype=torch.bool, device=places.device)
    visible[:, :, :picture] = True
    word = torch.arange(words, device=places.device)
    visible[:, :words, picture : picture + words] = word[:, None] >= word[None]
    visible[:, words:, picture : picture + words] = word[None, None] < places[..., None]
    visible[:, words:, picture + words :] = torch.eye(asked, dtype=torch.bool, device=places.device)
    return visible[:, None]


def asked_rows(backbone: Backbone, stores: list[Store], ids: Tensor, places: Tensor, mask: int) -> Tensor:
    """Stores of N pictures, ids [N, T] of a text each, places [N, M] → final rows [N, M, D] of the words asked for."""
    words = backbone.text_rows(ids, (ids != PADDING).float())
    masks = backbone.text_rows(torch.full_like(places, mask), torch.ones_like(places), places)
    visible = visible_to(places, ids.shape[1], stores[0][0].shape[2])
    return backbone.through(torch.cat([words, masks], 1), 0, visible, under=stores)[0][:, ids.shape[1] :]


def answers(backbone: Backbone, stores: list[Store], asked: list[Asked], mask: int, forget: float = 0) -> Answers:
    """``forget``: the part of the words before that is not shown, so that a word is told by the picture."""
    device = stores[0][0].device
    longest = max(len(one.ids) for one in asked)
    most = max(len(one.places) for one in asked)
    ids = torch.tensor([one.ids + [PADDING] * (longest - len(one.ids)) for one in asked]).to(device)
    places = torch.tensor([one.places + [1] * (most - len(one.places)) for one in asked]).to(device)
    wanted = torch.tensor([[True] * len(one.places) + [False] * (most - len(one.places)) for one in asked]).to(device)
    rivals = torch.full(places.shape, NOBODY)
    rivals[:, 0] = torch.tensor([one.rival for one in asked])
    pictures = torch.tensor([one.picture for one in asked]).to(device)
    shown = ids
    if forget > 0:
        lost = torch.rand(ids.shape, device=device) < forget
        lost[:, 0] = False
        shown = ids.masked_fill(lost & (ids != PADDING), mask)
    rows = asked_rows(backbone, [(k.index_select(0, pictures), v.index_select(0, pictures)) for k, v in stores], shown, places, mask)
    return Answers(rows[wanted], ids.gather(1, places)[wanted], rivals.to(device)[wanted])


def answers_in_parts(
    backbone: Backbone, stores: list[Store], asked: list[Asked], mask: int, forget: float, parts: int
) -> Answers:
    """The same, texts of about one length together."""
    alike = parts_of_like(asked, lambda one: (len(one.places), len(one.ids)), parts)
    given = [answers(backbone, stores, part, mask, forget) for part in alike]
    return Answers(*(torch.cat([getattr(one, field.name) for one in given]) for field in fields(Answers)))
