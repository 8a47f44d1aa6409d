"""What answering asks of an index, whatever store is behind it."""

from collections.abc import Sequence
from typing import Protocol

from corpus import Article, Passage
from corpus.calendar import Days
from index.catalogue import ALL, MAX_LISTED, ArticleFilter, ArticleList, Overview
from index.database import Manifest
from index.lexical import WORD_SHARE
from index.noise import Noise
from index.scored import ScoredPassage


class SearchIndex(Protocol):
    """An open index: `PassageIndex` over a folder, `MilvusIndex` over Milvus.

    All methods may be called from any thread; they see the index as it was when it was opened.
    """

    @property
    def noise(self) -> Noise:
        """How near to this index unrelated questions come."""

    @property
    def manifest(self) -> Manifest:
        """What the index is made of."""

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were indexed."""

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
            StoreError: If its text is not what was written.
        """

    def versions(self, article_id: str) -> list[Article]:
        """Return all versions of an article that are kept, the newest first."""

    def articles(
        self, wanted: ArticleFilter = ALL, first: int = 0, n: int = MAX_LISTED
    ) -> ArticleList:
        """Return up to n of the articles that are wanted, from number `first` of them."""

    def overview(self) -> Overview:
        """Return the archive in numbers."""

    def first_and_last_date(self) -> tuple[str | None, str | None]:
        """Return the dates of the oldest and the newest article; None if none has a date."""

    def may_tell_of(self, days: Days) -> bool:
        """Whether an article is of these days, a sentence names them, or most have no date."""

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

        See `PassageIndex.search`.
        """

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """

    def correct(self, question: str) -> str | None:
        """Return a question with its typing errors set right; None if there are none to see."""

    def shared_words(self, question: str, scored: ScoredPassage) -> list[str]:
        """Return the words of a question that a passage, its title or section hold."""

    def close(self) -> None:
        """Let go of what the index holds."""
