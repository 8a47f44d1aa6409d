"""The gold questions on the bundled articles, see `gold/README.md`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

GOLD = Path(__file__).parent / "gold" / "questions.jsonl"

Split = Literal["dev", "test"]
Kind = Literal["answerable", "unanswerable", "chat", "multi", "conflict"]


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """A sentence, or several in a row, that answers a gold question.

    Attributes:
        article_id: Where it stands.
        section: Heading of its section, or None.
        text: Verbatim.
        answer: The span in it, for questions whose evidence gives different ones.
        date: What date that value is of, as far as the text says.
    """

    article_id: str
    section: str | None
    text: str
    answer: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what a right answer to it is; the fields are described in the README."""

    id: str
    split: Split
    kind: Kind
    type: str | None
    paraphrased: bool
    question: str
    history: tuple[str, ...]
    article_id: str | None
    answers: tuple[str, ...]
    evidence: tuple[GoldEvidence, ...]
    reason: str | None


def read_gold(split: Split | None = None, path: Path = GOLD) -> list[GoldQuestion]:
    """Return the gold questions of one half, or of both, in file order."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    questions = [
        GoldQuestion(
            **record
            | {
                "history": tuple(record["history"]),
                "answers": tuple(record["answers"]),
                "evidence": tuple(GoldEvidence(**evidence) for evidence in record["evidence"]),
            }
        )
        for record in records
    ]
    return [question for question in questions if split in (None, question.split)]
