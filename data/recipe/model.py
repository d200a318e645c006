"""BEiT-3 in plain PyTorch, with the names of the released checkpoints, so that a state dict needs no translation.

Each multiway part has a branch A for rows of the picture and a branch B for rows of the text; they share nothing but the
attention itself. Against the released code: linear layers see patches as rows instead of a convolution (the same
products, faster on a CPU), patches may be dropped while training, and heads that only teach live elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from layers import Layer, Multiway, Norm, Store

#: Rows 0 and 1 of both position tables are never used; row 2 is the class token's, or the first word's.
FIRST_ROW = 2
LONGEST_TEXT = 1024


@dataclass(frozen=True)
class Size:
    width: int = 256
    layers: int = 6
    heads: int = 4
    image: int = 128
    patch: int = 16
    vocabulary: int = 8010
    drop_path: float = 0.05

    @staticmethod
    def of(weights: dict[str, Tensor]) -> Size:
        """Of a checkpoint; a head has 64 numbers in every BEiT-3."""
        vocabulary, width = weights["beit3.text_embed.weight"].shape
        patch = weights["beit3.vision_embed.proj.weight"].shape[-1]
        layers = sum(name.endswith(".ffn.A.fc1.weight") for name in weights)
        return Size(width, layers, width // 64, grid_of(weights) * patch, patch, vocabulary)

    @property
    def grid(self) -> int:
        return self.image // self.patch

    @property
    def patches(self) -> int:
        return self.grid**2


#: Where the patches of a picture are.
PATCH_PLACES = "beit3.encoder.embed_positions.A.weight"


def grid_of(weights: dict[str, Tensor]) -> int:
    """How many patches a side of its pictures has."""
    return math.isqrt(len(weights[PATCH_PLACES]) - FIRST_ROW - 1)


def checkpoint_weights(path: Path, device: torch.device) -> dict[str, Tensor]:
    """What a .pth in the official layout holds, as float32."""
    weights = torch.load(path, map_location=device, weights_only=True)["model"]
    return {name: value.float() for name, value in weights.items()}


def of_another_size(weights: dict[str, Tensor], grid: int) -> dict[str, Tensor]:
    """The same weights for pictures of another size: the places of patches stretched over its grid, as the released code does."""
    before = grid_of(weights)
    if before == grid:
        return weights
    first, patches = weights[PATCH_PLACES].split([FIRST_ROW + 1, before**2])
    places = patches.float().T.reshape(1, -1, before, before)
    stretched = F.interpolate(places, (grid, grid), mode="bicubic", align_corners=False)
    return {**weights, PATCH_PLACES: torch.cat([first, stretched[0].flatten(1).T])}


class Table(nn.Module):
    def __init__(self, rows: int, width: int, spread: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(rows, width) * spread)


class Positions(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.A = Table(size.patches + FIRST_ROW + 1, size.width, 0.02)
        self.B = Table(LONGEST_TEXT, size.width, 0.05)


class VisionEmbedding(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, size.width) * 0.02)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, size.width))
        self.proj = nn.Conv2d(3, size.width, size.patch, size.patch)


class Encoder(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.embed_positions = Positions(size)
        deepest = max(1, size.layers - 1)
        self.layers = nn.ModuleList(Layer(size.width, size.heads, size.drop_path * i / deepest) for i in range(size.layers))
        self.layer_norm = Multiway(lambda: Norm(size.width))


class Backbone(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        self.text_embed = Table(size.vocabulary, size.width, 0.1)
        self.vision_embed = VisionEmbedding(size)
        self.encoder = Encoder(size)

    def picture_rows(self, pixels: Tensor, kept: Tensor | None = None) -> Tensor:
        """pixels float [N, 3, S, S] in −1…1; ``kept`` [N, k] names the patches that stay → [N, 1 + k, D]."""
        patch, n = self.size.patch, pixels.shape[0]
        g = self.size.grid
        rows = pixels.view(n, 3, g, patch, g, patch).permute(0, 2, 4, 1, 3, 5).reshape(n, g * g, -1)
        projection, positions = self.vision_embed.proj, self.encoder.embed_positions.A.weight
        x = F.linear(rows, projection.weight.flatten(1), projection.bias) + positions[FIRST_ROW + 1 :]
        if kept is not None:
            x = torch.gather(x, 1, kept[..., None].expand(-1, -1, x.shape[2]))
        first = (self.vision_embed.cls_token + positions[FIRST_ROW]).expand(n, -1, -1)
        return torch.cat([first.to(x.dtype), x], 1)

    def text_rows(self, ids: Tensor, present: Tensor, places: Tensor | None = None) -> Tensor:
        """ids [N, T], present [N, T] (1 = token) → [N, T, D]; padded rows are zero."""
        if places is None:
            places = torch.arange(ids.shape[1], device=ids.device)
        x = F.embedding(ids, self.text_embed.weight) + self.encoder.embed_positions.B.weight[FIRST_ROW + places]
        return x * present[..., None]

    def through(
        self,
        x: Tensor,
        split: int | None,
        visible: Tensor | None,
        middle: int | None = None,
        under: list[Store] | None = None,
        keep: list[Store] | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The last layer's rows after the final norm, and those after layer ``middle``.

        ``under`` are keys and values, a layer each, of rows that came before; ``keep`` is given those of these rows.
        """
        between = x
        for i, layer in enumerate(self.encoder.layers):
            x = layer(x, split, visible, None if under is None else under[i], keep)
            if i == middle:
                between = x
        return self.encoder.layer_norm(x, split), between

    def text(self, ids: Tensor, present: Tensor) -> Tensor:
        return self.through(self.text_rows(ids, present), 0, present[:, None, None, :].bool())[0]

    def fused(self, pixels: Tensor, ids: Tensor, present: Tensor, kept: Tensor | None = None) -> Tensor:
        picture = self.picture_rows(pixels, kept)
        words = self.text_rows(ids, present)
        x = torch.cat([picture, words.to(picture.dtype)], 1)
        seen = torch.cat([present.new_ones(picture.shape[:2]), present], 1)
        return self.through(x, picture.shape[1], seen[:, None, None, :].bool())[0]


class Pooler(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.dense = Norm(width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.dense(self.norm(x)))


class Beit3(nn.Module):
    """The backbone with the retrieval heads, a match head in the layout of the VQA head, and a masked-language head."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        width = size.width
        self.size = size
        self.beit3 = Backbone(size)
        self.language_head = nn.Linear(width, width, bias=False)
        self.vision_head = nn.Linear(width, width, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.pooler = Pooler(width)
        self.head = nn.Sequential(
            nn.Linear(width, 2 * width), Norm(2 * width), nn.GELU(), nn.Linear(2 * width, 2)
        )
        self.mlm_head = nn.Linear(width, size.vocabulary)
        self._begin()

    def _begin(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        with torch.no_grad():
            for layer in self.beit3.encoder.layers:
                # Alike patches look at one another from the first step on.
                layer.self_attn.k_proj.A.weight.copy_(layer.self_attn.q_proj.A.weight)
                for branch in ("A", "B"):
                    getattr(layer.self_attn.out_proj, branch).weight.mul_(0.5)
                    getattr(layer.ffn, branch).fc2.weight.mul_(0.5)
            table = self.beit3.encoder.embed_positions.A.weight
            table[FIRST_ROW + 1 :] = 0.5 * waves(self.size.width, self.size.grid)

    def sight(self) -> list[nn.Parameter]:
        return [parameter for name, parameter in self.named_parameters() if is_sight(name)]

    def image_embedding(self, pixels: Tensor) -> Tensor:
        rows = self.beit3.through(self.beit3.picture_rows(pixels), None, None)[0]
        return F.normalize(self.vision_head(rows[:, 0]).float(), dim=-1)

    def text_rows_embedded(self, ids: Tensor, present: Tensor) -> Tensor:
        """[N, T, D]: the text first, then its pieces."""
        return F.normalize(self.language_head(self.beit3.text(ids, present)).float(), dim=-1)

    def text_embedding(self, ids: Tensor, present: Tensor) -> Tensor:
        return F.normalize(self.language_head(self.beit3.text(ids, present)[:, 0]).float(), dim=-1)

    def match_logits(self, pixels: Tensor, ids: Tensor, present: Tensor, kept: Tensor | None = None) -> Tensor:
        return self.head(self.pooler(self.beit3.fused(pixels, ids, present, kept)[:, 0])).float()


def is_sight(name: str) -> bool:
    """Whether weights of this name belong to the vision expert."""
    return ".A." in name or "vision" in name


def waves(width: int, grid: int) -> Tensor:
    """Sines and cosines of a patch's row and column, [grid², width]."""
    y, x = torch.meshgrid(torch.arange(grid).float(), torch.arange(grid).float(), indexing="ij")
    rates = 100 ** -(torch.arange(width // 4).float() / (width // 4))
    angles = [place.reshape(-1, 1) * rates for place in (x, y)]
    return torch.cat([wave for angle in angles for wave in (angle.sin(), angle.cos())], 1)
