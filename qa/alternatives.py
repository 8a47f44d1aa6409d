"""Which other readings are shown beside the best one, and which of several values comes first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.times import find_times
from qa.agreement import Agreement, Statement, compare, is_newer
from qa.lists import asks_for_list, lacks_items, place_of_list, with_all_items
from qa.reader import Reading

MAX_ALTERNATIVES = 3

LEAST_CONFIDENCE = 0.1
"""A reading as sure as this is shown beside the answer."""

MISSING_ITEM_CONFIDENCE = 0.05
"""The same where a question asks for more things (哪两家) than the answer names."""

LEAST_SCORE = -1.0
"""So is one that scores this much against no answer (0), whatever is better than it. Set on
development questions: there it shows more of what contradicts, and little else."""

CONFLICT_LEAST_SHARE = 0.1
"""A reading contradicts the answer only if it is this sure beside it. Set on contradictions planted
into CMRC 2018: what is less sure is mostly of another thing."""

NEWEST_LEAST_SHARE = 0.3
"""Of two figures of different dates the newer comes first if it is this sure beside the other."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading with how sure it is.

    Attributes:
        reading: Where and what.
        confidence: Probability, in [0, 1], that it is right.
        date: Of the article, see `corpus.Article.date`.
    """

    reading: Reading
    confidence: float
    date: str | None

    @property
    def statement(self) -> Statement:
        """Its value, for comparing."""
        reading = self.reading
        article_id = reading.passage.article_id
        return Statement(reading.answer_text, reading.evidence_text, self.date, article_id)


Beside = tuple[Candidate, Agreement]
"""A reading that is shown beside the answer, and how it goes with it."""


def choose(question: str, candidates: Sequence[Candidate]) -> tuple[Candidate, list[Beside]]:
    """Return the reading to answer with, and those to show beside it, best first.

    The best reading answers, unless another gives a newer figure of the same thing and the
    question does not say of what time it is to be, or enumerates what is asked for.

    Args:
        question: As asked.
        candidates: Best first; at least one.
    """
    best = candidates[0]
    if asks_for_list(question):
        best = candidates[place_of_list(question, [one.reading for one in candidates])]
        best = replace(best, reading=with_all_items(question, best.reading))
        is_short = lacks_items(question, best.reading.answer_text)
        return best, _beside(
            question, best, candidates, MISSING_ITEM_CONFIDENCE if is_short else LEAST_CONFIDENCE
        )
    beside = _beside(question, best, candidates)
    newer = [
        other
        for other, agreement in beside
        if agreement == "dated"
        and other.confidence >= NEWEST_LEAST_SHARE * best.confidence
        and is_newer(other.statement, best.statement)
    ]
    if not newer or find_times(question, None):
        return best, beside
    return newer[0], _beside(question, newer[0], candidates)


def _beside(
    question: str,
    best: Candidate,
    candidates: Sequence[Candidate],
    least: float = LEAST_CONFIDENCE,
) -> list[Beside]:
    """One reading of every other sentence, as far as it is sure enough."""
    found: dict[object, Beside] = {}
    for other in candidates:
        sentence = other.reading.passage, other.reading.evidence
        if sentence == (best.reading.passage, best.reading.evidence):
            continue
        if other.confidence < least and other.reading.score < LEAST_SCORE:
            continue
        held = found.get(sentence)
        if held is None or held[1] == "different":
            agreement = _compare(question, best, other)
            if held is None or agreement != "different":
                found[sentence] = other, agreement
    return list(found.values())[:MAX_ALTERNATIVES]


def _compare(question: str, best: Candidate, other: Candidate) -> Agreement:
    agreement = compare(question, best.statement, other.statement)
    is_doubtful = other.confidence < CONFLICT_LEAST_SHARE * best.confidence
    return "different" if agreement == "conflict" and is_doubtful else agreement
