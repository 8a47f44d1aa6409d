"""The raw question sets as passages and questions on them.

Public sets hold whole Wikipedia paragraphs; they are cut at sentence ends to the length of
newspaper paragraphs. Our own news comes as articles with paragraphs, see `read_news`.
"""

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.sentences import split_sentences

NEWS = Path(__file__).with_name("data") / "news.jsonl"
"""Our own articles and questions, see `data/README.md`."""

PAPERS = NEWS.with_name("papers.jsonl")
"""Questions on bundled articles of the development half, a gold file; never trained on. See
`data/PAPERS.md`."""

EVERYDAY = NEWS.with_name("everyday.txt")
"""Questions about everyday life, one a line, which no newspaper article answers."""

TRAINING_SETS = (("cmrc2018", "train"), ("cmrc2018", "trial"), ("drcd", "dev"))
"""All that may train; every other set in that folder is for measuring only."""

PART_LENGTHS = (160, 230, 300)
"""Characters. Each article is cut to one of these, by its id, so that lengths vary."""

SHORTEST_PART = 60
"""Characters; a shorter end of an article is joined to the part before it."""

ONE_IN_HELD_BACK = 10
"""One news article in so many is for development and never trained on."""

_QUOTES = str.maketrans("「」『』", "“”‘’")
"""DRCD has Taiwan's quotation marks, the papers have the mainland's; one character each."""


@dataclass(frozen=True, slots=True)
class Part:
    """A passage for training.

    Attributes:
        article_id: Of the article it is from.
        context: Title, section and date, joined by " · "; never part of an answer.
        text: What answers are cut from.
    """

    article_id: str
    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """One question.

    Attributes:
        id: Unique in its collection.
        question: As asked.
        part: Number of the part that answers, or nearly does.
        spans: Accepted answers in that part, half-open character offsets; none if the
            question is unanswerable.
        is_paraphrased: Whether it is worded unlike the text (known for news only).
    """

    id: str
    question: str
    part: int
    spans: tuple[tuple[int, int], ...]
    is_paraphrased: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """Parts, and questions on them by number of the part."""

    parts: list[Part]
    examples: list[Example]


def read_public(folder: Path, sets: Iterable[tuple[str, str]] = TRAINING_SETS) -> Collection:
    """Read public sets as one collection.

    Questions whose answer runs over a cut are left out.

    Args:
        folder: Holds `<name>/passages.<split>.jsonl` and `<name>/questions.<split>.jsonl`.
        sets: Names and splits, e.g. ("cmrc2018", "train").
    """
    parts: list[Part] = []
    examples: list[Example] = []
    for name, split in sets:
        place = folder / name
        cuts: dict[str, list[tuple[int, int, int]]] = {}
        for passage in read_lines(place / f"passages.{split}.jsonl"):
            text = passage["text"].translate(_QUOTES)
            cuts[passage["id"]] = []
            for start, end in cut(text, _part_length(passage["id"])):
                cuts[passage["id"]].append((start, end, len(parts)))
                parts.append(Part(passage["id"], passage["title"], text[start:end]))
        for question in read_lines(place / f"questions.{split}.jsonl"):
            example = _place(question, cuts[question["passage_id"]])
            if example:
                examples.append(example)
    return Collection(parts, examples)


def _place(question: dict[str, Any], cuts: list[tuple[int, int, int]]) -> Example | None:
    """The question on the part that holds its first answer; None if no part does."""
    starts = question.get("answer_starts") or [question["answer_start"]]
    found: dict[int, set[tuple[int, int]]] = {}
    for answer, answer_start in zip(question["answers"], starts, strict=False):
        answer_end = answer_start + len(answer)
        for start, end, number in cuts:
            if start <= answer_start and answer_end <= end:
                found.setdefault(number, set()).add((answer_start - start, answer_end - start))
    if not found:
        return None
    number, spans = next(iter(found.items()))
    return Example(question["id"], question["question"], number, tuple(sorted(spans)))


def cut(text: str, max_length: int) -> list[tuple[int, int]]:
    """Cut a text at sentence ends into parts of about equal length, as `corpus.passages` does.

    Returns:
        Half-open offsets; a single sentence longer than `max_length` stays whole.
    """
    sentences = split_sentences(text)
    if not sentences:
        return []
    target = len(text) / math.ceil(len(text) / max_length)
    parts = [sentences[0]]
    for start, end in sentences[1:]:
        part_start, part_end = parts[-1]
        longer, shorter = end - part_start, part_end - part_start
        if longer > max_length or abs(longer - target) > abs(shorter - target):
            parts.append((start, end))
        else:
            parts[-1] = (part_start, end)
    start, end = parts[-1]
    if len(parts) > 1 and end - start < SHORTEST_PART:
        parts[-2:] = [(parts[-2][0], end)]
    return parts


def _part_length(article_id: str) -> int:
    return PART_LENGTHS[_hash(article_id) % len(PART_LENGTHS)]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def read_news(*, held_back: bool | None, file: Path = NEWS) -> Collection:
    """Read our own news articles.

    Args:
        held_back: True for the articles kept for development, False for the others, None for
            both.
        file: One article a line.
    """
    parts: list[Part] = []
    examples: list[Example] = []
    for article in read_lines(file):
        if held_back not in (None, is_held_back(article["id"])):
            continue
        first = len(parts)
        for paragraph in article["paragraphs"]:
            fields = (article["title"], paragraph["section"])
            context = " · ".join(field for field in fields if field)
            parts.append(Part(article["id"], context, paragraph["text"]))
        for number, question in enumerate(article["questions"]):
            part = first + question["paragraph"]
            spans = _occurrences(parts[part].text, question["answers"])
            identifier = f"{article['id']}#{number}"
            examples.append(
                Example(identifier, question["question"], part, spans, question["paraphrased"])
            )
    return Collection(parts, examples)


def ask_everyday(parts: list[Part], file: Path = EVERYDAY) -> Collection:
    """Return parts of a newspaper and questions about everyday life, which none of them answers."""
    questions = file.read_text(encoding="utf-8").splitlines()
    return Collection(
        parts,
        [
            Example(f"everyday#{number}", question, number % len(parts), ())
            for number, question in enumerate(questions)
        ],
    )


def is_held_back(article_id: str) -> bool:
    """Whether a news article is kept for development and never trained on."""
    return _hash(article_id) % ONE_IN_HELD_BACK == 0


def _occurrences(text: str, answers: list[str]) -> tuple[tuple[int, int], ...]:
    spans = set()
    for answer in answers:
        start = text.find(answer)
        while start >= 0:
            spans.add((start, start + len(answer)))
            start = text.find(answer, start + 1)
    return tuple(sorted(spans))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file."""
    # Not splitlines(): JSON strings may hold U+2028 and the like unescaped.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
