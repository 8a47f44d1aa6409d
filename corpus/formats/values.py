"""Texts among the values that a file gives of an article."""

import re

from corpus.errors import CorpusError

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def text_or_none(value: object, place: str) -> str | None:
    """Return a text as it is, or None if it is blank or missing.

    Args:
        value: As JSON or YAML gave it.
        place: Names the value in errors.

    Raises:
        CorpusError: If it is no text, or one that no file can be written with.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise CorpusError(f"{place} must be text, found {type(value).__name__}")
    if _SURROGATE.search(value):
        raise CorpusError(f"{place} holds half of a character (a lone surrogate)")
    return value if value.strip() else None


def texts_of(value: object, place: str) -> tuple[str, ...]:
    """Return the texts of a list as they are; arguments and errors as of `text_or_none`."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CorpusError(f"{place} must be a list of texts")
    for item in value:
        text_or_none(item, place)
    return tuple(value)


def paragraphs_of(value: object, place: str) -> tuple[str, ...]:
    """Return the texts of a list as paragraphs; arguments and errors as of `text_or_none`.

    Raises:
        CorpusError: Also if one is blank or holds a line break.
    """
    paragraphs = texts_of(value, place)
    for number, paragraph in enumerate(paragraphs, start=1):
        if not paragraph.strip() or "\n" in paragraph or "\r" in paragraph:
            problem = "holds a line break" if paragraph.strip() else "is blank"
            raise CorpusError(f"{place}: number {number} {problem}; write one paragraph an item")
    return paragraphs
