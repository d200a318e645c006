"""The vision expert alone: it sees as the teacher sees, and places a picture where the shared space has its captions.

No text goes through the model, so a step costs half of one with both towers, and the vision expert, which needs by far the most of them,
gets twice as many. Beside what ``distil`` teaches it, a picture is told from all others by its own captions, where the space has them;
and until the end of the cool-down most pictures have a piece of another in them.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from data import Batch, Material
from distil import OnTowers
from mixing import pieces
from model import Beit3

CAPTIONS = 0.04
#: One over the temperature among captions that do not move.
SCALE = 16.0


class Vision(OnTowers):
    name = "vision"
    batch_size, rate, decay = 128, 1e-3, 0.05

    def __init__(self, model: Beit3, material: Material) -> None:
        super().__init__(model, material)
        told = material.told.tolist()
        space = self.towers.targets.space
        texts = space.texts([caption for i in told for caption in material.captions[i]])
        middles = [part.mean(0) for part in texts.split([len(material.captions[i]) for i in told])]
        self.captions = F.normalize(torch.stack(middles), dim=-1).to(material.device)
        self.column = torch.full((len(material.kinds),), -1)
        self.column[material.told] = torch.arange(len(told))
        self.keys = torch.tensor([material.keys[i] for i in told]).to(material.device)

    def batch(self, step: int, size: int) -> Batch:
        return self.material.batch(step, size)

    def losses(self, batch: Batch, whole: bool) -> dict[str, Tensor]:
        mixed = None if whole else pieces(len(batch.rows), self.model.size.grid, batch.pixels.device)
        losses, image = self.towers.picture_losses(batch, whole, mixed)
        alone = batch.told if mixed is None else batch.told[mixed.share[batch.told, 0] == 0]
        right = self.column[torch.from_numpy(batch.pictures)].to(image.device)[alone]
        scores = SCALE * image[alone] @ self.captions.T
        same = self.keys[right][:, None] == self.keys[None]
        same[torch.arange(len(right), device=right.device), right] = False
        # In a small batch there may be none that shows its own picture alone.
        lost = F.cross_entropy(scores.masked_fill(same, -1e4), right, reduction="sum")
        losses["captions"] = lost / max(1, len(right))
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        return CAPTIONS * losses["captions"] + self.towers.total(losses)
