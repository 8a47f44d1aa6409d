"""Options of the command line that say which articles are searched, and what day it is."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpus.calendar import days_of
from corpus.dates import normalise_date

if TYPE_CHECKING:
    from index import ArticleFilter

C = TypeVar("C", bound=Callable[..., Any])


class _Date(click.ParamType[Any]):
    """A day, month or year, as `normalise_date` reads it; given on as ISO text."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            iso = normalise_date(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if "/" in iso:
            self.fail(f"{value!r} is an interval; give one day, month or year", param, ctx)
        return iso


class _Day(_Date):
    """A day; given on as a date."""

    def convert(  # type: ignore[override]
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        first, last = days_of(super().convert(value, param, ctx))
        if first != last:
            self.fail(f"{value!r} is not a day such as 2026-05-03", param, ctx)
        return first


def filter_options(command: C) -> C:
    """Add `--since`, `--until`, `--source` and `--today` to a command."""
    for option in reversed(
        [
            click.option(
                "--since", type=_Date(), help="Only articles of this day (month, year) or later."
            ),
            click.option("--until", type=_Date(), help="Only articles of this day or earlier."),
            click.option("--source", metavar="NAME", help="Only articles of this paper or agency."),
            click.option(
                "--today",
                type=_Day(),
                help="What 去年 in a question counts from. Default: the newest article's date.",
            ),
        ]
    ):
        command = option(command)
    return command


def article_filter(since: str | None, until: str | None, source: str | None) -> "ArticleFilter":
    """Return the filter that the options stand for."""
    from index import ArticleFilter

    return ArticleFilter(source=source, since=since, until=until)
