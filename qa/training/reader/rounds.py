"""Which groups the reader is trained on, and in what order."""

import argparse
import logging
import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from index.encoders import BUNDLED_FOLDER
from qa.reader_inputs import ReaderTokenizer
from qa.training.examples import Collection, ask_everyday, read_news, read_public
from qa.training.reader.groups import (
    UNANSWERABLE,
    UNANSWERABLE_NEWS,
    Group,
    GroupMaker,
    endless_order,
)
from qa.training.reader.neighbours import cached_neighbours

NEWS_SHARE, EVERYDAY_SHARE = 0.7, 0.03
"""Share of the groups that ask our own news, and that ask it about everyday life; the public sets
have the others."""

LONG_ARTICLE, LONG_WEIGHT = 8, 4
"""From so many paragraphs on, all on one subject, an article's questions are drawn so many times
as often: they teach most about choosing the passage."""

HARD_BATCHES, HARD_WEIGHT = tuple(f"{n}{m}-" for n in "no" for m in "abcdefghi"), 8
"""How the ids of the articles begin whose near misses and rewordings are hardest, and how often
their questions are drawn."""

log = logging.getLogger("training")


@dataclass
class Position:
    """Where the training is; with the seed it says which groups come next.

    Attributes:
        step: Steps done.
        seconds: Time they took, pauses left out.
        round: Number of the round.
        round_step: Steps done of it.
        seen: Groups drawn of every source before the round.
    """

    step: int = 0
    seconds: float = 0.0
    round: int = 0
    round_step: int = 0
    seen: list[int] = field(default_factory=lambda: [0, 0, 0])


@dataclass(frozen=True, slots=True)
class Source:
    """Where groups come from.

    Attributes:
        maker: Makes them.
        draws: Numbers of its questions, those more than once that are drawn more often.
        share: Of all groups.
    """

    maker: GroupMaker
    draws: list[int]
    share: float


def repeat_instructive(news: Collection) -> list[int]:
    """Return the numbers of all examples, those on long articles and in hard batches repeatedly."""
    lengths = Counter(part.article_id for part in news.parts)
    draws: list[int] = []
    for number, example in enumerate(news.examples):
        article_id = news.parts[example.part].article_id
        weight = LONG_WEIGHT if lengths[article_id] >= LONG_ARTICLE else 1
        draws += [number] * (HARD_WEIGHT if article_id.startswith(HARD_BATCHES) else weight)
    return draws


class Rounds:
    """Draws the groups of each round."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
        public, news = read_public(options.sets), read_news(held_back=False)
        everyday = ask_everyday(news.parts)
        self._sources = [
            self._source(public, "public", UNANSWERABLE, 1 - NEWS_SHARE - EVERYDAY_SHARE),
            self._source(news, "news", UNANSWERABLE_NEWS, NEWS_SHARE, repeat_instructive(news)),
            self._source(everyday, "everyday", 0.0, EVERYDAY_SHARE),
        ]

    def plan(self, position: Position) -> list[tuple[GroupMaker, int]]:
        """Return maker and question of every group of the round at `position`, in order."""
        n_groups, seed = self._options.round_steps * self._options.groups, self._options.seed
        planned: list[tuple[GroupMaker, int]] = []
        self.seen_after: list[int] = []
        for place, source in enumerate(self._sources):
            n, seen = round(n_groups * source.share), position.seen[place]
            order = endless_order(len(source.draws), seen, seed + place)
            planned += [(source.maker, source.draws[draw]) for draw in islice(order, n)]
            self.seen_after.append(seen + n)
        random.Random(f"{seed} {position.round}").shuffle(planned)
        log.info("round %d: groups drawn of each source %s", position.round, self.seen_after)
        return planned

    def _source(
        self,
        collection: Collection,
        name: str,
        unanswerable: float,
        share: float,
        draws: list[int] | None = None,
    ) -> Source:
        neighbours = cached_neighbours(collection, self._options.output / f"{name}-neighbours.npy")
        maker = GroupMaker(collection, neighbours, self._tokenizer, unanswerable)
        return Source(maker, draws or list(range(len(maker))), share)

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
