"""A reader without a trained model.

The evidence is the sentence nearest to the question by wording, weighted with its passage's
score; the answer is the span in it of the kind that is asked for, or the whole sentence.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus import split_sentences
from index import ScoredPassage
from index.segmentation import characters, words
from index.text import content_of, normalise
from qa.answer_kinds import AnswerKind
from qa.questions import Question
from qa.reader import Reading, Span
from qa.spans import find_spans

N_PASSAGES = 4
"""How many passages are read; on the development questions more bring nothing."""

PASSAGE_WEIGHT, WORDING_WEIGHT, KIND_WEIGHT = 0.4, 0.3, 0.3
"""What the passage's score, the sentence's wording and a span of the asked kind count for.
Comparing the sentences' vectors as well changed nothing and cost 25 ms. Set on the development
half of the gold set; see `qa/training/README.md`."""

UNIT_BONUS = 40
"""A span counted in the unit that is asked for beats one this many characters nearer."""

HALF_FIT = 0.5
"""How much a span of the right kind counts that is not counted in the unit asked for, or whose
sentence does not name the office that was asked for; 1 if it is or does."""

N_ANCHORS = 4
"""How many of the nearest words of the question a span is measured from."""

_STRICT_HEADS = ("省", "市", "县", "区", "镇", "乡", "村", "街道")
"""哪个镇 is not answered by anything that does not end in 镇."""

_NUMERALS = "约近超过逾不到第零下0123456789.,，零〇一二两三四五六七八九十百千万亿余多"


class SentenceReader:
    """Reads without a trained model; see the module."""

    def __init__(
        self,
        passage_weight: float = PASSAGE_WEIGHT,
        wording_weight: float = WORDING_WEIGHT,
        kind_weight: float = KIND_WEIGHT,
    ) -> None:
        """Set what counts for how much; the weights should add up to 1."""
        self._passage_weight = passage_weight
        self._wording_weight = wording_weight
        self._kind_weight = kind_weight

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """See `Reader.read`."""
        terms = _terms(content_of(question.text))
        readings = [
            self._read_sentence(question, terms, scored, sentence)
            for scored in passages[:N_PASSAGES]
            for sentence in split_sentences(scored.passage.text)
        ]
        return sorted(readings, key=lambda reading: -reading.score)

    def _read_sentence(
        self, question: Question, terms: set[str], scored: ScoredPassage, sentence: Span
    ) -> Reading:
        start, end = sentence
        text = scored.passage.text[start:end]
        span, fit = _best_span(question, text)
        wording = len(terms & _terms(text)) / len(terms) if terms else 0.0
        return Reading(
            scored=scored,
            evidence=sentence,
            span=(start + span[0], start + span[1]),
            score=self._passage_weight * scored.fused
            + self._wording_weight * wording
            + self._kind_weight * fit,
            fit=fit,
        )


def _best_span(question: Question, sentence: str) -> tuple[Span, float]:
    """The span of the asked kind that is nearest to the question's words, and how it fits."""
    asked = content_of(question.text)
    spans = [
        span
        for span in find_spans(sentence, question.kind)
        # What the question itself says is not what it asks for.
        if not _says(asked, normalise(sentence[slice(*span)]))
        and (question.head not in _STRICT_HEADS or _fits_head(question, sentence, span))
    ]
    if not spans:
        return (0, len(sentence)), 0.0
    anchors = _anchors(asked, sentence)
    best = min(spans, key=lambda span: _distance(question, sentence, span, anchors))
    return best, 1.0 if _fits_head(question, sentence, best) else HALF_FIT


def _says(question: str, words: str) -> bool:
    """Whether the question holds these words; 5 does not stand in 2025."""
    return re.search(rf"(?<!\d){re.escape(words)}(?!\d)", question) is not None


def _distance(question: Question, sentence: str, span: Span, anchors: list[int]) -> float:
    """Mean distance (characters) to the question's words; lower is better."""
    start, end = span
    gaps = [max(start - anchor, anchor - end, 0) for anchor in anchors if not start <= anchor < end]
    nearest = sorted(gaps)[:N_ANCHORS]
    distance = sum(nearest) / len(nearest) if nearest else float(start)
    if _fits_head(question, sentence, span):
        distance -= UNIT_BONUS
    # Of two that fit equally, the longer: "129家" and not "129".
    return distance - (end - start) / 100


def _fits_head(question: Question, sentence: str, span: Span) -> bool:
    """Whether a span is counted in, ends in or belongs to what the question names."""
    start, end = span
    head = question.head
    if question.kind is AnswerKind.QUANTITY and head:
        unit = sentence[start:end].lstrip(_NUMERALS)
        # The counted thing may stand before the number: 发运标箱超128万个.
        return bool(set(unit) & set(head)) or sentence[:start].endswith(head)
    if question.kind is AnswerKind.PERSON:
        return head in sentence
    return sentence[start:end].endswith(head)


def _anchors(question: str, sentence: str) -> list[int]:
    """Where pairs of characters of the question stand in the sentence."""
    folded = normalise(sentence)
    if len(folded) != len(sentence):  # a folded letter has another length; offsets would lie
        folded = sentence
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    return [i for i in range(len(folded) - 1) if folded[i : i + 2] in pairs]


def _terms(text: str) -> set[str]:
    single = characters(text)
    pairs = (a + b for a, b in pairwise(single))
    return {*words(text), *single, *pairs}
