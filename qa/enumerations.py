"""Enumerations in Chinese text, cut into their items.

茶叶、瓷器和丝绸; “日出”“月落”“潮生”; 一是…；二是…; 首先…。其次…; 车间改成展厅，仓库改成书店.
"""

import re
from itertools import accumulate, pairwise

from index.segmentation import split_words
from qa.reader import Span

OPENING, CLOSING = "“‘「『《（(", "”’」』》）)"
_QUOTES = "“‘「『"
_PAIRS = dict(zip(OPENING, CLOSING, strict=True))
_EDGES = " \t\u3000，。、；：！？,;:!?…—"
_NUMERALS = "一二三四五六七八九十"
_BEFORE_MARK = rf"(?:(?<=[{_EDGES}“])|^)"

_SERIES = tuple(
    tuple(re.compile(_BEFORE_MARK + mark) for mark in marks)
    for marks in (
        [rf"{n}(?:是|要|来(?=[，,])|(?![是年月日个天次种些家名条项座位般定时直起线大样位万亿千百十]))"
         for n in _NUMERALS],
        [rf"第{n}[，、,是]" for n in _NUMERALS],
        [rf"其{n}[，、,是]?" for n in _NUMERALS],
        [r"首先[是，,]?", r"其次[是，,]?", r"(?:再次|再者|此外|最后|第三)[是，,]?",
         r"(?:此外|最后|另外)[是，,]?"],
    )
)  # fmt: skip
"""Words that number the items of a series, first to last."""

_AND = ("和", "及", "以及", "与", "还有")
_GOES_ON = re.compile(r"还有|以及|另有")
_COUNTERS = "[大个种类家条项所座名位站地市省县国句篇组支样点方]"
FAR_LONGER = 2.0
"""How many times as long as the others, on average, an item is that has words of all of them."""

_QUOTES_MEET = re.compile(r"(?<=[”’」』》])(?=[“‘「『《])")


def split_items(text: str) -> list[Span]:
    """Return the items that a text enumerates, in its order; the whole if it enumerates none.

    The first of these that is there divides it: numbered parts, semicolons, 、 and quotation
    marks side by side (with the last 和, 及 or 与), commas, 和. What follows 等 is left out.
    """
    start, end = strip_stops(text, 0, len(text))
    if start == end:
        return []
    if text[start] in _QUOTES and _closing_of(text, start) == end - 1:
        inside = [(a + start + 1, b + start + 1) for a, b in split_items(text[start + 1 : end - 1])]
        if len(inside) > 1:
            return inside
    pieces = _numbered(text, start, end) or divide(text, start, end, "；;")
    if len(pieces) < 2:
        pieces = _clauses(text, start, end)
    stripped = (strip_stops(text, *piece) for piece in pieces)
    return [(a, b) for a, b in stripped if a < b]


def _numbered(text: str, start: int, end: int) -> list[Span]:
    """The parts after the marks of a series, without the marks."""
    marks = find_series(text[start:end])
    if len(marks) < 2:
        return []
    begins = [start + mark[1] for mark in marks]
    ends = [start + mark[0] for mark in marks[1:]] + [end]
    return list(zip(begins, ends, strict=True))


def find_series(text: str) -> list[Span]:
    """The marks of the first series of which there are at least two, in order."""
    for patterns in _SERIES:
        marks: list[Span] = []
        for pattern in patterns:
            found = pattern.search(text, marks[-1][1] if marks else 0)
            if not found:
                break
            marks.append(found.span())
        if len(marks) > 1:
            return marks
    return []


def _clauses(text: str, start: int, end: int) -> list[Span]:
    """Cut at 、 within the clause that has it, else at commas, else at 和."""
    clauses = divide(text, start, end, "，,")
    listing = [i for i, clause in enumerate(clauses) if len(cut_listed(text, *clause)) > 1]
    if not listing:
        return clauses if len(clauses) > 1 else cut_at_and(text, start, end)
    first = listing[0]
    if first and len(clauses) > 2:  # 托幼一体41所，养老20所，图书馆、少年宫等12所
        return clauses
    pieces = cut_listed(text, *clauses[first])
    start, end = clauses[first + 1] if first + 1 < len(clauses) else (end, end)
    if goes_on := _GOES_ON.match(text, start, end):
        return [*pieces, (goes_on.end(), end)]
    items = [*pieces[:-1], *cut_at_and(text, *without_tail(text, *pieces[-1]))]
    return _without_attributes(text, _without_count(text, items))


def cut_listed(text: str, start: int, end: int) -> list[Span]:
    """Cut at 、 outside quotations, and between quotations side by side."""
    return [part for piece in divide(text, start, end, "、") for part in _at_quotes(text, *piece)]


def _at_quotes(text: str, start: int, end: int) -> list[Span]:
    cuts = [start, *(m.start() for m in _QUOTES_MEET.finditer(text, start, end)), end]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def cut_at_and(text: str, start: int, end: int) -> list[Span]:
    """Cut at the last 和, 及 or 与 that is a word, if something stands on both sides."""
    place, cut = start, None
    depths = find_depths(text[start:end])
    for word in split_words(text[start:end]):
        if word in _AND and start < place and place + len(word) < end and not depths[place - start]:
            cut = place, place + len(word)
        place += len(word)
    return [(start, cut[0]), (cut[1], end)] if cut else [(start, end)]


def without_tail(text: str, start: int, end: int) -> Span:
    """The last item without 等特色班列, or what follows its closing quotation mark."""
    if text[start] in _PAIRS and (closing := _closing_of(text, start)) is not None:
        return start, min(closing + 1, end)
    place = start
    for word in split_words(text[start:end]):
        if word in ("等", "等等", "等地") and place > start:
            return start, place
        place += len(word)
    return start, end


def _without_count(text: str, items: list[Span]) -> list[Span]:
    """The items without how many they are: 文理、工程、生命三大学院."""
    if len(items) > len(_NUMERALS):
        return items
    start, end = items[-1]
    numerals = "二两" if len(items) == 2 else _NUMERALS[len(items) - 1 : len(items)]
    count = re.search(rf"(?<!第)[{numerals}](?:{_COUNTERS}).{{0,6}}$", text[start + 1 : end])
    return [*items[:-1], (start, start + 1 + count.start() if count else end)]


def _without_attributes(text: str, items: list[Span]) -> list[Span]:
    """The first item without what it is of, the last without what all of them are.

    Of 来自七八家作坊的毛巾、五金、塑料 only 毛巾, of 肯吃苦、讲信用、守规矩的鲜明特点 only 守规矩:
    where no other item has a 的 and this one is far longer than they are. Two items tell too
    little.
    """
    if len(items) < 3:
        return items
    (first, first_end), (last, last_end) = items[0], items[-1]
    if (of := text.rfind("的", first, first_end)) >= 0 and _is_longest(text, items, 0):
        first = of + 1
    if (of := text.find("的", last, last_end)) > last and _is_longest(text, items, -1):
        last_end = of
    return [(first, first_end), *items[1:-1], (last, last_end)]


def _is_longest(text: str, items: list[Span], which: int) -> bool:
    """Whether one of at least three items alone has a 的 and is far longer than the others."""
    lengths = [end - start for start, end in items]
    length = lengths.pop(which)
    others = [item for item in items if item != items[which]]
    has_of = any("的" in text[start:end] for start, end in others)
    return not has_of and length > FAR_LONGER * sum(lengths) / len(lengths)


def divide(text: str, start: int, end: int, separators: str) -> list[Span]:
    """Cut at separators outside quotations and brackets."""
    depths = find_depths(text[start:end])
    places = [i for i in range(start, end) if text[i] in separators and not depths[i - start]]
    begins, ends = [start, *(i + 1 for i in places)], [*places, end]
    return [(a, b) for a, b in zip(begins, ends, strict=True) if a < b]


def find_depths(text: str) -> list[int]:
    """Return in how many quotations or brackets each character stands, their marks included.

    One that is never closed is none.
    """
    changes = [0] * (len(text) + 1)
    opened: dict[str, list[int]] = {closing: [] for closing in CLOSING}
    for i, character in enumerate(text):
        if character in _PAIRS:
            opened[_PAIRS[character]].append(i)
        elif opened.get(character):
            changes[opened[character].pop()] += 1
            changes[i + 1] -= 1
    return list(accumulate(changes[:-1]))


def _closing_of(text: str, opening: int) -> int | None:
    """The place of the mark that closes the one at `opening`, or None."""
    mark, depth = text[opening], 0
    for i in range(opening, len(text)):
        depth += (text[i] == mark) - (text[i] == _PAIRS[mark])
        if not depth:
            return i
    return None


def strip_stops(text: str, start: int, end: int) -> Span:
    """Return a span without white space and stops at its edges."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
