"""Why a question is not answered: the sentences for the reader, and their names in gold files."""

from collections.abc import Sequence
from typing import Literal, get_args

from corpus.calendar import Days

TOPIC_ABSENT = "文库里没有与这个问题相关的报道。"
FACT_ABSENT = "找到了相关报道，但没有写到所问的内容。"
NOT_A_LOOKUP = "这个问题问的是此刻、对话本身或看法建议，不是在报道里能查到的。"
OUTSIDE_DATES = "文库没有{years}年的内容（报道日期为{first}至{last}）。"
OTHER_TIME = "没有写{asked}的句子；最相近的一句写的是别的时间：“{sentence}”"
OTHER_PLACE = "找到的相关报道没有写到{asked}；最相近的一句写的是别的地方：“{sentence}”"
CONTRADICTED = "问题里的“{asked}”与报道不一致：“{sentence}”"
PHRASE_ABSENT = "没有一段报道原样写有引号里的话；去掉引号可以放宽查找。"
NOT_CHINESE = "没有找到答案；请用中文提问。 No answer was found; please ask in Chinese."

Reason = Literal["topic_absent", "fact_absent", "outside_dates", "false_premise", "not_lookup"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Names of why a question cannot be answered, as gold files give them."""

_NAMES: dict[str, Reason] = {
    TOPIC_ABSENT: "topic_absent",
    FACT_ABSENT: "fact_absent",
    NOT_A_LOOKUP: "not_lookup",
    OUTSIDE_DATES: "outside_dates",
    OTHER_TIME: "outside_dates",
    OTHER_PLACE: "fact_absent",
    CONTRADICTED: "false_premise",
}
"""Of every sentence, or what it is made from, that gives one of the reasons."""


def describe_outside(asked: Sequence[Days], first: str, last: str) -> str:
    """Return that there is nothing of the years asked for, and what there is.

    Args:
        asked: The times that the question names; at least one.
        first: ISO date of the oldest article.
        last: That of the newest.
    """
    spans = dict.fromkeys((days[0].year, days[1].year) for days in asked)
    years = "、".join(str(a) if a == b else f"{a}—{b}" for a, b in spans)
    return OUTSIDE_DATES.format(years=years, first=first, last=last)


def reason_name(reason: str) -> str:
    """Return which of `REASONS` the sentence of a refusal gives; "" if it is of none of them."""
    openings = {sentence.partition("{")[0]: name for sentence, name in _NAMES.items()}
    return next((name for opening, name in openings.items() if reason.startswith(opening)), "")
