"""BM25 over two fields of every passage: its words and its single characters.

Written here and not taken from a library because the index must take in new passages
and still score exactly as if built afresh, which needs raw counts (term frequencies and
lengths) and not the ready-made scores that BM25 libraries store.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fusion import divide_by_best
from index.postings import Postings
from index.presence import Presence
from index.segmentation import Segmenter, characters
from index.text import content_of, is_question_word

K1 = 1.2
"""Saturation of repeated terms; with `B` the usual defaults (Robertson & Zaragoza 2009, 3.3)."""

B = 0.75
"""How far a passage's length counts, from 0 (not at all) to 1."""

WORD_SHARE = 0.25
"""Weight of the word field; the rest is the characters'. See `qa/training/README.md`."""

FIELDS = ("words", "characters")

MAX_KEPT = 50_000
"""Terms whose idf is kept: to count the sources of a common one takes longer than to score it."""


def inverse_frequency(n_holders: int, n: int) -> float:
    """Return the idf of a term that `n_holders` of `n` passages hold, see `Field.score`."""
    return math.log1p((n - n_holders + 0.5) / (n_holders + 0.5))


def length_norm(lengths: NDArray[Any], mean: float) -> NDArray[Any]:
    """Return how much the lengths of passages weigh against the counts of a term in them."""
    return np.asarray(K1 * (1 - B + B * lengths / max(mean, 1e-9)))


def term_scores(idf: float, counts: NDArray[Any], norm: NDArray[Any]) -> NDArray[Any]:
    """Return what a term adds to the scores of passages, see `Field.score`.

    Args:
        idf: Of the term.
        counts: How often each passage holds it, shape (n,).
        norm: What `length_norm` says of the same passages.
    """
    return np.asarray(idf * counts * (K1 + 1) / (counts + norm))


def query_terms(field: str, question: str, segmenter: Segmenter) -> list[str]:
    """Return the terms by which a field of `FIELDS` is asked, in the question's order."""
    if field == "characters":
        return characters(content_of(question))
    return [word for word in segmenter.words(question) if not is_question_word(word)]


def cut_fields(text: str, segmenter: Segmenter) -> dict[str, list[str]]:
    """Return the terms of each of `FIELDS` of one text."""
    return dict(zip(FIELDS, (segmenter.words(text), characters(text)), strict=True))


class Field:
    """One field of all passages."""

    def __init__(self, parts: Sequence[tuple[int, Postings]], presence: Presence) -> None:
        """Join the segments' postings.

        Args:
            parts: Each with the number of its first passage, ascending, without gaps.
            presence: Which passages count.
        """
        self._parts = parts
        self._presence = presence
        lengths = np.concatenate([np.empty(0, np.int32), *(part.lengths for _, part in parts)])
        mean = lengths[presence.is_counted].mean() if presence.n_counted else 1.0
        self._idfs: dict[str, float] = {}
        self._norm = length_norm(lengths, mean)

    def score(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every passage, shape (n_passages,), higher is better.

        BM25 as in Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009),
        equation 3.15, with the idf of Lucene, ln(1 + (N - n + .5) / (n + .5)), which is
        never negative. Each different query term counts once, and so do copies in N, n and
        the mean length: a report is not less telling for being printed often. Removed passages
        score 0.
        """
        scores = np.zeros(len(self._presence), dtype=np.float32)
        # Sorted, because sums of floats depend on their order.
        for term in sorted(set(terms)):
            holders, counts = self._find(term)
            scores[holders] += term_scores(self._idf(term, holders), counts, self._norm[holders])
        return scores

    def cover(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """Return how much of a query each passage holds, in [0, 1], shape (n_passages,).

        The idf of the query terms it holds over the idf of all of them; terms that no
        passage holds weigh most. 0 for a query without terms.
        """
        covered, total = np.zeros(len(self._presence)), 0.0
        for term in sorted(set(terms)):
            holders, _ = self._find(term)
            idf = self._idf(term, holders)
            covered[holders] += idf
            total += idf
        share = np.minimum(covered / total, 1) if total else covered
        return share.astype(np.float32)

    def count(self, term: str) -> int:
        """Return how many passages hold a term."""
        # Typing errors are looked for among thousands of words that no passage holds.
        return len(self._find(term)[0]) if term in self.terms else 0

    def with_all(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of the passages that hold all of these terms, ascending."""
        found = sorted((self._find(term)[0] for term in set(terms)), key=len)
        if not found:
            return np.empty(0, dtype=np.int64)
        held = found[0]
        for holders in found[1:]:
            held = np.intersect1d(held, holders, assume_unique=True)
        return held.astype(np.int64)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of all passages, removed ones too; read when they are first asked for."""
        return frozenset(term for _, part in self._parts for term in part.all_terms())

    def _find(self, term: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """The passages that hold a term, ascending, and how often each does."""
        found = [(first, *part.find(term)) for first, part in self._parts]
        holders = np.concatenate([np.empty(0, np.int32), *(n + first for first, n, _ in found)])
        counts = np.concatenate([np.empty(0, np.uint16), *(counts for _, _, counts in found)])
        kept = self._presence.keep(holders)
        return holders[kept], counts[kept]

    def _idf(self, term: str, holders: NDArray[Any]) -> float:
        if term not in self._idfs:
            if len(self._idfs) >= MAX_KEPT:
                self._idfs.clear()
            n_sources = self._presence.n_sources(holders)
            self._idfs[term] = inverse_frequency(n_sources, self._presence.n_counted)
        return self._idfs[term]


class LexicalIndex:
    """The lexical side of retrieval."""

    def __init__(self, fields: Mapping[str, Field], segmenter: Segmenter) -> None:
        self._fields = fields
        self._segmenter = segmenter

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        segmenter: Segmenter | None = None,
        copies: Mapping[int, int] = MappingProxyType({}),
    ) -> "LexicalIndex":
        """Index texts in memory; the n-th text is passage n.

        Args:
            texts: In the order of the passages.
            segmenter: Cuts them, and questions, into words; by default jieba's own dictionary.
            copies: Which repeat an earlier one, see `index.copies.find_copies`.
        """
        cutter = segmenter or Segmenter()
        postings = invert_fields(list(texts), cutter)
        presence = Presence(len(postings[FIELDS[0]].lengths), copies=copies)
        return cls({name: Field([(0, postings[name])], presence) for name in FIELDS}, cutter)

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
        """Return how much of the question's words each passage holds, see `Field.cover`."""
        return self._fields["words"].cover(query_terms("words", question, self._segmenter))

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

    def _score_field(self, name: str, question: str) -> NDArray[np.float32]:
        return divide_by_best(
            self._fields[name].score(query_terms(name, question, self._segmenter))
        )


def invert_fields(texts: Sequence[str], segmenter: Segmenter) -> dict[str, Postings]:
    """Return the postings of each of `FIELDS` for texts in the order of their passages."""
    cutters = dict(zip(FIELDS, (segmenter.words, characters), strict=True))
    return {name: Postings.invert(map(cut, texts)) for name, cut in cutters.items()}
