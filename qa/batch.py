"""Reading batch lines: a bare question, or a JSON object with id, question and history."""

import json
from collections.abc import Callable, Iterable, Iterator

from index import ALL, ArticleFilter
from qa.answers import Answer
from qa.pipeline import Pipeline, Request


class BatchLineError(ValueError):
    """A batch line is not a question; the message is one Chinese sentence.

    Attributes:
        id: The id that the line gives, as far as it can be read, or None.
    """

    def __init__(self, message: str, id: str | None = None) -> None:
        super().__init__(message)
        self.id = id


def parse_batch(lines: Iterable[str]) -> Iterator[Request | tuple[str, str, BatchLineError]]:
    """Read batch lines, in order; blank lines are skipped.

    A line without an id, or with null for one, gets its number, counted from 1.

    Yields:
        A request, or (id, line, error) for a line that looks like JSON and is no request; the id
        is the line's own where it can be read.
    """
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        try:
            yield _parse_line(text, str(number))
        except BatchLineError as error:
            yield str(number) if error.id is None else error.id, text, error


def answer_batch(
    pipeline: Pipeline,
    lines: Iterable[str],
    wanted: ArticleFilter = ALL,
    on_understood: Callable[[str], None] = lambda _: None,
) -> Iterator[Answer]:
    """Answer batch lines from the articles that are wanted, in order.

    What is no request gets status "invalid". `on_understood` is told as by `Pipeline.ask`.
    """
    for item in parse_batch(lines):
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


def _parse_line(text: str, number: str) -> Request:
    if not text.startswith("{"):
        return Request(text, number)
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise BatchLineError(f"第{number}行不是合法的JSON（第{error.colno}列）。") from error
    except (ValueError, RecursionError) as error:  # a number too long, or nested too deep
        raise BatchLineError(f"第{number}行的JSON无法读取。") from error
    line_id = record.get("id")
    if isinstance(line_id, bool) or not isinstance(line_id, str | int | None):
        raise BatchLineError(f"第{number}行的“id”应是文字或整数。")
    line_id = None if line_id is None else str(line_id)
    question, history = record.get("question"), record.get("history", [])
    if not isinstance(question, str):
        raise BatchLineError(f"第{number}行缺少文字字段“question”。", line_id)
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise BatchLineError(f"第{number}行的“history”应是由问题组成的列表。", line_id)
    return Request(question, number if line_id is None else line_id, tuple(history))
