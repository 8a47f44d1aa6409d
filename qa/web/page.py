"""What the chat page does when something is clicked, typed or dropped."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorkingError
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus import YoujuError
from qa.answers import Answer
from qa.suggestions import suggest
from qa.web import turns as chats
from qa.web.chat_views import ChatViews
from qa.web.gradio import gr
from qa.web.service import Service
from qa.web.texts import Texts
from qa.web.turns import Scope, Turn
from qa.web.uploads import ArchiveGoneError, UploadError

PATIENCE = 0.3
"""Seconds after which the page says what is being done."""

CONCURRENT_QUESTIONS = 4
"""Questions from the page that are answered at once; more wait in line."""

MAX_NEXT = 3
"""Suggestions under an answer."""

_log = logging.getLogger(__name__)

_PROGRESS = gr.Progress()
"""Gradio puts a live one in the place of this default."""

Shown = tuple[object, object, str, object, object]
"""New values of the question box, the chat, the chat as HTML, the panel, and what to ask next."""


class Page:
    """What the page does when something is clicked, typed or dropped."""

    def __init__(self, service: Service, texts: Texts) -> None:
        self._service = service
        self._texts = texts
        self._views = ChatViews(service, texts)
        self._workers = ThreadPoolExecutor(CONCURRENT_QUESTIONS, thread_name_prefix="ask")

    def show(self, stored: object) -> object:
        """Show the chat that the browser kept; nothing is drawn anew if it kept none.

        Somebody may have asked in the meantime.
        """
        turns = chats.restore(stored)
        return self._views.conversation(turns) if turns else gr.skip()

    def ask(
        self,
        question: str | list[str],
        stored: object,
        archive: str | None,
        source: str | None,
        since: str,
        until: str,
    ) -> Iterator[Shown]:
        """Answer a question over the articles that are chosen, see `turns.new_scope`.

        An example comes as a list of its one text.
        """
        try:
            scope = chats.new_scope(archive, source, since, until)
        except ValueError as error:
            raise gr.Error(self._texts.bad_date, print_exception=False) from error
        text = question if isinstance(question, str) else question[0]
        yield from self._ask(text, chats.restore(stored), scope)

    def _ask(
        self, question: str, turns: Sequence[Turn], scope: Scope, *, is_literal: bool = False
    ) -> Iterator[Shown]:
        """Answer a question; until it is answered, say every now and then what is being done."""
        question = question.encode("utf-8", "replace").decode()  # no JSON holds half a character
        steps: list[str] = []
        history = None if is_literal else chats.history(turns)
        work = self._workers.submit(self._answer, question, history, scope, steps)
        while True:
            try:
                turn = work.result(PATIENCE)
                break
            except StillWorkingError:
                doing = self._texts.reading if steps[-1:] == ["reading"] else self._texts.searching
                pending = self._views.conversation(turns, (question, doing))
                yield "", gr.skip(), pending, gr.skip(), ""
        turns = chats.append(turns, turn)
        # A refusal leaves the article in place that is being read.
        panel = self._views.panel(turn) if turn["answer"]["citation"] else gr.skip()
        yield "", turns, self._views.conversation(turns), panel, ""

    def act(
        self,
        stored: object,
        archive: str | None,
        source: str | None,
        since: str,
        until: str,
        event: gr.EventData,
    ) -> Iterator[Shown]:
        """Do what a button in the chat asks for."""
        turns = chats.restore(stored)
        data: dict[str, Any] = event._data or {}
        action, text = str(data.get("action")), str(data.get("text", ""))
        number = data.get("turn")
        turn = turns[number] if isinstance(number, int) and 0 <= number < len(turns) else None
        if action == "ask":
            yield from self.ask(text, turns, archive, source, since, until)
        elif action == "resend" and turn is not None:
            yield from self._ask(text, turns[:number], turn["scope"])
        elif action == "literal" and turn is not None:
            question = turn["answer"]["question"]
            yield from self._ask(question, turns[:number], turn["scope"], is_literal=True)
        elif action in ("right", "wrong") and turn is not None:
            self._judge(turn, is_right=action == "right", expected=text)
            yield gr.skip(), turns, self._views.conversation(turns), gr.skip(), gr.skip()

    def suggest(self, stored: object) -> str:
        """Return what may be asked after the last turn."""
        turns = chats.restore(stored)
        return self._views.following(self._next_questions(turns) if turns else [])

    def markdown(self, stored: object) -> str:
        """Return the chat as Markdown."""
        return self._views.markdown(chats.restore(stored))

    def upload(
        self,
        files: Sequence[str] | None,
        archive: str | None,
        progress: gr.Progress = _PROGRESS,
    ) -> tuple[str | None, str, object, object]:
        """Index uploaded files: token, what became of them, whom to ask, and the drop button."""
        self._service.archives.drop(archive)
        if not files:
            return self.drop(None)
        try:
            upload = self._service.archives.add(
                [Path(file) for file in files], lambda done, total: progress((done, total))
            )
        except UploadError as error:
            report = self._views.report(self._texts.uploads_none, str(error).splitlines())
            return None, report, gr.update(visible=False), gr.update(visible=False)
        finally:
            for file in files:
                Path(file).unlink(missing_ok=True)
        summary = self._texts.uploads_ready.format(
            articles=upload.n_articles, passages=upload.n_passages
        )
        report = self._views.report(summary, upload.problems)
        scope = gr.update(visible=True, value=self._texts.scope_own)
        return upload.token, report, scope, gr.update(visible=True)

    def drop(self, archive: str | None) -> tuple[str | None, str, object, object]:
        """Delete the uploaded articles; gives what `upload` gives."""
        self._service.archives.drop(archive)
        scope = gr.update(visible=False, value=self._texts.scope_archive)
        return None, "", scope, gr.update(visible=False)

    def clear(self) -> tuple[list[Turn], str, str, str]:
        """Begin a new chat: no turns, no chat, an empty panel, and nothing to ask next."""
        return [], self._views.conversation([]), self.welcome(), ""

    def sources(self) -> list[tuple[str, str]]:
        """Return the papers that can be chosen, each as it is shown and as it is given on."""
        sources = (name for name, _ in self._service.pipeline.index.overview().sources)
        return [(self._texts.all_sources, ""), *((name, name) for name in sources if name)]

    def masthead(self) -> str:
        """Return the head of the page."""
        return self._views.masthead()

    def welcome(self) -> str:
        """Return the panel before anything is cited."""
        return self._views.panel()

    def _answer(
        self, question: str, history: Sequence[str] | None, scope: Scope, steps: list[str]
    ) -> Turn:
        """Answer a question, as typed if there is no history."""
        understood = None
        try:
            if history is not None:
                understood = self._service.pipeline_of(scope["archive"]).understand(
                    question, history, wanted=chats.wanted(scope)
                )
            answer = self._service.ask(
                understood or question,
                channel="page",
                archive=scope["archive"],
                on_step=steps.append,
                wanted=chats.wanted(scope),
                is_literal=True,
            )
            answer = replace(answer, question=question)
        except ArchiveGoneError:
            answer = Answer(None, question, "invalid", reason=self._texts.uploads_gone)
        except YoujuError:
            _log.exception("a question could not be answered")
            answer = Answer(None, question, "invalid", reason=self._texts.out_of_order)
        return chats.new_turn(answer.to_dict(), scope, understood, answer.n_parts)

    def _judge(self, turn: Turn, *, is_right: bool, expected: str) -> None:
        turn["verdict"] = "right" if is_right else "wrong"
        answer = turn["answer"]
        asked = turn["understood"] or answer["question"]  # what stands alone outside the chat
        try:
            self._service.feedback.add({**answer, "question": asked}, is_right, expected)
        except (YoujuError, ValueError) as error:
            _log.exception("feedback could not be kept")
            raise gr.Error(self._texts.out_of_order, print_exception=False) from error

    def _next_questions(self, turns: Sequence[Turn]) -> list[str]:
        """Figures of the article that was cited last, nearest to the quote first."""
        last, asked = turns[-1], chats.history(turns)
        citation = last["answer"]["citation"]
        if citation is None:
            return []
        try:
            found = suggest(
                self._service.pipeline_of(last["scope"]["archive"]), citation["article_id"]
            )
        except (KeyError, YoujuError):
            return []
        start, end = citation["start"], citation["end"]
        fresh = [s for s in found if s.question not in asked and (s.end <= start or end <= s.start)]
        nearest = sorted(fresh, key=lambda s: abs(s.start - start))
        return [suggestion.question for suggestion in nearest[:MAX_NEXT]]
