"""SentencePiece pieces under the ids of the released models: ``<s>`` 0, ``<pad>`` 1, ``</s>`` 2, ``<unk>`` 3, then piece + 1."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor

BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
#: Rows of the vocabulary beyond the pieces, as in the released models.
SPARE_ROWS = 10
#: What SentencePiece writes for a blank.
BLANK = "\u2581"


class Tokenizer:
    def __init__(self, path: Path) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor()
        self._pieces.Load(str(path))
        self.vocabulary = self._pieces.GetPieceSize() + SPARE_ROWS
        self.mask = self._pieces.GetPieceSize() + 1
        self._known: dict[tuple[str, int], list[int]] = {}

    def encode(self, text: str, longest: int) -> list[int]:
        ids = self._known.get((text, longest))
        if ids is None:
            pieces = self._pieces.EncodeAsIds(text)[: longest - 2]
            ids = [BEGIN, *(piece + 1 if piece else UNKNOWN for piece in pieces), END]
            self._known[(text, longest)] = ids
        return ids

    def words(self, text: str, longest: int) -> list[tuple[str, int]]:
        """For every piece of ``encode`` the word that it belongs to, as it stands between two blanks, and its number of pieces."""
        pieces = self._pieces.EncodeAsPieces(text)[: longest - 2]
        starts = [i for i, piece in enumerate(pieces) if i == 0 or piece.startswith(BLANK)] + [len(pieces)]
        words = [("", 1)]
        for start, end in zip(starts, starts[1:]):
            words += [("".join(pieces[start:end]).strip(BLANK), end - start)] * (end - start)
        return [*words, ("", 1)]

    def batch(self, texts: list[str], longest: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """ids and presence (1 = token), each [N, T] with T the longest of them."""
        rows = [self.encode(text, longest) for text in texts]
        width = max(len(row) for row in rows)
        ids = torch.tensor([row + [PADDING] * (width - len(row)) for row in rows])
        present = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
        return ids.to(device), present.to(device)


def take_tokenizer(work: Path, checkpoint: Path) -> None:
    """The one that lies beside a checkpoint, unless there is one."""
    target = work / "tokenizer.spm"
    if not target.exists():
        shutil.copy(next(iter(sorted(checkpoint.parent.glob("*.spm")))), target)


def read_texts(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [line.strip() for line in lines if line.strip()]


def train_tokenizer(work: Path, texts: Path, pieces: int) -> None:
    """A unigram model of the captions, as they are and in lower case."""
    work.mkdir(parents=True, exist_ok=True)
    captions = read_texts(texts)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*captions, *(caption.lower() for caption in captions)]),
        model_prefix=str(work / "tokenizer"),
        vocab_size=pieces,
        model_type="unigram",
        character_coverage=0.9999,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        normalization_rule_name="nmt_nfkc",
        num_threads=1,
        minloglevel=2,
    )
    (work / "tokenizer.model").rename(work / "tokenizer.spm")
