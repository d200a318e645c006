"""Views in shards: files below 20 MB that travel well and are mapped rather than read.

A *view* is a picture, whole or cropped, at the model's size. Shard ``n`` is a folder ``shard-nnnn`` with arrays of one row a
view, in uint8 but for ``picture`` (int32, the picture's number):

    pixels [n, S, S, 3]   pooled [n, 1280]   classes [n, 1001]   dense [n, 7, 7, 320]   middle [n, 7, 7, 96]
    cells [n, 7, 7, D]

``prepare`` writes the first column, ``teacher`` the others of the first row, ``space`` the last, as int8. Views are written whole pictures first, so that training can
begin before all crops are there.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy
import torch

VIEWS_A_SHARD = 400
#: So many views of a picture, the first ones, show all or most of it.
WIDE_VIEWS = 6
TARGETS = ("pooled", "classes", "dense", "middle")
PLACES = ("cells",)


def folders(work: Path) -> list[Path]:
    return sorted((work / "views").glob("shard-*"))


def write_array(path: Path, array: numpy.ndarray) -> None:
    """Whole or not at all."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        numpy.save(file, array)
    os.replace(partial, path)


class Views:
    """The views of all shards that have the wanted columns, by number.

    On a GPU everything is copied there once; on the CPU the files are mapped and only what a batch needs is read.
    """

    def __init__(self, work: Path, device: torch.device, wanted: tuple[str, ...] = (*TARGETS, *PLACES)) -> None:
        columns = ("pixels", *wanted)
        whole = [
            folder for folder in folders(work) if all((folder / f"{column}.npy").exists() for column in columns)
        ]
        if not whole:
            raise SystemExit(f"Expected prepared views with {' and '.join(wanted)} in {work}: run prepare, teacher and space.")
        self.device = device
        self.wide = WIDE_VIEWS
        self._maps = {
            column: [numpy.load(folder / f"{column}.npy", mmap_mode="r") for folder in whole] for column in columns
        }
        self.picture = numpy.concatenate([numpy.load(folder / "picture.npy") for folder in whole])
        self._first = numpy.cumsum([0] + [len(part) for part in self._maps["pixels"]])
        self._resident: dict[str, torch.Tensor] | None = None
        if device.type == "cuda":
            self._resident = {
                column: torch.from_numpy(numpy.concatenate(parts)).to(device) for column, parts in self._maps.items()
            }

    def __len__(self) -> int:
        return len(self.picture)

    def take(self, column: str, rows: numpy.ndarray) -> torch.Tensor:
        """Rows of a column as they are stored, on the device."""
        if self._resident is not None:
            return self._resident[column][torch.from_numpy(rows).to(self.device)]
        parts = self._maps[column]
        shard = numpy.searchsorted(self._first, rows, side="right") - 1
        return torch.from_numpy(numpy.stack([parts[s][row - self._first[s]] for s, row in zip(shard, rows)]))
