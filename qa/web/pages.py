"""The pages beside the chat: articles under their permanent links, the list, and how it answers."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from index import ArticleFilter, ArticleList
from qa.questions import InvalidQuestionError
from qa.versions import find_version
from qa.web import turns as chats
from qa.web.api import MAX_FIRST
from qa.web.languages import BY_LANGUAGE, ZH
from qa.web.page_views import PAGE_SIZE, PageViews
from qa.web.service import Service
from qa.web.texts import Texts
from qa.web.uploads import ArchiveGoneError

_OWN_FILES_ONLY = {
    # These pages hold text from outside; nothing in it may run or be fetched elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

N_NEAREST = 3
"""Passages that are offered with a refusal."""

Offsets = Annotated[list[int], Query(default_factory=list)]


def pages_router(service: Service) -> APIRouter:
    """Return the routes of the pages."""
    pages = Pages(service)
    router = APIRouter(include_in_schema=False)
    for path, page in (
        ("/article/{article_id:path}", pages.article),
        ("/articles", pages.articles),
        ("/about", pages.about),
        ("/welcome", pages.welcome),
        ("/why", pages.why),
        ("/nearest", pages.nearest),
        ("/en", pages.english),
    ):
        router.add_api_route(path, page, response_model=None)
    return router


def _wanted(
    source: str | None = None, since: str | None = None, until: str | None = None
) -> ArticleFilter:
    return ArticleFilter(source=source, since=since, until=until)


_Wanted = Annotated[ArticleFilter, Depends(_wanted)]
"""The articles that were asked, from the address."""


class Pages:
    """What is answered under each address; `lang` chooses the language, Chinese if unknown."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._views = {name: PageViews(texts) for name, texts in BY_LANGUAGE.items()}

    def article(
        self,
        article_id: str,
        start: Offsets,
        end: Offsets,
        version: str | None = None,
        archive: str | None = None,
        lang: str = ZH.language,
    ) -> HTMLResponse:
        """Show an article with the characters from every `start` to its `end` marked.

        A version that was replaced or removed is shown as it was, which the page says.
        """
        views, texts = self._in(lang)
        try:
            pipeline = self._service.pipeline_of(archive)
        except ArchiveGoneError:
            return _respond(views.message(texts.gone_article), 404)
        try:
            article, is_current = find_version(pipeline.index, article_id, version)
        except KeyError:
            return _respond(views.message(texts.unknown_article.format(article_id)), 404)
        spans = list(zip(start, end, strict=False))
        return _respond(views.article(article, spans, archive, is_current=is_current))

    def articles(
        self,
        title: str = "",
        source: str = "",
        since: str = "",
        until: str = "",
        first: Annotated[int, Query(ge=0, le=MAX_FIRST)] = 0,
        lang: str = ZH.language,
    ) -> HTMLResponse:
        """List the articles that are wanted, with the archive in numbers.

        Days are written as for asking, see `turns.new_scope`.
        """
        index, (views, texts) = self._service.pipeline.index, self._in(lang)
        typed = ArticleFilter(*(part.strip() or None for part in (title, source, since, until)))
        overview = index.overview()
        try:
            scope = chats.new_scope(None, typed.source, typed.since, typed.until)
        except ValueError:
            page = views.articles(ArticleList((), 0), typed, first, overview, texts.bad_date)
            return _respond(page, 422)
        wanted = replace(chats.wanted(scope), title=typed.title)
        found = index.articles(wanted, first, PAGE_SIZE)
        return _respond(views.articles(found, wanted, first, overview))

    def about(self, lang: str = ZH.language) -> HTMLResponse:
        """Explain how answers are found."""
        return _respond(self._in(lang)[0].about(self._service.pipeline.index.overview()))

    def welcome(self, lang: str = ZH.language) -> HTMLResponse:
        """Say what the panel is for."""
        views, texts = self._in(lang)
        return _respond(views.message(texts.welcome))

    def why(
        self,
        question: str,
        wanted: _Wanted,
        archive: str | None = None,
        lang: str = ZH.language,
    ) -> HTMLResponse:
        """Show the passages that were read for a question; a piece of a page."""
        try:
            explanations = self._service.pipeline_of(archive).explain(question, wanted=wanted)
        except (ArchiveGoneError, InvalidQuestionError):
            return _respond("", 404)
        return _respond(self._in(lang)[0].why(explanations, archive))

    def nearest(
        self,
        question: str,
        wanted: _Wanted,
        archive: str | None = None,
        lang: str = ZH.language,
    ) -> HTMLResponse:
        """Show the passages nearest to a question that was refused; a piece of a page.

        The question comes as it was looked up.
        """
        try:
            pipeline = self._service.pipeline_of(archive)
            found = pipeline.search(question, N_NEAREST, wanted=wanted, is_literal=True)
        except (ArchiveGoneError, InvalidQuestionError):
            return _respond("", 404)
        return _respond(self._in(lang)[0].nearest(pipeline, found, archive))

    def english(self) -> RedirectResponse:
        """Lead to the English page, which is mounted with a slash."""
        return RedirectResponse("/en/")

    def _in(self, language: str) -> tuple[PageViews, Texts]:
        texts = BY_LANGUAGE.get(language, ZH)
        return self._views[texts.language], texts


def _respond(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status, headers=_OWN_FILES_ONLY)
