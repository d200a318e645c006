"""Stages one after the other on the same views, in so many minutes: what a GPU that is rented by the minute is used for.

Vision first, by far the longest. Captions with both experts next. Then captions with the text expert alone, under the mean of the
vision experts before and after the captions. Captions have the least: there are so few that their words are soon learned by heart.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import torch

from export import exported
from stages import Run, material_of

#: Of the time that is left when the views are made.
SHARES = (0.8, 0.1, 0.1)
#: Of the vision experts before and after the captions, in tenths.
BEFORE, AFTER = 6, 4


def learn(options: argparse.Namespace, device: torch.device) -> None:
    work: Path = options.work
    end = time.time() + 60 * options.minutes
    material = material_of(options, device)
    shares = list(SHARES)

    def run(name: str, **more: Any) -> None:
        minutes = (end - time.time()) / 60 * shares[0] / sum(shares)
        shares.pop(0)
        Run(name, argparse.Namespace(**{**vars(options), "minutes": minutes, **more}), device, material).go()

    run("vision")
    run("caption", start=None)
    weights = exported(work, ["caption"], [*["vision"] * BEFORE, *["caption"] * AFTER])
    os.replace(work / "caption.pt", work / "both.pt")
    torch.save({"model": weights}, work / "mixed.pth")
    run("caption", start=work / "mixed.pth", sight_stays=True)
