"""What a question says itself, and the sentences that say it otherwise."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from corpus.times import find_times
from qa import reasons
from qa.quantities import Quantity, find_quantities
from qa.questions import Question
from qa.reader import Reading

_NO_FACT = ("", "年", "天", "分", "成", "度", "起", "部", "门", "期", "首", "届", "层", "本", "次")
"""Units, or none, of which a question often names another one than its sentence."""

_AT_LEAST = re.compile("^(?:超过|突破|超|逾|至少|不少于|不低于)|以上$")
_AT_MOST = re.compile("^(?:不到|不足)|以[内下]$")

_AS_FACT = re.compile(r"[^，,、的]{2,12}的")
"""What follows a time that a question takes for known: 2019年开通的…."""


def find_other_figure(question: Question, reading: Reading) -> str | None:
    """Return that a figure of a question is another one in the sentence that answers it.

    Asked for 400家企业参加的展会, a sentence on 129家 does not answer if its passage names no
    other number of 家 that 400家 can be meant by.

    Args:
        question: What was asked.
        reading: Its best answer.
    """
    said = list(find_quantities(reading.evidence_text))
    around = list(find_quantities(reading.passage.text))
    for words, figure in _figures_of(question):
        others = [other for other in said if other.unit == figure.unit]
        if others and not any(figure.is_compatible(other) for other in around):
            return reasons.CONTRADICTED.format(asked=words, sentence=reading.evidence_text)
    return None


def describe_other_time(question: Question, reading: Reading, today: date | None) -> str:
    """Return that the sentence that would answer a question is of another time.

    Args:
        question: What was asked; names a time.
        reading: An answer of another time.
        today: What 去年 counts from; None if unknown.
    """
    text = question.normalised
    times = find_times(text, (today, today) if today else None, guess_year=False)
    sentence = reading.evidence_text
    for time in times:
        if _AS_FACT.match(text, time.end):
            return reasons.CONTRADICTED.format(asked=text[time.start : time.end], sentence=sentence)
    asked = "、".join(text[time.start : time.end] for time in times)
    return reasons.OTHER_TIME.format(asked=asked, sentence=sentence)


def _figures_of(question: Question) -> Iterator[tuple[str, Quantity]]:
    """The figures in digits that a question states, with their words; times and 哪3家 are none."""
    text = question.normalised
    times = find_times(text, None, guess_year=False)
    for figure in find_quantities(text):
        words = text[figure.start : figure.end]
        is_time = any(time.start < figure.end and figure.start < time.end for time in times)
        is_stated = text[: figure.start][-1:] not in tuple("哪第前后每")
        if figure.unit not in _NO_FACT and re.search(r"\d", words) and is_stated and not is_time:
            yield words, _bounded(words, figure)


def _bounded(words: str, figure: Quantity) -> Quantity:
    """What a question means by 至少5家 or 不到5家: 8家 are at least 5."""
    if _AT_LEAST.search(words):
        return replace(figure, high=math.inf)
    return replace(figure, low=0) if _AT_MOST.search(words) else figure
