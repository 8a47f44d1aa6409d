"""The words of the page, in Chinese and in English. What the papers printed stays as it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index import Overview
from qa import reasons
from qa.wording import CONFIDENCE_WORDS, describe_confidence


@dataclass(frozen=True, slots=True)
class Texts:
    """One language of the page; `{}` stands for what is filled in."""

    language: str
    html_lang: str
    title: str
    motto: str
    other_language: str
    other_url: str
    ask_tab: str
    browse: str
    about: str
    numbers: str
    days: str
    by_title: str
    by_source: str
    all_sources: str
    since: str
    until: str
    find: str
    no_article: str
    question: str
    placeholder: str
    empty_chat: str
    send: str
    try_these: str
    clear: str
    download: str
    searching: str
    reading: str
    as_of: str
    paragraph: str
    inferred: str
    undated: str
    editorial: str
    reprinted: str
    same: str
    others: str
    part: str
    conflict: str
    timeline: str
    nearest: str
    why: str
    why_head: tuple[str, ...]
    copy: str
    copied: str
    copy_as: tuple[str, str, str]
    understood: str
    literal: str
    edit: str
    resend: str
    cancel: str
    right: str
    wrong: str
    expected: str
    send_feedback: str
    thanks: str
    next_questions: str
    panel: str
    welcome: str
    unknown_article: str
    old_version: str
    gone_article: str
    previous_quote: str
    next_quote: str
    permanent_link: str
    captions: str
    out_of_order: str
    uploads: str
    uploads_help: str
    uploads_button: str
    uploads_drop: str
    uploads_ready: str
    uploads_none: str
    uploads_gone: str
    scope: str
    scope_archive: str
    scope_own: str
    narrow: str
    only: str
    bad_date: str
    confidence_words: tuple[str, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def confidence(self, probability: float) -> str:
        """Return a probability in words, with the figure."""
        return describe_confidence(probability, self.confidence_words)

    def describe(self, overview: Overview) -> str:
        """Return the archive in numbers."""
        numbers = self.numbers.format(
            articles=overview.n_articles,
            passages=overview.n_passages,
            characters=overview.n_characters,
        )
        days = self.days.format(first=overview.first_date, last=overview.last_date)
        return numbers + (days if overview.first_date else "")

    def describe_scope(self, source: str | None, since: str | None, until: str | None) -> str:
        """Return which articles alone were asked."""
        named = ((None, source), (self.since, since), (self.until, until))
        parts = [f"{name} {value}" if name else value for name, value in named if value]
        return self.only.format("，".join(filter(None, parts)))

    def reason(self, reason: str | None) -> str:
        """Return why there is no answer, in this language where it is known."""
        for template, words in self.reasons.items():
            if (filled := _filled_in(template, reason or "")) is not None:
                return words.format(**filled)
        return reason or ""


def _filled_in(template: str, text: str) -> dict[str, str] | None:
    """What stands for the {names} of a template in a text that was made from it, else None."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
    match = re.fullmatch(pattern, text)
    return match.groupdict() if match else None


ZH = Texts(
    language="zh",
    html_lang="zh-CN",
    title="有据",
    motto="用报纸的原话回答，每个答案都能点回原文。没有写的，就说没有。",
    other_language="English",
    other_url="/en/",
    ask_tab="提问",
    browse="浏览报道",
    about="如何回答",
    numbers="{articles} 篇 · {passages} 段 · {characters:,} 字",
    days=" · {first} 至 {last}",
    by_title="标题",
    by_source="来源",
    all_sources="全部",
    since="不早于",
    until="不晚于",
    find="查找",
    no_article="没有这样的报道。",
    question="问题",
    placeholder="谁？多少？什么时候？在哪里？为什么？",
    empty_chat="问一个报道里写到的人、事、数字或日期。",
    send="提问",
    try_these="试试这些问题",
    clear="清空对话",
    download="下载对话",
    searching="正在检索…",
    reading="正在阅读最接近的段落…",
    as_of="截至{}",
    paragraph="第{}段",
    inferred="（推断）",
    undated="日期不详",
    editorial="（编者拟题）",
    reprinted="同稿另见：",
    same="另有 {} 处同样写道",
    others="其他可能的答案 {} 个",
    part="另一问",
    conflict="各处说法不一，并列如下",
    timeline="不同时间的数字，最新的在前",
    nearest="最接近的段落，或许有用",
    why="为什么是这个答案",
    why_head=("名次", "段落", "语义", "字词", "综合", "读出的片段", "阅读", "相同的词"),
    copy="复制",
    copied="已复制",
    copy_as=("文字", "Markdown", "GB/T 7714"),
    understood="理解为：",
    literal="不是这个意思，按原话查",
    edit="修改后重问",
    resend="重新提问",
    cancel="取消",
    right="答得对",
    wrong="答得不对",
    expected="正确的答案是（可不填）",
    send_feedback="提交",
    thanks="已记下，谢谢。",
    next_questions="接着问",
    panel="报道原文",
    welcome="提问之后，被引用的报道会在这里打开。",
    old_version="这篇报道后来改过或移走了，这里是引用时的原文。",
    unknown_article="文库里没有编号为“{}”的报道。",
    gone_article="这份上传的报道已经删除。",
    previous_quote="上一处",
    next_quote="下一处",
    permanent_link="固定链接",
    captions="图片说明",
    out_of_order="文库暂时读不出来，请管理员查看日志。",
    uploads="查我自己的文章",
    uploads_help=(
        "选择 .md、.txt、.html、.docx、.pdf、.csv、.jsonl 或 .jsonl.gz 文件"
        "（最多 {files} 个，每个不超过 {size} MB）。"
        "只有您能查到它们；关闭页面后一小时内，或两小时没有提问，即删除。"
    ),
    uploads_button="选择文件",
    uploads_drop="删除我的文章",
    uploads_ready="已编入 {articles} 篇，{passages} 段。",
    uploads_none="没有一个文件能用。",
    uploads_gone="您上传的文章已经删除，请重新上传，或改查文库。",
    scope="查哪里",
    scope_archive="文库",
    scope_own="我的文章",
    narrow="只查某些报道",
    only="只查：{}",
    bad_date="没有这样的日期。日期请写作2026、2026-05或2026-05-16。",
    confidence_words=CONFIDENCE_WORDS,
)  # fmt: skip

EN = Texts(
    language="en",
    html_lang="en",
    title="Youju",
    motto="Answers in the newspaper's own words, each one click from the page it was printed on.",
    other_language="中文",
    other_url="/",
    ask_tab="Ask",
    browse="Browse articles",
    about="How it answers",
    numbers="{articles} articles · {passages} passages · {characters:,} characters",
    days=" · {first} to {last}",
    by_title="Title",
    by_source="Source",
    all_sources="all",
    since="From",
    until="To",
    find="Find",
    no_article="No such article.",
    question="Question",
    placeholder="Ask in Chinese: 谁？多少？什么时候？",
    empty_chat="Ask, in Chinese, for a person, an event, a figure or a date in the articles.",
    send="Ask",
    try_these="Try these questions",
    clear="Clear chat",
    download="Download chat",
    searching="Searching…",
    reading="Reading the nearest passages…",
    as_of="as of {}",
    paragraph="paragraph {}",
    inferred=" (inferred)",
    undated="undated",
    editorial=" (title by the editor)",
    reprinted="Also printed in: ",
    same="{} more say the same",
    others="{} other possible answers",
    part="The other question",
    conflict="Sources differ; side by side",
    timeline="Figures of different dates, newest first",
    nearest="Nearest passages, which might help",
    why="Why this answer",
    why_head=(
        "Rank", "Passage", "Meaning", "Wording", "Fused", "Span read", "Reader", "Shared words",
    ),
    copy="Copy",
    copied="Copied",
    copy_as=("Text", "Markdown", "GB/T 7714"),
    understood="Understood as: ",
    literal="No, search what I typed",
    edit="Edit and ask again",
    resend="Ask again",
    cancel="Cancel",
    right="Right",
    wrong="Wrong",
    expected="The right answer is (optional)",
    send_feedback="Send",
    thanks="Noted, thank you.",
    next_questions="Ask next",
    panel="Article",
    welcome="Articles that are cited open here.",
    old_version="This article was changed or removed since; here is the text that was cited.",
    unknown_article="There is no article with the id “{}”.",
    gone_article="This uploaded article has been deleted.",
    previous_quote="Previous",
    next_quote="Next",
    permanent_link="Permanent link",
    captions="Captions",
    out_of_order="The archive cannot be read right now; please ask the administrator.",
    uploads="Ask my own articles",
    uploads_help=(
        "Choose .md, .txt, .html, .docx, .pdf, .csv, .jsonl or .jsonl.gz files (at most {files}, "
        "{size} MB each). "
        "Only you can ask them; they are deleted within an hour after you close the page, or after "
        "two hours without a question."
    ),
    uploads_button="Choose files",
    uploads_drop="Delete my articles",
    uploads_ready="{articles} articles, {passages} passages are ready.",
    uploads_none="None of the files can be used.",
    uploads_gone="Your articles have been deleted; upload them again, or ask the archive.",
    scope="Ask",
    scope_archive="the archive",
    scope_own="my articles",
    narrow="Only some articles",
    only="Only: {}",
    bad_date="There is no such date. Write a date as 2026, 2026-05 or 2026-05-16.",
    confidence_words=(
        "very likely right ({:.0%})", "probably right ({:.0%})", "not sure ({:.0%})",
        "very unsure ({:.0%})",
    ),
    reasons={
        reasons.TOPIC_ABSENT: "The archive has no article on this.",
        reasons.FACT_ABSENT: "There are articles on this, but they do not say what was asked.",
        reasons.OUTSIDE_DATES: (
            "The archive has nothing of {years} (its articles are dated {first} to {last})."
        ),
        reasons.OTHER_TIME: (
            "No sentence tells of {asked}; the nearest one is of another time: “{sentence}”"
        ),
        reasons.OTHER_PLACE: (
            "The articles on this do not tell of {asked}; "
            "the nearest sentence is of another place: “{sentence}”"
        ),
        reasons.CONTRADICTED: "The articles do not agree with “{asked}”: “{sentence}”",
        reasons.PHRASE_ABSENT: (
            "No passage holds the words in quotation marks; without the marks, more is found."
        ),
        reasons.NOT_CHINESE: "No answer was found; please ask in Chinese, as the articles are.",
        reasons.NOT_A_LOOKUP: (
            "This asks about this moment, about the chat, or for advice, "
            "not for something in the articles."
        ),
    },
)  # fmt: skip

BY_LANGUAGE = {texts.language: texts for texts in (ZH, EN)}
