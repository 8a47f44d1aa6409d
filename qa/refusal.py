"""When to say that the archive does not say, and how sure an answer is.

The numbers are fitted on the development half of the gold set by
`python -m qa.training.tune`.
"""

import math
import re
from collections.abc import Sequence

from index import ScoredPassage
from index.noise import Noise
from qa.questions import Question
from qa.reader import Reading

TOPIC_THRESHOLD = 2.5
"""A question with less `topic_nearness` is refused: the archive has nothing on its topic."""

COVERAGE_WEIGHT = 3.0
"""What a passage with all words of the question adds to `topic_nearness`. It saves questions
about rare names, which the encoder does not know."""

TOPIC_ABSENT = "文库里没有与这个问题相关的报道。"
NOT_A_LOOKUP = "这个问题问的是此刻或对话本身，不是在报道里能查到的。"
NOTHING_READ = "找到了相关报道，但其中没有可以引用的句子。"

SHORT_ANSWER_CONFIDENCE = 0.2
"""A reading less sure than this is shown as its whole sentence: the span is mostly wrong."""

ALTERNATIVE_CONFIDENCE = 0.1
"""A reading less sure than this is not shown beside the answer."""

MAX_NEARNESS, MAX_LEAD = 6.0, 0.3
"""What counts at most for the confidence: hardly any development question reaches more, and in
an archive of a few passages both are easily large."""

_NEARNESS_WEIGHT, _LEAD_WEIGHT, _BIAS = 0.35, 8.94, -2.86
_ABOUT_NOW_OR_US = re.compile(
    r"(?:今天|今晚|明天|后天|现在|此刻).{0,4}(?:天气|气温|下雨|几点|星期几|周几|几号)|天气(?:怎么样|如何)[?!。]*$"
    r"|^(?:你|您)(?:是谁|叫什么|好|会什么|能做什么|可以做什么)\W*$|^我(?:今天|现在|该怎么|的)"
    r"|^(?:谢谢|再见)\W*$|^(?:请|帮我)?(?:给我)?(?:讲个?|写一?)[首篇个段]?.{0,8}(?:诗|笑话|故事|作文)"
)


def find_refusal(
    question: Question,
    passages: Sequence[ScoredPassage],
    readings: Sequence[Reading],
    noise: Noise,
) -> str | None:
    """Return why the question cannot be answered, one Chinese sentence, or None if it can.

    Args:
        question: What was asked.
        passages: What retrieval found, any order.
        readings: What the reader made of it.
        noise: Of the index that was searched.
    """
    if _ABOUT_NOW_OR_US.search(question.normalised):
        return NOT_A_LOOKUP
    if not passages or topic_nearness(passages, noise) < TOPIC_THRESHOLD:
        return TOPIC_ABSENT
    return None if readings else NOTHING_READ


def topic_nearness(passages: Sequence[ScoredPassage], noise: Noise) -> float:
    """Return how near the archive comes to the topic of a question; higher is nearer.

    How many standard deviations the nearest passage is nearer than those of unrelated
    questions, plus the weighted share of the question's words that one passage holds.
    """
    dense = max(passage.dense for passage in passages)
    coverage = max(passage.coverage for passage in passages)
    return noise.nearness(dense) + COVERAGE_WEIGHT * coverage


def confidence(
    passages: Sequence[ScoredPassage], readings: Sequence[Reading], rank: int, noise: Noise
) -> float:
    """Return the estimated probability, in [0, 1], that a reading's evidence is right.

    A logistic function of `topic_nearness` and of how far the reading's score leads the
    best other one (negative if it does not lead).

    Args:
        passages: What retrieval found; at least one.
        readings: Best first; at least `rank + 1`.
        rank: Which reading, from 0.
        noise: Of the index that was searched.
    """
    nearness = min(topic_nearness(passages, noise), MAX_NEARNESS)
    ahead = min(lead(readings, rank), MAX_LEAD)
    value = _NEARNESS_WEIGHT * nearness + _LEAD_WEIGHT * ahead + _BIAS
    return 1 / (1 + math.exp(-value))


def lead(readings: Sequence[Reading], rank: int) -> float:
    """Return by how much a reading's score leads the best other one; 0 without another."""
    others = [reading.score for i, reading in enumerate(readings) if i != rank]
    return readings[rank].score - max(others, default=readings[rank].score)
