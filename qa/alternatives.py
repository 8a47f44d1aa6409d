"""Which other readings are shown beside the best one, and which of several values comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.times import find_times
from qa.agreement import Agreement, Statement, compare, is_newer
from qa.reader import Reading

MAX_ALTERNATIVES = 3

LEAST_CONFIDENCE = 0.1
"""A reading as sure as this is shown beside the answer."""

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
        statement: Its value, for comparing.
    """

    reading: Reading
    confidence: float
    statement: Statement


Beside = tuple[Candidate, Agreement]
"""A reading that is shown beside the answer, and how it goes with it."""


def choose(question: str, candidates: Sequence[Candidate]) -> tuple[Candidate, list[Beside]]:
    """Return the reading to answer with, and those to show beside it, best first.

    The best reading answers, unless another gives a newer figure of the same thing and the
    question does not say of what time it is to be.

    Args:
        question: As asked.
        candidates: Best first; at least one.
    """
    best = candidates[0]
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


def _beside(question: str, best: Candidate, candidates: Sequence[Candidate]) -> list[Beside]:
    """One reading of every other sentence, as far as it is sure enough."""
    found: dict[object, Beside] = {}
    for other in candidates:
        sentence = other.reading.passage, other.reading.evidence
        if sentence == (best.reading.passage, best.reading.evidence) or not _is_sure(other):
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


def _is_sure(candidate: Candidate) -> bool:
    return candidate.confidence >= LEAST_CONFIDENCE or candidate.reading.score >= LEAST_SCORE
