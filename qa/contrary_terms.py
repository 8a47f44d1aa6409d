"""国家级 of a question, and the readings that tell of 市级: words of which only one can be true.

A closed list of families, each so plain that hardly any true answer breaks it (measured on the
training news and the public sets, see the training README).
"""

import re
from collections.abc import Sequence

from index.text import normalise
from qa.questions import Question
from qa.reader import Reading

_FAMILIES = tuple(
    tuple(re.compile(words) for words in family)
    for family in (
        (
            "(?:国家|全国)(?:级|重点)|国家[a\\d一二]",
            "省(?:级|重点)",
            "(?<![地县])市(?:级|重点)",
            "县级(?!市)|区县级",
            "[乡镇]级",
            "村级",
        ),
        ("博士(?!后)", "博士后", "硕士|研究生(?!态)", "本科|学士", "大专|专科|高职"),
        ("金牌|金奖|冠军|夺冠", "银牌|银奖|亚军", "铜牌|铜奖|季军"),
        ("特等奖", "一等奖", "二等奖", "三等奖"),
        ("上半年", "下半年"),
        (
            "女(?:子|单|双|队|足|排|篮|[生童工性士]|[孩的](?!.*男))",
            "男(?:子|单|双|队|足|排|篮|[生童工性士]|[孩的](?!.*女))",
        ),
        ("小学", "初中|中学", "高中|中学", "幼儿园"),
        ("最高", "最低"),
        ("(?<!个)出口(?!处)", "(?<!个)进口(?!处)"),
        ("入境|进境", "出境|离境"),
        ("顺差", "逆差"),
        ("民营", "国有"),
    )
)
"""Each family has the words for its members."""


def without_contrary_terms(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out readings that tell only of what excludes what is asked for.

    Asked for the 银牌, a sentence on the 金牌 does not answer if its passage names no 银牌. What
    names the medals together (金银牌) or both sides of a comparison is left alone.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
    """
    asked = [
        (members, family)
        for family in _FAMILIES
        if (members := [words for words in family if words.search(question.normalised)])
    ]
    if not asked:
        return list(readings)
    return [reading for reading in readings if not _tells_of_contrary(reading, asked)]


def _tells_of_contrary(
    reading: Reading, asked: Sequence[tuple[list[re.Pattern[str]], tuple[re.Pattern[str], ...]]]
) -> bool:
    passage = reading.passage
    around = normalise("\n".join(filter(None, (passage.title, passage.section, passage.text))))
    said = normalise(reading.evidence_text)
    return any(
        any(words.search(said) for words in family) and not any(w.search(around) for w in members)
        for members, family in asked
    )
