"""Pages as HTML: an article, the list of them, explanations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from urllib.parse import urlencode

from corpus import Article
from index import ArticleFilter, ArticleList, Overview, ScoredPassage
from qa.pipeline import Explanation, Pipeline
from qa.versions import version_of
from qa.web.rendering import Renderer, Span, article_url
from qa.web.texts import Texts

PAGE_SIZE = 50
"""Articles on one page of the list."""

MAX_EXCERPT = 60
"""Characters of a passage that are shown in a list."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text of a paragraph; `mark` is the number of the quote that it is, from 1."""

    text: str
    mark: int | None


class PageViews:
    """Renders pages in one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._renderer = Renderer(texts)

    def article(
        self,
        article: Article,
        spans: Sequence[Span] = (),
        archive: str | None = None,
        *,
        is_current: bool = True,
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
        return self._renderer.render(
            "article.html",
            article=article,
            sections=sections,
            date=self._renderer.date(article),
            n_marks=sum(p.mark is not None for _, ps in sections for pieces in ps for p in pieces),
            link=article_url(article.id, marks, archive, version=version_of(article)),
            is_current=is_current,
        )

    def articles(
        self,
        found: ArticleList,
        wanted: ArticleFilter,
        first: int,
        overview: Overview,
        problem: str | None = None,
    ) -> str:
        """Return the page that lists articles, with the archive in numbers.

        With a problem it says that, where no article is found, in place of just so.
        """
        query = {
            name: value
            for name in ("title", "source", "since", "until")
            if (value := getattr(wanted, name))
        }

        def page_from(n: int) -> str:
            return "/articles?" + urlencode({**query, "first": n, "lang": self._texts.language})

        end = first + len(found.articles)
        return self._renderer.render(
            "articles.html",
            found=found,
            dates=[self._renderer.day(head.date, head.date_basis) for head in found.articles],
            urls=[article_url(h.id, language=self._texts.language) for h in found.articles],
            wanted=wanted,
            overview=overview,
            numbers=self._texts.describe(overview),
            first=first,
            problem=problem,
            previous=page_from(max(0, first - PAGE_SIZE)) if first else None,
            next=page_from(end) if end < found.n_found else None,
        )

    def about(self, overview: Overview) -> str:
        """Return the page that explains how answers are found."""
        return self._renderer.render(f"about.{self._texts.language}.html", overview=overview)

    def why(self, explanations: Sequence[Explanation], archive: str | None) -> str:
        """Return the ranked passages of a question with all scores, as a piece of HTML."""
        rows = [
            (
                explanation,
                self._renderer.passage_url(explanation.scored, archive),
                _excerpt(explanation.scored.passage.text),
            )
            for explanation in explanations
        ]
        return self._renderer.render("why.html", rows=rows)

    def nearest(
        self, pipeline: Pipeline, found: Sequence[ScoredPassage], archive: str | None
    ) -> str:
        """Return links to passages that might help, as a piece of HTML."""
        rows = [self._nearest(pipeline, archive, scored) for scored in found]
        return self._renderer.render("nearest.html", rows=rows)

    def message(self, message: str) -> str:
        """Return a page with one sentence."""
        return self._renderer.render("message.html", message=message)

    def _nearest(
        self, pipeline: Pipeline, archive: str | None, scored: ScoredPassage
    ) -> tuple[str, str, str]:
        """Link, title with date, and beginning of a passage."""
        passage = scored.passage
        article = pipeline.article(passage.article_id)
        url = self._renderer.passage_url(scored, archive)
        return url, f"《{article.title}》 · {self._renderer.date(article)}", _excerpt(passage.text)


def _excerpt(text: str) -> str:
    return text[:MAX_EXCERPT] + ("…" if len(text) > MAX_EXCERPT else "")


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
