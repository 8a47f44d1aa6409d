"""Chats and articles as HTML. Everything from outside is escaped by the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from urllib.parse import quote, urlencode

from corpus import Article
from index import ArticleFilter, ArticleList, Overview, ScoredPassage
from index.copies import same_wording
from qa.answers import Alternative, Citation, answer_from_dict
from qa.citing import markdown_text, plain_text, reference
from qa.lists import items_of
from qa.pipeline import Explanation, Pipeline
from qa.refusal import NOT_A_LOOKUP
from qa.templates import templates_in
from qa.web.service import Service
from qa.web.texts import ZH, Texts
from qa.web.turns import Turn
from qa.wording import chinese_days, split_evidence

PANEL = "youju-article"
"""Name of the frame beside the chat, in which links to articles open."""

PAGE_SIZE = 50
"""Articles on one page of the list."""

MAX_EXCERPT = 60
"""Characters of a passage that are shown in a list."""

MAX_ECHO = 300
"""Characters of a question that are shown in the chat."""

UNSURE = 0.25
"""Below this confidence the short answer is not shown as if it could be relied on."""

Span = tuple[int, int]

_templates = templates_in(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text of a paragraph; `mark` is the number of the quote that it is, from 1."""

    text: str
    mark: int | None


@dataclass(frozen=True, slots=True)
class _Source:
    """What is shown of a citation: a link, and its parts as chips."""

    url: str
    title: str
    details: tuple[str, ...]


class Views:
    """Renders in one language."""

    def __init__(self, service: Service, texts: Texts) -> None:
        self._service = service
        self._texts = texts

    def conversation(self, turns: Sequence[Turn], pending: tuple[str, str] | None = None) -> str:
        """Return a chat.

        Args:
            turns: Oldest first.
            pending: A question that is being worked on, and what is done for it.
        """
        shown = [
            (_shorten(turn["answer"]["question"]), turn["understood"], self._answer(turn))
            for turn in turns
        ]
        return self._render("conversation.html", turns=shown, pending=pending)

    def _answer(self, turn: Turn) -> str:
        answer = answer_from_dict(turn["answer"])
        try:
            pipeline = self._service.pipeline_of(turn["archive"])
        except KeyError:
            pipeline = None
        article = _article(pipeline, answer.citation)
        can_explain = pipeline is not None and answer.status != "invalid"
        why = self._fragment_url("why", turn) if can_explain else None
        shared = {"turn": turn, "why": why}
        if answer.citation is None or answer.evidence is None:
            is_refusal = answer.status == "no_answer" and answer.reason != NOT_A_LOOKUP
            return self._render(
                "refusal.html",
                reason=self._texts.reason(answer.reason),
                is_refusal=is_refusal,
                nearest=self._fragment_url("nearest", turn) if is_refusal and pipeline else None,
                **shared,
            )
        cited = article or _bare(answer.citation)
        source = self._source(cited, answer.citation, turn["archive"], is_there=article is not None)
        others = [
            (other, self._source(
                _article(pipeline, other.citation) or _bare(other.citation),
                other.citation, turn["archive"], is_there=pipeline is not None,
            ))
            for other in answer.alternatives
        ]  # fmt: skip
        before, span, after = (
            split_evidence(article, answer) if article else _split(answer.evidence, answer.answer)
        )
        same = [pair for pair in others if pair[0].relation == "same"]
        reprints = [pair for pair in same if same_wording(pair[0].evidence, answer.evidence)]
        return self._render(
            "answer.html",
            short=span if span != answer.evidence else None,
            before=before,
            span=span,
            after=after,
            items=[
                (item.quote, self._citation_url(item, turn["archive"]) if article else "")
                for item in items_of(answer)
            ],
            source=source,
            confidence=self._texts.confidence(answer.confidence),
            is_unsure=answer.confidence < UNSURE,
            as_of=self._date(cited),
            conflict=answer.conflict,
            reprints=reprints,
            same=[pair for pair in same if pair not in reprints],
            different=[pair for pair in others if pair[0].relation == "different"],
            copies=(
                plain_text(cited, answer),
                markdown_text(cited, answer, source.url),
                reference(cited, answer.citation),
            ),
            **shared,
        )

    def article(
        self, article: Article, spans: Sequence[Span] = (), archive: str | None = None
    ) -> str:
        """Return the page of an article with `article.text[start:end]` of every span marked.

        Offsets outside the text mark what of them lies inside; spans come in any order.
        """
        marks = _disjoint(spans)
        paragraphs = iter(article.paragraphs)
        sections = [
            (
                section.heading,
                [
                    _mark(paragraph.text, paragraph.start, marks)
                    for paragraph in islice(paragraphs, len(section.paragraphs))
                ],
            )
            for section in article.sections
        ]
        return self._render(
            "article.html",
            article=article,
            sections=sections,
            date=self._date(article),
            n_marks=sum(p.mark is not None for _, ps in sections for pieces in ps for p in pieces),
            link=article_url(article.id, marks, archive),
        )

    def articles(
        self, found: ArticleList, wanted: ArticleFilter, first: int, overview: Overview
    ) -> str:
        """Return the page that lists articles, with the archive in numbers."""
        query = {
            name: value
            for name in ("title", "source", "since", "until")
            if (value := getattr(wanted, name))
        }

        def page_from(n: int) -> str:
            return "/articles?" + urlencode({**query, "first": n, "lang": self._texts.language})

        end = first + len(found.articles)
        return self._render(
            "articles.html",
            found=found,
            dates=[self._day(head.date, head.date_basis) for head in found.articles],
            urls=[article_url(h.id, language=self._texts.language) for h in found.articles],
            wanted=wanted,
            overview=overview,
            numbers=self._texts.describe(overview),
            first=first,
            previous=page_from(max(0, first - PAGE_SIZE)) if first else None,
            next=page_from(end) if end < found.n_found else None,
        )

    def about(self, overview: Overview) -> str:
        """Return the page that explains how answers are found."""
        return self._render(f"about.{self._texts.language}.html", overview=overview)

    def why(self, explanations: Sequence[Explanation], archive: str | None) -> str:
        """Return the ranked passages of a question with all scores, as a piece of HTML."""
        rows = [
            (
                explanation,
                self._passage_url(explanation.scored, archive),
                _excerpt(explanation.scored.passage.text),
            )
            for explanation in explanations
        ]
        return self._render("why.html", rows=rows)

    def nearest(
        self, pipeline: Pipeline, found: Sequence[ScoredPassage], archive: str | None
    ) -> str:
        """Return links to passages that might help, as a piece of HTML."""
        rows = [self._nearest(pipeline, archive, scored) for scored in found]
        return self._render("nearest.html", rows=rows)

    def message(self, message: str) -> str:
        """Return a page with one sentence."""
        return self._render("message.html", message=message)

    def following(self, questions: Sequence[str]) -> str:
        """Return what may be asked next."""
        return self._render("following.html", questions=questions)

    def masthead(self) -> str:
        """Return the head of the page."""
        return self._render("masthead.html")

    def report(self, summary: str, problems: Sequence[str]) -> str:
        """Return what became of uploaded files."""
        return self._render("report.html", summary=summary, problems=problems)

    def panel(self, turn: Turn | None = None) -> str:
        """Return the frame that shows the cited article, or a welcome if nothing is cited."""
        answer = answer_from_dict(turn["answer"]) if turn else None
        url = f"/welcome?lang={self._texts.language}"
        if turn and answer and answer.citation:
            url = self._citation_url(answer.citation, turn["archive"], answer.alternatives)
        return self._render("panel.html", url=url)

    def markdown(self, turns: Sequence[Turn]) -> str:
        """Return a chat as Markdown."""
        parts = [f"# {self._texts.title}"]
        for turn in turns:
            answer = answer_from_dict(turn["answer"])
            parts.append(f"## {answer.question.strip()}")
            if answer.citation is None:
                parts.append(self._texts.reason(answer.reason))
                continue
            try:
                article = _article(self._service.pipeline_of(turn["archive"]), answer.citation)
            except KeyError:
                article = None
            url = self._citation_url(answer.citation, turn["archive"])
            parts.append(markdown_text(article or _bare(answer.citation), answer, url))
        return "\n\n".join(parts) + "\n"

    def _source(
        self, article: Article, citation: Citation, archive: str | None, *, is_there: bool
    ) -> _Source:
        mark = self._texts.editorial if article.is_title_editorial else ""
        details = (
            citation.section,
            citation.source,
            self._date(article),
            self._texts.paragraph.format(citation.paragraph),
        )
        return _Source(
            self._citation_url(citation, archive) if is_there else "",
            f"《{citation.title}》{mark}",
            tuple(filter(None, details)),
        )

    def _nearest(
        self, pipeline: Pipeline, archive: str | None, scored: ScoredPassage
    ) -> tuple[str, str, str]:
        """Link, title with date, and beginning of a passage."""
        passage = scored.passage
        article = pipeline.article(passage.article_id)
        url = self._passage_url(scored, archive)
        return url, f"《{article.title}》 · {self._date(article)}", _excerpt(passage.text)

    def _citation_url(
        self, citation: Citation, archive: str | None, others: Sequence[Alternative] = ()
    ) -> str:
        """The link to a quote, and to the other quotes that are from the same article."""
        quoted = [citation, *(other.citation for other in others)]
        spans = [(c.start, c.end) for c in quoted if c.article_id == citation.article_id]
        return article_url(citation.article_id, spans, archive, self._texts.language)

    def _fragment_url(self, name: str, turn: Turn) -> str:
        """The address of what is only fetched when it is unfolded."""
        asked = turn["understood"] or turn["answer"]["question"]
        query = {"question": asked, "lang": self._texts.language}
        if turn["archive"]:
            query["archive"] = turn["archive"]
        return f"/{name}?{urlencode(query)}"

    def _passage_url(self, scored: ScoredPassage, archive: str | None) -> str:
        p = scored.passage
        return article_url(p.article_id, [(p.start, p.end)], archive, self._texts.language)

    def _date(self, article: Article) -> str:
        return self._day(article.date, article.date_basis)

    def _day(self, date: str | None, basis: str) -> str:
        if date is None:
            return self._texts.undated
        days = chinese_days(date) if self._texts.language == "zh" else date.replace("/", " to ")
        return days + (self._texts.inferred if basis == "inferred" else "")

    def _render(self, template: str, **values: object) -> str:
        return _templates.get_template(template).render(t=self._texts, panel=PANEL, **values)


def article_url(
    article_id: str,
    spans: Sequence[Span] = (),
    archive: str | None = None,
    language: str = ZH.language,
) -> str:
    """Return the permanent link that opens an article at quotes, the first in view."""
    query: list[tuple[str, object]] = []
    for start, end in spans:
        query += [("start", start), ("end", end)]
    if archive:
        query.append(("archive", archive))
    if language != ZH.language:
        query.append(("lang", language))
    return (
        f"/article/{quote(article_id, safe='')}"
        + (f"?{urlencode(query)}" if query else "")
        + ("#quote-1" if spans else "")
    )


def _article(pipeline: Pipeline | None, citation: Citation | None) -> Article | None:
    """The article of a citation, if it still says at that place what was quoted."""
    if pipeline is None or citation is None:
        return None
    try:
        article = pipeline.article(citation.article_id)
    except KeyError:
        return None
    is_same = article.text[citation.start : citation.end] == citation.quote
    return article if is_same else None


def _bare(citation: Citation) -> Article:
    """What a citation alone says of its article."""
    return Article(
        id=citation.article_id, title=citation.title, sections=(), date=citation.date,
        source=citation.source, byline=citation.byline,
    )  # fmt: skip


def _split(evidence: str, words: str | None) -> tuple[str, str, str]:
    before, found, after = evidence.partition(words or evidence)
    return (before, found, after) if found else ("", evidence, "")


def _excerpt(text: str) -> str:
    return text[:MAX_EXCERPT] + ("…" if len(text) > MAX_EXCERPT else "")


def _shorten(question: str) -> str:
    shown = (
        question if len(question) <= MAX_ECHO else f"{question[:MAX_ECHO]}…（共{len(question)}字）"
    )
    return shown.encode("utf-8", "replace").decode()  # no JSON can hold half a character


def _disjoint(spans: Sequence[Span]) -> list[Span]:
    """Spans in the order given, without those that are empty or overlap an earlier one."""
    kept: list[Span] = []
    for start, end in spans:
        if start < end and all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return kept


def _mark(paragraph: str, offset: int, marks: Sequence[Span]) -> list[_Piece]:
    """Cut a paragraph, which begins at `offset` of the article, at the marks inside it."""
    inside = [
        (max(start - offset, 0), min(end - offset, len(paragraph)), number)
        for number, (start, end) in enumerate(marks, 1)
    ]
    inside = sorted((start, end, number) for start, end, number in inside if start < end)
    numbers = {(start, end): number for start, end, number in inside}
    cuts = [0, *(place for start, end, _ in inside for place in (start, end)), len(paragraph)]
    return [_Piece(paragraph[a:b], numbers.get((a, b))) for a, b in pairwise(cuts) if a < b]
