"""Youju for programs: the JSON of the command line over HTTP."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from corpus import Article
from corpus.dates import normalise_date
from index import ArticleFilter, ArticleList, SearchIndex
from index.catalogue import MAX_LISTED
from qa.questions import InvalidQuestionError
from qa.records import AnswerRecord, SearchRecord, search_dict
from qa.versions import version_with
from qa.web.service import Service

MAX_HISTORY = 50
"""Earlier questions that a request may carry."""

MAX_K = 100
"""Passages that a search may ask for."""

UNDERSTOOD = "Youju-Understood"
"""Header of an answer: the question as it was looked up, percent-encoded UTF-8, where that is not
as it was sent. The answer has no field for it, so that its keys stay as they are."""

_DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"
MAX_FIRST = 2**31 - 1
"""The last number that a list of articles may begin with."""


def _day(value: str | None) -> str | None:
    """Return an ISO day, month or year that there is.

    Raises:
        ValueError: If there is none such.
    """
    return normalise_date(value) if value else None


_Day = Annotated[str | None, Query(pattern=_DAY), AfterValidator(_day)]


def _wanted(source: str | None = None, since: _Day = None, until: _Day = None) -> ArticleFilter:
    return ArticleFilter(source=source, since=since, until=until)


_Wanted = Annotated[ArticleFilter, Depends(_wanted)]
"""The articles to be asked, from the address."""


class AskBody(BaseModel):
    """A question, as one line of a batch."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(description="as a person would type it; Chinese")
    id: str | None = Field(None, description="comes back in the answer")
    history: list[str] = Field(
        [], max_length=MAX_HISTORY, description="earlier questions of the chat, oldest first"
    )
    source: str | None = Field(None, description="only articles of this paper or agency")
    since: Annotated[str | None, AfterValidator(_day)] = Field(
        None, pattern=_DAY, description="only articles of this day (month, year) or later"
    )
    until: Annotated[str | None, AfterValidator(_day)] = Field(
        None, pattern=_DAY, description="only articles of then or earlier"
    )


def article_dict(article: Article) -> dict[str, Any]:
    """Return an article as JSON-ready values.

    All fields of `corpus.Article`; `text`, which every offset is into; and `paragraphs` with
    number, section, start and end.
    """
    paragraphs = [
        {"number": p.number, "section": p.section, "start": p.start, "end": p.end}
        for p in article.paragraphs
    ]
    return {**asdict(article), "text": article.text, "paragraphs": paragraphs}


def _into_header(response: Response) -> Callable[[str], None]:
    def tell(understood: str) -> None:
        response.headers[UNDERSTOOD] = quote(understood)

    return tell


def _find_article(index: SearchIndex, article_id: str, start: int, quote: str | None) -> Article:
    if quote is None:
        return index.article(article_id)
    return version_with(index, article_id, start, quote)


def api_router(service: Service) -> APIRouter:
    """Return the routes for programs."""
    router = APIRouter()

    @router.post("/api/ask", tags=["ask"])
    def ask(body: AskBody, response: Response) -> AnswerRecord:
        """Answer a question with the newspaper's own words and the exact place.

        A refusal has status `no_answer` and a reason; input that is no question has status
        `invalid`; both come with HTTP 200, as from the command line. The header
        `Youju-Understood` has the question as it was looked up, percent-encoded, where a typing
        error was set right or it leans on earlier ones.
        """
        wanted = ArticleFilter(source=body.source, since=body.since, until=body.until)
        return service.ask(
            body.question,
            body.history,
            body.id,
            channel="http",
            wanted=wanted,
            on_understood=_into_header(response),
        ).to_dict()

    @router.get("/api/ask", tags=["ask"])
    def ask_by_link(
        question: str,
        wanted: _Wanted,
        response: Response,
        id: str | None = None,
    ) -> AnswerRecord:
        """Answer a question in the address, as POST does."""
        return service.ask(
            question,
            id=id,
            channel="http",
            wanted=wanted,
            on_understood=_into_header(response),
        ).to_dict()

    @router.get("/api/search", tags=["search"], responses={422: {"description": "no question"}})
    def search(
        question: str,
        wanted: _Wanted,
        k: Annotated[int, Query(ge=1, le=MAX_K)] = 10,
    ) -> list[SearchRecord]:
        """Return the k passages that best match a question, best first, with their scores."""
        try:
            found = service.pipeline.search(question, k, wanted=wanted)
        except InvalidQuestionError as error:
            raise HTTPException(422, str(error)) from error
        return [search_dict(rank, scored) for rank, scored in enumerate(found, start=1)]

    @router.get("/api/articles", tags=["articles"])
    def list_articles(
        title: str | None = None,
        source: str | None = None,
        since: _Day = None,
        until: _Day = None,
        first: Annotated[int, Query(ge=0, le=MAX_FIRST)] = 0,
        n: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 50,
    ) -> ArticleList:
        """List articles by part of the title, source, and days (2026, 2026-05 or 2026-05-16)."""
        return service.pipeline.index.articles(ArticleFilter(title, source, since, until), first, n)

    @router.get(
        "/api/articles/{article_id:path}",
        tags=["articles"],
        responses={404: {"description": "no article of this id"}},
    )
    def article(
        article_id: str,
        start: Annotated[int, Query(ge=0)] = 0,
        quote: str | None = None,
    ) -> dict[str, Any]:
        """Return one article: its text, into which every offset counts, and what is known of it.

        With the `start` and `quote` of a citation, the newest version that is kept and has the
        quote there, also if the article was changed or removed since.
        """
        try:
            return article_dict(_find_article(service.pipeline.index, article_id, start, quote))
        except KeyError:
            raise HTTPException(404, f"no article with the id {article_id!r}") from None

    @router.get("/healthz", tags=["operation"])
    def health() -> dict[str, str | int]:
        """Return whether the server lives, and what it serves."""
        manifest = service.pipeline.index.manifest
        return {
            "status": "ok",
            "articles": manifest.n_articles,
            "passages": manifest.n_passages,
        }

    @router.get("/metrics", tags=["operation"])
    def metrics() -> Response:
        """Return counts and times in Prometheus' text format."""
        return Response(service.metrics.exposition(), media_type=service.metrics.media_type)

    return router
