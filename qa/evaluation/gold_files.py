"""Reading gold questions: our JSON lines, SQuAD 2.0 / CMRC 2018 JSON, and CSV."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus import YoujuError
from corpus.formats.jsonl import parse_json, parse_objects
from qa.evaluation.gold_questions import GoldQuestion, Split
from qa.evaluation.squad import SquadError, squad_records

BUNDLED_GOLD = Path(__file__).parent / "gold" / "questions.jsonl"
"""The gold questions on the bundled articles."""

SEPARATOR = "|"
"""Between the accepted answers in one CSV cell."""

CSV_COLUMNS = (
    "id", "split", "kind", "type", "question", "answers", "evidence", "article_id", "section",
    "reason", "differ",
)  # fmt: skip
"""`question` and `answers` are needed."""

Record = Mapping[str, Any]

_QUESTION = TypeAdapter(GoldQuestion)


class GoldError(YoujuError):
    """A gold file cannot be used; the message names the file, the line and the field."""


def bundled_gold(split: Split | None = None) -> list[GoldQuestion]:
    """Return the gold questions on the bundled articles, of one half or both, in file order."""
    return [question for question in read_gold(BUNDLED_GOLD) if split in (None, question.split)]


def read_gold(path: Path) -> list[GoldQuestion]:
    """Return the questions of a gold file, in file order.

    Args:
        path: `.jsonl` or `.jsonl.gz` (ours), `.json` (SQuAD 2.0 or CMRC 2018) or `.csv`, in
            UTF-8; the fields are described in `gold/README.md`.

    Raises:
        GoldError: If the file cannot be read, naming file, line (or place) and field.
    """
    readers = {".jsonl": _jsonl_records, ".json": _json_records, ".csv": _csv_records}
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending not in readers:
        raise GoldError(f"{path}: not a gold file; expected .jsonl, .jsonl.gz, .json or .csv")
    questions: dict[str, GoldQuestion] = {}
    for place, record in readers[ending](_load(path), str(path)):
        question = _check(record, place, default_id=f"{path.name}:{len(questions) + 1}")
        if question.id in questions:
            raise GoldError(f"{place}: field 'id': '{question.id}' was used before")
        questions[question.id] = question
    if not questions:
        raise GoldError(f"{path}: holds no questions")
    return list(questions.values())


def _load(path: Path) -> str:
    try:
        data = path.read_bytes()
        is_packed = path.name.lower().endswith(".gz")
        return (gzip.decompress(data) if is_packed else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise GoldError(f"{path}: cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def _jsonl_records(text: str, path: str) -> Iterator[tuple[str, Record]]:
    for place, record in parse_objects(text, path, GoldError):
        yield place, {key: record[key] for key in record if key != "meta"}


def _json_records(text: str, path: str) -> Iterator[tuple[str, Record]]:
    try:
        for place, record in squad_records(parse_json(text, path, GoldError)):
            yield f"{path}: {place}", record
    except SquadError as error:
        raise GoldError(f"{path}: {error}") from error


def _csv_records(text: str, path: str) -> Iterator[tuple[str, Record]]:
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        columns = [name.strip() for name in next(rows, [])]
        _check_columns(columns, f"{path}:1")
        for row in filter(any, rows):
            place = f"{path}:{rows.line_num}"
            if len(row) != len(columns):
                raise GoldError(f"{place}: {len(row)} cells under {len(columns)} column names")
            yield place, _csv_record(dict(zip(columns, map(str.strip, row), strict=True)))
    except csv.Error as error:
        raise GoldError(f"{path}:{rows.line_num}: not CSV: {error}") from error


def _check_columns(columns: list[str], place: str) -> None:
    for column in columns:
        if column not in CSV_COLUMNS or columns.count(column) > 1:
            raise GoldError(
                f"{place}: unknown or repeated column '{column}' (known: {', '.join(CSV_COLUMNS)})"
            )
    for column in ("question", "answers"):
        if column not in columns:
            raise GoldError(f"{place}: no column '{column}' (found: {', '.join(columns)})")


def _csv_record(cells: dict[str, str]) -> Record:
    filled = {name: cell for name, cell in cells.items() if cell}
    answers = filled.pop("answers", "").split(SEPARATOR)
    section, sentence = filled.pop("section", None), filled.pop("evidence", None)
    source = {"article_id": filled.get("article_id"), "section": section}
    return filled | {
        "answers": [answer.strip() for answer in answers if answer.strip()],
        "evidence": [source | {"text": sentence}] if sentence else [],
    }


def _check(record: Record, place: str, default_id: str) -> GoldQuestion:
    """Return the question of a record, with what may be left out filled in."""
    given_id, answers = record.get("id"), record.get("answers")
    is_number = isinstance(given_id, int) and not isinstance(given_id, bool)
    filled = {
        "kind": "answerable" if answers else "unanswerable",
        **record,
        "id": default_id if given_id is None else str(given_id) if is_number else given_id,
    }
    try:
        question = _QUESTION.validate_python(filled)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise GoldError(f"{place}: field '{field}': {first['msg']}") from error
    if (question.kind == "unanswerable") == bool(question.answers):
        raise GoldError(
            f"{place}: field 'answers': kind is '{question.kind}' but there are "
            f"{len(question.answers)} accepted answers"
        )
    for evidence in question.evidence:
        if evidence.answer and evidence.answer not in evidence.text:
            raise GoldError(f"{place}: field 'evidence': '{evidence.answer}' is not in its text")
    return question
