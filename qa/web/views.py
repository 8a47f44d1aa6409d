"""Answers and articles as HTML. Everything from outside is escaped by the templates."""

from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from urllib.parse import quote, urlencode

from corpus import Article
from index import ScoredPassage
from qa.answers import Answer, Citation
from qa.pipeline import Pipeline
from qa.templates import templates_in
from qa.wording import (
    describe_citation,
    describe_confidence,
    describe_date,
    describe_relation,
    describe_title,
    split_evidence,
)

PANEL = "youju-article"
"""Name of the frame beside the chat, in which links to articles open."""

MAX_EXCERPT = 60
"""Characters of a passage that are shown in a list."""

_templates = templates_in(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    text: str


def render_answer(pipeline: Pipeline, answer: Answer) -> str:
    """Return the HTML of an answer, a refusal or a note that the input is no question."""
    if answer.citation is None:
        nearest = pipeline.search(answer.question, 3) if answer.status == "no_answer" else []
        return _templates.get_template("refusal.html").render(
            answer=answer, nearest=[_nearest(pipeline, p) for p in nearest], panel=PANEL
        )
    article = pipeline.article(answer.citation.article_id)
    before, span, after = split_evidence(article, answer)
    others = [
        (
            describe_relation(other.relation),
            other.answer,
            _citation_link(pipeline, other.citation),
        )
        for other in answer.alternatives
    ]
    return _templates.get_template("answer.html").render(
        short=span if span != answer.evidence else None,
        before=before,
        span=span,
        after=after,
        citation=_citation_link(pipeline, answer.citation),
        confidence=describe_confidence(answer.confidence),
        others=others,
        panel=PANEL,
    )


def render_article(article: Article, start: int = 0, end: int = 0) -> str:
    """Return the HTML page of an article with `article.text[start:end]` marked.

    Offsets outside the text mark what of them lies inside.
    """
    paragraphs = iter(article.paragraphs)
    sections = [
        (
            section.heading,
            [
                _mark(paragraph.text, start - paragraph.start, end - paragraph.start)
                for paragraph in islice(paragraphs, len(section.paragraphs))
            ],
        )
        for section in article.sections
    ]
    return _templates.get_template("article.html").render(
        article=article, sections=sections, date=describe_date(article)
    )


def render_message(message: str) -> str:
    """Return an HTML page with one sentence."""
    return _templates.get_template("message.html").render(message=message)


def render_panel(answer: Answer) -> str:
    """Return the frame that shows the cited article, or a welcome if nothing is cited."""
    url = article_url(answer.citation) if answer.citation else "/welcome"
    return _templates.get_template("panel.html").render(url=url, panel=PANEL)


def article_url(citation: Citation) -> str:
    """Return the link that opens an article at a quote."""
    return _url(citation.article_id, citation.start, citation.end)


def _url(article_id: str, start: int, end: int) -> str:
    query = urlencode({"start": start, "end": end})
    return f"/article/{quote(article_id, safe='')}?{query}#quote"


def _citation_link(pipeline: Pipeline, citation: Citation) -> _Link:
    article = pipeline.article(citation.article_id)
    return _Link(article_url(citation), describe_citation(article, citation))


def _nearest(pipeline: Pipeline, scored: ScoredPassage) -> tuple[_Link, str]:
    """The link to a passage, and how it begins."""
    passage = scored.passage
    article = pipeline.article(passage.article_id)
    name = f"{describe_title(article)} · {describe_date(article)}"
    is_cut = len(passage.text) > MAX_EXCERPT
    excerpt = passage.text[:MAX_EXCERPT] + ("…" if is_cut else "")
    return _Link(_url(passage.article_id, passage.start, passage.end), name), excerpt


def _mark(paragraph: str, start: int, end: int) -> list[_Piece]:
    start, end = max(start, 0), min(end, len(paragraph))
    if start >= end:
        return [_Piece(paragraph, is_marked=False)]
    cuts = pairwise((0, start, end, len(paragraph)))
    return [_Piece(paragraph[a:b], is_marked=(a, b) == (start, end)) for a, b in cuts if a < b]
