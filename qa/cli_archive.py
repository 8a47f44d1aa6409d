"""Commands that make, change and check an index."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from qa.cli_options import (
    DEFAULT_INDEX,
    GivenPath,
    Text,
    article_filter,
    as_option,
    dictionary_option,
    encoder_option,
    explain_errors,
    filter_options,
    index_option,
    new_index_option,
    output_option,
    own_index_option,
    say_nothing_found,
)
from qa.cli_reading import paths_argument, read_files, strict_option
from qa.progress import progress_bar

if TYPE_CHECKING:
    from index import ArticleFilter, ArticleHead, Change, Repair, SearchIndex


@click.command()
@click.argument(
    "paths", nargs=-1, type=GivenPath(path_type=Path, readable=False), metavar="PATH..."
)
@new_index_option
@encoder_option
@dictionary_option
@click.option("--strict", is_flag=True, help="Index nothing if a file, line or page fails.")
@explain_errors
def build(
    paths: tuple[Path, ...],
    place: Path | str | None,
    encoder: str | None,
    dictionary: Path | None,
    strict: bool,
) -> None:
    """Index articles: files or folders of .md, .txt, .jsonl, .jsonl.gz, .html, .docx, .pdf, .csv.

    What cannot be read is named on standard error and stops nothing else, unless --strict is
    given. Without PATH the bundled articles are indexed; with no option either, the index that
    the other commands use by default is built anew.
    """
    from corpus import bundled_articles
    from index import archive_at
    from index.dictionary import read_names
    from index.encoders import BUNDLED
    from index.places import shown
    from qa.bundled import open_bundled_index

    names = read_names(dictionary) if dictionary else []
    if not paths and place is None and encoder is None and not names:
        with progress_bar() as progress:
            manifest = open_bundled_index(progress, rebuild=True).manifest
        click.echo(f"{manifest.n_articles} articles, {manifest.n_passages} passages indexed")
        return
    articles = read_files(paths, strict) if paths else bundled_articles()
    target = place or DEFAULT_INDEX
    with progress_bar() as progress:
        manifest = archive_at(target).build(articles, encoder or BUNDLED, progress, names)
    click.echo(
        f"{manifest.n_articles} articles, {manifest.n_passages} passages indexed in "
        f'{shown(target)}; ask them with: youju ask "…" {as_option(target)}'
    )


@click.command()
@paths_argument
@own_index_option
@strict_option
@explain_errors
def add(paths: tuple[Path, ...], place: Path | str, strict: bool) -> None:
    """Add articles to an index, without writing the rest again.

    PATH is what `build` takes. Articles that are there already are left as they are; another
    text under the same id is an error, see `update`.
    """
    _change(paths, place, strict, update=False)


@click.command()
@paths_argument
@own_index_option
@strict_option
@explain_errors
def update(paths: tuple[Path, ...], place: Path | str, strict: bool) -> None:
    """Add articles; those whose id is there take the place of the old ones.

    The old texts are kept for citations that point to them, until `compact`.
    """
    _change(paths, place, strict, update=True)


@click.command()
@click.argument("article_ids", nargs=-1, required=True, type=Text(), metavar="ARTICLE_ID...")
@own_index_option
@explain_errors
def remove(article_ids: tuple[str, ...], place: Path | str) -> None:
    """Remove articles from an index. Their texts are kept until `compact`."""
    from index import archive_at

    change = archive_at(place).remove(article_ids)
    click.echo(f"{len(change.removed)} removed; {_size(change)}")


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--title", type=Text(), metavar="TEXT", help="Only articles with this in their headlines."
)
@index_option
@filter_options(with_today=False)
@explain_errors
def list_articles(
    as_json: bool,
    title: str | None,
    place: Path | str | None,
    since: str | None,
    until: str | None,
    source: str | None,
) -> None:
    """List the articles of an index: id, date, source and title."""
    from qa.printing import to_json

    wanted = article_filter(since, until, source, title)
    with _opened(place) as index:
        for head in _heads(index, wanted):
            if as_json:
                click.echo(to_json(asdict(head)))
            else:
                click.echo("\t".join((head.id, head.date or "-", head.source or "-", head.title)))


@click.command()
@click.option("--repair", is_flag=True, help="Make the index again from all that is whole in it.")
@own_index_option
@explain_errors
def check(place: Path | str, repair: bool) -> None:
    """Compare all that an index holds with its checksums.

    Exit code 0 if it is whole, or was repaired without loss; 1 if not.
    """
    from index import archive_at
    from index.places import shown

    archive = archive_at(place)
    problems = archive.check()
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo(f"the index {shown(place)} is whole")
    elif not repair:
        raise click.ClickException(f'run "youju check --repair {as_option(place)}"')
    else:
        with progress_bar() as progress:
            done = archive.repair(progress)
        for line in done.done:
            click.echo(line)
        click.echo(f"repaired: {done.n_articles} articles")
        if done.lost:
            for lost in done.lost:
                click.echo(f"lost: {lost}")
            raise click.ClickException(_remedy(done))


@click.command()
@own_index_option
@explain_errors
def compact(place: Path | str) -> None:
    """Leave removed and replaced texts out of an index for good; nothing is encoded."""
    from index import archive_at
    from index.places import shown

    manifest = archive_at(place).compact()
    click.echo(f"{manifest.n_articles} articles, {manifest.n_passages} passages in {shown(place)}")


@click.command()
@output_option
@index_option
@filter_options(with_today=False)
@explain_errors
def export(
    output: Path | None,
    place: Path | str | None,
    since: str | None,
    until: str | None,
    source: str | None,
) -> None:
    """Write the articles of an index as JSON lines, which `build` reads back as they are."""
    from corpus.formats.whole import whole_record
    from qa.printing import to_json

    wanted = article_filter(since, until, source)
    with _opened(place) as index, _written_whole(output) as lines:
        for head in _heads(index, wanted):
            lines.write(to_json(whole_record(index.article(head.id))) + "\n")


archive_commands = [build, add, update, remove, list_articles, check, compact, export]


def _change(paths: tuple[Path, ...], place: Path | str, strict: bool, *, update: bool) -> None:
    from index import archive_at

    articles = read_files(paths, strict)
    with progress_bar() as progress:
        change = archive_at(place).add(articles, progress, update=update)
    counted = {
        "added": change.added, "updated": change.updated, "already there": change.unchanged
    }  # fmt: skip
    said = ", ".join(f"{len(ids)} {what}" for what, ids in counted.items() if ids)
    copies = f", {change.n_copies} of the new passages repeat others" if change.n_copies else ""
    click.echo(f"{said}{copies}; {_size(change)}")


def _remedy(done: "Repair") -> str:
    if done.kept:
        return f'add what is lost again with "youju add"; the damaged database is {done.kept}'
    return (
        'add what is lost again with "youju update"; its damaged texts are kept, unseen, '
        'until "youju compact"'
    )


def _size(change: "Change") -> str:
    manifest = change.manifest
    return f"{manifest.n_articles} articles, {manifest.n_passages} passages in the index"


@contextlib.contextmanager
def _opened(place: Path | str | None) -> "Iterator[SearchIndex]":
    from qa.bundled import open_place

    with progress_bar() as progress:
        index = open_place(place, progress)
    with contextlib.closing(index):
        yield index


@contextlib.contextmanager
def _written_whole(output: Path | None) -> "Iterator[IO[str]]":
    """Give where to write; a file takes the place of the old one once all of it is there.

    Not `atomic` of click, which also replaces it with what was written before an error.
    """
    if output is None or (output.exists() and not output.is_file()):  # such as /dev/stdout
        with click.open_file(str(output or "-"), "w", encoding="utf-8") as lines:
            yield lines
        return
    file = output.resolve()
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as lines:
            yield lines
        if file.exists():
            shutil.copymode(file, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _heads(index: "SearchIndex", wanted: "ArticleFilter") -> "Iterator[ArticleHead]":
    """Yield the articles that are wanted; where there are none, say so on standard error."""
    first = 0
    while found := index.articles(wanted, first).articles:
        yield from found
        first += len(found)
    if not first:
        say_nothing_found(index, "报道", wanted)
