"""Cutting articles into passages."""

import math

from corpus.records import Article, Paragraph, Passage
from corpus.sentences import split_sentences

MAX_PASSAGE = 300
"""Characters. Longer paragraphs are cut at sentence ends into parts of about equal length."""


def split_article(article: Article, max_length: int = MAX_PASSAGE) -> list[Passage]:
    """Cut an article into passages, in reading order.

    Every character of every paragraph that is not white space between sentences is in
    exactly one passage. A single sentence longer than `max_length` stays whole.

    Raises:
        ValueError: If `max_length` < 1.
    """
    if max_length < 1:
        raise ValueError(f"max_length is {max_length}; it must be at least 1")
    return [
        Passage(
            article.id, article.title, paragraph.section, paragraph.number,
            paragraph.start + start, paragraph.start + end, paragraph.text[start:end],
        )
        for paragraph in article.paragraphs
        for start, end in _parts(paragraph, max_length)
    ]  # fmt: skip


def _parts(paragraph: Paragraph, max_length: int) -> list[tuple[int, int]]:
    sentences = split_sentences(paragraph.text)
    if len(paragraph.text) <= max_length or len(sentences) < 2:
        return [(sentences[0][0], sentences[-1][1])] if sentences else []
    target = len(paragraph.text) / math.ceil(len(paragraph.text) / max_length)
    parts = [sentences[0]]
    for start, end in sentences[1:]:
        part_start, part_end = parts[-1]
        # The nearer of the two sentence ends to the target length closes the part.
        is_full = part_end - part_start >= target or (
            end - part_start > max_length
            or abs(end - part_start - target) > abs(part_end - part_start - target)
        )
        if is_full:
            parts.append((start, end))
        else:
            parts[-1] = (part_start, end)
    return parts
