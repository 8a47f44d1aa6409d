"""From a question to a cited answer: check, retrieve, read, decide."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from corpus import Article
from index import PassageIndex, ScoredPassage, StoreError
from index.fusion import DENSE_WEIGHT
from index.passage_index import with_context
from index.segmentation import shared_words
from index.text import normalise
from qa import refusal
from qa.answers import Alternative, Answer, Citation
from qa.bundled import open_bundled_index
from qa.followups import understand
from qa.quantities import says_the_same
from qa.questions import InvalidQuestionError, Question, parse_question
from qa.reader import Reader, Reading
from qa.refusal import Confidence
from qa.reprints import find_reprints
from qa.trained_reader import TrainedReader

N_READ = 10
"""How many passages are read."""

MAX_ALTERNATIVES = 3
"""How many other passages that answer are shown; copies come on top, see `qa.reprints`."""

Step = Literal["searching", "reading"]


@dataclass(frozen=True, slots=True)
class Request:
    """One question of a batch.

    Attributes:
        question: Raw user text.
        id: Comes back in the answer.
        history: Earlier questions of the same chat, oldest first.
    """

    question: str
    id: str | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage was, or was not, answered from.

    Attributes:
        scored: The passage, as retrieval ranks it.
        reading: The best answer that was read in it; None if it was not read to the end.
        shared_words: Words of the question that it holds, title and section included, in the
            order of the question.
    """

    scored: ScoredPassage
    reading: Reading | None
    shared_words: tuple[str, ...]


class Pipeline:
    """Answers questions over one index."""

    def __init__(
        self,
        index: PassageIndex,
        reader: Reader | None = None,
        *,
        confidence: Confidence | None = None,
        dense_weight: float = DENSE_WEIGHT,
    ) -> None:
        """Answer over an index.

        Args:
            index: What is searched.
            reader: Cuts the answers out; by default the bundled one.
            confidence: Says how sure an answer is and when to refuse; fits the bundled reader.
            dense_weight: Share of meaning against wording in the ranking, from 0 to 1.
        """
        self.index = index
        self.reader = reader or TrainedReader()
        self.confidence = confidence or Confidence.load()
        self._dense_weight = dense_weight

    @classmethod
    def open(
        cls,
        folder: Path | str | None = None,
        encoder: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Pipeline":
        """Open an index folder and answer over it.

        Args:
            folder: What `youju build` wrote; None for the bundled articles, whose index is
                built in the user's cache folder the first time.
            encoder: The encoder that is wanted; by default the one the index was built with.
            progress: Told how many passages are encoded, of how many, if an index is built.

        Raises:
            YoujuError: If there is no index, or it does not fit, see `PassageIndex.open`.
        """
        if folder is None and encoder is not None:
            raise StoreError(
                'the bundled index has its own encoder; build another with "youju build --encoder"'
            )
        if folder is None:
            return cls(open_bundled_index(progress))
        return cls(PassageIndex.open(Path(folder), encoder))

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,
        on_step: Callable[[Step], None] = lambda _: None,
    ) -> Answer:
        """Answer one question with the newspaper's own words.

        Args:
            question: Raw user text; bad input gives status "invalid", not an exception.
            history: Earlier questions of the same chat, oldest first.
            id: Comes back in the answer.
            on_step: Told what is done next.
        """
        started = time.perf_counter()
        try:
            parsed = parse_question(self.understand(question, history) or question)
            on_step("searching")
            passages = self._retrieve(parsed, N_READ)
            on_step("reading")
            answer = self.answer_from(parsed, passages)
        except InvalidQuestionError as error:
            answer = Answer(None, question, "invalid", reason=str(error))
        elapsed = (time.perf_counter() - started) * 1000
        return replace(answer, id=id, question=question, latency_ms=elapsed)

    def understand(self, question: str, history: Sequence[str]) -> str | None:
        """Return a question that leans on those before it as one that stands alone.

        Returns:
            None if it stands alone already, or what it leans on cannot be told.
        """

        def answer_to(earlier: str) -> str | None:
            return self.ask(earlier).answer

        try:
            parsed = parse_question(question)
        except InvalidQuestionError:
            return None
        return understand(parsed.text, history, answer_to)

    def ask_many(self, requests: Iterable[Request]) -> Iterator[Answer]:
        """Answer requests one by one, in order."""
        for request in requests:
            yield self.ask(request.question, request.history, request.id)

    def search(self, question: str, k: int = 10) -> list[ScoredPassage]:
        """Return the k best passages, best first.

        Raises:
            InvalidQuestionError: If the input is no question.
            ValueError: If k < 1.
        """
        return self._retrieve(parse_question(question), k)

    def explain(self, question: str) -> list[Explanation]:
        """Return the passages that are read for a question, best ranked first, with what each says.

        Raises:
            InvalidQuestionError: If the input is no question.
        """
        parsed = parse_question(question)
        passages = self._retrieve(parsed, N_READ)
        best: dict[ScoredPassage, Reading] = {}
        for reading in self.reader.read(parsed, passages):
            best.setdefault(reading.scored, reading)
        return [
            Explanation(
                scored,
                best.get(scored),
                tuple(shared_words(parsed.text, with_context(scored.passage))),
            )
            for scored in passages
        ]

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
        """
        return self.index.article(article_id)

    def answer_from(self, question: Question, passages: Sequence[ScoredPassage]) -> Answer:
        """Answer a question from these passages of the index, without id and latency."""
        readings = self.reader.read(question, passages)
        noise = self.index.noise
        sure = [
            self.confidence.probability(refusal.features(passages, readings, place, noise))
            for place in range(len(readings))
        ]
        probability = max(sure[:1], default=0.0)
        threshold = self.confidence.threshold
        if reason := refusal.find_refusal(question, passages, probability, threshold, noise):
            return Answer(None, question.text, "no_answer", confidence=probability, reason=reason)
        best = readings[0]
        citation = self._cite(best)
        return Answer(
            None,
            question.text,
            "answered",
            answer=best.answer_text,
            evidence=best.evidence_text,
            confidence=sure[0],
            as_of=citation.date,
            citation=citation,
            alternatives=(
                *self._alternatives(best, readings, sure),
                *find_reprints(self.index, best, sure[0]),
            ),
        )

    def _retrieve(self, question: Question, k: int) -> list[ScoredPassage]:
        return self.index.search(question.text, k, dense_weight=self._dense_weight)

    def _alternatives(
        self, best: Reading, readings: Sequence[Reading], sure: Sequence[float]
    ) -> tuple[Alternative, ...]:
        """The best reading of each other passage, as far as it is sure enough."""
        seen = {best.passage}
        chosen: list[Alternative] = []
        for reading, probability in zip(readings[1:], sure[1:], strict=True):
            if len(chosen) == MAX_ALTERNATIVES:
                break
            if probability < refusal.ALTERNATIVE_CONFIDENCE or reading.passage in seen:
                continue
            seen.add(reading.passage)
            texts = reading.answer_text, best.answer_text
            is_same = len(set(map(normalise, texts))) == 1 or says_the_same(*texts)
            chosen.append(
                Alternative(
                    reading.answer_text,
                    reading.evidence_text,
                    probability,
                    self._cite(reading),
                    "same" if is_same else "different",
                )
            )
        return tuple(chosen)

    def _cite(self, reading: Reading) -> Citation:
        passage = reading.passage
        start, end = (passage.start + offset for offset in reading.span)
        return Citation.of(self.index.article(passage.article_id), start, end)


def ask(question: str, history: Sequence[str] = ()) -> Answer:
    """Answer a question over the bundled articles.

    The first call opens their index, and builds it if this machine has none yet.

    Args:
        question: Raw user text; bad input gives status "invalid", not an exception.
        history: Earlier questions of the same chat, oldest first.
    """
    return _bundled_pipeline().ask(question, history)


@cache
def _bundled_pipeline() -> Pipeline:
    return Pipeline.open()
