"""The averaged weights as a checkpoint in the official layout: ``{"model": {name: float16}}`` in PyTorch's zip format.

Heads that were never trained stay out: what a checkpoint holds says what it can do.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch

#: Which heads each stage has trained, by the beginning of their names.
MATCH, CAPTION = ("pooler", "head."), ("mlm_head",)


def trained_heads(work: Path) -> set[str]:
    heads: set[str] = set()
    if (work / "match.pt").exists():
        heads.update(MATCH)
    if (work / "caption.pt").exists():
        heads.update(CAPTION)
    return heads


def export(work: Path, state: str, to: Path) -> None:
    weights = torch.load(work / f"{state}.pt", map_location="cpu", weights_only=False)["average"]
    kept = trained_heads(work)
    untrained = tuple(name for name in (*MATCH, *CAPTION) if name not in kept)
    halves = {
        name: value.half().contiguous() for name, value in weights.items() if not name.startswith(untrained or ("\0",))
    }
    for name, value in halves.items():
        if not torch.isfinite(value).all():
            raise SystemExit(f"The weights {name} do not fit into 16 bits.")
    to.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": halves}, to)
    shutil.copy(work / "tokenizer.spm", to.with_suffix(".spm"))
    parameters = sum(value.numel() for value in halves.values())
    print(f"export: {to}, {parameters:,} parameters, heads: {', '.join(sorted(kept)) or 'retrieval only'}")
