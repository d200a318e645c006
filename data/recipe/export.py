"""The averaged weights as a checkpoint in the official layout: ``{"model": {name: float16}}`` in PyTorch's zip format.

Of several states the mean is written ("Model soups", Wortsman et al. 2022): states of one training that went apart lie in one basin,
and their mean generalises better than each. Heads come from the stage that trained them; those that were never trained stay out: what
a checkpoint holds says what it can do.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from model import PATCH_PLACES, grid_of, is_sight, of_another_size

#: Which stage has trained which heads, by the beginning of their names.
HEADS = {"match": ("pooler", "head."), "caption": ("mlm_head",)}


def averaged(work: Path, state: str) -> dict[str, Tensor]:
    """The averaged weights of a stage, or of a state (.pt) or a checkpoint (.pth) that lies elsewhere."""
    kept = torch.load(work / f"{state}.pt" if "." not in state else state, map_location="cpu", weights_only=False)
    return kept["average"] if "average" in kept else kept["model"]


def mean_of(states: list[dict[str, Tensor]], chosen: Callable[[str], bool]) -> dict[str, Tensor]:
    return {name: sum(state[name].float() for state in states) / len(states) for name in states[0] if chosen(name)}


def has_spoken(state: dict[str, Tensor]) -> bool:
    """Whether its words head has learned: it begins with zeros here."""
    return "mlm_head.bias" in state and bool(state["mlm_head.bias"].any())


def exported(work: Path, states: list[str], sight: list[str] | None = None) -> dict[str, Tensor]:
    """``sight``: the states that the vision expert is the mean of, where they are others; all are brought to the size of its first."""
    of_words = [averaged(work, state) for state in states]
    of_sight = [averaged(work, state) for state in sight] if sight else of_words
    if PATCH_PLACES in of_sight[0]:
        of_sight = [of_another_size(state, grid_of(of_sight[0])) for state in of_sight]
    heads = {stage: [averaged(work, stage)] for stage in HEADS if (work / f"{stage}.pt").exists()}
    speaking = [state for state in of_words if has_spoken(state)]
    if speaking:
        heads["caption"] = speaking

    def belongs_to(name: str) -> str | None:
        return next((stage for stage, names in HEADS.items() if name.startswith(names)), None)

    weights = mean_of(of_words, lambda name: not is_sight(name) and belongs_to(name) is None)
    weights.update(mean_of(of_sight, is_sight))
    for stage, trained in heads.items():
        weights.update(mean_of(trained, lambda name: belongs_to(name) == stage))
    return weights


def export(work: Path, states: list[str], sight: list[str] | None, to: Path) -> None:
    halves = {name: value.half().contiguous() for name, value in exported(work, states, sight).items()}
    for name, value in halves.items():
        if not torch.isfinite(value).all():
            raise SystemExit(f"The weights {name} do not fit into 16 bits.")
    to.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": halves}, to)
    shutil.copy(work / "tokenizer.spm", to.with_suffix(".spm"))
    parameters = sum(value.numel() for value in halves.values())
    heads = [stage for stage, names in HEADS.items() if any(name.startswith(names) for name in halves)]
    print(f"export: {to}, {parameters:,} parameters, heads: {', '.join(['retrieval', *heads])}")
