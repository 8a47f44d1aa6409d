"""Where lines stand on the pages of a PDF: which are one paragraph, a title, a page header."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from corpus.formats.lines import MAX_TITLE, ends_sentence, join_lines

_DIGITS = re.compile(r"\d+")
_EDGE_LINES = 2
"""So many lines at the top and the bottom of a page can be its header and footer."""

_MIN_REPEATED = 3
"""On so many pages, and half of all, a line stands that is header or footer."""

_TITLE_SIZE = 1.3
"""The letters of a title are larger than those of the text by this factor."""

_SAME_TITLE = 1.1
"""A title's lines differ in height by no more than this factor."""

_SAME_SIZE = (0.75, 1.35)
"""The letters of the next line of a paragraph are as large: their size is an estimate."""

_SAME_COLUMN = 3
"""Lines of one column begin no further apart, in letters: an indent is two."""

_INDENT, _SHORT, _GAP = 1.0, 2.5, 1.4
"""A line that begins so far to the right, one that ends so far to the left (in letters), and
one that is so much further below than usual, are at the border of two paragraphs."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in points from the lower left corner.

    Attributes:
        text: What it says.
        left: Edge of its first stroke.
        right: Edge of its last one.
        baseline: The height that its letters stand on.
        size: Of its letters, an estimate.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's lines by what they are for.

    Attributes:
        title: What stands in the largest letters on the first page, or None.
        pages: The lines of the text, of each page.
        furniture: Headers and footers, each text once.
    """

    title: str | None
    pages: tuple[tuple[Line, ...], ...]
    furniture: tuple[str, ...]


def lay_out(pages: Sequence[Sequence[Line]]) -> Layout:
    """Tell title, headers and footers from the text.

    Args:
        pages: The lines of each page, in the order of reading.
    """
    titles = _title_lines(pages)  # first: page headers often repeat it
    rest = _without(pages, titles)
    gap = _GAP * _pitch(rest)
    edges = [_edges(page, gap) for page in rest]
    counts = Counter(key for lines in edges for key in {_key(line) for line in lines})
    least = max(_MIN_REPEATED, len(pages) / 2)
    repeated = {key for key, count in counts.items() if count >= least}
    furniture = [line for line in chain(*edges) if _key(line) in repeated]
    return Layout(
        join_lines("\n".join(line.text for line in titles)) or None,
        tuple(map(tuple, _without(rest, furniture))),
        tuple(dict.fromkeys(line.text.strip() for line in furniture)),
    )


def join_paragraphs(layout: Layout) -> tuple[str, ...]:
    """Return the paragraphs of the text, each of the lines that it was set in."""
    gap = _GAP * _pitch(layout.pages)
    places = [(line, page) for page in layout.pages for line in page]
    paragraphs = [[line.text] for line, _ in places[:1]]
    for (line, page), (following, its_page) in pairwise(places):
        if page is its_page and following.baseline < line.baseline:
            is_near = line.baseline - following.baseline <= gap
        else:  # in the next column, or on the next page
            is_near = not ends_sentence(line.text)
        if is_near and _goes_on(line, page, following, its_page):
            paragraphs[-1].append(following.text)
        else:
            paragraphs.append([following.text])
    return tuple(join_lines("\n".join(lines)) for lines in paragraphs)


def _column(line: Line, page: Sequence[Line]) -> tuple[float, float]:
    """Return the left and the right edge of the column that a line of a page stands in."""
    most = _SAME_COLUMN * line.size
    column = [one for one in page if abs(one.left - line.left) <= most]
    return min(one.left for one in column), max(one.right for one in column)


def _goes_on(line: Line, page: Sequence[Line], following: Line, its_page: Sequence[Line]) -> bool:
    """Whether a line's paragraph can go on in the next line, by their lengths and letters."""
    least, most = _SAME_SIZE
    left, right = _column(line, page)
    is_full = line.right > right - _SHORT * line.size or (
        # Set ragged, or at a fixed number of characters.
        2 * line.right > left + right and not ends_sentence(line.text)
    )
    indent = _INDENT * following.size
    is_indented = following.text[0].isspace() or (
        following.left > _column(following, its_page)[0] + indent
        # All lines of a block may be, as quotations are.
        and (following.left > line.left + indent or ends_sentence(line.text))
    )
    return is_full and not is_indented and least <= following.size / line.size <= most


def _without(pages: Sequence[Sequence[Line]], lines: Sequence[Line]) -> list[list[Line]]:
    left_out = set(map(id, lines))  # lines of other pages may be equal
    return [[line for line in page if id(line) not in left_out] for page in pages]


def _edges(page: Sequence[Line], gap: float) -> list[Line]:
    """Return the lines at the top and the bottom that a gap parts from the text."""
    down = sorted(page, key=lambda line: -line.baseline)
    return [*_before_gap(down, gap), *_before_gap(down[::-1], gap)]


def _before_gap(lines: Sequence[Line], gap: float) -> Sequence[Line]:
    for n in range(min(_EDGE_LINES, len(lines) - 1), 0, -1):
        if abs(lines[n - 1].baseline - lines[n].baseline) > gap:
            return lines[:n]
    return ()


def _pitch(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance from one line to the next, in points."""
    pairs = chain.from_iterable(map(pairwise, pages))
    pitches = [
        one.baseline - other.baseline for one, other in pairs if one.baseline > other.baseline
    ]
    return median(pitches) if pitches else 0.0


def _key(line: Line) -> str:
    return _DIGITS.sub("0", "".join(line.text.split()))


def _title_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    lines = list(chain.from_iterable(pages))
    if not lines or not pages[0]:
        return []
    usual = median(chain.from_iterable([line.size] * len(line.text) for line in lines))
    largest = max(line.size for line in pages[0])
    if largest < _TITLE_SIZE * usual:
        return []
    found = list(_first_run(pages[0], largest / _SAME_TITLE))
    return found if sum(len(line.text) for line in found) <= MAX_TITLE else []


def _first_run(lines: Sequence[Line], least: float) -> Iterator[Line]:
    """Yield the first lines in a row that are as large as this."""
    started = False
    for line in lines:
        if line.size >= least:
            started = True
            yield line
        elif started:
            return
