"""Where sentences begin and end in Chinese newspaper text."""

import re
from itertools import pairwise

OPENING_QUOTES = "“「『"
CLOSING_QUOTES = "”」』"
MAX_QUOTED = 160
"""A quotation longer than this (characters) is split at the stops inside it."""

MAX_ATTRIBUTION = 45
"""“……。”某某说。 stays one sentence if what follows the quote is at most this long."""

_STOP = re.compile(rf"[。！？!?…]+[{CLOSING_QUOTES}’）)]*")
_GOES_ON = "，、；：,;:—"
"""After one of these behind a quotation the sentence goes on: 高喊“加油！”，笑了。"""

_ATTRIBUTION = re.compile(
    r"[说道称]|表示|介绍|告诉|回忆|感慨|坦言|认为|透露|解释|强调|指出|感叹|直言"
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph as half-open offsets, in order.

    A stop inside quotation marks ends no sentence unless the quotation is long, and a
    quotation keeps the "said so-and-so" that follows it, so that a cited sentence can be
    read on its own. White space between sentences belongs to none.

    Args:
        text: One paragraph.

    Returns:
        Spans that are not empty, do not overlap and leave out nothing but white space.
    """
    cuts = [0, *(m.end() for m in _STOP.finditer(text) if _ends_sentence(text, m)), len(text)]
    spans = [_strip(text, start, end) for start, end in pairwise(cuts)]
    return _join_attributions(text, [span for span in spans if span[0] < span[1]])


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    if text[stop.end() : stop.end() + 1] in tuple(_GOES_ON):
        return False
    return not any(
        _is_inside(text, stop.end(), opening, closing)
        for opening, closing in zip(OPENING_QUOTES, CLOSING_QUOTES, strict=True)
    )


def _is_inside(text: str, position: int, opening: str, closing: str) -> bool:
    """Whether `position` lies within a quotation that is closed and not too long."""
    start = text.rfind(opening, 0, position)
    end = text.find(closing, start)
    return start >= 0 and position <= end <= start + MAX_QUOTED


def _join_attributions(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        follows_quote = bool(joined) and text[joined[-1][1] - 1] in CLOSING_QUOTES
        if (
            follows_quote
            and end - start <= MAX_ATTRIBUTION
            and text[start] not in OPENING_QUOTES
            and _ATTRIBUTION.search(text[start:end])
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
