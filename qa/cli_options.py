"""What commands share: errors in one line, and options that say which articles are searched."""

import errno
import functools
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from corpus import YoujuError
from corpus.calendar import days_of
from corpus.dates import normalise_limit

if TYPE_CHECKING:
    from index import ArticleFilter, SearchIndex

DEFAULT_INDEX = Path("youju-index")
"""Where `youju build` puts the index of a user's own articles, and where it is changed."""

MAX_SOURCES = 10
"""So many papers are named to somebody who asked for one that is not there."""

P = ParamSpec("P")
C = TypeVar("C", bound=Callable[..., Any])


def explain_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Show errors that are meant for the user as one line, with exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except YoujuError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has gone; click ends quietly
                raise
            raise click.ClickException(str(error)) from error

    return wrapped


class GivenPath(click.Path):
    """A path that is not empty, as one is that a shell has from a variable that is not set."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401
        """Return the path, if there is no problem with it as typed."""
        if problem := self.problem(os.fspath(value)):
            self.fail(problem, param, ctx)
        return super().convert(value, param, ctx)

    def problem(self, typed: str) -> str | None:
        """Say what is wrong with a path as typed; an empty one would be the working folder."""
        return None if typed else "it is empty; give a path (. is the working folder)"


class _IndexFolder(GivenPath):
    def problem(self, typed: str) -> str | None:
        if "://" in typed:
            return f"{typed!r} is an address; give it with --store"
        return super().problem(typed)


class Text(click.ParamType[Any]):
    """Characters; not bytes that are none, which no database can look for."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as it is."""
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail("it is not UTF-8; type it anew", param, ctx)  # not shown: may be a password
        return value


def index_option(command: C) -> C:
    """Add `--index` and `--store` to a command; what they name comes as one, `place`."""
    return place_options("Index folder. Default: the bundled articles.")(command)


def place_options(
    help: str, default: Path | None = None, envvar: str | None = "YOUJU_INDEX"
) -> Callable[[C], C]:
    """Return what adds `--index` and `--store` to a command.

    Args:
        help: Of `--index`.
        default: What `place` is if neither is given.
        envvar: What may be set instead of `--index`.
    """

    def add(command: C) -> C:
        @functools.wraps(command)
        def wrapped(*args: Any, folder: Path | None, store: str | None, **rest: Any) -> None:  # noqa: ANN401
            source = click.get_current_context().get_parameter_source("folder")
            if store is not None and source is ParameterSource.COMMANDLINE:
                raise click.UsageError("give either --index or --store")
            command(*args, place=place_of(store, folder) or default, **rest)

        for option in (_store_option, folder_option(help, envvar=envvar)):
            wrapped = option(wrapped)
        return wrapped  # type: ignore[return-value]

    return add


_store_option = click.option(
    "--store",
    metavar="URI",
    help="Index in Milvus: NAME.db (Milvus Lite) or http://HOST:19530; or file:DIR, as --index.",
)


def folder_option(
    help: str, default: Path | None = None, envvar: str | None = "YOUJU_INDEX"
) -> Callable[[C], C]:
    """Return what adds `--index` alone to a command, as `folder`."""
    return click.option(
        "--index",
        "folder",
        type=_IndexFolder(path_type=Path, file_okay=False),
        metavar="DIR",
        envvar=envvar,
        default=default,
        help=help,
    )


def place_of(store: str | None, folder: Path | None) -> Path | str | None:
    """Return where the index is that `--store` or `--index` names.

    Raises:
        click.UsageError: If `--store` names none.
    """
    from index.places import is_milvus

    if store is None or is_milvus(store):
        return store or folder
    path = store.removeprefix("file:").removeprefix("//")
    if not store.startswith("file:") or not path or (path != store[5:] and path[:1] != "/"):
        raise click.BadParameter(
            f"'{store}' is no store; give NAME.db, http://HOST:19530 or file:DIR",
            param_hint="--store",
        )
    return Path(path)


def as_option(place: Path | str) -> str:
    """Return a place as it is given on the command line, without name and password."""
    from index.places import shown

    return f"{'--index' if isinstance(place, Path) else '--store'} {shown(place)}"


_OWN_HELP = f"Index folder. Default: {DEFAULT_INDEX}."
own_index_option = place_options(_OWN_HELP, DEFAULT_INDEX)

_NEW_HELP = f"Where the index goes; an index there is replaced. Default: {DEFAULT_INDEX}."
new_index_option = place_options(_NEW_HELP, envvar=None)
new_folder_option = folder_option(_NEW_HELP, DEFAULT_INDEX, envvar=None)

encoder_option = click.option(
    "--encoder",
    metavar="NAME",
    help="'bundled' (default), 'fast', or a folder or model id for sentence-transformers.",
)

dictionary_option = click.option(
    "--dictionary",
    type=GivenPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    envvar="YOUJU_DICTIONARY",
    help="Names that are never cut apart, one a line. The index keeps them for questions.",
)

output_option = click.option(
    "--output",
    type=GivenPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write. Default: standard output.",
)


class _Date(click.ParamType[Any]):
    """A day, month or year, as `normalise_limit` reads it; given on as ISO text."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return normalise_limit(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Day(_Date):
    """A day; given on as a date."""

    def convert(  # type: ignore[override]
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        first, last = days_of(super().convert(value, param, ctx))
        if first != last:
            self.fail(f"{value!r} is not a day such as 2026-05-03", param, ctx)
        return first


def filter_options(*, with_today: bool = True) -> Callable[[C], C]:
    """Return what adds `--since`, `--until`, `--source` and perhaps `--today` to a command."""
    options = [
        click.option(
            "--since", type=_Date(), help="Only articles of this day (month, year) or later."
        ),
        click.option("--until", type=_Date(), help="Only articles of this day or earlier."),
        click.option(
            "--source", type=Text(), metavar="NAME", help="Only articles of this paper or agency."
        ),
    ]
    if with_today:
        options.append(
            click.option(
                "--today",
                type=_Day(),
                help="What 去年 in a question counts from. Default: the newest article's date.",
            )
        )

    def add(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def article_filter(
    since: str | None, until: str | None, source: str | None, title: str | None = None
) -> "ArticleFilter":
    """Return the filter that the options stand for.

    Raises:
        click.UsageError: If no day can be meant.
    """
    from index import ArticleFilter

    if since and until and days_of(since)[0] > days_of(until)[1]:
        raise click.UsageError(f"--since {since} is later than --until {until}; exchange them?")
    return ArticleFilter(title=title, source=source, since=since, until=until)


def say_nothing_found(index: "SearchIndex", what: str, wanted: "ArticleFilter") -> None:
    """Say on standard error that there is nothing, and which papers there are instead of one."""
    click.echo(f"没有找到这样的{what}。", err=True)
    say_unknown_source(index, wanted)


def say_unknown_source(index: "SearchIndex", wanted: "ArticleFilter") -> None:
    """Say on standard error which papers there are, if one is wanted that is not there."""
    if not wanted.source:
        return
    known = [name for name, _ in index.overview().sources if name]
    if wanted.source not in known:
        named = "、".join(known[:MAX_SOURCES]) + ("等" if len(known) > MAX_SOURCES else "")
        there = f"来源有：{named}。" if known else "没有一篇写明来源。"
        click.echo(f"没有来源是“{wanted.source}”的报道；{there}", err=True)
