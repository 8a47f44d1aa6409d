"""Spans that leave out a word which turns what they say: 25摄氏度 cut from 零下25摄氏度.

The words are a closed list: what bounds a figure (近, 不到, 至少, 多, 以上), what turns it
round (零下, 负, 下降), and what denies a verb (未, 不, 没有, 禁止). Only one that touches the span
counts.
"""

import re

from qa.quantities import find_quantities
from qa.reader import Span

_NUMERAL = "[\\d零〇一二三四五六七八九十百千万亿两半]"
_HAS_NUMERAL = re.compile(_NUMERAL)

_BOUND = (
    "大约|大概|将近|接近|超过|超出|突破|(?<![想看找料])不到|不足|未到|未满|不满|不超过|不少于|不低于|不高于|不多于|低于|高于|"
    "少于|多于|至少|至多|最多|最少|最低|最高|零下|(?<![签节合契预条公特])约|"
    "(?<![附最邻靠远临贴亲])近|[超逾第]|(?<!以)上|(?<![减胜抱担肩背自承])负"
)
_LESS = "减少|下降|降低|下滑|下跌|回落|缩短|缩减|亏损|萎缩|[减降跌亏]"

_HUNDREDS = "百千万亿"
_BEFORE_FIGURE = re.compile(rf"(?P<word>{_BOUND}|(?P<less>{_LESS}))了?$")
_AFTER_FIGURE = re.compile(
    r"以[上下内外]|左右|上下|有余|开外|(?<=[\d十百千万亿])[多余]"
    r"|(?<=[年个天岁倍元时里斤吨米亩])(?<!\d{4}年)多(?:月|小时|星期)?(?![次种家名位元云为是方样数地人])"
)
_TO_DIGITS = re.compile(rf"^(?:(?!{_NUMERAL}).)+")
_MARGIN = re.compile("(?:以[上下内]|左右|上下|多)$")
_FIGURE_AT_END = re.compile(rf"{_NUMERAL}[^，。；：、！？\s]{{0,5}}$")

_DENIAL = re.compile(
    r"(?P<word>没有|没能|无法|无须|无需|难以|禁止|严禁|拒绝|停止|取消|避免|防止|反对|否认|并非|绝非|尚未|未能|"
    r"不[得能会再必用准许]|[未不]|(?<![淹沉出埋吞湮覆])没|(?<![有南])无)$"
)
_HAN = re.compile("[㐀-鿿]")
_ASKS_WHO = re.compile("谁|什么人")

_LONGEST = 4
"""Characters of the longest of these words before a span, 了 with it."""

_WIDEST = 20
"""Characters of a quantity that may stand on either side of a span."""


def keep_meaning(question: str, text: str, span: Span) -> Span:
    """Return a span with the words beside it that turn what it says.

    What the question says itself (下降了多少, 至少多少, 禁止什么) need not be said again.

    Args:
        question: What the span answers.
        text: A passage.
        span: In it; not empty.
    """
    start, end = _whole_figures(text, span)
    after = _AFTER_FIGURE.match(text, end)
    if after and after[0] not in question and _FIGURE_AT_END.search(text[start:end]):
        end = after.end()
    find = _find_bound if _HAS_NUMERAL.match(text, start) else _find_denial
    while found := find(question, text, start):
        start -= len(found[0])
    return start, end


def _whole_figures(text: str, span: Span) -> Span:
    """The span with all digits and the units of the figures that it has a part of."""
    start, end = span
    first = max(start - _WIDEST, 0)
    for quantity in find_quantities(text[first : end + _WIDEST]):
        said = text[first + quantity.start : first + quantity.end]
        # 超过 before the digits and 以上 after them are for the rules, which know the question.
        high = first + quantity.start + len(_MARGIN.sub("", said))
        low = high - len(_TO_DIGITS.sub("", _MARGIN.sub("", said)))
        if _HAS_NUMERAL.search(text, max(low, span[0]), min(high, span[1])):
            start, end = min(start, low), max(end, high)
    return start, end


def _find_bound(question: str, text: str, start: int) -> re.Match[str] | None:
    """The word before a figure that bounds it or turns it round."""
    found = _BEFORE_FIGURE.search(text[max(start - _LONGEST, 0) : start])
    if not found or found["word"] in question:
        return None
    if found["word"] == "上" and text[start] not in _HUNDREDS:
        return None
    return None if found["less"] and re.search(_LESS, question) else found


def _find_denial(question: str, text: str, start: int) -> re.Match[str] | None:
    """The word before a verb that denies it."""
    found = _DENIAL.search(text[max(start - _LONGEST, 0) : start])
    if not found or not _HAN.match(text, start):
        return None
    is_choice = text[start] == found.string[: found.start()][-1:]  # 是不是
    is_said = found["word"] in question or _ASKS_WHO.search(question)
    return None if is_choice or is_said else found
