"""Pictures with a piece of another in them, and what their teacher would say.

With few photos a vision expert learns them by heart; of pairs of photos there are millions. CutMix (Yun et al. 2019) pastes a rectangle of
one picture into another and mixes their labels by area. Here the labels are the teacher's: its maps are pasted patch by patch,
and its pooled features, which are means over the map, are mixed by area; the place in the shared space follows from
those. As in "Knowledge distillation: a good teacher is patient and consistent" (Beyer et al. 2022), both see the same crop.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: How many pictures of a batch get a piece of their neighbour, and how much of a side it has at least and at most.
MIXED = 0.75
LEAST, MOST = 0.3, 0.8


@dataclass(frozen=True)
class Pieces:
    """``other`` [N, grid, grid] is true where a picture shows the next one of its batch, ``share`` [N, 1] how much that is."""

    other: Tensor
    share: Tensor

    def pixels(self, pixels: Tensor) -> Tensor:
        patch = pixels.shape[2] // self.other.shape[1]
        other = self.other.repeat_interleave(patch, 1).repeat_interleave(patch, 2)
        return torch.where(other[:, None], pixels.roll(-1, 0), pixels)

    def maps(self, values: Tensor) -> Tensor:
        """[N, grid², C]"""
        return torch.where(self.other.flatten(1)[..., None], values.roll(-1, 0), values)

    def whole(self, values: Tensor) -> Tensor:
        """[N, C]"""
        return values + self.share * (values.roll(-1, 0) - values)


def pieces(n: int, grid: int, device: torch.device) -> Pieces:
    """Rectangles anywhere, by PyTorch's own random numbers."""
    sides = grid * (LEAST + (MOST - LEAST) * torch.rand(2, n, 1, device=device))
    starts = (grid - sides) * torch.rand(2, n, 1, device=device)
    places = torch.arange(grid, device=device) + 0.5
    rows, columns = ((places > start) & (places < start + side) for start, side in zip(starts, sides))
    chosen = torch.rand(n, 1, 1, device=device) < MIXED
    other = rows[:, :, None] & columns[:, None] & chosen
    return Pieces(other, other.flatten(1).float().mean(1, keepdim=True))
