"""Chats as HTML and Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from corpus import Article
from qa.answers import Alternative, Answer, Citation, answer_from_dict
from qa.beside import Figure, sort_alternatives
from qa.citing import markdown_text, plain_text, reference
from qa.lists import items_of
from qa.pipeline import Pipeline
from qa.reasons import NOT_A_LOOKUP
from qa.versions import cited_article, version_of
from qa.web.rendering import Renderer, article_url
from qa.web.service import Service
from qa.web.texts import Texts
from qa.web.turns import Turn
from qa.web.uploads import ArchiveGoneError
from qa.wording import split_evidence

MAX_ECHO = 300
"""Characters of a question that are shown in the chat."""

UNSURE = 0.25
"""Below this confidence the short answer is not shown as if it could be relied on."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What is shown of a citation: a link, and its parts as chips."""

    url: str
    title: str
    details: tuple[str, ...]


class ChatViews:
    """Renders chats in one language."""

    def __init__(self, service: Service, texts: Texts) -> None:
        self._service = service
        self._texts = texts
        self._renderer = Renderer(texts)

    def conversation(self, turns: Sequence[Turn], pending: tuple[str, str] | None = None) -> str:
        """Return a chat.

        Args:
            turns: Oldest first.
            pending: A question that is being worked on, and what is done for it.
        """
        shown = [(_shorten(turn["answer"]["question"]), turn, self._answer(turn)) for turn in turns]
        return self._renderer.render("conversation.html", turns=shown, pending=pending)

    def _answer(self, turn: Turn) -> str:
        answer = replace(answer_from_dict(turn["answer"]), n_parts=turn.get("n_parts", 0))
        try:
            pipeline = self._service.pipeline_of(turn["scope"]["archive"])
        except ArchiveGoneError:
            pipeline = None
        article = _article(pipeline, answer.citation, answer.evidence)
        can_explain = pipeline is not None and answer.status != "invalid"
        why = self._fragment_url("why", turn) if can_explain else None
        shared = {"turn": turn, "why": why}
        if answer.citation is None or answer.evidence is None:
            is_refusal = answer.status == "no_answer" and answer.reason != NOT_A_LOOKUP
            return self._renderer.render(
                "refusal.html",
                reason=self._texts.reason(answer.reason),
                is_refusal=is_refusal,
                nearest=self._fragment_url("nearest", turn) if is_refusal and pipeline else None,
                **shared,
            )
        cited = article or _bare(answer.citation)
        source = self._source(
            cited, answer.citation, turn["scope"]["archive"], is_there=article is not None
        )
        beside = sort_alternatives(answer, turn["understood"] or answer.question)

        def there(other: Alternative | Figure) -> Article | None:
            evidence = other.evidence if isinstance(other, Alternative) else None
            return _article(pipeline, other.citation, evidence)

        def place(other: Alternative | Figure) -> _Source:
            cited = there(other) or _bare(other.citation)
            return self._source(
                cited, other.citation, turn["scope"]["archive"], is_there=pipeline is not None
            )

        before, span, after = _split(article, answer)
        return self._renderer.render(
            "answer.html",
            short=span if span != answer.evidence else None,
            before=before,
            span=span,
            after=after,
            items=[
                (
                    item.quote,
                    self._citation_url(article, item, turn["scope"]["archive"]) if article else "",
                )
                for item in items_of(answer)
            ],
            source=source,
            parts_beside=[
                (other, _split(there(other), other), place(other)) for other in beside.parts
            ],
            confidence=self._texts.confidence(answer.confidence),
            is_unsure=answer.confidence < UNSURE,
            as_of=self._renderer.date(cited),
            reprints=[(other, place(other)) for other in beside.reprints],
            conflicts=[(other, place(other)) for other in beside.conflicts],
            timeline=[
                (self._renderer.day(figure.days), figure, place(figure))
                for figure in beside.timeline
            ],
            same=[(other, place(other)) for other in beside.same],
            others=[(other, place(other)) for other in beside.others],
            copies=(
                plain_text(cited, answer),
                markdown_text(cited, answer, source.url),
                reference(cited, answer.citation),
            ),
            **shared,
        )

    def following(self, questions: Sequence[str]) -> str:
        """Return what may be asked next."""
        return self._renderer.render("following.html", questions=questions)

    def masthead(self) -> str:
        """Return the head of the page."""
        return self._renderer.render("masthead.html")

    def report(self, summary: str, problems: Sequence[str]) -> str:
        """Return what became of uploaded files."""
        return self._renderer.render("report.html", summary=summary, problems=problems)

    def panel(self, turn: Turn | None = None) -> str:
        """Return the frame that shows the cited article, or a welcome if nothing is cited."""
        answer = answer_from_dict(turn["answer"]) if turn else None
        url = f"/welcome?lang={self._texts.language}"
        if turn and answer and answer.citation:
            cited = self._cited(turn, answer.citation)
            archive = turn["scope"]["archive"]
            url = self._citation_url(cited, answer.citation, archive, answer.alternatives)
        return self._renderer.render("panel.html", url=url)

    def markdown(self, turns: Sequence[Turn]) -> str:
        """Return a chat as Markdown."""
        parts = [f"# {self._texts.title}"]
        for turn in turns:
            answer = answer_from_dict(turn["answer"])
            parts.append(f"## {answer.question.strip()}")
            if answer.citation is None:
                parts.append(self._texts.reason(answer.reason))
                continue
            cited = self._cited(turn, answer.citation)
            url = self._citation_url(cited, answer.citation, turn["scope"]["archive"])
            parts.append(markdown_text(cited, answer, url))
        return "\n\n".join(parts) + "\n"

    def _source(
        self, article: Article, citation: Citation, archive: str | None, *, is_there: bool
    ) -> _Source:
        mark = self._texts.editorial if article.is_title_editorial else ""
        details = (
            citation.section,
            citation.source,
            self._renderer.date(article),
            self._texts.paragraph.format(citation.paragraph),
        )
        return _Source(
            self._citation_url(article, citation, archive) if is_there else "",
            f"《{citation.title}》{mark}",
            tuple(filter(None, details)),
        )

    def _cited(self, turn: Turn, citation: Citation) -> Article:
        """The article of a citation, or what the citation says of it if it is gone."""
        try:
            pipeline = self._service.pipeline_of(turn["scope"]["archive"])
        except ArchiveGoneError:
            return _bare(citation)
        return _article(pipeline, citation) or _bare(citation)

    def _citation_url(
        self,
        article: Article,
        citation: Citation,
        archive: str | None,
        others: Sequence[Alternative] = (),
    ) -> str:
        """The link to a quote, and to the other quotes that are from the same article."""
        quoted = [citation, *(other.citation for other in others)]
        spans = [(c.start, c.end) for c in quoted if c.article_id == citation.article_id]
        version = version_of(article) if article.sections else None
        return article_url(citation.article_id, spans, archive, self._texts.language, version)

    def _fragment_url(self, name: str, turn: Turn) -> str:
        """The address of what is only fetched when it is unfolded."""
        asked = turn["understood"] or turn["answer"]["question"]
        query = {"question": asked, "lang": self._texts.language, **turn["scope"]}
        query = {key: value for key, value in query.items() if value}
        return f"/{name}?{urlencode(query)}"


def _article(
    pipeline: Pipeline | None, citation: Citation | None, evidence: str | None = None
) -> Article | None:
    """The article of a citation, if a version that is kept says there what was quoted."""
    if pipeline is None or citation is None:
        return None
    try:
        return cited_article(pipeline.index, citation, evidence)
    except KeyError:
        return None


def _bare(citation: Citation) -> Article:
    """What a citation alone says of its article."""
    return Article(
        id=citation.article_id, title=citation.title, sections=(), date=citation.date,
        source=citation.source, byline=citation.byline,
    )  # fmt: skip


def _split(article: Article | None, answer: Answer | Alternative) -> tuple[str, str, str]:
    """The evidence before, at and after the quote; where it first stands if the article is gone."""
    if article:
        return split_evidence(article, answer)
    evidence = answer.evidence or ""
    before, found, after = evidence.partition(answer.answer or evidence)
    return (before, found, after) if found else ("", evidence, "")


def _shorten(question: str) -> str:
    shown = (
        question if len(question) <= MAX_ECHO else f"{question[:MAX_ECHO]}…（共{len(question)}字）"
    )
    return shown.encode("utf-8", "replace").decode()  # no JSON can hold half a character
