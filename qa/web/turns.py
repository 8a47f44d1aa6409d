"""The turns of a chat, as the browser keeps them."""

from collections.abc import Sequence
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from qa.records import AnswerRecord

MAX_TURNS = 50
"""Turns a chat keeps; the oldest go first."""

Verdict = Literal["right", "wrong"]


class Turn(TypedDict):
    """One question with what was answered.

    Attributes:
        answer: The answer, with the question as typed.
        understood: The question as it was looked up, if that is not as typed.
        archive: Token of the uploaded articles that were asked, or None for the archive.
        verdict: What the reader said of it.
    """

    answer: AnswerRecord
    understood: str | None
    archive: str | None
    verdict: Verdict | None


_TURNS = TypeAdapter(list[Turn])


def new_turn(
    answer: AnswerRecord, archive: str | None = None, understood: str | None = None
) -> Turn:
    """Return a turn that nobody has judged yet."""
    return {"answer": answer, "understood": understood, "archive": archive, "verdict": None}


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
