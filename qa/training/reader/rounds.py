"""Which groups the reader is trained on, and in what order."""

import argparse
import logging
import random
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from index.encoders import BUNDLED_FOLDER
from qa.reader_inputs import ReaderTokenizer
from qa.training.examples import Collection, read_news, read_public
from qa.training.reader.groups import (
    UNANSWERABLE,
    UNANSWERABLE_NEWS,
    Group,
    GroupMaker,
    endless_order,
)
from qa.training.reader.neighbours import cached_neighbours

NEWS_WEIGHT = 3
"""How often a news question is drawn for one draw of a public question."""

LARGEST_NEWS_SHARE = 0.6

LONG_ARTICLE, LONG_WEIGHT = 8, 4
"""From so many paragraphs on, all on one subject, an article's questions are drawn so many times
as often: they teach most about choosing the passage."""

log = logging.getLogger("training")


@dataclass
class Position:
    """Where the training is; with the seed it says which groups come next.

    Attributes:
        step: Steps done.
        seconds: Time they took, pauses left out.
        round: Number of the round.
        round_step: Steps done of it.
        public_seen, news_seen: Groups drawn before the round.
    """

    step: int = 0
    seconds: float = 0.0
    round: int = 0
    round_step: int = 0
    public_seen: int = 0
    news_seen: int = 0


def repeat_long_articles(news: Collection) -> list[int]:
    """Return the numbers of all examples, those on long articles `LONG_WEIGHT` times."""
    lengths = Counter(part.article_id for part in news.parts)
    draws: list[int] = []
    for number, example in enumerate(news.examples):
        is_long = lengths[news.parts[example.part].article_id] >= LONG_ARTICLE
        draws += [number] * (LONG_WEIGHT if is_long else 1)
    return draws


class Rounds:
    """Draws the groups of each round."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
        public, news = read_public(options.sets), read_news(held_back=False)
        self._public = self._make(public, "public", UNANSWERABLE)
        self._news = self._make(news, "news", UNANSWERABLE_NEWS)
        self._news_draws = repeat_long_articles(news)

    def plan(self, position: Position) -> list[tuple[GroupMaker, int]]:
        """Return maker and question of every group of the round at `position`, in order."""
        n_groups, seed = self._options.round_steps * self._options.groups, self._options.seed
        weight = NEWS_WEIGHT * len(self._news)
        share = min(LARGEST_NEWS_SHARE, weight / (weight + len(self._public)))
        n_news = round(n_groups * share)
        n_public = n_groups - n_news
        public = endless_order(len(self._public), position.public_seen, seed)
        news = endless_order(len(self._news_draws), position.news_seen, seed + 1)
        planned = [(self._public, number) for number in islice(public, n_public)]
        planned += [(self._news, self._news_draws[place]) for place in islice(news, n_news)]
        random.Random(f"{seed} {position.round}").shuffle(planned)
        log.info("round %d: %d public, %d news groups", position.round, n_public, n_news)
        self.seen_after = position.public_seen + n_public, position.news_seen + n_news
        return planned

    def _make(self, collection: Collection, name: str, unanswerable: float) -> GroupMaker:
        neighbours = cached_neighbours(collection, self._options.output / f"{name}-neighbours.npy")
        return GroupMaker(collection, neighbours, self._tokenizer, unanswerable)

    def groups(self, planned: list[tuple[GroupMaker, int]], position: Position) -> list[Group]:
        """Return the groups of the step at `position`."""
        n, first = self._options.groups, position.round_step * self._options.groups
        return [
            maker.make(
                number,
                self._options.passages,
                random.Random(f"{self._options.seed} {position.round} {first + place}"),
            )
            for place, (maker, number) in enumerate(planned[first : first + n])
        ]
