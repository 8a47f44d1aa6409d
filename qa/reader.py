"""What the pipeline knows of readers, which cut answers out of passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus import Passage, split_sentences
from index import ScoredPassage
from qa.questions import Question

Span = tuple[int, int]
"""Half-open character offsets."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible answer.

    Attributes:
        scored: The passage it stands in, with its retrieval scores.
        evidence: Offsets of the whole sentence in `passage.text`.
        span: Offsets of the answer in `passage.text`; inside `evidence`.
        score: How well it answers; higher is better, comparable across the passages of a
            question and, where it is a trained reader's, across questions.
        probability: In [0, 1], of this span among all spans of all passages and no answer.
    """

    scored: ScoredPassage
    evidence: Span
    span: Span
    score: float
    probability: float

    @property
    def passage(self) -> Passage:
        """The passage it stands in."""
        return self.scored.passage

    @property
    def evidence_text(self) -> str:
        """The whole sentence."""
        return self.passage.text[slice(*self.evidence)]

    @property
    def answer_text(self) -> str:
        """The words that answer."""
        return self.passage.text[slice(*self.span)]


def evidence_around(text: str, span: Span) -> Span:
    """Return the offsets of the whole sentences that a span of a text lies in."""
    start, end = span
    touched = [(a, b) for a, b in split_sentences(text) if a < end and start < b]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else span


class Reader(Protocol):
    """What the pipeline needs of a reader."""

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """Return possible answers from the passages, best first; none if there is no text."""
        ...
