"""Commands that encode an archive in parts, on as many machines as there are, and join them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli_options import (
    GivenPath,
    dictionary_option,
    encoder_option,
    explain_errors,
    new_folder_option,
)
from qa.cli_reading import paths_argument, read_files, strict_option
from qa.progress import progress_bar

if TYPE_CHECKING:
    from corpus import Article

RAY_PARTS = 16
"""How many parts Ray makes unless told; fixed, so that the same command again goes on."""

MAX_PARTS = 1_000_000
"""More parts are a typing error; that many would have no article each."""

SHARDS = "shard-*-of-*.sqlite"
"""Names of the shards in a folder."""


class _Part(click.ParamType[Any]):
    """Which part of how many, as I/N; given on as two numbers."""

    name = "i/n"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        part, _, n_parts = value.partition("/")
        is_number = all(n.isdecimal() and len(n) <= len(str(MAX_PARTS)) for n in (part, n_parts))
        if not (is_number and 1 <= int(part) <= int(n_parts) <= MAX_PARTS):
            self.fail(
                f"{value!r} is not I/N such as 1/4, with I from 1 to N, and N at most {MAX_PARTS}",
                param, ctx,
            )  # fmt: skip
        return int(part), int(n_parts)


@click.command()
@paths_argument
@click.option("--shard", type=_Part(), metavar="I/N", help="Which part of how many.")
@click.option("--ray", is_flag=True, help="All parts, by Ray: on its cluster, or this machine.")
@click.option(
    "--parts",
    type=click.IntRange(1, MAX_PARTS),
    metavar="N",
    help=f"With --ray, how many parts [{RAY_PARTS}].",
)
@click.option(
    "--output",
    "folder",
    type=GivenPath(path_type=Path, file_okay=False),
    metavar="DIR",
    required=True,
    help="Where the shards go; with --ray, a folder that all machines share.",
)
@encoder_option
@strict_option
@explain_errors
def embed(
    paths: tuple[Path, ...],
    shard: tuple[int, int] | None,
    ray: bool,
    parts: int | None,
    folder: Path,
    encoder: str | None,
    strict: bool,
) -> None:
    """Encode part I of N of the articles, for `load`; any scheduler can run the parts.

    PATH is what `build` takes, the same for every part; an article's id decides which part it
    belongs to. Run again, it goes on where it was cut short, and does nothing if the shard is
    there. With --ray instead of --shard, Ray runs all parts.
    """
    from index import embed_shard
    from index.encoders import BUNDLED

    if (shard is None) != ray:
        raise click.UsageError("give either --shard I/N or --ray")
    if parts and not ray:
        raise click.UsageError("--parts goes with --ray")
    articles = read_files(paths, strict)
    if shard is None:
        _embed_with_ray(articles, parts or RAY_PARTS, folder, encoder or BUNDLED)
        return
    with progress_bar("encoding passages") as progress:
        file, header = embed_shard(articles, *shard, folder, encoder or BUNDLED, progress)
    click.echo(
        f"part {header.part} of {header.n_parts}: {header.n_articles} of {header.n_documents} "
        f"articles, {header.n_passages} passages in {file}; "
        f"when all parts are there: youju load {folder}"
    )


@click.command()
@click.argument(
    "shards", nargs=-1, required=True, type=GivenPath(path_type=Path), metavar="SHARD..."
)
@new_folder_option
@click.option(
    "--encoder",
    metavar="NAME",
    help="The encoder of the shards, if it has another name here than where they were made.",
)
@dictionary_option
@explain_errors
def load(
    shards: tuple[Path, ...], folder: Path, encoder: str | None, dictionary: Path | None
) -> None:
    """Write the index of the articles in all shards, as `build` would; nothing is encoded again.

    SHARD is what `embed` wrote, or a folder of them; an index that is there is replaced.
    """
    from index import load_shards
    from index.dictionary import read_names

    names = read_names(dictionary) if dictionary else []
    manifest = load_shards(_files_of(shards), folder, encoder, names)
    click.echo(
        f"{manifest.n_articles} articles, {manifest.n_passages} passages loaded into {folder}; "
        f'ask them with: youju ask "…" --index {folder}'
    )


shard_commands = [embed, load]


def _embed_with_ray(
    articles: "Sequence[Article]", n_parts: int, folder: Path, encoder: str
) -> None:
    from index import embed_with_ray

    with progress_bar("encoding parts") as progress:
        made = embed_with_ray(articles, n_parts, folder, encoder, progress)
    n_passages = sum(header.n_passages for _, header in made)
    click.echo(
        f"{n_parts} parts: {len(articles)} articles, {n_passages} passages in {folder}; "
        f"join them: youju load {folder}"
    )


def _files_of(shards: Sequence[Path]) -> list[Path]:
    """Return the files that are given, and those in the folders that are."""
    found: list[Path] = []
    for path in shards:
        inside = sorted(path.glob(SHARDS)) if path.is_dir() else [path]
        if not inside:
            raise click.ClickException(f'no shard in {path}; "youju embed" makes them')
        found += inside
    return found
