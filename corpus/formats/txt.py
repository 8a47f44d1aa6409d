"""Articles as plain text: a headline if the first line looks like one, then paragraphs."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from corpus.errors import CorpusError
from corpus.finding import readable
from corpus.formats.lines import ends_clause, join_lines, split_title
from corpus.records import Article, Section

_WRAPPED_COLUMNS = range(40, 161)
"""How wide the widest line of a text is that was broken at a fixed width: 20 to 80 Chinese
characters. A narrower text is verse or a list, a wider one has a paragraph on every line."""

_SLACK = 4
"""Columns that such a line may stay short by: a mark that may not begin a line takes along the
character before it."""

_FIRST_WORD = re.compile(r"[!-~]+|\S")


def parse_txt(text: str, path: Path, default_id: str) -> Article:
    """Read one article from a plain text.

    Every line is a paragraph, unless the lines are broken at a fixed width: then those are
    joined that a paragraph was broken into, up to a blank line, an indent or a line that is not
    full. The first line is the title if it is short and no sentence, else the file's name is.

    Args:
        text: The file's text.
        path: Names the article if the text does not.
        default_id: The article's id.

    Raises:
        CorpusError: If there is no text.
    """
    title, paragraphs = split_title(_paragraphs(text.splitlines()))
    if not paragraphs:
        raise CorpusError(f"{path}: the file is empty")
    return Article(default_id, title or readable(path.stem), (Section(None, paragraphs),))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    width = _wrapped_width(lines)
    held: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.strip():
            held.append(line)
        if held and not (width and _goes_on(line, following, width)):
            yield join_lines("\n".join(held))
            held = []


def _wrapped_width(lines: list[str]) -> int | None:
    """Return how many columns wide a text was broken, or None if its lines are paragraphs."""
    width = max(map(_columns, lines), default=0)
    if width not in _WRAPPED_COLUMNS:
        return None
    pairs = [pair for pair in pairwise(lines) if all(map(str.strip, pair))]
    full = [line for line, following in pairs if _goes_on(line, following, width)]
    # Paragraphs end with a sentence; lines that were broken at a fixed width seldom do.
    broken = sum(not ends_clause(line) for line in full)
    return width if broken >= 2 and 2 * broken > len(full) else None


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word did not fit on this line any more."""
    word = _FIRST_WORD.match(following)
    return word is not None and _columns(line) + _columns(word[0]) > width - _SLACK


def _columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(c) in "WFA") for c in line.rstrip())
