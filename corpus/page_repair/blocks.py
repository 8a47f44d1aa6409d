"""From lines to blocks: lines that stand together and surely run on are put together."""

from collections.abc import Iterable

from corpus.page_repair import shapes
from corpus.page_repair.lines import width_of
from corpus.page_repair.records import Block, Doubt, Kind, Piece

_EDGE = 5
"""Half-width cells by which a full line may fall short: a stop or a Latin word did not fit."""

_INDENT = 4
"""Half-width cells of the indent of a paragraph."""

_MIN_WRAPPED = 3
"""So many lines must reach the same edge before it is taken for the edge of a column."""

_MIN_RAGGED = 6
"""Fewer lines together are headlines, or captions."""

_MAX_SIGNED = 120
"""Characters of a caption that only its photographer shows to be one."""

_MAX_HEAD = 5
"""A headline, with what stands above and below it, has fewer lines than this."""


def make_blocks(pieces: list[Piece]) -> tuple[list[Block], list[Doubt]]:
    """Return the blocks of a page in the order of its lines, and where one is unsure.

    Lines that stand together without a blank line between are put together where a sentence
    runs on. One that ends a sentence ends the paragraph, unless it reaches the edge of a
    narrow column and no indent says that the next begins one: that stays together, with a doubt.
    """
    blocks: list[Block] = []
    doubts: list[Doubt] = []
    uses_indents = _uses_indents(pieces)
    for group in _groups(pieces):
        edge = _edge_of(group)
        heads = _heads_of(group)
        is_ragged = _is_ragged(group, edge)
        if is_ragged:
            doubts.append(Doubt(group[0].line, "各行长短不一，只能凭句末标点分段"))
        for number, piece in enumerate(group):
            is_head = number < heads
            kind = "line" if is_head else shapes.special_kind(piece.text)
            last = blocks[-1] if number else None
            if last is None:
                joins = False
            elif is_head:
                joins = _is_full(last.pieces[-1], edge)
            elif kind == "caption":
                joins = _is_captioned(last, piece, group)
            else:
                joins = kind is None and _runs_on(last, piece, edge, uses_indents)
            if last is None or not joins:
                plain = _plain_kind(piece, edge, is_ragged and number > 0)
                blocks.append(Block([piece], kind or plain))
                continue
            if kind is None and shapes.is_closed(last.text) and not uses_indents:
                doubts.append(Doubt(piece.line, "行末恰是句号，分不清是否另起一段，照原样连排"))
            last.kind = kind or last.kind
            last.extend(piece)
    return blocks, doubts


def _groups(pieces: list[Piece]) -> Iterable[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if group and piece.has_gap:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _uses_indents(pieces: list[Piece]) -> bool:
    indented = sum(piece.is_indented for piece in pieces)
    return 2 <= indented < 0.9 * len(pieces)


def _edge_of(group: list[Piece]) -> int | None:
    """How wide a full line of a group is at least, None if its lines have no common edge.

    Lines that break off in a sentence are full; they show how far the edge varies.
    """
    edge = max(_width(piece) for piece in group)
    full = sorted(
        width
        for piece in group
        if (width := _width(piece)) >= edge - _EDGE and not shapes.is_closed(piece.text)
    )
    if len(full) < max(_MIN_WRAPPED, len(group) / 3):
        return None
    return full[len(full) // 10]


def _width(piece: Piece) -> int:
    return width_of(piece.text) + _INDENT * piece.is_indented


def _heads_of(group: list[Piece]) -> int:
    """How many lines a group begins with before a byline that makes headlines of them."""
    for number, piece in enumerate(group[:_MAX_HEAD]):
        kind = shapes.special_kind(piece.text)
        if kind == "byline":
            return number
        if kind is not None or piece.is_indented or shapes.is_closed(piece.text):
            return 0
    return 0


def _is_full(piece: Piece, edge: int | None) -> bool:
    return edge is not None and _width(piece) >= edge


def _is_ragged(group: list[Piece], edge: int | None) -> bool:
    """Whether the lines of a group end anywhere: no common edge, and few end a sentence."""
    closed = sum(shapes.is_closed(piece.text) for piece in group)
    return edge is None and len(group) >= _MIN_RAGGED and closed < len(group) / 2


def _plain_kind(piece: Piece, edge: int | None, is_inside_ragged: bool) -> Kind:
    if piece.level:
        return "line"
    if is_inside_ragged:
        return "text"
    is_line = shapes.is_headline_like(piece.text) and not _is_full(piece, edge)
    return "line" if is_line and not piece.is_indented else "text"


def _is_captioned(last: Block, piece: Piece, group: list[Piece]) -> bool:
    """Whether a line of a caption goes on from, or signs, the block above it."""
    is_signed = shapes.is_photo_credit(piece.text) and last.pieces[0] is group[0]
    is_short = len(last.text) <= _MAX_SIGNED
    return last.kind == "caption" or (last.kind == "text" and is_signed and is_short)


def _runs_on(last: Block, piece: Piece, edge: int | None, uses_indents: bool) -> bool:
    if last.kind != "text" or piece.level:
        return False
    if uses_indents and piece.is_indented:
        return False
    if not shapes.is_closed(last.text):
        return True
    return _is_full(last.pieces[-1], edge)
