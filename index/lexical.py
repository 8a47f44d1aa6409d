"""BM25 over two fields of every passage: its words and its single characters.

Written here and not taken from a library because the index must take in new passages
and still score exactly as if built afresh, which needs raw counts (term frequencies and
lengths) and not the ready-made scores that BM25 libraries store.
"""

import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index.segmentation import Segmenter, characters
from index.text import content_of, is_question_word

K1 = 1.2
"""Saturation of repeated terms; with `B` the usual defaults (Robertson & Zaragoza 2009, 3.3)."""

B = 0.75
"""How far a passage's length counts, from 0 (not at all) to 1."""

WORD_SHARE = 0.25
"""Weight of the word field; the rest is the characters'. See `qa/training/README.md`."""

_FIELDS = ("words", "characters")


_ARRAYS = "offsets", "passages", "counts", "lengths", "sources", "copies"


@dataclass(frozen=True)
class Postings:
    """Which passages hold each term of one field, in compressed sparse rows.

    Attributes:
        terms: Row number of every term.
        offsets: int64, shape (n_terms + 1,). Term t is in `passages[offsets[t]:offsets[t+1]]`.
        passages: int32, shape (n_postings,). Passage numbers, ascending within a term.
        counts: int32, shape (n_postings,). How often the term is in that passage.
        lengths: int32, shape (n_passages,). Terms a passage holds, repetitions counted.
        sources: int32, shape (n_terms,). How many passages hold a term, copies counted once: a
            report is not less telling for being printed often.
        copies: int32, shape (n_copies,). Numbers of the passages that repeat an earlier one.
    """

    terms: dict[str, int]
    offsets: NDArray[np.int64]
    passages: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]
    sources: NDArray[np.int32]
    copies: NDArray[np.int32]

    def score(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every passage, shape (n_passages,), higher is better.

        BM25 as in Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009),
        equation 3.15, with the idf of Lucene, ln(1 + (N - n + .5) / (n + .5)), which is
        never negative. Each different query term counts once, and so do copies in N, n and
        the mean length.
        """
        scores = np.zeros(len(self.lengths), dtype=np.float32)
        if not len(self.passages):
            return scores
        norm = K1 * (1 - B + B * self.lengths / np.delete(self.lengths, self.copies).mean())
        # Sorted, because sums of floats depend on their order.
        for row in sorted({self.terms[term] for term in terms if term in self.terms}):
            holders = self._holders(row)
            count = self.counts[self.offsets[row] : self.offsets[row + 1]]
            scores[holders] += (
                self._idf(self.sources[row]) * count * (K1 + 1) / (count + norm[holders])
            )
        return scores

    def cover(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """Return how much of a query each passage holds, in [0, 1], shape (n_passages,).

        The idf of the query terms it holds over the idf of all of them; terms that no
        passage holds weigh most. 0 for a query without terms.
        """
        covered, total = np.zeros(len(self.lengths)), 0.0
        for term in sorted(set(terms)):
            row = self.terms.get(term)
            idf = self._idf(self.sources[row] if row is not None else 0)
            covered[self._holders(row) if row is not None else []] += idf
            total += idf
        share = np.minimum(covered / total, 1) if total else covered
        return share.astype(np.float32)

    def count(self, term: str) -> int:
        """Return how many passages hold a term."""
        row = self.terms.get(term)
        return 0 if row is None else len(self._holders(row))

    def with_all(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of the passages that hold all of these terms, ascending."""
        rows = [self.terms.get(term) for term in set(terms)]
        known = sorted((self._holders(row) for row in rows if row is not None), key=len)
        if not known or len(known) < len(rows):
            return np.empty(0, dtype=np.int64)
        held = known[0]
        for holders in known[1:]:
            held = np.intersect1d(held, holders, assume_unique=True)
        return held.astype(np.int64)

    def _holders(self, row: int) -> NDArray[np.int32]:
        return self.passages[self.offsets[row] : self.offsets[row + 1]]

    def _idf(self, n_sources: int) -> float:
        n_all = len(self.lengths) - len(self.copies)
        return math.log1p((n_all - n_sources + 0.5) / (n_sources + 0.5))


class LexicalIndex:
    """The lexical side of retrieval."""

    def __init__(self, fields: dict[str, Postings], segmenter: Segmenter | None = None) -> None:
        self._fields = fields
        self._segmenter = segmenter or Segmenter()

    def __len__(self) -> int:
        return len(self._fields["words"].lengths)

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        segmenter: Segmenter | None = None,
        copies: Mapping[int, int] = MappingProxyType({}),
    ) -> "LexicalIndex":
        """Index texts; the n-th text is passage n.

        Args:
            texts: In the order of the passages.
            segmenter: Cuts them, and questions, into words; by default jieba's own dictionary.
            copies: Which repeat an earlier one, see `index.copies.find_copies`.
        """
        texts = list(texts)
        cutter = segmenter or Segmenter()
        fields = {"words": cutter.words, "characters": characters}
        return cls(
            {name: _invert(map(split, texts), copies) for name, split in fields.items()}, cutter
        )

    def score(self, question: str, word_share: float = WORD_SHARE) -> NDArray[np.float32]:
        """Return one score for every passage, shape (n_passages,), higher is better.

        Each field is divided by its best score, so the result is in [0, 1].

        Args:
            question: Raw user text.
            word_share: Weight of the word field, from 0 to 1; the rest is the characters'.
        """
        by_word = self._score_field("words", question)
        by_character = self._score_field("characters", question)
        return word_share * by_word + (1 - word_share) * by_character

    def cover(self, question: str) -> NDArray[np.float32]:
        """Return how much of the question's words each passage holds, see `Postings.cover`."""
        return self._fields["words"].cover(self._query_terms("words", question))

    def count(self, word: str) -> int:
        """Return how many passages hold a word in normal form."""
        return self._fields["words"].count(word)

    def characters(self) -> Iterable[str]:
        """Return the Chinese characters, Latin words and numbers that the passages hold."""
        return self._fields["characters"].terms

    def candidates(self, phrase: str) -> NDArray[np.int64]:
        """Return the numbers of the passages that can hold a phrase: all its characters do.

        None of a phrase without letters and digits. Neighbourhood is for the caller to check.
        """
        return self._fields["characters"].with_all(characters(phrase))

    def _query_terms(self, name: str, question: str) -> list[str]:
        if name == "characters":
            return characters(content_of(question))
        return [word for word in self._segmenter.words(question) if not is_question_word(word)]

    def _score_field(self, name: str, question: str) -> NDArray[np.float32]:
        scores = self._fields[name].score(self._query_terms(name, question))
        best = scores.max(initial=0)
        return scores / best if best > 0 else scores

    def save(self, path: Path) -> None:
        """Write the index to one file in NumPy's npz format, without pickle."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for name, field in self._fields.items():
            # Terms hold no line breaks: jieba and the token pattern leave out white space.
            joined = "\n".join(field.terms).encode()
            arrays[f"{name}.terms"] = np.frombuffer(joined, dtype=np.uint8)
            for part in _ARRAYS:
                arrays[f"{name}.{part}"] = getattr(field, part)
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path, segmenter: Segmenter | None = None) -> "LexicalIndex":
        """Read what `save` wrote; the segmenter must be the one it was built with.

        Raises:
            OSError, ValueError: If the file is missing, damaged or incomplete.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                fields = {name: _read_postings(arrays, name) for name in _FIELDS}
                return cls(fields, segmenter)
        except (EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise ValueError(f"{path.name}: {error}") from error


def _invert(documents: Iterable[list[str]], copies: Mapping[int, int]) -> Postings:
    found: dict[str, list[tuple[int, int]]] = {}
    lengths = []
    sources: Counter[str] = Counter()
    printed: dict[int, set[str]] = {first: set() for first in copies.values()}
    for number, terms in enumerate(documents):
        lengths.append(len(terms))
        counts = Counter(terms)
        for term, count in counts.items():
            found.setdefault(term, []).append((number, count))
        before = printed.get(copies.get(number, number), set())
        sources.update(counts.keys() - before)
        before.update(counts)
    flat = np.array([pair for pairs in found.values() for pair in pairs], dtype=np.int32)
    flat = flat.reshape(-1, 2)
    sizes = [0, *map(len, found.values())]
    return Postings(
        terms={term: row for row, term in enumerate(found)},
        offsets=np.cumsum(sizes, dtype=np.int64),
        passages=flat[:, 0].copy(),
        counts=flat[:, 1].copy(),
        lengths=np.array(lengths, dtype=np.int32),
        sources=np.array([sources[term] for term in found], dtype=np.int32),
        copies=np.array(sorted(copies), dtype=np.int32),
    )


def _read_postings(arrays: "np.lib.npyio.NpzFile", name: str) -> Postings:
    joined = arrays[f"{name}.terms"].tobytes().decode()
    terms = {term: row for row, term in enumerate(joined.split("\n") if joined else ())}
    parts = {key: arrays[f"{name}.{key}"] for key in _ARRAYS}
    is_whole = len(terms) == len(parts["offsets"]) - 1 == len(parts["sources"])
    if not is_whole or parts["offsets"][-1] != len(parts["passages"]):
        raise ValueError(f"lexical index: field '{name}' has parts of different lengths")
    return Postings(terms=terms, **parts)
