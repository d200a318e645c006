"""Muon: matrices between layers take steps whose singular values are all alike.

Momentum, then the nearest orthogonal matrix by five steps of a Newton–Schulz iteration (Jordan 2024, "Muon: an optimizer
for hidden layers"), scaled so that a step is as large as AdamW's would be (Liu et al. 2025, "Muon is scalable for LLM training"): rates and
weight decays of AdamW stay what they were. Everything that is not a matrix between layers is left to AdamW.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
ITERATIONS = 5
#: The polynomial x → a·x + b·x³ + c·x⁵ that takes singular values towards 1 quickest, if not quite there.
A, B, C = 3.4445, -4.7750, 2.0315
#: The root mean square of AdamW's steps.
USUAL_STEP = 0.2


def orthogonal(matrix: Tensor) -> Tensor:
    """Nearly the orthogonal matrix closest to [n, m], in bfloat16."""
    x = matrix.bfloat16()
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        gram = x @ x.T
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x if wide else x.T


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, weight_decay: float) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                momentum.mul_(MOMENTUM).add_(parameter.grad)
                step = orthogonal(parameter.grad + MOMENTUM * momentum)
                scale = USUAL_STEP * max(parameter.shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(step.to(parameter.dtype), alpha=-group["lr"] * scale)
