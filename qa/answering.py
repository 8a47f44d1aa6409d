"""From the passages of a question to a cited answer, or to why there is none."""

from collections.abc import Callable, Sequence
from datetime import date

from corpus import Article
from corpus.calendar import Days
from index import ScoredPassage, SearchIndex
from index.times import whole_years
from qa import premises, reasons, refusal
from qa.alternatives import Candidate, choose
from qa.answers import Alternative, Answer, Citation
from qa.contrary_terms import without_contrary_terms
from qa.demands import without_broken_demands
from qa.ordinals import without_other_ordinals
from qa.other_places import places_missing, without_other_places
from qa.question_times import times_asked, without_other_times
from qa.questions import Question
from qa.reader import Reader, Reading
from qa.refusal import Confidence
from qa.reprints import find_reprints


def possible_readings(
    question: Question,
    readings: Sequence[Reading],
    asked: Sequence[Days],
    article: Callable[[str], Article],
) -> list[Reading]:
    """Leave out readings of another time, place, ordinal, kind or measure than the question's.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
        asked: The times that the question names.
        article: Returns an article by its id.
    """
    left = without_other_times(question, readings, asked)
    left = without_other_places(question, left, article)
    left = without_contrary_terms(question, without_other_ordinals(question, left))
    return without_broken_demands(question, left)


class Answerer:
    """Reads passages of one index, decides, and cites."""

    def __init__(
        self,
        index: SearchIndex,
        reader: Reader,
        confidence: Confidence,
        today: date | None,
        dates: tuple[str | None, str | None],
    ) -> None:
        """Answer from an index.

        Args:
            index: What the passages are of.
            reader: Cuts the answers out.
            confidence: Says how sure an answer is and when to refuse.
            today: What 去年 in a question counts from; None if unknown.
            dates: Of the oldest and the newest article; None if none has a date.
        """
        self._index = index
        self._reader = reader
        self._confidence = confidence
        self._today = today
        self._dates = dates

    def answer(self, question: Question, passages: Sequence[ScoredPassage]) -> Answer:
        """Answer a question from these passages of the index, without id and latency."""
        asked = times_asked(question, self._today)
        found = self._reader.read(question, passages)
        readings = possible_readings(question, found, asked, self._index.article)
        noise = self._index.noise
        values = [
            refusal.features(passages, readings, place, noise) for place in range(len(readings))
        ]
        sure = [self._confidence.right.probability(one) for one in values]
        probability = max(sure[:1], default=0.0)
        is_sure = any(self._confidence.suffices(best) for best in values[:1])
        reason = refusal.find_refusal(
            question, passages, is_sure, noise, self._describe_outside(asked)
        )
        if reason is None:
            reason = premises.find_other_figure(question, readings[0])
        elif reason == reasons.FACT_ABSENT and found:
            reason = self._describe_other(question, found[0], asked) or reason
        if reason:
            return Answer(None, question.text, "no_answer", confidence=probability, reason=reason)
        cited = {reading.passage.article_id for reading in readings}
        dates = {article_id: self._index.article(article_id).date for article_id in cited}
        candidates = [
            Candidate(reading, confidence, dates[reading.passage.article_id])
            for reading, confidence in zip(readings, sure, strict=True)
        ]
        best, beside = choose(question.text, candidates)
        citation = self._cite(best.reading)
        return Answer(
            None,
            question.text,
            "answered",
            answer=best.reading.answer_text,
            evidence=best.reading.evidence_text,
            confidence=best.confidence,
            as_of=citation.date,
            citation=citation,
            alternatives=(
                *(
                    Alternative(
                        other.reading.answer_text,
                        other.reading.evidence_text,
                        other.confidence,
                        self._cite(other.reading),
                        "same" if agreement == "same" else "different",
                    )
                    for other, agreement in beside
                ),
                *find_reprints(self._index, best.reading, best.confidence),
            ),
            conflict=any(agreement == "conflict" for _, agreement in beside),
        )

    def _describe_other(
        self, question: Question, reading: Reading, asked: Sequence[Days]
    ) -> str | None:
        """That the likeliest sentence is of another time or place than the question's, if it is."""
        if not without_other_times(question, [reading], asked):
            return premises.describe_other_time(question, reading, self._today)
        if missing := places_missing(question, self._index.article(reading.passage.article_id)):
            return reasons.OTHER_PLACE.format(
                asked="、".join(missing), sentence=reading.evidence_text
            )
        return None

    def _describe_outside(self, asked: Sequence[Days]) -> str | None:
        """That the archive tells of none of the years asked for, or None if it may."""
        first, last = self._dates
        if not asked or not first or not last:
            return None
        if any(self._index.may_tell_of(whole_years(days)) for days in asked):
            return None
        return reasons.describe_outside(asked, first, last)

    def _cite(self, reading: Reading) -> Citation:
        passage = reading.passage
        start, end = (passage.start + offset for offset in reading.span)
        return Citation.of(self._index.article(passage.article_id), start, end)
