"""Pictures to views: the whole, crops of most of it, and close-ups. Scenes stay whole, or their captions would lie."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
from PIL import Image

from material import Picture, pictures, twins
from shards import VIEWS_A_SHARD, WIDE_VIEWS, folders, write_array

#: Areas of crops, as parts of the picture's: of those that still show what its captions tell, and of close-ups, which need no
#: caption, because the teacher tells what is to be seen there.
MOST, CLOSE_UP = (0.4, 1.0), (0.12, 0.4)


def crop_box(width: int, height: int, areas: tuple[float, float], chance: random.Random) -> tuple[int, int, int, int]:
    area = math.exp(chance.uniform(math.log(areas[0]), math.log(areas[1])))
    aspect = math.exp(chance.uniform(math.log(3 / 4), math.log(4 / 3)))
    w = min(width, round(width * math.sqrt(area * aspect)))
    h = min(height, round(height * math.sqrt(area / aspect)))
    left, top = chance.randint(0, width - w), chance.randint(0, height - h)
    return left, top, left + w, top + h


def view_of(picture: Picture, number: int, size: int, seed: int) -> numpy.ndarray:
    """uint8 [size, size, 3]; number 0 is the whole picture, as the encoder will see it."""
    image = Image.open(picture.path).convert("RGB")
    if number > 0:
        areas = MOST if number < WIDE_VIEWS else CLOSE_UP
        image = image.crop(crop_box(*image.size, areas, random.Random(f"{seed}/{picture.name}/{number}")))
    return numpy.asarray(image.resize((size, size), Image.Resampling.BICUBIC))


def prepare(work: Path, photos: Path, scenes: list[Path], size: int, views: int, seed: int) -> None:
    """Writes ``pictures.json``, the captions by picture, and the views that are not there yet, in shards of their own.

    Scenes may be added at any time, behind those that were there: pictures keep their numbers.
    """
    everything = pictures(photos, scenes)
    work.mkdir(parents=True, exist_ok=True)
    numbers = {str(picture.path): number for number, picture in enumerate(everything)}
    pairs = [(numbers[str(a)], numbers[str(b)]) for a, b in twins(scenes)]
    listed = [{"kind": one.kind, "name": one.name, "captions": one.captions} for one in everything]
    (work / "pictures.json").write_text(json.dumps({"pictures": listed, "twins": pairs}), encoding="utf8")

    done = prepared(work)
    wanted = [
        (number, view)
        for view in range(views)
        for number, picture in enumerate(everything)
        if view >= done[number] and (view == 0 or picture.kind not in ("dev", "scene"))
    ]
    first = len([folder for folder in folders(work) if (folder / "picture.npy").exists()])
    with ThreadPoolExecutor(2) as pool:
        for shard, start in enumerate(range(0, len(wanted), VIEWS_A_SHARD), first):
            folder = work / "views" / f"shard-{shard:04d}"
            folder.mkdir(parents=True, exist_ok=True)
            part = wanted[start : start + VIEWS_A_SHARD]
            pixels = pool.map(lambda one: view_of(everything[one[0]], one[1], size, seed), part)
            write_array(folder / "pixels.npy", numpy.stack(list(pixels)))
            write_array(folder / "picture.npy", numpy.array([number for number, _ in part], numpy.int32))
            print(f"prepare: {min(start + VIEWS_A_SHARD, len(wanted))} of {len(wanted)} views", flush=True)


def prepared(work: Path) -> Counter[int]:
    """How many views of each picture there are; they are made in their order."""
    arrays = [numpy.load(folder / "picture.npy") for folder in folders(work) if (folder / "picture.npy").exists()]
    return Counter(number for array in arrays for number in array.tolist())
