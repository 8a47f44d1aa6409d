"""What commands that read article files share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli_options import GivenPath
from qa.progress import progress_bar

if TYPE_CHECKING:
    from corpus import Article

MAX_SHOWN = 10
"""So many files that were skipped, and places in doubt, are named one by one."""

paths_argument = click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=GivenPath(path_type=Path, readable=False),
    metavar="PATH...",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Change nothing if a file, line or page fails."
)


def read_files(paths: tuple[Path, ...], strict: bool) -> Sequence["Article"]:
    """Read articles, saying on standard error what was not read."""
    from corpus import read_articles

    with progress_bar("reading files", after=1) as progress:
        reading = read_articles(paths, progress)
    for unread in reading.skipped[:MAX_SHOWN]:
        click.echo(f"skipped {unread}", err=True)
    if (n_more := len(reading.skipped) - MAX_SHOWN) > 0:
        click.echo(f"skipped {n_more} more", err=True)
    for unread in reading.failed:
        click.echo(f"failed {unread}", err=True)
    if reading.skipped or reading.failed:
        n_read, n_skipped, n_failed = map(len, (reading.read, reading.skipped, reading.failed))
        click.echo(f"{n_read} files read, {n_skipped} skipped, {n_failed} failed", err=True)
    for doubt in reading.doubts[:MAX_SHOWN]:
        click.echo(f"unsure {doubt}", err=True)
    if (n_more := len(reading.doubts) - MAX_SHOWN) > 0:
        click.echo(f"unsure in {n_more} more places", err=True)
    if strict and reading.failed:
        raise click.ClickException("nothing was changed, for --strict was given")
    return reading.articles
