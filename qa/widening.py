"""Where an enumeration begins and ends, from a span that has part of it or too much."""

from corpus import split_sentences
from index.segmentation import split_words
from qa.enumerations import (
    CLOSING,
    OPENING,
    cut_at_and,
    cut_listed,
    divide,
    find_depths,
    find_series,
    split_items,
    strip_stops,
    without_tail,
)
from qa.reader import Span

CLAUSE_ENDS = "，。；：！？,;:!?…—"
PAIR_OF = dict(zip(CLOSING, OPENING, strict=True))

MAX_LONGER = 1.5
"""An item with no edge of its own is taken if it is at most so many times as long as the longest
of the others; in a longer one the sentence goes on."""


def widen(text: str, span: Span) -> Span:
    """Return the whole enumeration of which a span has some items, or the span itself.

    Args:
        text: A passage.
        span: In it.
    """
    for wider in (_numbered_around, _semicolons_around, _commas_around):
        found = wider(text, span)
        if found != span:
            return found
    return span


def narrow(text: str, span: Span) -> Span:
    """Return the enumeration in one clause of a span that goes on with other clauses.

    Of 茶叶、瓷器，由合作社统一去谈 only 茶叶、瓷器; a span that is no such thing comes back.
    """
    words = text[slice(*span)]
    items = split_items(words)
    if len(items) < 2:
        return span
    start, end = items[0][0], items[-1][1]
    is_one_clause = "，" not in words[start:end] and "，" in words[:start] + words[end:]
    return (span[0] + start, span[0] + end) if is_one_clause else span


def _numbered_around(text: str, span: Span) -> Span:
    marks = find_series(text)
    if len(marks) < 2:
        return span
    sentence_end = _end_of_clause(text, marks[-1][1], "。！？；")
    ends = [begin for begin, _ in marks[1:]] + [sentence_end]
    items = [strip_stops(text, mark[1], end) for mark, end in zip(marks, ends, strict=True)]
    return _around(text, span, items, (marks[0][0], sentence_end))


def _semicolons_around(text: str, span: Span) -> Span:
    for start, end in split_sentences(text):
        if start <= span[0] < end:
            colon = text.rfind("：", start, max(span[0], start)) + 1
            begin = colon or start
            pieces = divide(text, begin, end, "；")
            if len(pieces) > 1:
                region = begin if colon else min(span[0], end), end
                return _around(text, span, [strip_stops(text, *p) for p in pieces], region)
    return span


def _around(text: str, span: Span, items: list[Span], region: Span) -> Span:
    """The region of a series if the span has one of its items whole, or parts of two."""
    touched = [item for item in items if item[0] < span[1] and span[0] < item[1]]
    begins_it = bool(touched) and touched[0] == items[0] and span[0] <= items[0][0]
    if len(touched) < 2 and not begins_it:
        return span
    start, end = strip_stops(text, min(region[0], span[0]), max(region[1], span[1]))
    return start, end


def _commas_around(text: str, span: Span) -> Span:
    return _left(text, *_right(text, *span))


def _right(text: str, start: int, end: int) -> Span:
    """Go on over the items that follow in the same clause."""
    if not _goes_on_right(text, start, end):
        return start, end
    stop = _end_of_clause(text, end, CLAUSE_ENDS)
    pieces = cut_listed(text, end, stop)
    if not pieces:
        return start, end
    last = without_tail(text, *pieces[-1])
    is_open = last == pieces[-1]
    pieces = [*pieces[:-1], *cut_at_and(text, *last)]
    others = [b - a for a, b in [*cut_listed(text, start, end), *pieces[:-1]]]
    if is_open and others and pieces[-1][1] - pieces[-1][0] > MAX_LONGER * max(others):
        pieces.pop()
    return start, pieces[-1][1] if pieces else end


def _left(text: str, start: int, end: int) -> Span:
    """Go back over the items that come before in the same clause."""
    while start and (text[start - 1] == "、" or _meet(text, start)):
        stop = start - (text[start - 1] == "、")
        first = _start_of_clause(text, stop)
        pieces = divide(text, first, stop, "、")
        if not pieces:
            break
        begin = pieces[-1][0]
        if text[stop - 1] in CLOSING:
            begin = max(text.rfind(PAIR_OF[text[stop - 1]], begin, stop), begin)
        elif begin == first:
            items = [b - a for a, b in cut_listed(text, start, end)]
            begin = _likeliest_begin(text, first, stop, sum(items) / max(len(items), 1))
        if begin == stop:
            break
        start = begin
    return start, end


def _likeliest_begin(text: str, start: int, end: int, length: float) -> int:
    """Where the first item begins, by its words and how long the others are.

    把西班牙红酒、橄榄油: 红酒, with which the enumeration begins, is nearest to 橄榄油 in length.
    """
    begins, place = [], start
    for word in split_words(text[start:end]):
        begins.append(place)
        place += len(word)
    return min(reversed(begins), key=lambda begin: abs(end - begin - length))


def _goes_on_right(text: str, start: int, end: int) -> bool:
    if text[end : end + 1] == "、" or _meet(text, end):
        return True
    return "、" in text[start:end] and text[end : end + 1] in ("和", "及", "与")


def _meet(text: str, place: int) -> bool:
    """Whether one quotation ends at a place and another begins."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and around[0] in CLOSING and around[1] in OPENING


def _end_of_clause(text: str, place: int, stops: str) -> int:
    depths = find_depths(text[place:])
    return next(
        (
            i
            for i in range(place, len(text))
            if (text[i] in stops or text[i] in CLOSING) and not depths[i - place]
        ),
        len(text),
    )


def _start_of_clause(text: str, place: int) -> int:
    depths = find_depths(text[:place])
    return next(
        (
            i + 1
            for i in range(place - 1, -1, -1)
            if (text[i] in CLAUSE_ENDS or text[i] in OPENING) and not depths[i]
        ),
        0,
    )
