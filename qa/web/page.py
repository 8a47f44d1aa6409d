"""The chat page itself, in Gradio (the only module that imports it)."""

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorkingError
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from fastapi import FastAPI

from corpus import YoujuError
from qa.answers import Answer
from qa.printing import to_json
from qa.questions import InvalidQuestionError
from qa.records import search_dict
from qa.suggestions import suggest
from qa.web import turns as chats
from qa.web.api import MAX_K
from qa.web.chat_views import ChatViews
from qa.web.service import Service
from qa.web.texts import EN, ZH, Texts
from qa.web.turns import Turn
from qa.web.uploads import MAX_FILES, MAX_MEGABYTES, UploadError

EXAMPLES = {
    "浙江中欧班列累计开通多少条线路？": "000-1",
    "印尼展有多少家义乌企业参展？": "002-5",
    "李祖村以前叫什么村？": "001-1",
    "天津“117项目”的主塔楼有多高？": "003-4",
    "程科源是哪家公司的董事长？": "001-1",
    "今天天气怎么样？": "000-1",
}
"""Questions to try, and the bundled article without which each makes no sense."""

PATIENCE = 0.3
"""Seconds after which the page says what is being done."""

CONCURRENT_QUESTIONS = 4
"""Questions from the page that are answered at once; more wait in line."""

MAX_NEXT = 3
"""Suggestions under an answer."""

_log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_SANS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
_THEME = gr.themes.Base(
    primary_hue="red", neutral_hue="stone", font=_SANS, font_mono=("ui-monospace", "monospace")
)

_ON_LOAD = """() => {
  document.documentElement.lang = "LANG";
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("#youju-question textarea");
    if (!box || event.key !== "Escape" || event.isComposing) return;
    box.value = "";
    box.dispatchEvent(new Event("input", {bubbles: true}));
  });
}"""

_SAVE_FILE = """(text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: "text/markdown"}));
  link.download = "youju.md";
  link.click();
  URL.revokeObjectURL(link.href);
}"""


def mount_page(app: FastAPI, service: Service) -> FastAPI:
    """Add the chat page to a FastAPI application: at its root, and in English at /en."""
    for texts, path in ((EN, "/en"), (ZH, "/")):
        gr.mount_gradio_app(
            app,
            build_page(service, texts),
            path=path,
            theme=_THEME,
            css_paths=[_STATIC / "page.css"],
            js=_ON_LOAD.replace("LANG", texts.html_lang),
            favicon_path=_STATIC / "icon.svg" if path == "/" else None,
            footer_links=[],
            ssr_mode=False,
            show_error=False,
            max_file_size=f"{MAX_MEGABYTES}mb",
            mcp_server=texts is ZH,
        )
    return app


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
        self, question: str, stored: object, archive: str | None, *, is_literal: bool = False
    ) -> Iterator[Shown]:
        """Answer a question; until it is answered, say every now and then what is being done."""
        question = question.encode("utf-8", "replace").decode()  # no JSON holds half a character
        turns = chats.restore(stored)
        steps: list[str] = []
        history = None if is_literal else chats.history(turns)
        work = self._workers.submit(self._answer, question, history, archive, steps)
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

    def ask_sample(self, sample: list[str], stored: object, archive: str | None) -> Iterator[Shown]:
        """Answer an example."""
        yield from self.ask(sample[0], stored, archive)

    def act(
        self,
        stored: object,
        archive: str | None,
        event: gr.EventData,
    ) -> Iterator[Shown]:
        """Do what a button in the chat asks for."""
        turns = chats.restore(stored)
        data: dict[str, Any] = event._data or {}
        action, text = str(data.get("action")), str(data.get("text", ""))
        number = data.get("turn")
        turn = turns[number] if isinstance(number, int) and 0 <= number < len(turns) else None
        if action == "ask":
            yield from self.ask(text, turns, archive)
        elif action == "resend" and turn is not None:
            yield from self.ask(text, turns[:number], turn["archive"])
        elif action == "literal" and turn is not None:
            question = turn["answer"]["question"]
            yield from self.ask(question, turns[:number], turn["archive"], is_literal=True)
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

    def masthead(self) -> str:
        """Return the head of the page."""
        return self._views.masthead()

    def welcome(self) -> str:
        """Return the panel before anything is cited."""
        return self._views.panel()

    def _answer(
        self, question: str, history: Sequence[str] | None, archive: str | None, steps: list[str]
    ) -> Turn:
        """Answer a question, as typed if there is no history."""
        understood = None
        try:
            if history is not None:
                understood = self._service.pipeline_of(archive).understand(question, history)
            answer = self._service.ask(
                understood or question,
                channel="page",
                archive=archive,
                on_step=steps.append,
                is_literal=True,
            )
            answer = replace(answer, question=question)
        except KeyError:
            answer = Answer(None, question, "invalid", reason=self._texts.uploads_gone)
        except YoujuError:
            _log.exception("a question could not be answered")
            answer = Answer(None, question, "invalid", reason=self._texts.out_of_order)
        return chats.new_turn(answer.to_dict(), archive, understood)

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
            found = suggest(self._service.pipeline_of(last["archive"]), citation["article_id"])
        except (KeyError, YoujuError):
            return []
        start, end = citation["start"], citation["end"]
        fresh = [s for s in found if s.question not in asked and (s.end <= start or end <= s.start)]
        nearest = sorted(fresh, key=lambda s: abs(s.start - start))
        return [suggestion.question for suggestion in nearest[:MAX_NEXT]]


def build_page(service: Service, texts: Texts = ZH) -> gr.Blocks:
    """Lay out the page: chat on the left, the cited article on the right."""
    page = Page(service, texts)
    held = set(service.pipeline.index.article_ids())
    samples = [[question] for question, article_id in EXAMPLES.items() if article_id in held]
    # Out of the queue: its stream closes with its last event, and may then miss a new question.
    private: dict[str, Any] = {
        "api_visibility": "private", "show_progress": "hidden", "queue": False,
    }  # fmt: skip

    with gr.Blocks(analytics_enabled=False, title="有据 Youju", fill_width=True) as blocks:
        if texts is ZH:
            _add_tools(service)  # first, so that they get the names
        # The browser keeps the chat; the key and secret are the same after a restart.
        stored = gr.BrowserState([], storage_key="youju-chat", secret="youju")
        own = gr.State(None, delete_callback=service.archives.drop)
        archive = gr.State(None)
        gr.HTML(page.masthead(), elem_classes="youju-masthead")
        with gr.Row(elem_classes="youju-columns"):
            with gr.Column(scale=5, min_width=340):
                chat = gr.HTML(
                    page.clear()[1],
                    js_on_load=(_STATIC / "chat.js").read_text(encoding="utf-8"),
                    apply_default_css=False,
                    elem_id="youju-chat",
                )
                following = gr.HTML(
                    "",
                    js_on_load=(_STATIC / "following.js").read_text(encoding="utf-8"),
                    apply_default_css=False,
                    elem_id="youju-following",
                )
                box = gr.Textbox(
                    label=texts.question,
                    placeholder=texts.placeholder,
                    submit_btn=texts.send,
                    lines=1,
                    max_lines=4,
                    autofocus=True,
                    elem_id="youju-question",
                )
                scope = gr.Radio(
                    [texts.scope_archive, texts.scope_own],
                    value=texts.scope_archive,
                    label=texts.scope,
                    visible=False,
                    elem_id="youju-scope",
                )
                with gr.Row(elem_id="youju-tools"):
                    clear = gr.Button(texts.clear, size="sm", variant="secondary")
                    download = gr.Button(texts.download, size="sm", variant="secondary")
                    markdown = gr.Textbox(visible="hidden", elem_id="youju-markdown")
                examples = gr.Dataset(
                    components=[box], samples=samples, label=texts.try_these, visible=bool(samples)
                )
                with gr.Accordion(texts.uploads, open=False, elem_id="youju-uploads"):
                    gr.HTML(
                        texts.uploads_help.format(files=MAX_FILES, size=MAX_MEGABYTES), padding=True
                    )
                    files = gr.File(
                        label=texts.uploads_button,
                        file_count="multiple",
                        file_types=[".md", ".jsonl", ".gz"],
                        height=120,
                    )
                    report = gr.HTML("", elem_id="youju-report", padding=True)
                    drop = gr.Button(texts.uploads_drop, size="sm", visible=False)
            with gr.Column(scale=4, min_width=340):
                panel = gr.HTML(page.welcome(), elem_id="youju-panel")

        shown = [box, stored, chat, panel, following]
        # "multiple", or a question typed at once after an answer would be dropped without a word.
        asking = {
            **private,
            "queue": True,
            "trigger_mode": "multiple",
            "concurrency_limit": CONCURRENT_QUESTIONS,
            "concurrency_id": "ask",
        }
        blocks.load(page.show, [stored], [chat], **private)
        for event in (
            box.submit(page.ask, [box, stored, archive], shown, **asking),
            examples.click(page.ask_sample, [examples, stored, archive], shown, **asking),
            chat.click(page.act, [stored, archive], shown, **asking),
            following.click(page.act, [stored, archive], shown, **asking),
        ):
            # One at a time: it asks some questions of its own, and nobody waits for it.
            event.then(page.suggest, [stored], [following], **private)
        clear.click(page.clear, None, [stored, chat, panel, following], **private)
        saved = download.click(page.markdown, [stored], [markdown], **private)
        saved.then(None, [markdown], None, js=_SAVE_FILE)
        uploaded = [own, report, scope, drop]
        files.upload(page.upload, [files, own], uploaded, api_visibility="private")
        gr.on([drop.click, files.clear], page.drop, [own], uploaded, **private).then(
            lambda: None, None, [files], **private
        )
        gr.on(
            [scope.change, own.change],
            lambda chosen, token: token if chosen == texts.scope_own else None,
            [scope, own], [archive], **private,
        )  # fmt: skip
    return blocks


def _add_tools(service: Service) -> None:
    """Offer `ask` and `search` to MCP clients and to gradio_client.

    They return JSON as text: Gradio would give MCP clients a dict as Python prints it.
    """

    def ask(question: str) -> str:
        """Answer a Chinese question from newspaper articles, in their own words.

        Nothing is generated: the answer is cut from an article, and the citation names the
        exact place. When the archive does not say, status is "no_answer" and reason says why.
        Returns a JSON object.

        Args:
            question: The question, in Chinese, complete in itself.
        """
        return to_json(service.ask(question, channel="mcp").to_dict())

    def search(question: str, k: int = 10) -> str:
        """Find the passages of newspaper articles that best match a Chinese question.

        Returns a JSON list, best first, with where each stands and its scores.

        Args:
            question: The question or keywords, in Chinese.
            k: How many passages, from 1 to 100.
        """
        if not 1 <= k <= MAX_K:
            raise gr.Error(f"k is {k}; it must be from 1 to {MAX_K}", print_exception=False)
        try:
            found = service.pipeline.search(question, k)
        except InvalidQuestionError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return to_json([search_dict(rank, scored) for rank, scored in enumerate(found, start=1)])

    gr.api(ask, api_name="ask")
    gr.api(search, api_name="search")
