"""When to say that the archive does not say, and how sure an answer is.

A logistic regression over what retriever and reader say gives the probability that the span
shown is right; below a threshold the question is refused, and so is one whose topic the archive
has nothing on. Weights and threshold are set on development questions by
`python -m qa.training.calibrate` and stored as `confidence.json`.
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

TOPIC_THRESHOLD = 2.0
"""A question with less `topic_nearness` is on something the archive has nothing on. Set on
development questions: none of the answerable ones lies below, all but one off topic do."""

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
    r"(?:今天|今晚|明天|后天|现在|此刻).{0,4}(?:天气|气温|下雨|几点|星期几|周几|几号)|天气(?:怎么样|如何)[?!。]*$"
    r"|^(?:你|您)(?:是谁|叫什么|好|会什么|能做什么|可以做什么)\W*$|^我(?:今天|现在|该怎么|的)"
    r"|^(?:谢谢|再见)\W*$|^(?:请|帮我)?(?:给我)?(?:讲个?|写一?)[首篇个段]?.{0,8}(?:诗|笑话|故事|作文)"
)

_ASKS_FOR_ADVICE = re.compile(
    r"你们?(?:觉得|认为|怎么看|看好|建议|推荐|说说)|^(?:请|麻烦)?帮我(?:写|想|选|挑|翻译|总结|推荐|预测)"
    r"|^(?:给|替)我(?:写|推荐|翻译)|^推荐[几一个下]|^(?:该不该|要不要|应不应该)[^？?]{2,12}[?]?$|(?:值不值得?|值得.{0,8}吗|划不划算|划算吗|划得来吗|该不该|要不要|"
    r"应不应该|适不适合|好不好玩?|怎么选|去哪好|哪个(?:更|比较)?好)[?。!]*$"
)


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is, from its features.

    Attributes:
        weights: Of every feature, see `features`.
        bias: Added to their sum.
        threshold: An answer less sure than this is not given.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float

    @classmethod
    def load(cls, file: Path = BUNDLED_CONFIDENCE) -> "Confidence":
        """Read what `qa.training.calibrate` wrote.

        Raises:
            OSError, ValueError, TypeError: If the file is missing or damaged.
        """
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the estimated probability, in [0, 1], that an answer is right.

        Raises:
            KeyError: If a feature is missing.
        """
        total = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-total))


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
    probability: float,
    threshold: float,
    noise: Noise,
    outside: str | None = None,
) -> str | None:
    """Return why the question is not answered, one Chinese sentence, or None if it is.

    Args:
        question: What was asked.
        passages: What retrieval found, any order.
        probability: That the best reading is right; 0 without one.
        threshold: Below it there is no answer.
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
    is_off_topic = not passages or topic_nearness(passages, noise) < TOPIC_THRESHOLD
    if not is_off_topic and probability >= threshold:
        return None
    if not question.is_chinese:
        return NOT_CHINESE
    return TOPIC_ABSENT if is_off_topic else FACT_ABSENT


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
