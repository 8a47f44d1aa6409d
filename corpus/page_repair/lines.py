"""From the text of a page to its lines, and columns that stand side by side one after the other."""

import re
import unicodedata

from corpus.page_repair.records import Piece

_MARKS = re.compile(r"\s*(#{1,6}\s+|>\s+|[*_]{2,}(?=\S))?")
_GUTTER = re.compile(r"\t+|[ \u3000]*\u3000{3,}[ \u3000]*| {4,}| +\| +|\u3000*[│┃║]\u3000*")
_INDENT = re.compile(r"\u3000{2}|\u2003{2}| {2,8}(?=\S)")

MIN_SIDE = 3
"""So many lines in a row must have a gap at about one place before it counts as a gutter."""

_TOLERANCE = 4
"""Half-width cells by which the edge of a column may move from line to line."""


def width_of(text: str) -> int:
    """Return how wide a text is printed, in half-width cells: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def read_pieces(text: str) -> list[Piece]:
    """Return the lines of a page that are not blank, those of a left column before the right's.

    Args:
        text: The page, any line ends.
    """
    pieces: list[Piece] = []
    rows = text.splitlines()
    number = 0
    while number < len(rows):
        height = _height_of_columns(rows, number)
        if height:
            pieces += _split_columns(rows, number, height)
            number += height
            continue
        has_gap = number == 0 or not rows[number - 1].strip() or not pieces
        if rows[number].strip():
            pieces.append(_piece(rows[number], number, 0, len(rows[number]), has_gap))
        number += 1
    return pieces


def _piece(row: str, number: int, start: int, end: int, has_gap: bool) -> Piece:
    part = row[start:end]
    indent = _INDENT.match(part) is not None
    marks = _MARKS.match(part)
    level = (marks[1] or "").count("#") if marks else 0
    skipped = marks.end() if marks and marks[1] else len(part) - len(part.lstrip())
    body = part[skipped:].rstrip()
    if marks and marks[1] and marks[1][0] in "*_":
        body = body.removesuffix(marks[1])
    begin = start + skipped
    if not body.strip():  # nothing but marks: keep them, so that nothing is lost
        begin, body, level = start + len(part) - len(part.lstrip()), part.strip(), 0
    return Piece(number + 1, begin, begin + len(body), body, indent, level, has_gap)


def _gutter(row: str) -> tuple[int, int, int] | None:
    """Start and end of the widest gap inside a line, and the cell at which the right part begins."""
    begin = len(row) - len(row.lstrip())
    gaps = [m for m in _GUTTER.finditer(row, begin) if row[m.end() :].strip()]
    if not gaps:
        return None
    widest = max(gaps, key=lambda gap: width_of(gap[0].replace("\t", " " * 8)))
    return widest.start(), widest.end(), width_of(row[: widest.end()].replace("\t", " " * 8))


def _height_of_columns(rows: list[str], first: int) -> int:
    """How many lines from here on stand in two columns, 0 if fewer than `MIN_SIDE`."""
    found = _gutter(rows[first])
    if found is None:
        return 0
    edge, height = found[2], 0
    for row in rows[first:]:
        gutter = _gutter(row)
        is_left_only = bool(row.strip()) and gutter is None and width_of(row.rstrip()) < edge
        if gutter is not None and abs(gutter[2] - edge) > _TOLERANCE and "\t" not in row:
            break
        if gutter is None and not (is_left_only and height):
            break
        height += 1
    return height if height >= MIN_SIDE else 0


def _split_columns(rows: list[str], first: int, height: int) -> list[Piece]:
    left: list[Piece] = []
    right: list[Piece] = []
    for number in range(first, first + height):
        row = rows[number]
        gutter = _gutter(row)
        start, end = (len(row), len(row)) if gutter is None else gutter[:2]
        if row[:start].strip():
            left.append(_piece(row, number, 0, start, not left))
        if row[end:].strip():
            right.append(_piece(row, number, end, len(row), not right))
    return [*left, *right]
