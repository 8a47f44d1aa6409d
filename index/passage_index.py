"""An open index, to be searched."""

import contextlib
import weakref
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from corpus import Article, Passage
from corpus.calendar import Days
from index.catalogue import (
    ALL,
    MAX_LISTED,
    ArticleFilter,
    ArticleList,
    Overview,
    find_passages,
)
from index.changes import make_tail
from index.copy_groups import CopyGroups
from index.database import Manifest
from index.dense import DenseIndex
from index.encoders import Encoder
from index.fusion import best_of
from index.lexical import FIELDS, WORD_SHARE, Field, LexicalIndex
from index.noise import Nearest, Noise
from index.opening import open_encoder
from index.phrases import is_held
from index.presence import Presence
from index.ranking import Candidates, Wish, rank
from index.scored import ScoredPassage, with_context
from index.segmentation import Segmenter
from index.segments import Segment
from index.spelling import Speller
from index.store import SegmentRow, Store, damaged
from index.times import is_said

POOL = 200
"""How many passages each retriever proposes for fusion, copies not counted."""

_ATTEMPTS = 3


class PassageIndex:
    """The passages of one index folder; its files are closed by `close`, or with its last user."""

    def __init__(
        self,
        store: Store,
        dense: DenseIndex,
        lexical: LexicalIndex,
        encoder: Encoder,
        segmenter: Segmenter,
        copies: Mapping[int, int],
        presence: Presence,
    ) -> None:
        self._store = store
        self._dense = dense
        self._lexical = lexical
        self._encoder = encoder
        self._segmenter = segmenter
        self._speller = Speller(
            lexical, segmenter, partial(is_held, lexical.candidates, store.passages)
        )
        self._copies = CopyGroups(copies)
        self._numbers = np.flatnonzero(presence.is_there)
        self._noise = Nearest.from_json(store.manifest.noise).noise
        # The last user may be a question; nothing above refers back, so all goes with it at once.
        weakref.finalize(self, store.close)

    @classmethod
    def open(cls, folder: Path, encoder: str | None = None) -> "PassageIndex":
        """Open an index folder.

        Args:
            folder: What `build` wrote.
            encoder: The encoder that is wanted; by default the one the index was built with.

        Raises:
            StoreError: If there is no index, or it is damaged.
            IndexMismatchError: If it was built with another encoder or format.
            EncoderError: If its encoder cannot be loaded.
        """
        for _ in range(_ATTEMPTS - 1):
            # Another process may replace the segments after the database was opened.
            with contextlib.suppress(_SegmentError):
                return cls._open(folder, encoder)
        try:
            return cls._open(folder, encoder)
        except _SegmentError as error:
            raise damaged(folder, error) from error

    @classmethod
    def _open(cls, folder: Path, encoder: str | None) -> "PassageIndex":
        with contextlib.ExitStack() as undo:
            store = Store(folder)
            undo.callback(store.close)
            model = open_encoder(store, encoder)
            segmenter = Segmenter(store.manifest.names.splitlines())
            segments = [_load_segment(folder / row.name, row) for row in store.segments]
            if store.n_segmented < store.n_numbers:
                segments.append(make_tail(store, segmenter, model))
            copies = store.copies()
            presence = Presence(store.n_numbers, store.removed, copies)
            fields = {
                name: Field([(s.first, s.postings[name]) for s in segments], presence)
                for name in FIELDS
            }
            dense = DenseIndex([segment.dense for segment in segments], presence)
            undo.pop_all()
        return cls(
            store, dense, LexicalIndex(fields, segmenter), model, segmenter, copies, presence
        )

    @property
    def folder(self) -> Path:
        """The index folder."""
        return self._store.folder

    def is_current(self) -> bool:
        """See `Store.is_current`."""
        return self._store.is_current()

    @property
    def noise(self) -> Noise:
        """How near to this index unrelated questions come."""
        return self._noise

    @property
    def manifest(self) -> Manifest:
        """What the index is made of."""
        return self._store.manifest

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were indexed."""
        return self._store.article_ids()

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
        """
        return self._store.article(article_id)

    def versions(self, article_id: str) -> list[Article]:
        """Return all versions of an article that are kept, the newest first.

        Removed ones too; none if there was never an article of this id.
        """
        return self._store.versions(article_id)

    def articles(
        self, wanted: ArticleFilter = ALL, first: int = 0, n: int = MAX_LISTED
    ) -> ArticleList:
        """Return up to n of the articles that are wanted, from number `first` of them.

        They come in the order they were indexed, at most `MAX_LISTED` at once.
        """
        return self._store.articles(wanted, first, n)

    def overview(self) -> Overview:
        """Return the archive in numbers."""
        return self._store.overview()

    def first_and_last_date(self) -> tuple[str | None, str | None]:
        """Return the dates of the oldest and the newest article; None if none has a date."""
        return self._store.first_and_last_date

    def may_tell_of(self, days: Days) -> bool:
        """Whether an article is of these days, a sentence names them, or most have no date."""
        first, last = (day.isoformat() for day in days)
        is_of_these = self.articles(ArticleFilter(since=first, until=last), n=1).n_found > 0
        return is_of_these or self._store.has_undated or is_said(self._store.query, days)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        phrases: Sequence[str] = (),
        dense_weight: float | None = None,
        word_share: float = WORD_SHARE,
        wanted: ArticleFilter = ALL,
        asked: Sequence[Days] = (),
    ) -> list[ScoredPassage]:
        """Return the k passages that best match the question, best first.

        Of passages that print the same, the best ranked stands for all; so a question in the
        words of one paper's headline finds that paper.

        Args:
            question: Raw user text; normalised here.
            k: How many passages; fewer come back if the index is smaller, or fewer hold the
                phrases.
            phrases: Only passages whose text holds all of these, width and script apart.
            dense_weight: Share of meaning against wording, from 0 to 1, see `fuse`; by default
                the encoder's own.
            word_share: Share of words against characters, from 0 to 1.
            wanted: Only passages of these articles come back.
            asked: The times that the question names; passages of other times rank lower, see
                `index.times.time_loss`.

        Returns:
            Scores as `ScoredPassage` describes them; ties keep corpus order.

        Raises:
            ValueError: If k < 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        vector = self._encoder.encode_question(question)
        among = None if wanted == ALL else find_passages(self._store.query, wanted)
        all_lexical = self._lexical.score(question, word_share)
        if phrases:
            numbers = self._lexical.candidates("\n".join(phrases))
            numbers = numbers if among is None else np.intersect1d(numbers, among)
        else:
            pool = self._copies.n_printed(max(k, POOL))
            # union1d sorts by number, so that the stable sort below keeps corpus order.
            numbers = np.union1d(
                self._dense.search(vector, pool, among),
                best_of(all_lexical, pool, self._numbers if among is None else among),
            )
        coverage = self._lexical.cover(question)[numbers]
        dense, lexical = self._dense.score(vector, numbers), all_lexical[numbers]
        weight = self._encoder.dense_weight if dense_weight is None else dense_weight
        found = Candidates(numbers, dense, lexical, coverage, among)
        wish = Wish(k, weight, self.noise.floor, phrases, asked)
        return rank(found, wish, self._store, self._copies)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """
        return self._store.passages(numbers)

    def correct(self, question: str) -> str | None:
        """Return a question with its typing errors set right, see `Speller.correct`."""
        return self._speller.correct(question)

    def shared_words(self, question: str, scored: ScoredPassage) -> list[str]:
        """Return the words of a question that a passage, its title or section hold.

        Each once, in the question's order; a word inside a longer one is left out.
        """
        return self._segmenter.shared_words(question, with_context(scored.passage))

    def close(self) -> None:
        """Close the files of the index."""
        self._store.close()


class _SegmentError(Exception):
    """A segment is missing, or not what the database says."""


def _load_segment(folder: Path, row: SegmentRow) -> Segment:
    try:
        return Segment.load(folder, row.first, row.digest)
    except (OSError, ValueError) as error:
        raise _SegmentError(str(error)) from error
