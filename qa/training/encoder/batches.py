"""Batches of whole articles, and questions that must find their paragraph among all of them.

The paragraphs of an article, and of those nearest to it in subject, are what a question on it is
mostly confused with; and each is encoded once for all the questions on it.
"""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders import load_encoder
from qa.training.examples import Collection

NEAREST = 8
"""Articles that count as near in subject."""

NEAR_ARTICLES = 2
"""So many near articles come with each article that is drawn."""

NO_QUESTION_MARK = 0.2
"""Share of questions that lose it, as people leave it out."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and passages.

    Attributes:
        questions, passages: Texts.
        right: The number of the passage that answers each question.
        is_rival: bool, shape (questions, passages): the passages that a question is to be told
            apart from, and its right one. Others hold an accepted answer too.
    """

    questions: list[str]
    passages: list[str]
    right: list[int]
    is_rival: NDArray[np.bool_]


class BatchMaker:
    """Draws batches from one collection."""

    def __init__(self, collection: Collection, cache: Path) -> None:
        """Draw from a collection; which articles are near is kept in the file `cache`."""
        self._collection = collection
        self._parts: dict[str, list[int]] = {}
        for number, part in enumerate(collection.parts):
            self._parts.setdefault(part.article_id, []).append(number)
        self._examples: dict[int, list[int]] = {}
        for number, example in enumerate(collection.examples):
            if example.spans:
                self._examples.setdefault(example.part, []).append(number)
        self._articles = list(self._parts)
        # Drawn by how much is asked of it, so that every question comes up as often.
        asked = Counter(
            collection.parts[part].article_id
            for part, numbers in self._examples.items()
            for _ in numbers
        )
        self._weights = [asked[article_id] for article_id in self._articles]
        if not cache.exists():
            np.save(cache, _nearest_articles(collection, self._parts))
        self._near = np.load(cache, allow_pickle=False)

    def make(self, n_passages: int, n_questions: int, chance: random.Random) -> Batch:
        """Return a batch of at least `n_passages` passages and at most `n_questions` questions."""
        chosen: dict[int, None] = {}
        while len(chosen) < n_passages:
            (place,) = chance.choices(range(len(self._articles)), self._weights)
            near = chance.sample(self._near[place].tolist(), NEAR_ARTICLES)
            for article in (place, *near):
                chosen.update(dict.fromkeys(self._parts[self._articles[article]]))
        parts = list(chosen)
        places = {part: place for place, part in enumerate(parts)}
        asked = [number for part in parts for number in self._examples.get(part, ())]
        asked = chance.sample(asked, min(n_questions, len(asked)))
        texts = [self._collection.parts[part].text for part in parts]
        examples = [self._collection.examples[number] for number in asked]
        right = [places[example.part] for example in examples]
        is_rival = np.ones((len(examples), len(parts)), dtype=np.bool_)
        for row, (example, own) in enumerate(zip(examples, right, strict=True)):
            answers = {texts[own][start:end] for start, end in example.spans}
            for column, text in enumerate(texts):
                is_rival[row, column] = column == own or not any(a in text for a in answers)
        questions = [
            e.question.rstrip("?？") if chance.random() < NO_QUESTION_MARK else e.question
            for e in examples
        ]
        return Batch(questions, texts, right, is_rival)


def _nearest_articles(collection: Collection, parts: dict[str, list[int]]) -> NDArray[np.int64]:
    """Return the numbers of the `NEAREST` articles of every article, by their mean vectors."""
    vectors = load_encoder().encode_passages([part.text for part in collection.parts])
    means = np.stack([vectors[numbers].mean(0) for numbers in parts.values()])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    cosines = means @ means.T
    np.fill_diagonal(cosines, -1)
    return np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]
