"""Cutting the answer out of passages.

`Reader` is all the pipeline knows; `SentenceReader` works without a trained model, by the
sentence that is nearest to the question and the span in it of the kind that is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from corpus import Passage, split_sentences
from index import ScoredPassage
from index.segmentation import characters, words
from index.text import content_of, normalise
from qa.questions import AnswerKind, Question
from qa.spans import Span, find_spans

N_PASSAGES = 4
"""How many passages are read; on the development questions more bring nothing."""

PASSAGE_WEIGHT, WORDING_WEIGHT, KIND_WEIGHT = 0.5, 0.3, 0.2
"""What the passage's score, the sentence's wording and a span of the asked kind count for.
The sentence's meaning (its vector) was tried: it changed nothing and cost 25 ms. Set on the development half of the gold set; see `qa/training/README.md`."""

UNIT_BONUS = 40
"""A span counted in the unit that is asked for beats one this many characters nearer."""

N_ANCHORS = 4
"""How many of the nearest words of the question a span is measured from."""

_STRICT_HEADS = ("省", "市", "县", "区", "镇", "乡", "村", "街道")
"""哪个镇 is not answered by anything that does not end in 镇."""

_NUMERALS = "约近超过逾不到第0123456789.,，零〇一二两三四五六七八九十百千万亿余多"


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible answer.

    Attributes:
        scored: The passage it stands in, with its retrieval scores.
        evidence: Offsets of the whole sentence in `passage.text`.
        span: Offsets of the answer in `passage.text`; inside `evidence`.
        score: How well it answers, in [0, 1]; comparable across the passages of a question.
        is_kind_found: Whether the span is of the kind that was asked for.
        wording: Share of the question's words and characters in the sentence, in [0, 1].
    """

    scored: ScoredPassage
    evidence: Span
    span: Span
    score: float
    is_kind_found: bool
    wording: float

    @property
    def passage(self) -> Passage:
        """The passage it stands in."""
        return self.scored.passage

    @property
    def evidence_text(self) -> str:
        """The whole sentence."""
        return self.passage.text[slice(*self.evidence)]

    @property
    def answer_text(self) -> str:
        """The words that answer."""
        return self.passage.text[slice(*self.span)]


class Reader(Protocol):
    """What the pipeline needs of a reader."""

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """Return possible answers from the passages, best first; none if there is no text."""
        ...


class SentenceReader:
    """Reads without a trained model; see the module."""

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """See `Reader.read`."""
        terms = _terms(content_of(question.text))
        readings = [
            _read_sentence(question, terms, scored, sentence)
            for scored in passages[:N_PASSAGES]
            for sentence in split_sentences(scored.passage.text)
        ]
        return sorted(readings, key=lambda reading: -reading.score)


def _read_sentence(
    question: Question, terms: set[str], scored: ScoredPassage, sentence: Span
) -> Reading:
    start, end = sentence
    text = scored.passage.text[start:end]
    span = _best_span(question, text)
    wording = len(terms & _terms(text)) / len(terms) if terms else 0.0
    return Reading(
        scored=scored,
        evidence=sentence,
        span=(start + span[0], start + span[1]) if span else sentence,
        score=PASSAGE_WEIGHT * scored.fused
        + WORDING_WEIGHT * wording
        + KIND_WEIGHT * (span is not None),
        is_kind_found=span is not None,
        wording=wording,
    )


def _best_span(question: Question, sentence: str) -> Span | None:
    """The span of the asked kind that is nearest to the question's words, or None."""
    asked = content_of(question.text)
    spans = [
        span
        for span in find_spans(sentence, question.kind)
        # What the question itself says is not what it asks for.
        if normalise(sentence[slice(*span)]) not in asked
        and (question.head not in _STRICT_HEADS or _fits_head(question, sentence, span))
    ]
    if not spans:
        return None
    anchors = _anchors(asked, sentence)
    return min(spans, key=lambda span: _distance(question, sentence, span, anchors))


def _distance(question: Question, sentence: str, span: Span, anchors: list[int]) -> float:
    """Mean distance (characters) to the question's words; lower is better."""
    start, end = span
    gaps = [max(start - anchor, anchor - end, 0) for anchor in anchors if not start <= anchor < end]
    nearest = sorted(gaps)[:N_ANCHORS]
    distance = sum(nearest) / len(nearest) if nearest else float(start)
    if question.head and _fits_head(question, sentence, span):
        distance -= UNIT_BONUS
    # Of two that fit equally, the longer: "129家" and not "129".
    return distance - (end - start) / 100


def _fits_head(question: Question, sentence: str, span: Span) -> bool:
    start, end = span
    if question.kind is AnswerKind.QUANTITY:
        unit = sentence[start:end].lstrip(_NUMERALS)
        # The counted thing may stand before the number: 发运标箱超128万个.
        return bool(set(unit) & set(question.head)) or sentence[:start].endswith(question.head)
    return sentence[start:end].endswith(question.head)


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
