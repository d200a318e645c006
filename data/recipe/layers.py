"""The multiway layer: one attention for all rows, and every other part twice, for rows of the picture and rows of the text."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPSILON = 1e-5


class Norm(nn.LayerNorm):
    """In float32: on a CPU that is five times as fast as in bfloat16, and older PyTorch does not mix the two."""

    def __init__(self, width: int) -> None:
        super().__init__(width, EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        y = super().forward(x.float())
        # On a GPU the next product wants it so: better written small once than read large and made small three times.
        return y.to(torch.bfloat16 if x.is_cuda and torch.is_autocast_enabled() else x.dtype)


class Multiway(nn.Module):
    """Two branches of one kind; rows before ``split`` go through A, the others through B."""

    def __init__(self, make: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.A, self.B = make(), make()

    def forward(self, x: Tensor, split: int | None) -> Tensor:
        if split is None:
            return self.A(x)
        if split == 0:
            return self.B(x)
        return torch.cat([self.A(x[:, :split]), self.B(x[:, split:])], 1)


#: Keys and values of one layer, [N, heads, rows, d] each.
Store = tuple[Tensor, Tensor]


def attend(q: Tensor, k: Tensor, v: Tensor, visible: Tensor | None) -> Tensor:
    """[N, heads, T, d] each; ``visible`` is true where a row may look."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=visible)
    scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(2, 3)
    if visible is not None:
        scores = scores.masked_fill(~visible, -1e4)
    return torch.softmax(scores, -1, dtype=torch.float32).to(v.dtype) @ v


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (
            Multiway(lambda: nn.Linear(width, width)) for _ in range(4)
        )
        self.inner_attn_ln = Multiway(lambda: Norm(width))

    def forward(
        self, x: Tensor, split: int | None, visible: Tensor | None, under: Store | None, keep: list[Store] | None
    ) -> Tensor:
        n, rows, width = x.shape

        def by_head(y: Tensor) -> Tensor:
            return y.view(n, rows, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = (by_head(part(x, split)) for part in (self.q_proj, self.k_proj, self.v_proj))
        if keep is not None:
            keep.append((k, v))
        if under is not None:
            k, v = (torch.cat([before.to(own.dtype), own], 2) for before, own in zip(under, (k, v)))
        y = attend(q, k, v, visible).transpose(1, 2).reshape(n, rows, width)
        return self.out_proj(self.inner_attn_ln(y, split), split)


class FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.ffn_layernorm = Norm(4 * width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.ffn_layernorm(F.gelu(self.fc1(x))))


class Layer(nn.Module):
    def __init__(self, width: int, heads: int, drop_path: float) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = Multiway(lambda: Norm(width))
        self.final_layer_norm = Multiway(lambda: Norm(width))
        self.ffn = Multiway(lambda: FeedForward(width))
        self.drop_path = drop_path

    def _kept(self, y: Tensor) -> Tensor:
        if not self.training or self.drop_path == 0:
            return y
        kept = torch.rand(y.shape[0], 1, 1, device=y.device) >= self.drop_path
        return y * (kept.to(y.dtype) / (1 - self.drop_path))

    def forward(
        self,
        x: Tensor,
        split: int | None,
        visible: Tensor | None,
        under: Store | None = None,
        keep: list[Store] | None = None,
    ) -> Tensor:
        x = x + self._kept(self.self_attn(self.self_attn_layer_norm(x, split), split, visible, under, keep))
        return x + self._kept(self.ffn(self.final_layer_norm(x, split), split))
