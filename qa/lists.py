"""Questions that ask for several things, and the items of their answers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answers import Answer, Citation
from qa.enumerations import split_items
from qa.meaning import keep_meaning
from qa.reader import Reading, evidence_around
from qa.widening import narrow, widen

_NUMBER = r"(?:[两二三四五六七八九十]|1?\d)"
_ASKS_FOR_LIST = re.compile(
    rf"哪些|哪几|哪{_NUMBER}|分别|列出|列举|(?:(?<![首成古旧故迁])都(?!市)|些)[^，,？?]{{0,8}}(?:什么(?!时候)|啥(?!时候)|谁)"
    rf"|[些点](?:什么|啥)|几(?:步|方面|样|招)|(?<!第){_NUMBER}[步招]"
    rf"|(?<![第\d十午])(?!二十大){_NUMBER}[大个样条种项步点句类][^，,？?]{{0,8}}(?:是|叫|指)(?:什么(?!时候)|啥(?!时候)|谁|哪)"
)
_ASKS_WHAT = re.compile(r"谁|(?<![为是指叫干做])(?:什么|啥)(?!意思|时候|地方)")
_ASKS_FOR_NUMBER = re.compile(rf"哪(?P<number>{_NUMBER})(?![十百千万年月日])")
_ASKS_WHICH_ONES = re.compile(rf"哪(?:些|几|{_NUMBER}(?![十百千万年月日]))")
_NUMERALS = "两二三四五六七八九十"
_LISTED = re.compile("、|[”》][“《]")
_CLAUSE = re.compile("[，；。]")

MAX_BEHIND_OF_NUMBER, MAX_BEHIND = 4.0, 2.0
"""By how much a list may score less than the best reading: of the number of things that is asked
for, and of several where the number is open. Set on development questions."""


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things: 哪些, 哪几个, 哪三条, 分别, 都有谁."""
    return _ASKS_FOR_LIST.search(question) is not None


def lacks_items(question: str, said: str) -> bool:
    """Whether a question asks for a number of things (哪三条) and fewer are said."""
    asked = _ASKS_FOR_NUMBER.search(question)
    return asked is not None and len(split_items(said)) < _value(asked["number"])


def place_of_list(question: str, readings: Sequence[Reading]) -> int:
    """Return which reading enumerates what a question wants several of; 0, the best, if unsure.

    Asked for 哪四句话, an even enumeration of four things that is a little less sure answers
    rather than what is no such thing; asked for 哪几座城市, one of several rather than one city.

    Args:
        question: As asked.
        readings: Best first; at least one.
    """
    if not _ASKS_WHICH_ONES.search(question):
        return 0
    asked = _ASKS_FOR_NUMBER.search(question)
    number = _value(asked["number"]) if asked else None
    n_items = len(split_items(with_all_items(question, readings[0]).answer_text))
    if n_items == number or (number is None and n_items > 1):
        return 0
    for place, reading in enumerate(readings):
        behind = readings[0].score - reading.score
        n_listed = _count_even_items(with_all_items(question, reading).answer_text)
        if number and number > 2 and n_listed == number and behind < MAX_BEHIND_OF_NUMBER:
            return place
        if number is None and n_listed > 1 and behind < MAX_BEHIND:
            return place
    return 0


def items_of(answer: Answer) -> tuple[Citation, ...]:
    """Return the items of the answer to a question for several things, in the article's order.

    Returns:
        Each with its own place; none if one thing was found, or the question asks neither for
        several (`asks_for_list`) nor for something that is answered with 甲、乙 (谁, 什么货).
    """
    cited = answer.citation
    if cited is None or not _is_list(answer.question, cited.quote):
        return ()
    items = tuple(
        replace(
            cited, start=cited.start + start, end=cited.start + end, quote=cited.quote[start:end]
        )
        for start, end in split_items(cited.quote)
    )
    return items if len(items) > 1 else ()


def _is_list(question: str, said: str) -> bool:
    is_enumeration = "、" in said and "，" not in said
    return asks_for_list(question) or (is_enumeration and bool(_ASKS_WHAT.search(question)))


def with_all_items(question: str, reading: Reading) -> Reading:
    """Return a reading with the whole enumeration that it has a part of, and nothing else."""
    text = reading.passage.text
    span = keep_meaning(question, text, narrow(text, widen(text, reading.span)))
    return replace(reading, span=span, evidence=evidence_around(text, span))


def _count_even_items(said: str) -> int:
    """How many items of like length a text enumerates within a clause; 0 if it does not."""
    if not _LISTED.search(said) or _CLAUSE.search(said):
        return 0
    lengths = [end - start for start, end in split_items(said)]
    return len(lengths) if lengths and max(lengths) <= 2 * min(lengths) + 2 else 0


def _value(number: str) -> int:
    return int(number) if number.isdigit() else max(2, _NUMERALS.index(number) + 1)
