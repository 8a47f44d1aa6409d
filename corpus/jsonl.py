"""Articles as JSON lines: one object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.dates import normalise_date
from corpus.errors import CorpusError, YoujuError
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
    for place, record in parse_objects(lines, str(path), CorpusError):
        yield _article(record, place)


def parse_objects(
    lines: str, path: str, error: type[YoujuError]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place ("path:line") and the object of every line that is not blank.

    Raises:
        error: Naming file and line, if a line is no JSON object.
    """
    # Not splitlines(): JSON strings may hold U+2028 and the like unescaped.
    for number, line in enumerate(lines.split("\n"), start=1):
        if line.strip():
            place = f"{path}:{number}"
            record = parse_json(line, place, error)
            if not isinstance(record, dict):
                raise error(f"{place}: expected an object, found {type(record).__name__}")
            yield place, record


def parse_json(text: str, place: str, error: type[YoujuError]) -> Any:  # noqa: ANN401
    """Return the value that a text is the JSON of.

    Raises:
        error: Saying where the text stops being JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as cause:
        line = f"line {cause.lineno}, " if "\n" in text else ""
        raise error(f"{place}: not JSON: {cause.msg} at {line}column {cause.colno}") from cause
    except (ValueError, RecursionError) as cause:  # a number too long, or nested too deep
        raise error(f"{place}: not JSON that can be read: {cause}") from cause


def _article(record: dict[str, Any], place: str) -> Article:
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
