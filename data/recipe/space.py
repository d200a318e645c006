"""The shared space in closed form: the directions in which photos, as the teacher sees them, and the words of their captions agree.

Canonical correlation analysis (Hotelling 1936), with a ridge on both sides, between the teacher's pooled features and
the words of a caption, each direction weighted by its correlation (as in Gong et al. 2014, "A Multi-View Embedding Space",
there to a power). It is solved in seconds and does not overfit, where a text expert that is trained against so few captions learns
them by heart. Both experts of the model are then taught to place pictures and texts where this space has them; any text without a
picture can teach, too.

Parts have places as well: a cell of the teacher's map as if it were a picture, and a word in the direction in which it draws a
caption. The last number of the space is zero for all pictures, cells and captions. A word has there what it lacks in weight: its
cosine with a cell is then its rarity times how well they agree, and late interaction, the mean over the words of the best cosine with a
patch, weighs the words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from shards import folders, write_array

if TYPE_CHECKING:
    from data import Material
    from teacher import Teacher

#: How much all pictures of a kind weigh together. Scenes have few words and no noise: with more they crowd out the photos.
WEIGHTS = {"captioned": 1.0, "scene": 0.2, "labelled": 0.05}
RAREST_WORD = 4
#: The ridges, in mean variances of the side.
PICTURE_RIDGE, WORD_RIDGE = 2.0, 1.0
CHUNK = 4096
#: A word as rare as this has its full weight.
RAREST = 8.0
#: Stored places are in steps of one over this.
STEPS = 127.0


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


@dataclass(frozen=True)
class Space:
    """Both maps. Arrays are float32; ``to_space`` are [1280, D] and [words, D]."""

    mean: numpy.ndarray
    spread: numpy.ndarray
    picture_mean: numpy.ndarray
    picture_to_space: numpy.ndarray
    vocabulary: numpy.ndarray
    rarity: numpy.ndarray
    word_mean: numpy.ndarray
    word_to_space: numpy.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "_column", {word: i for i, word in enumerate(self.vocabulary.tolist())})
        object.__setattr__(self, "_copies", {})

    @staticmethod
    def is_in(work: Path) -> bool:
        return (work / "space.npz").exists()

    @staticmethod
    def load(work: Path) -> Space:
        path = work / "space.npz"
        if not Space.is_in(work):
            raise SystemExit(f"Expected the shared space in {path}: run space.")
        with numpy.load(path) as kept:
            return Space(**kept)

    def save(self, work: Path) -> None:
        numpy.savez(work / "space.npz", **asdict(self))

    def _on(self, device: torch.device, name: str) -> Tensor:
        """One of the arrays, copied to the device once."""
        if (device, name) not in self._copies:
            self._copies[device, name] = torch.from_numpy(getattr(self, name)).to(device)
        return self._copies[device, name]

    def features(self, pooled: Tensor) -> Tensor:
        """The teacher's pooled features [N, 1280] in its uint8 steps → unit vectors that are compared linearly."""
        roots = pooled.float().sqrt()
        return F.normalize((roots - self._on(pooled.device, "mean")) / self._on(pooled.device, "spread"), dim=-1, eps=1e-6)

    def words(self, texts: list[str]) -> numpy.ndarray:
        """Which words each text has, rare ones for more, at length 1: [N, words]."""
        found = numpy.zeros((len(texts), len(self.vocabulary)), numpy.float32)
        for row, text in enumerate(texts):
            known = [self._column[word] for word in words_of(text) if word in self._column]
            found[row, known] = self.rarity[known]
        return found / numpy.linalg.norm(found, axis=1, keepdims=True).clip(1e-6)

    def pictures(self, pooled: Tensor) -> Tensor:
        """[N, 1280] → unit vectors [N, D], on the same device."""
        mean, to_space = (self._on(pooled.device, name) for name in ("picture_mean", "picture_to_space"))
        return F.normalize((self.features(pooled) - mean) @ to_space, dim=-1)

    def texts(self, texts: list[str]) -> Tensor:
        """→ unit vectors [N, D]; zeros for a text without a known word."""
        parts = [self._placed(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)]
        return torch.cat(parts)

    def word(self, written: str, pieces: int) -> Tensor:
        """Where late interaction has each piece of what stands between two blanks: [D] of length 1."""
        known = [self._column[word] for word in words_of(written) if word in self._column]
        place = torch.zeros(self.word_to_space.shape[1])
        weight = 0.0
        if known:
            place = F.normalize(torch.from_numpy(self.rarity[known] @ self.word_to_space[known]), dim=0)
            weight = min(1.0, float(self.rarity[known].max()) / RAREST) / pieces
        return weighed(place, weight)

    def _placed(self, texts: list[str]) -> Tensor:
        found = self.words(texts)
        placed = (found - self.word_mean) @ self.word_to_space
        placed[~found.any(1)] = 0
        return F.normalize(torch.from_numpy(placed), dim=-1)


def weighed(place: Tensor, weight: float) -> Tensor:
    """The unit vector whose cosine with pictures is ``weight`` times that of ``place``: the rest is in the last number."""
    found = weight * place
    found[-1] = (1 - weight**2) ** 0.5
    return found


def moments(
    space: Space, pictures: numpy.ndarray, captions: list[list[str]], weights: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Weighted means and covariances of the pictures and of the words; a picture's captions share its weight."""
    weights = (weights / weights.sum()).astype(numpy.float32)
    picture_mean = weights @ pictures
    centred = pictures - picture_mean
    among_pictures = (centred * weights[:, None]).T @ centred
    words = len(space.vocabulary)
    word_mean = numpy.zeros(words, numpy.float32)
    among_words = numpy.zeros((words, words), numpy.float32)
    both = numpy.zeros((pictures.shape[1], words), numpy.float32)
    for start in range(0, len(captions), CHUNK):
        part = captions[start : start + CHUNK]
        told = [len(texts) for texts in part]
        share = numpy.repeat(weights[start : start + CHUNK] / told, told)[:, None]
        rows = space.words([text for texts in part for text in texts])
        word_mean += (rows * share).sum(0)
        among_words += (rows * share).T @ rows
        both += (numpy.repeat(centred[start : start + CHUNK], told, axis=0) * share).T @ rows
    # The pictures are centred, so the words' mean drops out of what both have in common.
    return picture_mean, word_mean, among_pictures, among_words - numpy.outer(word_mean, word_mean), both


def correlated(
    among_a: numpy.ndarray, among_b: numpy.ndarray, both: numpy.ndarray, ridges: tuple[float, float], width: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The maps of both sides to ``width`` numbers: the directions that agree best, then zeros, of which there is one at least."""

    def root(covariance: numpy.ndarray, ridge: float) -> numpy.ndarray:
        n = len(covariance)
        return numpy.linalg.cholesky(covariance + ridge * numpy.trace(covariance) / n * numpy.eye(n))

    root_a, root_b = root(among_a, ridges[0]), root(among_b, ridges[1])
    whitened = numpy.linalg.solve(root_b, numpy.linalg.solve(root_a, both).T).T
    left, agreement, right = numpy.linalg.svd(whitened, full_matrices=False)
    best = min(width - 1, len(agreement))
    maps = []
    for chol, directions in ((root_a, left[:, :best]), (root_b, right[:best].T)):
        found = numpy.linalg.solve(chol.T, directions) * agreement[:best]
        maps.append(numpy.pad(found, ((0, 0), (0, width - best))).astype(numpy.float32))
    return maps[0], maps[1]


def lay_out(material: Material, width: int) -> Space:
    """From all pictures that have captions of their own, each by the mean of those views in which these are to be seen."""
    chosen = [i for i in material.told.tolist() if material.kinds[i] in WEIGHTS]
    kinds = Counter(material.kinds[i] for i in chosen)
    weights = numpy.array([WEIGHTS[material.kinds[i]] / kinds[material.kinds[i]] for i in chosen])
    pooled = numpy.stack(
        [
            material.views.take("pooled", numpy.array(material.rows[i][: material.views.wide])).float().mean(0).cpu().numpy()
            for i in chosen
        ]
    )
    photos = numpy.array([material.kinds[i] != "scene" for i in chosen])
    roots = numpy.sqrt(pooled[photos] if photos.any() else pooled)
    texts = [text for i in chosen for text in material.captions[i]]
    counts = Counter(word for text in texts for word in set(words_of(text)))
    common = sorted(word for word, count in counts.items() if count >= RAREST_WORD)
    of_photos = [text for i in chosen if material.kinds[i] != "scene" for text in material.captions[i]]
    usual = Counter(word for text in of_photos for word in set(words_of(text)))
    told = max(len(of_photos), RAREST_WORD + 1)
    nothing = numpy.zeros(0, numpy.float32)
    space = Space(
        mean=roots.mean(0),
        spread=roots.std(0) + 1e-3,
        picture_mean=nothing,
        picture_to_space=nothing,
        vocabulary=numpy.array(common),
        rarity=numpy.log(told / numpy.array([max(usual[word], RAREST_WORD) for word in common])).astype(numpy.float32),
        word_mean=nothing,
        word_to_space=nothing,
    )
    captions = [material.captions[i] for i in chosen]
    picture_mean, word_mean, *covariances = moments(
        space, space.features(torch.from_numpy(pooled)).numpy(), captions, weights
    )
    picture_to_space, word_to_space = correlated(*covariances, (PICTURE_RIDGE, WORD_RIDGE), width)
    placed = {
        "picture_mean": picture_mean.astype(numpy.float32),
        "word_mean": word_mean.astype(numpy.float32),
        "picture_to_space": picture_to_space,
        "word_to_space": word_to_space,
    }
    return Space(**{**asdict(space), **placed})


def cell_places(space: Space, teacher: Teacher, dense: Tensor) -> Tensor:
    """Where the cells of stored maps are, each taken with its neighbours: uint8 [N, 7, 7, 320] → int8 [N, 7, 7, D]."""
    local = teacher.locally(dense).permute(0, 3, 1, 2)
    around = F.avg_pool2d(local, 3, stride=1, padding=1, count_include_pad=False).permute(0, 2, 3, 1)
    places = space.pictures(around.flatten(0, 2)).view(*around.shape[:3], -1)
    return (places * STEPS).round().to(torch.int8)


def write_places(space: Space, work: Path, teacher: Teacher, anew: bool) -> None:
    """Adds to every shard, or to those that lack it, where its views' cells are."""
    for folder in folders(work):
        if not (folder / "middle.npy").exists() or ((folder / "cells.npy").exists() and not anew):
            continue
        dense = torch.from_numpy(numpy.load(folder / "dense.npy"))
        write_array(folder / "cells.npy", cell_places(space, teacher, dense).cpu().numpy())
