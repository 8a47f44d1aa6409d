"""Articles as JSON lines: one object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError, YoujuError
from corpus.formats.record import article_of
from corpus.records import Article


def parse_jsonl(lines: str, path: Path) -> Iterator[Article | CorpusError]:
    """Read articles from the text of a JSONL file, in order; blank lines are skipped.

    A line is an object with `id`, `title` and `text` and optionally `date`, `source`,
    `byline` and `section`; newlines in `text` separate paragraphs. Other keys are ignored.

    Args:
        lines: The file's text.
        path: Names the file in errors.

    Returns:
        In place of every line that is not such an object, the error that names file and line.
    """
    for place, line in _numbered(lines, str(path)):
        try:
            yield article_of(_parse_object(line, place, CorpusError), place)
        except CorpusError as error:
            yield error


def parse_objects(
    lines: str, path: str, error: type[YoujuError]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place ("path:line") and the object of every line that is not blank.

    Raises:
        error: Naming file and line, if a line is no JSON object.
    """
    for place, line in _numbered(lines, path):
        yield place, _parse_object(line, place, error)


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


def _numbered(lines: str, path: str) -> Iterator[tuple[str, str]]:
    # Not splitlines(): JSON strings may hold U+2028 and the like unescaped.
    for number, line in enumerate(lines.split("\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", line


def _parse_object(line: str, place: str, error: type[YoujuError]) -> dict[str, Any]:
    record = parse_json(line, place, error)
    if not isinstance(record, dict):
        raise error(f"{place}: expected an object, found {type(record).__name__}")
    return record
