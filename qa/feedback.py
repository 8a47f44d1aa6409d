"""What readers say of answers, kept in SQLite, and exported as candidates for a gold set."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from corpus import YoujuError
from qa.records import AnswerRecord

MAX_EXPECTED = 500
"""Characters of a right answer that a reader may give."""

MAX_ENTRIES = 100_000
"""So that nobody can fill the disk through the page."""

_SCHEMA = """CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, is_right INTEGER NOT NULL, expected TEXT,
    answer TEXT NOT NULL)"""


class FeedbackError(YoujuError):
    """Feedback cannot be kept or read."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one reader said of one answer.

    Attributes:
        time: When, ISO 8601 in UTC, whole seconds.
        is_right: Whether the reader held the answer, or the refusal, for right.
        expected: The right answer in the reader's words, or None.
        answer: What was shown; its question as it was understood, so that it stands alone.
    """

    time: str
    is_right: bool
    expected: str | None
    answer: AnswerRecord


def default_feedback_file() -> Path:
    """Return where feedback is kept unless another file is named."""
    return platformdirs.user_data_path("youju", appauthor=False) / "feedback.sqlite"


class FeedbackStore:
    """Feedback in one SQLite file, which is made when the first comes in."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def prepare(self) -> None:
        """Make the file if it is not there.

        Raises:
            FeedbackError: If it cannot be written, or is another file.
        """
        with self._open():
            pass

    def add(self, answer: AnswerRecord, is_right: bool, expected: str | None = None) -> None:
        """Keep what a reader said of an answer.

        Raises:
            FeedbackError: If the file cannot be written or is full.
            ValueError: If the right answer is longer than `MAX_EXPECTED` characters.
        """
        words = (expected or "").strip()
        if len(words) > MAX_EXPECTED:
            raise ValueError(f"a right answer of {len(words)} characters; {MAX_EXPECTED} at most")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (now, is_right, words or None, json.dumps(answer, ensure_ascii=False))
        with self._open() as connection, connection:
            [(n,)] = connection.execute("SELECT count(*) FROM feedback").fetchall()
            if n >= MAX_ENTRIES:
                raise FeedbackError(
                    f"{self.file} holds {n} entries; export them and move the file away"
                )
            connection.execute(
                "INSERT INTO feedback (time, is_right, expected, answer) VALUES (?, ?, ?, ?)", row
            )

    def read(self) -> list[Feedback]:
        """Return everything, oldest first.

        Raises:
            FeedbackError: If the file cannot be read, or is another one.
        """
        if not self.file.exists():
            return []
        with self._open("ro") as connection:
            rows = connection.execute(
                "SELECT time, is_right, expected, answer FROM feedback ORDER BY id"
            ).fetchall()
        return [
            Feedback(time, bool(is_right), expected, json.loads(answer))
            for time, is_right, expected, answer in rows
        ]

    @contextlib.contextmanager
    def _open(self, mode: str = "rwc") -> Iterator[sqlite3.Connection]:
        """Open the file to read ("ro") or to write; no other database is changed."""
        try:
            if mode != "ro":
                self.file.parent.mkdir(parents=True, exist_ok=True)
            address = f"{self.file.resolve().as_uri()}?mode={mode}"
            with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
                if "feedback" not in tables and (tables or mode == "ro"):
                    raise FeedbackError(
                        f"{self.file} is no feedback file; name another with --feedback"
                    )
                if mode != "ro":
                    connection.execute(_SCHEMA)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(
                f"feedback file {self.file}: {error}; name another with --feedback"
            ) from error


def gold_candidates(entries: list[Feedback]) -> list[dict[str, Any]]:
    """Return what readers said as gold questions for a person to check, oldest first.

    Of several words on one question the last count. An answer called wrong without the
    right one is left out: nobody knows what is right.
    """
    latest = {entry.answer["question"]: entry for entry in entries}
    candidates = (_candidate(number, entry) for number, entry in enumerate(latest.values(), 1))
    return [candidate for candidate in candidates if candidate]


def _candidate(number: int, entry: Feedback) -> dict[str, Any] | None:
    shown, citation = entry.answer, entry.answer["citation"]
    base = {"id": f"feedback-{number}", "question": shown["question"]}
    if entry.expected:
        return {**base, "kind": "answerable", "answers": [entry.expected], "evidence": []}
    if not entry.is_right:
        return None
    if citation is None:
        return {**base, "kind": "unanswerable", "answers": [], "reason": shown["reason"]}
    place = {key: citation[key] for key in ("article_id", "section")}
    return {
        **base,
        "kind": "answerable",
        "answers": [shown["answer"]],
        "evidence": [{"text": shown["evidence"], **place}],
        "article_id": citation["article_id"],
    }
