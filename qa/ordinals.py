"""第三代 of a question, and the readings that tell of the second."""

import re
from collections import defaultdict
from collections.abc import Sequence

from index.text import normalise
from qa.quantities import read_number
from qa.questions import Question
from qa.reader import Reading

_ORDINAL = re.compile(
    r"(?:第(?P<number>[一二三四五六七八九十百]+|[1-9]\d{0,3})|首)(?P<of>[代届批期次轮季名位站条个])"
)


def without_other_ordinals(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out readings that tell only of another one of what a question numbers.

    Asked for 第三代, a sentence on 第二代 does not answer if its passage names no 第三代; 第3代 is
    the same, 首批 is 第一批.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
    """
    asked = _ordinals(question.normalised)
    return [reading for reading in readings if not _tells_of_others(reading, asked)]


def _tells_of_others(reading: Reading, asked: dict[str, set[int]]) -> bool:
    passage = reading.passage
    around = _ordinals("\n".join(filter(None, (passage.title, passage.section, passage.text))))
    said = _ordinals(reading.evidence_text)
    return any(of in said and not numbers & around[of] for of, numbers in asked.items())


def _ordinals(text: str) -> dict[str, set[int]]:
    """What a text numbers, by what it counts: {"代": {2, 3}}."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for match in _ORDINAL.finditer(normalise(text)):
        try:
            found[match["of"]].add(int(read_number(match["number"] or "一")))
        except ValueError:  # a run of numerals that is no number: 一一
            continue
    return found
