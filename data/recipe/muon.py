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
    """Nearly the orthogonal matrices closest to [..., n, m], in bfloat16."""
    x = matrix.bfloat16()
    wide = x.shape[-2] <= x.shape[-1]
    x = x if wide else x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x if wide else x.mT


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, weight_decay: float) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            moved = [parameter for parameter in group["params"] if parameter.grad is not None]
            for alike in by_shape(moved):
                self._step(alike, group["lr"], group["weight_decay"])

    def _step(self, alike: list[nn.Parameter], rate: float, decay: float) -> None:
        gradients = [parameter.grad for parameter in alike]
        momenta = [self.state[parameter].setdefault("momentum", torch.zeros_like(parameter)) for parameter in alike]
        torch._foreach_mul_(momenta, MOMENTUM)
        torch._foreach_add_(momenta, gradients)
        ahead = torch._foreach_add(gradients, momenta, alpha=MOMENTUM)
        if ahead[0].is_cuda:
            # One by one they would be a thousand small kernels.
            steps = list(orthogonal(torch.stack(ahead)).to(alike[0].dtype))
        else:
            steps = [orthogonal(one).to(alike[0].dtype) for one in ahead]
        scale = USUAL_STEP * max(alike[0].shape) ** 0.5
        torch._foreach_mul_(alike, 1 - rate * decay)
        torch._foreach_add_(alike, steps, alpha=-rate * scale)


def by_shape(parameters: list[nn.Parameter]) -> list[list[nn.Parameter]]:
    found: dict[torch.Size, list[nn.Parameter]] = {}
    for parameter in parameters:
        found.setdefault(parameter.shape, []).append(parameter)
    return list(found.values())
