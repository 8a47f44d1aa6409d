"""When to say that the archive does not say, and how sure an answer is.

Two logistic regressions over what retriever and reader say give the probability that the span
shown is right, and that the archive answers the question at all. Below a threshold of the second
the question is refused, and so is one whose span is hardly ever right, or that nothing in the
archive is near to. Weights and threshold
are set on development questions by `python -m qa.training.calibrate` and stored as
`confidence.json`.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index import ScoredPassage
from index.noise import Noise
from index.text import normalise
from qa.questions import Question
from qa.reader import Reading
from qa.reasons import FACT_ABSENT, NOT_A_LOOKUP, NOT_CHINESE, PHRASE_ABSENT, TOPIC_ABSENT

BUNDLED_CONFIDENCE = Path(__file__).parent / "bundled_reader" / "confidence.json"

NOTHING_NEAR = 0.3
"""A question with less `topic_nearness` is not answered, however sure the reader is. Of the
answerable development questions less than 1 % lie below."""

TOPIC_THRESHOLD = 1.75
"""A question that is refused with less `topic_nearness` than that is on something the archive has
nothing on; with more, the fact is not there. Set on development questions: of the near misses 9 %
lie below, of questions off topic four in five."""

LEAST_RIGHT = 0.06
"""A span less likely than that to be right is not shown. Set on development questions, papers and
news: of 21 that lie below it and above the threshold none is right; 11 have no answer."""

COVERAGE_WEIGHT = 3.0
"""What a passage with all words of the question adds to `topic_nearness`. It saves questions
about rare names, which the encoder does not know."""

MAX_NEARNESS = 6.0
"""What counts at most: in an archive of a few passages more is easily reached."""

MAX_LOG_ODDS = 8.0
"""What a feature in log odds counts at most; surer than that nothing is."""

_LEAST_PROBABILITY = 1e-12
"""Stands for 0, which has no logarithm."""

_ABOUT_NOW_OR_US = re.compile(
    r"(?:今天|今晚|明天|后天|现在|此刻)(?!的).{0,4}(?:天气|气温|下雨|几点(?!开|结|举|出|到)|星期几|周几|几号(?![线楼馆院]))"
    r"|天气(?:怎么样|如何)[?!。]*$"
    r"|^(?:你|您)(?:是谁|叫什么|好|会什么|能做什么|可以做什么)\W*$|^我(?:今天|现在|该怎么)"
    r"|^(?:谢谢|再见)\W*$|^(?:请|帮我)?(?:给我)?(?:讲个?|写一?)[首篇个段]?[^的，,]{0,8}(?:诗|笑话|故事|作文)(?:吧|好吗|听听)?\W*$"
)

_ASKS_FOR_ADVICE = re.compile(
    r"你们?(?:觉得|认为|怎么看|看好|建议|推荐|说说)|^(?:请|麻烦)?帮我(?:写|想|选|挑|翻译|总结|推荐|预测)"
    r"|^(?:给|替)我(?:写|推荐|翻译)|^推荐(?:[几个下]|一(?!批))|^(?:该不该|要不要|应不应该)[^？?]{2,12}[?]?$|(?:值不值得?|值得.{0,8}吗|划不划算|划算吗|划得来吗|该不该|要不要|"
    r"应不应该|适不适合|好不好玩?|怎么选|去哪好|哪个(?:更|比较)?好)[?。!]*$"
)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over features.

    Attributes:
        weights: Of every feature, see `features`.
        bias: Added to their sum.
    """

    weights: Mapping[str, float]
    bias: float

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the estimated probability, in [0, 1].

        Raises:
            KeyError: If a feature is missing.
        """
        total = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is, and whether there is one.

    The two differ: of two passages on one subject the reader may not know which one answers, and
    still be sure that one does.

    Attributes:
        right: That a span is right.
        answerable: That the archive answers the question at all, from its best reading.
        threshold: A question less likely than that to be answerable is refused.
    """

    right: Logistic
    answerable: Logistic
    threshold: float

    @classmethod
    def load(cls, file: Path = BUNDLED_CONFIDENCE) -> "Confidence":
        """Read what `qa.training.calibrate` wrote.

        Raises:
            OSError, ValueError, TypeError, KeyError: If the file is missing or damaged.
        """
        saved = json.loads(file.read_text(encoding="utf-8"))
        right, answerable = (Logistic(**saved[name]) for name in ("right", "answerable"))
        return cls(right, answerable, saved["threshold"])

    def suffices(self, values: Mapping[str, float]) -> bool:
        """Whether the best reading, which has these `features`, may be shown."""
        is_answerable = self.answerable.probability(values) >= self.threshold
        return is_answerable and self.right.probability(values) >= LEAST_RIGHT


def features(
    passages: Sequence[ScoredPassage], readings: Sequence[Reading], place: int, noise: Noise
) -> dict[str, float]:
    """Return what tells whether a reading is right.

    Args:
        passages: What retrieval found; at least one.
        readings: Best first; at least `place + 1`.
        place: Which reading, from 0.
        noise: Of the index that was searched.
    """
    reading = readings[place]
    said = normalise(reading.answer_text)
    shared, rival = 0.0, 0.0
    for other in readings:
        if normalise(other.answer_text) == said:
            shared += other.probability
        else:
            rival = max(rival, other.probability)
    return {
        "log_odds": _log_odds(shared),
        "score": max(-MAX_LOG_ODDS, min(reading.score, 2 * MAX_LOG_ODDS)),
        "lead": _log_odds(shared) - _log_odds(rival),
        "no_answer": _log_odds(_no_answer(reading)),
        "nearness": min(topic_nearness(passages, noise), MAX_NEARNESS),
        "fused": reading.scored.fused,
    }


def find_refusal(
    question: Question,
    passages: Sequence[ScoredPassage],
    is_sure: bool,
    noise: Noise,
    outside: str | None = None,
) -> str | None:
    """Return why the question is not answered, one Chinese sentence, or None if it is.

    Args:
        question: What was asked.
        passages: What retrieval found, any order.
        is_sure: Whether the best reading `suffices`; False without a reading.
        noise: Of the index that was searched.
        outside: What `describe_outside` says, if no article tells of the times it names.
    """
    asked = question.normalised
    if _ABOUT_NOW_OR_US.search(asked) or _ASKS_FOR_ADVICE.search(asked):
        return NOT_A_LOOKUP
    if outside:
        return outside
    if question.phrases and not passages:
        return PHRASE_ABSENT
    nearness = topic_nearness(passages, noise) if passages else -math.inf
    if nearness >= NOTHING_NEAR and is_sure:
        return None
    if not question.is_chinese:
        return NOT_CHINESE
    return TOPIC_ABSENT if nearness < TOPIC_THRESHOLD else FACT_ABSENT


def topic_nearness(passages: Sequence[ScoredPassage], noise: Noise) -> float:
    """Return how near the archive comes to the topic of a question; higher is nearer.

    How many standard deviations the nearest passage is nearer than those of unrelated
    questions, plus the weighted share of the question's words that one passage holds.
    """
    dense = max(passage.dense for passage in passages)
    coverage = max(passage.coverage for passage in passages)
    return noise.nearness(dense) + COVERAGE_WEIGHT * coverage


def _no_answer(reading: Reading) -> float:
    """The probability of no answer, which scores 0 in the softmax that the reading is of."""
    return math.exp(
        min(0.0, math.log(max(reading.probability, _LEAST_PROBABILITY)) - reading.score)
    )


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _LEAST_PROBABILITY), 1 - _LEAST_PROBABILITY)
    return max(-MAX_LOG_ODDS, min(math.log(kept / (1 - kept)), MAX_LOG_ODDS))
