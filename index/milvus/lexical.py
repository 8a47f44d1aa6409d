"""BM25 of the passages that Milvus proposes, by the numbers of the whole archive.

Milvus ranks by its own BM25, but each of its segments by what it holds itself (Milvus Lite), or
with rows counted that were deleted, so that a score would depend on how passages came in. So its
scores only choose the candidates; what these are worth is computed here, as for an index in a
folder, from the counts that are kept with every passage and how many passages hold each term.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.fusion import divide_by_best
from index.lexical import (
    FIELDS,
    MAX_KEPT,
    inverse_frequency,
    length_norm,
    query_terms,
    term_scores,
)
from index.milvus.client import Row
from index.milvus.rows import term_key, unpack_terms
from index.milvus.store import MilvusStore
from index.segmentation import Segmenter


class Terms:
    """How many passages hold each term."""

    def __init__(self, store: MilvusStore) -> None:
        self._store = store
        self._counts: dict[int, int] = {}

    def count(self, keys: Sequence[int]) -> dict[int, int]:
        """Return how many passages hold each of these terms; asked for once each."""
        known = self._counts  # another thread may put a new one in its place
        found = {key: n for key in keys if (n := known.get(key)) is not None}
        if missing := [key for key in keys if key not in found]:
            generation = self._store.manifest.generation
            read = dict.fromkeys(missing, 0) | read_counts(self._store, generation, missing)
            self._counts = ({} if len(known) >= MAX_KEPT else known) | read
            found |= read
        return found


def read_counts(store: MilvusStore, generation: int, keys: Sequence[int]) -> dict[int, int]:
    """Return how many passages hold each of these terms in a generation; those that some do."""
    fields = ["term", "n", "since", "before"]
    rows = store.client.rows(store.state.terms, "term", keys, fields)
    return {row["term"]: row["n"] if row["since"] <= generation else row["before"] for row in rows}


class Scorer:
    """Scores passages by the wording of questions."""

    def __init__(self, store: MilvusStore, segmenter: Segmenter) -> None:
        self._state = store.state
        self._terms = Terms(store)
        self._segmenter = segmenter

    def score(
        self, question: str, rows: Sequence[Row], word_share: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return BM25 scores in [0, 1] and coverage of passages, each of shape (n,).

        See `index.lexical.LexicalIndex.score` and `Field.cover`; the best score is that of the
        best of these passages.

        Args:
            question: Raw user text.
            rows: Of the passages, with their terms and lengths.
            word_share: Weight of the word field; the rest is the characters'.
        """
        keys = {name: self._keys(name, question) for name in FIELDS}
        holders = self._terms.count(list(chain.from_iterable(keys.values())))
        n = self._state.manifest.n_passages
        idf = {key: inverse_frequency(holders[key], n) for key in holders}
        counts = _counts(rows, list(holders))
        words, characters = (
            divide_by_best(self._score_field(name, keys[name], rows, counts, idf))
            for name in FIELDS
        )
        lexical = word_share * words + (1 - word_share) * characters
        return lexical, _cover(keys["words"], counts, idf, len(rows))

    def _keys(self, name: str, question: str) -> list[int]:
        # In the order of the terms, as an index in a folder adds them up.
        terms = sorted(set(query_terms(name, question, self._segmenter)))
        return [term_key(name, term) for term in terms]

    def _score_field(
        self,
        name: str,
        keys: Sequence[int],
        rows: Sequence[Row],
        counts: Mapping[int, NDArray[np.int64]],
        idf: Mapping[int, float],
    ) -> NDArray[np.float32]:
        lengths = np.array([row[f"n_{name}"] for row in rows], dtype=np.int64)
        norm = length_norm(lengths, self._state.mean_length(name))
        scores = np.zeros(len(rows), dtype=np.float32)
        for key in keys:
            scores += term_scores(idf[key], counts[key], norm)
        return scores


def _counts(rows: Sequence[Row], keys: Sequence[int]) -> dict[int, NDArray[np.int64]]:
    """How often each passage holds each term."""
    wanted = np.array(keys, dtype=np.int64)
    table = np.zeros((len(rows), len(keys)), dtype=np.int64)
    for place, row in enumerate(rows):
        held, counts = unpack_terms(row["terms"])
        if len(held):
            at = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
            table[place] = np.where(held[at] == wanted, counts[at], 0)
    return dict(zip(keys, table.T, strict=True))


def _cover(
    keys: Sequence[int], counts: Mapping[int, NDArray[np.int64]], idf: Mapping[int, float], n: int
) -> NDArray[np.float32]:
    covered, total = np.zeros(n), 0.0
    for key in keys:
        covered = covered + idf[key] * (counts[key] > 0)
        total += idf[key]
    share = np.minimum(covered / total, 1) if total else covered
    return share.astype(np.float32)
