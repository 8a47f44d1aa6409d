"""Lines of a text: joining those that one paragraph was broken into, telling a headline."""

import re
from collections.abc import Iterable

_BREAK_IN_LATIN = re.compile(r"(?<=[ -~])\s*\n\s*(?=[ -~])")
_ENDS = "。！？…；：.!?;:"
_PAUSES = "，、,"
_CLOSING = "”’」』）)】》\"'"

MAX_TITLE = 60
"""Characters; a first line longer than that is no headline."""


def join_lines(text: str) -> str:
    """Return a paragraph without its line breaks: each a space between Latin letters, else none."""
    return re.sub(r"\s*\n\s*", "", _BREAK_IN_LATIN.sub(" ", text.strip()))


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a mark that ends a sentence or a large part, quoted or not."""
    return line.rstrip().rstrip(_CLOSING).endswith(tuple(_ENDS))


def ends_clause(line: str) -> bool:
    """Whether a line ends with any mark that divides text, quoted or not."""
    return ends_sentence(line) or line.rstrip().endswith(tuple(_PAUSES))


def is_headline(line: str) -> bool:
    """Whether the first line of a text can be its headline: short, and no part of a sentence."""
    return 0 < len(line) <= MAX_TITLE and (not ends_clause(line) or line[-1] in "！？!?…”’")


def split_title(paragraphs: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the first paragraph if it can be the headline of those after it, and the others."""
    found = tuple(paragraphs)
    if len(found) > 1 and is_headline(found[0]):
        return found[0], found[1:]
    return None, found
