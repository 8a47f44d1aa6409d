"""The chat page laid out in Gradio, and mounted into the server."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI

from corpus.finding import SUFFIXES
from qa.web.gradio import gr
from qa.web.languages import EN, ZH
from qa.web.page import CONCURRENT_QUESTIONS, Page
from qa.web.service import Service
from qa.web.texts import Texts
from qa.web.tools import add_tools
from qa.web.uploads import MAX_FILES, MAX_MEGABYTES

EXAMPLES = {
    "浙江中欧班列累计开通多少条线路？": "000-1",
    "印尼展有多少家义乌企业参展？": "002-5",
    "李祖村以前叫什么村？": "001-1",
    "天津“117项目”的主塔楼有多高？": "003-4",
    "程科源是哪家公司的董事长？": "001-1",
    "今天天气怎么样？": "000-1",
}
"""Questions to try, and the bundled article without which each makes no sense."""

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
  text = text.replaceAll("](/article/", `](${location.origin}/article/`);
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
            add_tools(service)  # first, so that they get the names
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
                with gr.Accordion(texts.narrow, open=False, elem_id="youju-narrow"), gr.Row():
                    source = gr.Dropdown(page.sources(), value="", label=texts.by_source)
                    since = gr.Textbox(label=texts.since, placeholder="2026-05", max_length=10)
                    until = gr.Textbox(label=texts.until, placeholder="2026-05-16", max_length=10)
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
                        file_types=[f".{suffix.split('.')[-1]}" for suffix in SUFFIXES],
                        height=120,
                    )
                    report = gr.HTML("", elem_id="youju-report", padding=True)
                    drop = gr.Button(texts.uploads_drop, size="sm", visible=False)
            with gr.Column(scale=4, min_width=340):
                panel = gr.HTML(page.welcome(), elem_id="youju-panel")

        asked = [archive, source, since, until]
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
        blocks.load(lambda: gr.update(choices=page.sources()), None, [source], **private)
        for event in (
            box.submit(page.ask, [box, stored, *asked], shown, **asking),
            examples.click(page.ask, [examples, stored, *asked], shown, **asking),
            chat.click(page.act, [stored, *asked], shown, **asking),
            following.click(page.act, [stored, *asked], shown, **asking),
        ):
            # It asks some questions of its own, and nobody waits for it.
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
