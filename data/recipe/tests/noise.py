"""Material of noise, small enough to be learned from in a test."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy
import sentencepiece
import torch

from data import Material
from model import Size
from shards import write_array
from space import lay_out

SMALL = Size(width=64, layers=2, heads=1, image=32, vocabulary=50)


def make_material(work: Path) -> None:
    """Sixteen pictures of noise, each with a caption of its own, with features of noise."""
    chance = numpy.random.default_rng(5)
    words = ["dog", "cat", "red", "blue", "snow", "sea", "two", "three"]
    captions = [f"a {a} and a {b}" for a in words[:4] for b in words[4:]]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(captions * 20),
        model_prefix=str(work / "tokenizer"),
        vocab_size=40,
        hard_vocab_limit=False,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        minloglevel=2,
    )
    (work / "tokenizer.model").rename(work / "tokenizer.spm")
    pictures = [
        {"kind": "dev" if i % 4 == 0 else "captioned", "name": str(i), "captions": [caption]}
        for i, caption in enumerate(captions)
    ]
    (work / "pictures.json").write_text(json.dumps({"pictures": pictures, "twins": [[1, 2]]}))
    folder = work / "views" / "shard-0000"
    folder.mkdir(parents=True)
    shapes = {
        "pixels": (32, 32, 3),
        "pooled": (1280,),
        "classes": (1001,),
        "dense": (7, 7, 320),
        "middle": (7, 7, 96),
    }
    for name, shape in shapes.items():
        write_array(folder / f"{name}.npy", chance.integers(0, 256, (16, *shape), dtype=numpy.uint8))
    write_array(folder / "picture.npy", numpy.arange(16, dtype=numpy.int32))
    (work / "teacher").mkdir()
    (work / "teacher" / "imagenet_labels.txt").write_text("nothing\n" * 1001)
    (work / "text").mkdir()
    with gzip.open(work / "text" / "captions.txt.gz", "wt") as file:
        file.write("\n".join(captions))
    space = lay_out(material_in(work), SMALL.width)
    space.save(work)
    write_array(folder / "cells.npy", chance.integers(-127, 128, (16, 7, 7, 64), dtype=numpy.int8))


def material_in(work: Path) -> Material:
    return Material(work, work, torch.device("cpu"), seed=3, placed=False)
