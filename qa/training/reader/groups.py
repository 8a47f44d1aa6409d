"""Training groups: a question with the passages it is to be read in."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import split_sentences
from qa.evaluation.typed_forms import type_as
from qa.reader_inputs import ReaderInput, ReaderTokenizer, token_span
from qa.training.examples import Collection, Example, Part

UNANSWERABLE = 0.2
"""Share of answerable questions whose answer is taken away."""

UNANSWERABLE_NEWS = 0.08
"""The same for news, where a quarter of the questions has no answer anyway."""

SAME_ARTICLE, NEIGHBOUR = 0.35, 0.55
"""Where a wrong passage comes from; the rest is from anywhere."""

NO_CONTEXT = 0.15
"""Share of groups without title, section and date."""

WORD_DROPOUT, DROPPED_WORDS = 0.15, 0.2
"""Share of questions that lose tokens, and of the tokens they lose: less faith in wording."""

NO_QUESTION_MARK = 0.2
HASTY = 0.16
"""Share of questions typed in a hurry: as keywords, or with a slip."""

HASTY_FORMS = ("keywords", "keywords", "keywords", "homophone", "swapped", "dropped")
"""Half of those are keywords, which change a question most."""

SHORTEST_REST = 40
"""Characters that must be left of a passage when its answering sentence is removed."""


@dataclass(frozen=True, slots=True)
class Group:
    """One question's inputs, and the accepted token spans in each (none: no answer)."""

    inputs: list[ReaderInput]
    gold: list[list[tuple[int, int]]]

    @property
    def n_tokens(self) -> int:
        """Tokens of all inputs."""
        return sum(len(item.ids) for item in self.inputs)


class GroupMaker:
    """Draws groups for the questions of one collection."""

    def __init__(
        self,
        collection: Collection,
        neighbours: NDArray[np.int32],
        tokenizer: ReaderTokenizer,
        unanswerable: float,
    ) -> None:
        self._collection, self._tokenizer = collection, tokenizer
        self._neighbours, self._unanswerable = neighbours, unanswerable
        self._articles: dict[str, list[int]] = {}
        for number, part in enumerate(collection.parts):
            self._articles.setdefault(part.article_id, []).append(number)

    def __len__(self) -> int:
        return len(self._collection.examples)

    def make(self, number: int, size: int, chance: random.Random) -> Group:
        """Return a group of `size` passages for question `number`, in random order."""
        example = self._collection.examples[number]
        part = self._collection.parts[example.part]
        first: tuple[Part, tuple[tuple[int, int], ...]] | None = (part, example.spans)
        if example.spans and chance.random() < self._unanswerable:
            first = _without_answer(part, example) if chance.random() < 0.5 else None
        wrong = self._draw_wrong(number, size if first is None else size - 1, chance)
        chosen = [(self._collection.parts[n], ()) for n in wrong]
        chosen += [first] if first else []
        chance.shuffle(chosen)
        question = self._question(example.question, chance)
        has_context = chance.random() >= NO_CONTEXT
        inputs, gold = [], []
        for passage, spans in chosen:
            item = self._tokenizer.join(
                question, passage.context if has_context else "", passage.text
            )
            tokens = [token_span(item.offsets, *span) for span in spans]
            inputs.append(item)
            gold.append([span for span in tokens if span])
        return Group(inputs, gold)

    def _draw_wrong(self, number: int, size: int, chance: random.Random) -> list[int]:
        example = self._collection.examples[number]
        near = [n for n in self._neighbours[number].tolist() if n >= 0]
        same = self._other_parts(example)
        chosen: set[int] = set()
        for _ in range(20 * size):
            if len(chosen) == size:
                break
            source = chance.random()
            if source < SAME_ARTICLE and same:
                candidate = chance.choice(same)
            elif source < SAME_ARTICLE + NEIGHBOUR and near:
                # Squared, so that the nearest come up most.
                candidate = near[int(len(near) * chance.random() ** 2)]
            else:
                candidate = chance.randrange(len(self._collection.parts))
                if not self._is_wrong(example, candidate):
                    continue
            chosen.add(candidate)
        return sorted(chosen)

    def _other_parts(self, example: Example) -> list[int]:
        article_id = self._collection.parts[example.part].article_id
        return [n for n in self._articles[article_id] if self._is_wrong(example, n)]

    def _is_wrong(self, example: Example, number: int) -> bool:
        """Whether a part is not the one asked about and holds no accepted answer."""
        text, gold = self._collection.parts[number].text, self._collection.parts[example.part].text
        return number != example.part and not any(gold[a:b] in text for a, b in example.spans)

    def _question(self, question: str, chance: random.Random) -> list[int]:
        if chance.random() < NO_QUESTION_MARK:
            question = question.rstrip("?？")
        if chance.random() < HASTY:
            question = type_as(chance.choice(HASTY_FORMS), question)
        ids = self._tokenizer.question(question)
        if chance.random() < WORD_DROPOUT:
            ids = [i for i in ids if chance.random() >= DROPPED_WORDS] or ids
        return ids


def _without_answer(part: Part, example: Example) -> tuple[Part, tuple[()]] | None:
    """The part without the sentences that answer; None if too little or the answer is left."""
    kept = [
        part.text[start:end]
        for start, end in split_sentences(part.text)
        if not any(start < b and a < end for a, b in example.spans)
    ]
    rest = "".join(kept)
    if len(rest) < SHORTEST_REST or any(part.text[a:b] in rest for a, b in example.spans):
        return None
    return Part(part.article_id, part.context, rest), ()


def endless_order(n: int, seen: int, seed: int) -> Iterator[int]:
    """Yield 0 to n - 1 in a new random order each pass, beginning after `seen` of them."""
    while n:
        n_pass, place = divmod(seen, n)
        for number in np.random.default_rng([seed, n_pass]).permutation(n)[place:].tolist():
            yield number
            seen += 1


def even_shares(groups: list[Group], n: int) -> list[list[Group]]:
    """Return the groups in at most n shares of about as many tokens, so that no thread waits."""
    shares: list[list[Group]] = [[] for _ in range(n)]
    sizes = [0] * n
    for group in sorted(groups, key=lambda group: -group.n_tokens):
        lightest = sizes.index(min(sizes))
        shares[lightest].append(group)
        sizes[lightest] += group.n_tokens
    return [share for share in shares if share]
