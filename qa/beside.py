"""What stands beside an answer, sorted by how it goes with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.calendar import iso_of
from index.copies import same_wording
from qa.agreement import Statement, compare, days_of_value
from qa.answers import Alternative, Answer, Citation


@dataclass(frozen=True, slots=True)
class Figure:
    """A value on a timeline.

    Attributes:
        days: What it is of, an ISO day, month or year, or two joined by "/"; None if unknown.
        answer: The value, in the paper's words.
        citation: Where it stands.
    """

    days: str | None
    answer: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Beside:
    """The alternatives of an answer.

    Attributes:
        parts: Answers to other parts of a question that asks several things at once.
        reprints: Papers that print the same copy.
        same: Others that say the same.
        conflicts: What cannot be right together with the answer.
        timeline: Figures of different dates, newest first, the answer among them; empty if
            there are no others.
        others: Whatever else may answer.
    """

    parts: list[Alternative] = field(default_factory=list)
    reprints: list[Alternative] = field(default_factory=list)
    same: list[Alternative] = field(default_factory=list)
    conflicts: list[Alternative] = field(default_factory=list)
    timeline: list[Figure] = field(default_factory=list)
    others: list[Alternative] = field(default_factory=list)


def sort_alternatives(answer: Answer, question: str) -> Beside:
    """Return what is shown beside an answer.

    Args:
        answer: One that cites.
        question: As it was understood.

    Raises:
        ValueError: If the answer cites nothing.
    """
    if answer.citation is None or answer.answer is None or answer.evidence is None:
        raise ValueError("the answer cites nothing")
    said = _state(answer.answer, answer.evidence, answer.citation)
    beside = Beside(parts=list(answer.alternatives[: answer.n_parts]))
    dated = [_figure(said, answer.citation)]
    for other in answer.alternatives[answer.n_parts :]:
        statement = _state(other.answer, other.evidence, other.citation)
        agreement = compare(question, said, statement)
        if other.relation == "same":
            is_copy = same_wording(other.evidence, answer.evidence)
            (beside.reprints if is_copy else beside.same).append(other)
        elif agreement == "conflict" and answer.conflict:
            beside.conflicts.append(other)
        elif agreement == "dated":
            dated.append(_figure(statement, other.citation))
        else:
            beside.others.append(other)
    if len(dated) > 1:
        beside.timeline.extend(_newest_first(dated))
    return beside


def _state(words: str, evidence: str, citation: Citation) -> Statement:
    return Statement(words, evidence, citation.date, citation.article_id)


def _figure(statement: Statement, citation: Citation) -> Figure:
    days = days_of_value(statement)
    return Figure(iso_of(days) if days else None, statement.answer, citation)


def _newest_first(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda figure: figure.days or "", reverse=True)
