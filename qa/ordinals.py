"""第三代 of a question, and the readings that tell of the second."""

import re
from collections.abc import Sequence

from qa.questions import Question
from qa.reader import Reading

_ORDINAL = re.compile(r"第(?:[一二三四五六七八九十百]+|\d+)(?P<of>[代届批期次轮季名位站条个])")


def without_other_ordinals(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out readings that tell only of another one of what a question numbers.

    Asked for 第三代, a sentence on 第二代 does not answer if its passage names no 第三代.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
    """
    asked = {match["of"]: match[0] for match in _ORDINAL.finditer(question.normalised)}
    return [reading for reading in readings if not _tells_of_others(reading, asked)]


def _tells_of_others(reading: Reading, asked: dict[str, str]) -> bool:
    passage = reading.passage
    around = "\n".join(filter(None, (passage.title, passage.section, passage.text)))
    said = {match["of"] for match in _ORDINAL.finditer(reading.evidence_text)}
    return any(of in said and ordinal not in around for of, ordinal in asked.items())
