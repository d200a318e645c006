"""Pictures packed to travel to a machine with a GPU, and views of them made there.

Views with the teacher's features take 20 GB and more, the pictures they are made of 50 MB. So the encoded pictures travel, in zip files below
10 MB, and the GPU makes the views, as many as its memory holds, and asks the teacher about each. The rows come in the
order of ``prepare``: whole pictures first, then the first crop of every picture, and so on; the first half of a picture's views are wide.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from material import Picture, decoded, pictures, twins
from prepare import CLOSE_UP, MOST
from space import Space, cell_places
from teacher import Teacher, resized

#: Bytes of a file.
PART = 9_400_000
QUALITY = 80
#: Kinds of which only the whole picture is looked at.
WHOLE = ("dev", "scene")
CHUNK = 512


def encoded(picture: Picture, side: int) -> bytes:
    """The file itself where the picture is no larger than asked for, else WebP of ``side``²: views are never larger than that."""
    content = picture.path.read_bytes()
    image = Image.open(io.BytesIO(content))
    if max(image.size) <= side:
        return content
    small = io.BytesIO()
    image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC).save(small, "WEBP", quality=QUALITY)
    return small.getvalue()


def pack(photos: Path, scenes: list[Path], side: int, to: Path) -> None:
    """Writes ``pictures.json`` and ``packed/part-nn.zip``, a file a picture; of the scenes those that have a twin."""
    pairs = twins(scenes)
    twinned = {path for pair in pairs for path in pair}
    chosen = [one for one in pictures(photos, scenes) if one.kind != "scene" or one.path in twinned]
    number = {one.path: place for place, one in enumerate(chosen)}
    listed = [{"kind": one.kind, "name": one.name, "captions": one.captions} for one in chosen]
    (to / "packed").mkdir(parents=True, exist_ok=True)
    for before in (to / "packed").glob("part-*.zip"):
        before.unlink()
    kept = {"pictures": listed, "twins": [(number[a], number[b]) for a, b in pairs]}
    (to / "pictures.json").write_text(json.dumps(kept), encoding="utf8")
    part: list[tuple[int, bytes]] = []
    files = size = 0
    for place, one in enumerate(chosen):
        content = encoded(one, side)
        if size + len(content) > PART and part:
            write_part(to, files, part)
            part, files, size = [], files + 1, 0
        part.append((place, content))
        size += len(content)
    write_part(to, files, part)
    print(f"pack: {len(chosen)} pictures in {files + 1} files", flush=True)


def write_part(to: Path, number: int, part: list[tuple[int, bytes]]) -> None:
    with zipfile.ZipFile(to / "packed" / f"part-{number:02d}.zip", "w", zipfile.ZIP_STORED) as archive:
        for place, content in part:
            archive.writestr(str(place), content)


def is_packed(work: Path) -> bool:
    return (work / "packed").exists()


def unpacked(work: Path) -> dict[int, numpy.ndarray]:
    """uint8 [h, w, 3] by the picture's number."""
    found: dict[int, numpy.ndarray] = {}
    # Decoding keeps the interpreter's lock, so threads would do it one after another.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for path in sorted((work / "packed").glob("part-*.zip")):
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
                contents = [archive.read(name) for name in names]
            found.update(zip(map(int, names), pool.map(decoded, contents, chunksize=64)))
    return found


def crop_boxes(n: int, areas: tuple[float, float], chance: numpy.random.Generator) -> numpy.ndarray:
    """Left, top, width and height [n, 4] as parts of the picture's; areas and aspects as those of ``prepare``."""
    area = numpy.exp(chance.uniform(*numpy.log(areas), n))
    aspect = numpy.exp(chance.uniform(numpy.log(3 / 4), numpy.log(4 / 3), n))
    size = numpy.stack([numpy.sqrt(area * aspect), numpy.sqrt(area / aspect)], 1).clip(max=1)
    return numpy.concatenate([(1 - size) * chance.uniform(size=(n, 2)), size], 1)


def cropped(whole: Tensor, boxes: Tensor, side: int) -> Tensor:
    """float [N, 3, h, w] in 0…255, boxes [N, 4] → uint8 [N, side, side, 3]."""
    places = (torch.arange(side, device=whole.device) + 0.5) / side
    x, y = ((start + size * places) * 2 - 1 for start, size in ((boxes[:, :1], boxes[:, 2:3]), (boxes[:, 1:2], boxes[:, 3:])))
    grid = torch.stack([x[:, None].expand(-1, side, -1), y[:, :, None].expand(-1, -1, side)], 3)
    seen = F.grid_sample(whole, grid, mode="bicubic", padding_mode="border", align_corners=False)
    return seen.round_().clamp_(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


@dataclass(frozen=True)
class Made:
    """How many views of a picture are made, and of how many pixels a side."""

    side: int
    views: int


class MadeViews:
    """What ``Views`` is, made on the device itself."""

    def __init__(
        self, work: Path, teacher: Teacher, device: torch.device, made: Made, seed: int, placed: bool = True
    ) -> None:
        self.device, self.side, self._seed = device, made.side, seed
        kinds = [picture["kind"] for picture in json.loads((work / "pictures.json").read_text(encoding="utf8"))["pictures"]]
        self._of = unpacked(work)
        every = numpy.array(sorted(self._of), numpy.int32)
        many = numpy.array([number for number in every.tolist() if kinds[number] not in WHOLE], numpy.int32)
        #: So many views of a picture, the first ones, show all or most of it.
        self.wide = max(1, (made.views + 1) // 2)
        rounds = [every, *[many] * (made.views - 1)]
        self.picture = numpy.concatenate(rounds)
        self._columns: dict[str, Tensor] = {}
        space = Space.load(work) if placed else None
        at = 0
        for number, chosen in enumerate(rounds):
            for pixels in self._views(chosen, number):
                self._keep(at, pixels, teacher, space)
                at += len(pixels)
            print(f"views: {at} of {len(self.picture)}", flush=True)
        del self._of

    def __len__(self) -> int:
        return len(self.picture)

    def take(self, column: str, rows: numpy.ndarray) -> Tensor:
        return self._columns[column][torch.from_numpy(rows).to(self.device)]

    def _views(self, chosen: numpy.ndarray, number: int) -> Iterator[Tensor]:
        """uint8 [n, side, side, 3], view ``number`` of the chosen pictures, in their order."""
        chance = numpy.random.default_rng([self._seed, 11, number])
        boxes = crop_boxes(len(chosen), MOST if number < self.wide else CLOSE_UP, chance)
        start = 0
        while start < len(chosen):
            shape = self._of[int(chosen[start])].shape
            end = start + 1
            while end < min(len(chosen), start + CHUNK) and self._of[int(chosen[end])].shape == shape:
                end += 1
            whole = torch.from_numpy(numpy.stack([self._of[number] for number in chosen[start:end].tolist()]))
            whole = whole.to(self.device).permute(0, 3, 1, 2).float()
            if number == 0:
                yield resized(whole, self.side).to(torch.uint8).permute(0, 2, 3, 1)
            else:
                yield cropped(whole, torch.from_numpy(boxes[start:end]).float().to(self.device), self.side)
            start = end

    def _keep(self, at: int, pixels: Tensor, teacher: Teacher, space: Space | None) -> None:
        seen = {"pixels": pixels, **teacher.see(pixels)}
        if space is not None:
            seen["cells"] = cell_places(space, teacher, seen["dense"])
        for name, values in seen.items():
            if name not in self._columns:
                self._columns[name] = torch.empty(len(self.picture), *values.shape[1:], dtype=values.dtype, device=self.device)
            self._columns[name][at : at + len(values)] = values
