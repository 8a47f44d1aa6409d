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


def _cells(row: str) -> int:
    return width_of(row.replace("\t", " " * 8))


def _gutter(row: str) -> tuple[int, int] | None:
    """Start and end of the widest gap inside a line, None if it has none."""
    begin = len(row) - len(row.lstrip())
    gaps = [m for m in _GUTTER.finditer(row, begin) if row[m.end() :].strip()]
    if not gaps:
        return None
    widest = max(gaps, key=lambda gap: _cells(gap[0]))
    return widest.start(), widest.end()


def _height_of_columns(rows: list[str], first: int) -> int:
    """How many lines from here on stand in two columns, 0 if fewer than `MIN_SIDE`."""
    found = _gutter(rows[first])
    if found is None:
        return 0
    edge, height, sides = _cells(rows[first][: found[1]]), 0, 0
    for row in rows[first:]:
        gutter = _gutter(row)
        begins = _cells(row[: len(row) - len(row.lstrip())])
        if gutter is not None and begins < edge - _TOLERANCE:
            if abs(_cells(row[: gutter[1]]) - edge) > _TOLERANCE and "\t" not in row:
                break
            sides += 1
        elif not row.strip() or (edge - _TOLERANCE > begins and _cells(row.rstrip()) >= edge):
            break
        height += 1
    return height if sides >= MIN_SIDE else 0


def _split_columns(rows: list[str], first: int, height: int) -> list[Piece]:
    """The pieces of the left column, then those of the right."""
    block = rows[first : first + height]
    gutters = [_gutter(row) for row in block]
    edge = min(_cells(row[: g[1]]) for row, g in zip(block, gutters, strict=True) if g)
    left: list[Piece] = []
    right: list[Piece] = []
    for number, (row, gutter) in enumerate(zip(block, gutters, strict=True), first):
        lead = len(row) - len(row.lstrip())
        if _cells(row[:lead]) >= edge - 1:
            cut = _at_cell(row, edge)
            right.append(_piece(row, number, cut, len(row), not right))
            continue
        if gutter is None:
            left.append(_piece(row, number, 0, len(row), not left))
            continue
        cut = max(gutter[0], min(gutter[1], _at_cell(row, edge)))
        left.append(_piece(row, number, 0, gutter[0], not left))
        right.append(_piece(row, number, cut, len(row), not right))
    return [*left, *right]


def _at_cell(row: str, cell: int) -> int:
    """Offset of the character that stands at a cell of a line."""
    at = 0
    while at < len(row) and _cells(row[:at]) < cell:
        at += 1
    return at
