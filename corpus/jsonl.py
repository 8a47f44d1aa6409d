"""Articles as JSON lines: one object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.records import Article, Section

_REQUIRED = ("id", "title", "text")
_OPTIONAL = ("date", "source", "byline", "section")


def parse_jsonl(lines: str, path: Path) -> Iterator[Article]:
    """Read articles from the text of a JSONL file, in order; blank lines are skipped.

    A line is an object with `id`, `title` and `text` and optionally `date`, `source`,
    `byline` and `section`; newlines in `text` separate paragraphs. Other keys are ignored.

    Args:
        lines: The file's text.
        path: Names the file in errors.

    Raises:
        CorpusError: Naming file and line, if a line is not such an object.
    """
    # Not splitlines(): JSON strings may hold U+2028 and the like unescaped.
    for number, line in enumerate(lines.split("\n"), start=1):
        if line.strip():
            yield _parse_line(line, f"{path}:{number}")


def _parse_line(line: str, place: str) -> Article:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # a number too long, or nested too deep
        raise CorpusError(f"{place}: not JSON that can be read: {error}") from error
    if not isinstance(record, dict):
        raise CorpusError(f"{place}: expected an object, found {type(record).__name__}")
    for key in _REQUIRED:
        if key not in record:
            raise CorpusError(f"{place}: missing key '{key}' (found: {', '.join(record)})")
    values = {key: _text(record, key, place) for key in (*_REQUIRED, *_OPTIONAL)}
    paragraphs = tuple(p for p in map(str.strip, (values["text"] or "").splitlines()) if p)
    if not paragraphs:
        raise CorpusError(f"{place}: 'text' is empty")
    if values["date"] is not None:
        try:
            values["date"] = normalise_date(values["date"])
        except ValueError as error:
            raise CorpusError(f"{place}: date: {error}") from error
    return Article(
        id=values["id"] or "",
        title=values["title"] or "",
        sections=(Section(values["section"], paragraphs),),
        source=values["source"],
        byline=values["byline"],
        date=values["date"],
    )


def _text(record: dict[str, Any], key: str, place: str) -> str | None:
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise CorpusError(f"{place}: '{key}' must be text, found {type(value).__name__}")
    if value is not None and any("\ud800" <= character <= "\udfff" for character in value):
        raise CorpusError(f"{place}: '{key}' holds half of a character (a lone surrogate)")
    if key in ("id", "title") and not (value or "").strip():
        raise CorpusError(f"{place}: '{key}' is empty")
    return value
