"""An open index in Milvus, to be searched."""

from collections.abc import Sequence

import numpy as np

from corpus import Article, Passage
from corpus.calendar import Days
from index.catalogue import ALL, MAX_LISTED, ArticleFilter, ArticleList, Overview
from index.copy_groups import CopyGroups
from index.database import Manifest
from index.encoders import Encoder
from index.lexical import FIELDS, WORD_SHARE, query_terms
from index.milvus.client import both, holds, scores_of
from index.milvus.lexical import Scorer
from index.milvus.store import MilvusStore
from index.noise import Nearest, Noise
from index.opening import open_encoder
from index.ranking import Candidates, Wish, rank
from index.scored import ScoredPassage, with_context
from index.segmentation import Segmenter
from index.text import normalise

POOL = 100
"""How many passages Milvus proposes by meaning, by words, and by characters."""

N_SCALE = 5
"""Best passages of the whole archive that say what the best score is, if a part is searched."""

_SCORED = ("terms", "n_words", "n_characters", "vector")


class MilvusIndex:
    """The passages of one index in Milvus, see `index.search_index.SearchIndex`.

    Passages that print the same are not known here, so each stands for itself; and typing errors
    are not set right, because that looks at the words of the whole archive.
    """

    def __init__(self, store: MilvusStore, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._segmenter = Segmenter(store.manifest.names.splitlines())
        self._scorer = Scorer(store, self._segmenter)
        self._noise = Nearest.from_json(store.manifest.noise).noise

    @classmethod
    def open(cls, uri: str, encoder: str | None = None) -> "MilvusIndex":
        """Open an index in Milvus; see `PassageIndex.open` for encoder and errors.

        Args:
            uri: see `index.places.is_milvus`.
            encoder: The encoder that is wanted.
        """
        store = MilvusStore(uri)
        try:
            return cls(store, open_encoder(store, encoder))
        except BaseException:
            store.client.close()
            raise

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
        """See `MilvusStore.article`."""
        return self._store.article(article_id)

    def versions(self, article_id: str) -> list[Article]:
        """Return all versions of an article that are kept, the newest first."""
        return self._store.versions(article_id)

    def articles(
        self, wanted: ArticleFilter = ALL, first: int = 0, n: int = MAX_LISTED
    ) -> ArticleList:
        """See `MilvusStore.articles`."""
        return self._store.articles(wanted, first, n)

    def overview(self) -> Overview:
        """Return the archive in numbers."""
        return self._store.state.overview()

    def first_and_last_date(self) -> tuple[str | None, str | None]:
        """Return the dates of the oldest and the newest article; None if none has a date."""
        return self._store.state.first_date, self._store.state.last_date

    def may_tell_of(self, days: Days) -> bool:
        """See `MilvusStore.may_tell_of`."""
        return self._store.may_tell_of(days)

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

        Milvus proposes `POOL` by meaning and `POOL` by each of words and characters, of the
        articles that are wanted; see `PassageIndex.search` for the arguments and the scores.

        Raises:
            ValueError: If k < 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        vector = self._encoder.encode_question(question)
        everything = self._store.seen()
        seen = both(self._store.seen(wanted), *(holds("words", normalise(p)) for p in phrases))
        is_part = wanted != ALL or bool(phrases)
        by_meaning = self._ask("vector", [vector.tolist()], max(k, POOL), seen)
        by_wording = self._by_wording(question, max(k, POOL), seen)
        numbers = np.array(sorted({*by_meaning, *by_wording}), dtype=np.int64)
        scale = self._by_wording(question, N_SCALE, everything) if is_part else []
        found = self._store.read([*numbers, *(set(scale) - set(numbers.tolist()))], _SCORED)
        lexical, coverage = self._scorer.score(question, list(found.rows.values()), word_share)
        place = {number: i for i, number in enumerate(found.rows)}
        here = [place[number] for number in numbers.tolist()]
        vectors = [found.rows[number]["vector"] for number in numbers.tolist()]
        cosines = np.array(vectors, np.float32).reshape(-1, len(vector)) @ vector
        weight = self._encoder.dense_weight if dense_weight is None else dense_weight
        return rank(
            Candidates(numbers, cosines, lexical[here], coverage[here]),
            Wish(k, weight, self.noise.floor, phrases, asked),
            found,
            CopyGroups({}),
        )

    def _by_wording(self, question: str, k: int, seen: str) -> list[int]:
        """Numbers of the passages that Milvus's BM25 ranks first, by words and by characters."""
        numbers: list[int] = []
        for field in FIELDS:
            # Without the shorter words inside longer ones, which the analyser finds again.
            terms = dict.fromkeys(query_terms(field, question, self._segmenter))
            whole = [t for t in terms if not any(t != other and t in other for other in terms)]
            if whole:
                numbers += self._ask(scores_of(field), [" ".join(whole)], k, seen)
        return numbers

    def _ask(self, field: str, questions: Sequence[object], k: int, seen: str) -> list[int]:
        passages = self._store.state.passages
        [hits] = self._store.client.search(passages, "number", field, questions, k, seen)
        return [number for number, _ in hits]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """
        return self._store.read(numbers).passages(numbers)

    def correct(self, question: str) -> str | None:
        """Return None: typing errors are not set right here."""
        return None

    def shared_words(self, question: str, scored: ScoredPassage) -> list[str]:
        """See `PassageIndex.shared_words`."""
        return self._segmenter.shared_words(question, with_context(scored.passage))

    def close(self) -> None:
        """Close the connection."""
        self._store.client.close()
