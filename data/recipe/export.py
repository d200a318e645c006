"""The averaged weights as a checkpoint in the official layout: ``{"model": {name: float16}}`` in PyTorch's zip format.

Of several states the mean is written ("Model soups", Wortsman et al. 2022): states of one training that went apart lie in one basin,
and their mean generalises better than each. Heads come from the stage that trained them; those that were never trained stay out: what
a checkpoint holds says what it can do.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Tensor

from model import is_sight

#: Which stage has trained which heads, by the beginning of their names.
HEADS = {"match": ("pooler", "head."), "caption": ("mlm_head",)}


def averaged(work: Path, state: str) -> dict[str, Tensor]:
    return torch.load(work / f"{state}.pt", map_location="cpu", weights_only=False)["average"]


def mean_of(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: sum(state[name].float() for state in states) / len(states) for name in states[0]}


def exported(work: Path, states: list[str], sight: list[str] | None = None) -> dict[str, Tensor]:
    """``sight``: the states that the vision expert is the mean of, where they are others."""
    weights = mean_of([averaged(work, state) for state in states])
    if sight:
        seeing = mean_of([averaged(work, state) for state in sight])
        weights.update({name: value for name, value in seeing.items() if is_sight(name)})
    for stage, heads in HEADS.items():
        trained = averaged(work, stage) if (work / f"{stage}.pt").exists() else {}
        for name in [name for name in weights if name.startswith(heads)]:
            if name in trained:
                weights[name] = trained[name].float()
            else:
                del weights[name]
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
