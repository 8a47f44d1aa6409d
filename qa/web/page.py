"""The chat page itself, in Gradio (the only module that imports it)."""

import logging
import os
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from fastapi import FastAPI
from markupsafe import escape

from corpus import YoujuError
from qa.answers import Answer
from qa.pipeline import Pipeline
from qa.printing import to_json
from qa.questions import InvalidQuestionError
from qa.records import search_dict
from qa.web.api import MAX_K
from qa.web.service import Service
from qa.web.views import render_answer, render_panel

EXAMPLES = {
    "浙江中欧班列累计开通多少条线路？": "000-1",
    "印尼展有多少家义乌企业参展？": "002-5",
    "李祖村以前叫什么村？": "001-1",
    "天津“117项目”的主塔楼有多高？": "003-4",
    "程科源是哪家公司的董事长？": "001-1",
    "今天天气怎么样？": "000-1",
}
"""Questions to try, and the bundled article without which each makes no sense."""

OUT_OF_ORDER = "文库暂时读不出来，请管理员查看日志。"

MAX_ECHO = 300
"""Characters of a question that are shown in the chat."""

Message = dict[str, Any]

_log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_SANS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
_THEME = gr.themes.Base(
    primary_hue="red", neutral_hue="stone", font=_SANS, font_mono=("ui-monospace", "monospace")
)
_SHOW_LAST_TURN = """() => setTimeout(() => {
  const turns = document.querySelectorAll(".user-row");
  turns[turns.length - 1]?.scrollIntoView({block: "start", behavior: "instant"});
}, 100)"""
_SET_LANGUAGE = "() => { document.documentElement.lang = 'zh-CN'; }"


def mount_page(app: FastAPI, service: Service) -> FastAPI:
    """Add the chat page to a FastAPI application, at its root."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(service),
        path="/",
        theme=_THEME,
        css_paths=[_STATIC / "page.css"],
        js=_SET_LANGUAGE,
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        max_file_size="100kb",  # nothing is uploaded yet
        mcp_server=True,
    )
    return mounted


def build_page(service: Service) -> gr.Blocks:
    """Lay out the page: chat on the left, the cited article on the right."""
    pipeline = service.pipeline
    held = set(pipeline.index.article_ids())
    samples = [[question] for question, article_id in EXAMPLES.items() if article_id in held]

    def respond(question: str, messages: list[Message]) -> tuple[str, list[Message], object]:
        try:
            answer = service.ask(question, channel="page")
        except YoujuError:
            _log.exception("a question could not be answered")
            answer = Answer(None, question, "invalid", reason=OUT_OF_ORDER)
        turn = [_user_message(question), _answer_message(pipeline, answer)]
        # A refusal leaves the article in place that is being read.
        panel = render_panel(answer) if answer.citation else gr.skip()
        return "", [*messages, *turn], panel

    def respond_to_example(
        example: list[str], messages: list[Message]
    ) -> tuple[str, list[Message], object]:
        return respond(example[0], messages)

    with gr.Blocks(analytics_enabled=False, title="有据 Youju", fill_width=True) as page:
        gr.HTML(
            "<h1>有据</h1><p>用报纸的原话回答，每个答案都能点回原文。没有写的，就说没有。</p>",
            elem_classes="youju-masthead",
        )
        with gr.Row():
            with gr.Column(scale=5, min_width=340):
                chat = gr.Chatbot(
                    label="问答",
                    show_label=False,
                    height="56vh",
                    layout="bubble",
                    placeholder="问一个报道里写到的人、事、数字或日期。",
                    feedback_options=None,
                    buttons=[],
                )
                box = gr.Textbox(
                    label="问题",
                    placeholder="谁？多少？什么时候？在哪里？为什么？",
                    submit_btn="提问",
                    lines=1,
                    max_lines=4,
                    autofocus=True,
                    elem_id="youju-question",
                )
                examples = gr.Dataset(
                    components=[box],
                    samples=samples,
                    label="试试这些问题",
                    visible=bool(samples),
                )
            with gr.Column(scale=4, min_width=340):
                panel = gr.HTML(_empty_panel(), elem_id="youju-panel")
        for trigger, function, source in (
            (box.submit, respond, box),
            (examples.click, respond_to_example, examples),
        ):
            trigger(
                function,
                [source, chat],
                [box, chat, panel],
                api_visibility="private",
                show_progress="hidden",
            ).then(None, js=_SHOW_LAST_TURN)
        chat.clear(_empty_panel, None, panel, api_visibility="private")
        _add_tools(service)
    return page


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


def _user_message(question: str) -> Message:
    # A component and not text: text would be read as Markdown, and the question changed.
    shown = (
        question if len(question) <= MAX_ECHO else f"{question[:MAX_ECHO]}…（共{len(question)}字）"
    )
    sendable = shown.encode("utf-8", "replace").decode()  # no JSON can hold half a character
    return {"role": "user", "content": gr.HTML(f"<p>{escape(sendable)}</p>")}


def _answer_message(pipeline: Pipeline, answer: Answer) -> Message:
    return {"role": "assistant", "content": gr.HTML(render_answer(pipeline, answer))}


def _empty_panel() -> str:
    return render_panel(Answer(None, "", "no_answer"))
