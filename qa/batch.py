"""Reading batch lines: a bare question, or a JSON object with id, question and history."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from index import ALL, ArticleFilter
from qa.answers import Answer
from qa.pipeline import Pipeline, Request

KEYS = ("id", "question", "history")
"""Of a batch line; others ride along unused."""

ALIKE = 0.85
"""From this similarity on a key is a misspelt one, see `difflib`: "histroy" is at .857."""

MAX_SHOWN = 30
"""Characters of a key that are shown."""

_KNOWN = "、".join(f"“{key}”" for key in KEYS)


class BatchLineError(ValueError):
    """A batch line is not a question; the message is one Chinese sentence.

    Attributes:
        id: The id that the line gives, as far as it can be read, or None.
    """

    def __init__(self, message: str, id: str | None = None) -> None:
        super().__init__(message)
        self.id = id


def parse_batch(
    lines: Iterable[str], on_unused: Callable[[str], None] = lambda _: None
) -> Iterator[Request | tuple[str, str, BatchLineError]]:
    """Read batch lines, in order; blank lines are skipped.

    A line without an id, or with null for one, gets its number, counted from 1. Other keys than
    `KEYS` are not used; a line that has one of them misspelt, and not rightly spelt beside it, is
    no request.

    Args:
        lines: The lines.
        on_unused: Told once of each key that is not used, in one Chinese sentence.

    Yields:
        A request, or (id, line, error) for a line that looks like JSON and is no request; the id
        is the line's own where it can be read.
    """
    unused: set[str] = set()
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        try:
            record = _parse_object(text, number) if text.startswith("{") else {"question": text}
            request = _to_request(record, number)
        except BatchLineError as error:
            yield str(number) if error.id is None else error.id, text, error
            continue
        for key in [key for key in record if key not in {*KEYS, *unused}]:
            unused.add(key)
            on_unused(f"第{number}行起的字段{_shown(key)}没有用到；可用的字段是{_KNOWN}。")
        yield request


def answer_batch(
    pipeline: Pipeline,
    lines: Iterable[str],
    wanted: ArticleFilter = ALL,
    on_understood: Callable[[str], None] = lambda _: None,
    on_unused: Callable[[str], None] = lambda _: None,
) -> Iterator[Answer]:
    """Answer batch lines from the articles that are wanted, in order.

    What is no request gets status "invalid". `on_understood` is told as by `Pipeline.ask`, and
    `on_unused` as by `parse_batch`.
    """
    for item in parse_batch(lines, on_unused):
        if isinstance(item, Request):
            yield pipeline.ask(
                item.question,
                item.history,
                item.id,
                wanted=wanted,
                on_understood=on_understood,
            )
        else:
            line_id, text, error = item
            yield Answer(line_id, text, "invalid", reason=str(error))


def _parse_object(text: str, number: int) -> dict[str, object]:
    try:
        record: dict[str, object] = json.loads(text)
    except json.JSONDecodeError as error:
        raise BatchLineError(f"第{number}行不是合法的JSON（第{error.colno}列）。") from error
    except (ValueError, RecursionError) as error:  # a number too long, or nested too deep
        raise BatchLineError(f"第{number}行的JSON无法读取。") from error
    return record


def _to_request(record: Mapping[str, object], number: int) -> Request:
    line_id = record.get("id")
    if isinstance(line_id, bool) or not isinstance(line_id, str | int | None):
        raise BatchLineError(f"第{number}行的“id”应是文字或整数。")
    line_id = None if line_id is None else str(line_id)
    for key in record:
        if meant := _meant_by(key, record):
            raise BatchLineError(
                f"第{number}行的字段{_shown(key)}应写作“{meant}”；可用的字段是{_KNOWN}。", line_id
            )
    question, history = record.get("question"), record.get("history", [])
    if not isinstance(question, str):
        found = "、".join(map(_shown, record)) or "没有字段"
        raise BatchLineError(
            f"第{number}行缺少文字字段“question”（有的是：{found}；可用的是：{_KNOWN}）。", line_id
        )
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise BatchLineError(f"第{number}行的“history”应是由问题组成的列表。", line_id)
    return Request(question, str(number) if line_id is None else line_id, tuple(history))


def _meant_by(key: str, record: Mapping[str, object]) -> str | None:
    """The key of a line that another is a misspelling of, if the line lacks it."""
    if key in KEYS:
        return None
    missing = [known for known in KEYS if known not in record]
    return next(iter(get_close_matches(key.strip().lower(), missing, 1, ALIKE)), None)


def _shown(key: str) -> str:
    return f"“{key[:MAX_SHOWN]}{'…' if len(key) > MAX_SHOWN else ''}”"
