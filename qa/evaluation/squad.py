"""Questions in the JSON of SQuAD 2.0, in both layouts that CMRC 2018 was published in.

`{"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}`, or a list
of `{"context_text", "qas": [{"query_id", "query_text", "answers"}]}`. An answer is
`{"text", "answer_start"}` or bare text.
"""

from collections.abc import Iterator
from typing import Any

from corpus.sentences import split_sentences


class SquadError(ValueError):
    """The document is not of this form; the message says where."""


def squad_records(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    """Yield every question with its place in the document, in order.

    Yields:
        (place, record); the record has the fields of a gold question, with the sentences
        around the answers as evidence.

    Raises:
        SquadError: If a part is missing, or an answer is not in its context.
    """
    for place, paragraph, _, context in _paragraphs(document):
        for i, item in enumerate(_field(paragraph, ("qas",), list, place)):
            yield f"{place}qas[{i}]", _record(item, context, f"{place}qas[{i}].")


def squad_contexts(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield title ("" if there is none) and text of every context, in order.

    Raises:
        SquadError: If a part is missing.
    """
    for _, _, title, context in _paragraphs(document):
        yield title, context


def _paragraphs(document: Any) -> Iterator[tuple[str, Any, str, str]]:  # noqa: ANN401
    """Yield place, paragraph, title and context."""
    if isinstance(document, list):
        found = [(f"[{i}].", paragraph, paragraph) for i, paragraph in enumerate(document)]
    else:
        found = [
            (f"data[{i}].paragraphs[{j}].", paragraph, article)
            for i, article in enumerate(_field(document, ("data",), list, ""))
            for j, paragraph in enumerate(_field(article, ("paragraphs",), list, f"data[{i}]."))
        ]
    for place, paragraph, titled in found:
        context = _field(paragraph, ("context", "context_text"), str, place)
        yield place, paragraph, str(titled.get("title") or ""), context


def _record(item: Any, context: str, place: str) -> dict[str, Any]:  # noqa: ANN401
    question = _field(item, ("question", "query_text"), str, place)
    is_impossible = item.get("is_impossible", False)
    answers = [] if is_impossible else _field(item, ("answers",), list, place)
    spans = [_locate(answer, context, f"{place}answers[{i}]") for i, answer in enumerate(answers)]
    sentences = dict.fromkeys(_sentence_around(context, *span) for span in spans)
    return {
        "id": item.get("id", item.get("query_id")),
        "question": question,
        "answers": list(dict.fromkeys(context[start:end] for start, end in spans)),
        "evidence": [{"text": sentence} for sentence in sentences],
    }


def _locate(answer: Any, context: str, place: str) -> tuple[int, int]:  # noqa: ANN401
    record = {"text": answer} if isinstance(answer, str) else answer
    text = _field(record, ("text",), str, f"{place}.")
    start = record.get("answer_start", -1)
    if not isinstance(start, int) or start < 0 or not context.startswith(text, start):
        start = context.find(text)  # some published offsets are a few characters out
    if not text or start < 0:
        raise SquadError(f"{place}.text: '{text}' is not in its context")
    return start, start + len(text)


def _sentence_around(context: str, start: int, end: int) -> str:
    line_start = 0
    for line in context.splitlines(keepends=True):
        for first, last in split_sentences(line):
            if line_start + first <= start and end <= line_start + last:
                return line[first:last]
        line_start += len(line)
    return context[start:end]  # an answer over several sentences is its own evidence


def _field(record: Any, names: tuple[str, ...], kind: type, place: str) -> Any:  # noqa: ANN401
    if not isinstance(record, dict):
        raise SquadError(f"{place or 'top level'}: expected an object")
    for name in names:
        if isinstance(record.get(name), kind):
            return record[name]
    raise SquadError(f"{place}{names[0]}: expected {kind.__name__}")
