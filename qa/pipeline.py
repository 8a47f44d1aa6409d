"""From a question to a cited answer: check, retrieve, read, decide."""

import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from corpus import Article
from corpus.calendar import days_of
from index import ALL, ArticleFilter, PassageIndex, ScoredPassage, SearchIndex
from qa import reasons
from qa.answering import Answerer
from qa.answers import Answer
from qa.bundled import open_place
from qa.followups import understand
from qa.parts import parts_of, with_parts
from qa.question_times import times_asked
from qa.questions import InvalidQuestionError, Question, is_question, parse_question
from qa.reader import Reader, Reading
from qa.refusal import Confidence
from qa.trained_reader import TrainedReader

N_READ = 10
"""How many passages are read."""

N_KEPT = 256
"""Answers that are kept for telling what later questions mean."""

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
    """Answers questions over one index.

    What `open` returns of a folder goes with it: each question is asked of the state that the
    index has then. What is made of an index, or opened in Milvus, stays with that one.
    """

    def __init__(
        self,
        index: SearchIndex,
        reader: Reader | None = None,
        *,
        confidence: Confidence | None = None,
        dense_weight: float | None = None,
        today: date | None = None,
    ) -> None:
        """Answer over an index.

        Args:
            index: What is searched.
            reader: Cuts the answers out; by default the bundled one.
            confidence: Says how sure an answer is and when to refuse; fits the bundled reader.
            dense_weight: Share of meaning against wording in the ranking, from 0 to 1; by default
                the encoder's own.
            today: What 去年 in a question counts from; by default the newest article's date.
        """
        self.index = index
        self.reader = reader or TrainedReader()
        self.confidence = confidence or Confidence.load()
        self._dense_weight = dense_weight
        dates = index.first_and_last_date()
        self.today = today or (days_of(dates[1])[1] if dates[1] else None)
        self.answerer = Answerer(index, self.reader, self.confidence, self.today, dates)
        # What a question means need not be found out again in every later turn of a chat.
        # The proxy: a pipeline that is held by what it holds would keep its files open.
        alone = weakref.proxy(self)
        self._ask_alone = lru_cache(N_KEPT)(lambda text, wanted: alone.ask(text, wanted=wanted))

    @classmethod
    def open(
        cls,
        folder: Path | str | None = None,
        encoder: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        *,
        today: date | None = None,
    ) -> "Pipeline":
        """Open an index and answer over it; over a folder, as it is when each question is asked.

        Args:
            folder: What `youju build` wrote, or as text the address of a Milvus store; None for
                the bundled articles, whose index is built in the user's cache folder the first
                time.
            encoder: The encoder that is wanted; by default the one the index was built with.
            progress: Told how many passages are encoded, of how many, if an index is built.
            today: What 去年 in a question counts from; by default the newest article's date.

        Raises:
            YoujuError: If there is no index, or it does not fit, see `PassageIndex.open`.
        """
        from qa.lasting import LastingPipeline  # which is a Pipeline

        index = open_place(folder, progress, encoder)
        if isinstance(index, PassageIndex):
            return LastingPipeline(index, encoder, today)
        return Pipeline(index, today=today)

    def now(self) -> "Pipeline":
        """Return what answers over the index as it is now, for as long as it is used.

        For what takes several steps that must not see different states.
        """
        return self

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,
        on_step: Callable[[Step], None] = lambda _: None,
        *,
        wanted: ArticleFilter = ALL,
        is_literal: bool = False,
        on_understood: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """Answer one question with the newspaper's own words.

        Args:
            question: Raw user text; bad input gives status "invalid", not an exception.
            history: Earlier questions of the same chat, oldest first.
            id: Comes back in the answer.
            on_step: Told what is done next.
            wanted: Only these articles are searched.
            is_literal: Take the question as typed, and not as `understand` does.
            on_understood: Told what is looked up, where that is not the question as typed.
        """
        started = time.perf_counter()
        try:
            understood = None if is_literal else self.understand(question, history, wanted=wanted)
            parsed = parse_question(understood or question)
            if understood:
                on_understood(understood)
            on_step("searching")
            passages = self._retrieve(parsed, N_READ, wanted)
            on_step("reading")
            answer = self._with_parts(parsed, self.answerer.answer(parsed, passages), wanted)
        except InvalidQuestionError as error:
            answer = Answer(None, question, "invalid", reason=str(error))
        elapsed = (time.perf_counter() - started) * 1000
        return replace(answer, id=id, question=question, latency_ms=elapsed)

    def understand(
        self, question: str, history: Sequence[str] = (), *, wanted: ArticleFilter = ALL
    ) -> str | None:
        """Return a question as it is looked up, where that is not as it was typed.

        One that leans on those before it stands alone, see `qa.followups`, and typing errors are
        set right, see `PassageIndex.correct`; not where a phrase is wanted as typed.

        Args:
            question: Raw user text.
            history: Earlier questions of the same chat, oldest first.
            wanted: Only these articles are asked for what earlier questions were about.

        Returns:
            None if it is looked up as typed, or what it leans on cannot be told.
        """
        try:
            parsed = parse_question(question)
        except InvalidQuestionError:
            return None
        earlier = list(filter(is_question, history))
        alone = understand(parsed.text, earlier, lambda text: self._ask_alone(text, wanted))
        if parsed.phrases:
            return alone
        return self.index.correct(alone or parsed.text) or alone

    def ask_many(
        self, requests: Iterable[Request], *, wanted: ArticleFilter = ALL
    ) -> Iterator[Answer]:
        """Answer requests one by one, in order, from the articles that are wanted."""
        for request in requests:
            yield self.ask(request.question, request.history, request.id, wanted=wanted)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        wanted: ArticleFilter = ALL,
        is_literal: bool = False,
    ) -> list[ScoredPassage]:
        """Return the k best passages of the articles that are wanted, best first.

        Args:
            question: Raw user text.
            k: How many passages.
            wanted: Only passages of these articles come back.
            is_literal: Take the question as typed; otherwise typing errors are set right.

        Raises:
            InvalidQuestionError: If the input is no question.
            ValueError: If k < 1.
        """
        understood = None if is_literal else self.understand(question)
        return self._retrieve(parse_question(understood or question), k, wanted)

    def explain(self, question: str, *, wanted: ArticleFilter = ALL) -> list[Explanation]:
        """Return the passages that are read for a question, best ranked first, with what each says.

        The question is taken as it is typed, see `understand`.

        Raises:
            InvalidQuestionError: If the input is no question.
        """
        parsed = parse_question(question)
        passages = self._retrieve(parsed, N_READ, wanted)
        best: dict[ScoredPassage, Reading] = {}
        for reading in self.reader.read(parsed, passages):
            best.setdefault(reading.scored, reading)
        return [
            Explanation(
                scored,
                best.get(scored),
                tuple(self.index.shared_words(parsed.text, scored)),
            )
            for scored in passages
        ]

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
        """
        return self.index.article(article_id)

    def _retrieve(
        self, question: Question, k: int, wanted: ArticleFilter = ALL
    ) -> list[ScoredPassage]:
        return self.index.search(
            question.text,
            k,
            phrases=question.phrases,
            dense_weight=self._dense_weight,
            wanted=wanted,
            asked=times_asked(question, self.today),
        )

    def _with_parts(self, question: Question, answer: Answer, wanted: ArticleFilter) -> Answer:
        """Add the answers to the questions of which a question is made, if it asks several."""
        if answer.reason and reasons.reason_name(answer.reason) != "fact_absent":
            return answer
        found = parts_of(question.text, lambda text: self._ask_alone(text, wanted))
        asked = map(parse_question, found)
        parts = [self.answerer.answer(part, self._retrieve(part, N_READ, wanted)) for part in asked]
        return with_parts(answer, parts) if parts else answer


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
