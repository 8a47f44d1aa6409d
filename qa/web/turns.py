"""The turns of a chat, as the browser keeps them."""

from collections.abc import Sequence
from typing import Literal, NotRequired

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from corpus.dates import normalise_limit
from index import ArticleFilter
from qa.records import AnswerRecord

MAX_TURNS = 50
"""Turns a chat keeps; the oldest go first."""

Verdict = Literal["right", "wrong"]


class Scope(TypedDict):
    """Which articles are asked.

    Attributes:
        archive: Token of the uploaded articles, or None for the archive that is served.
        source, since, until: As in `index.ArticleFilter`.
    """

    archive: str | None
    source: str | None
    since: str | None
    until: str | None


class Turn(TypedDict):
    """One question with what was answered.

    Attributes:
        answer: The answer, with the question as typed.
        understood: The question as it was looked up, if that is not as typed.
        scope: Which articles were asked.
        verdict: What the reader said of it.
        n_parts: As in `qa.answers.Answer`; chats that browsers kept from before have none.
    """

    answer: AnswerRecord
    understood: str | None
    scope: Scope
    verdict: Verdict | None
    n_parts: NotRequired[int]


_TURNS = TypeAdapter(list[Turn])


def new_scope(
    archive: str | None = None,
    source: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Scope:
    """Return a scope from what a reader chose; what is left empty wants all.

    Raises:
        ValueError: If a date is none, or an interval.
    """
    days = [normalise_limit(value) if value and value.strip() else None for value in (since, until)]
    return {"archive": archive, "source": source or None, "since": days[0], "until": days[1]}


def wanted(scope: Scope) -> ArticleFilter:
    """Return the filter for the articles of a scope."""
    return ArticleFilter(source=scope["source"], since=scope["since"], until=scope["until"])


def new_turn(
    answer: AnswerRecord,
    scope: Scope | None = None,
    understood: str | None = None,
    n_parts: int = 0,
) -> Turn:
    """Return a turn that nobody has judged yet, over the whole archive if no scope is given."""
    return {
        "answer": answer,
        "understood": understood,
        "scope": scope or new_scope(),
        "verdict": None,
        "n_parts": n_parts,
    }


def restore(stored: object) -> list[Turn]:
    """Return the turns a browser kept; none if they are not of this form."""
    try:
        return _TURNS.validate_python(stored or [], strict=True)[-MAX_TURNS:]
    except ValidationError:
        return []


def append(turns: Sequence[Turn], turn: Turn) -> list[Turn]:
    """Return the chat with one turn more."""
    return [*turns, turn][-MAX_TURNS:]


def history(turns: Sequence[Turn]) -> list[str]:
    """Return the questions asked so far as they were understood, oldest first."""
    return [turn["understood"] or turn["answer"]["question"] for turn in turns]
