"""Whether an index is whole, and making again what can be made from the rest of it."""

import contextlib
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus import Article, split_article
from index.building import Progress, build_in, split_all
from index.database import (
    DATABASE,
    Manifest,
    article_from_json,
    connect,
    digest_passage,
    digest_record,
    read_manifest,
)
from index.errors import IndexMismatchError, StoreError
from index.folder import writing
from index.postings import load_array
from index.segments import VECTORS, read_listing, verify
from index.store import Store

DAMAGED = "damaged-"
"""Prefix of the database that is kept when an article could not be saved."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    Attributes:
        n_articles: How many articles the index holds now.
        lost: What was damaged and could not be made again, one line each.
        kept: The damaged database, if anything was lost of an index in a folder.
        done: What was made again, one line each, where it was not all.
    """

    n_articles: int
    lost: tuple[str, ...]
    kept: Path | None
    done: tuple[str, ...] = ()


def check_index(folder: Path) -> list[str]:
    """Compare all that an index holds with its checksums; return what is wrong, none if whole.

    Raises:
        StoreError: If there is no index, or it is of another format.
    """
    try:
        with contextlib.closing(Store(folder)) as store:
            return [*_check_database(store), *_check_segments(store)]
    except StoreError as error:
        if isinstance(error, IndexMismatchError) or not (folder / DATABASE).is_file():
            raise
        return [str(error)]


def _check_database(store: Store) -> Iterator[str]:
    for (said,) in store.query("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield f"{DATABASE}: {said}"
    for table, *_ in store.query("PRAGMA foreign_key_check"):
        yield f"{DATABASE}: a row of {table} points to nothing"
    counted = {"current_articles": store.manifest.n_articles}
    counted["current_passages"] = store.manifest.n_passages
    for table, n in counted.items():
        [(found,)] = store.query(f"SELECT count(*) FROM {table}")
        if found != n:
            yield f"{DATABASE}: {found} {table.removeprefix('current_')} instead of {n}"
    for (number,) in store.query("SELECT number FROM articles ORDER BY number"):
        [(article_id, digest, record)] = store.query(
            "SELECT id, digest, record FROM articles WHERE number = ?", (number,)
        )
        if digest_record(record) != digest:
            yield f"{DATABASE}: the text of article '{article_id}' is not what was written"
        else:
            yield from _check_passages(store, number, article_from_json(record))


def _check_passages(store: Store, number: int, article: Article) -> Iterator[str]:
    rows = store.query(
        'SELECT section, paragraph, start, "end", digest, vector FROM passages '
        "WHERE article = ? ORDER BY number",
        (number,),
    )
    expected = [(p.section, p.paragraph, p.start, p.end) for p in split_article(article)]
    if [row[:4] for row in rows] != expected:
        yield f"{DATABASE}: the passages of article '{article.id}' are not those of its text"
    for _, paragraph, start, end, digest, vector in rows:
        if digest_passage(article.text[start:end], vector) != digest:
            yield (
                f"{DATABASE}: the vector of article '{article.id}', paragraph {paragraph} "
                "is not what was written"
            )


def _check_segments(store: Store) -> Iterator[str]:
    end = 0
    for name, first, last, digest in store.segments:
        if first != end:
            yield f"{name} begins with passage {first} instead of {end}"
        end = last
        try:
            verify(store.folder / name, read_listing(store.folder / name, digest))
            held = load_array(store.folder / name / VECTORS)
        except (OSError, ValueError) as error:
            yield str(error)
            continue
        if not np.array_equal(held, store.vectors(first, last)):
            yield f"{name}/{VECTORS} holds other vectors than {DATABASE}"
    if end > store.n_numbers:
        yield f"the segments hold {end} passages, {DATABASE} {store.n_numbers}"


def repair_index(folder: Path, progress: Progress | None = None) -> Repair:
    """Make an index again from all of its articles whose text is what was written.

    Vectors that are damaged are encoded again. Texts that were replaced or removed are left out,
    as by `compact_index`. Where an article is lost, the database as it was is kept in the folder.

    Args:
        folder: The index folder.
        progress: Told how far the encoding is.

    Raises:
        EncoderError: If its encoder cannot be loaded.
        StoreError: If there is no index, no article can be saved, or it cannot be written.
    """
    _read_manifest(folder)  # before anything is touched that is no index, or a newer one
    with writing(folder) as place:
        return _repair(place, progress)


def _repair(folder: Path, progress: Progress | None) -> Repair:
    database = folder / DATABASE
    manifest = _read_manifest(folder)
    articles, lost = list[Article](), list[str]()
    try:
        with contextlib.closing(connect(database, "rw")) as connection:
            for saved in _save(connection):
                if isinstance(saved, Article):
                    articles.append(saved)
                else:
                    lost.append(saved)
    except sqlite3.Error as error:
        lost.append(f"all that follows in {DATABASE} ({error})")
    if not articles:
        raise StoreError(
            f"no article in {folder} can be saved ({'; '.join(lost)}); "
            'run "youju build" again with the files it was made from'
        )
    kept = None
    if lost:
        kept = folder / f"{DAMAGED}{secrets.token_hex(4)}.sqlite"
        shutil.copyfile(database, kept)
    passages = split_all(articles)
    if manifest:
        names, fold = manifest.names.splitlines(), bool(manifest.fold_copies)
        build_in(folder, articles, passages, manifest.encoder, progress, names, fold_copies=fold)
    else:
        build_in(folder, articles, passages, progress=progress)
    return Repair(len(articles), tuple(lost), kept)


def _read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest; None if it is damaged."""
    try:
        with contextlib.closing(Store(folder)) as store:
            return store.manifest
    except StoreError as error:
        if isinstance(error, IndexMismatchError) or not (folder / DATABASE).is_file():
            raise
    with (
        contextlib.suppress(sqlite3.Error, TypeError, ValueError),
        contextlib.closing(connect(folder / DATABASE, "rw")) as connection,
    ):
        return read_manifest(connection)[1]
    return None


def _save(connection: sqlite3.Connection) -> Iterator[Article | str]:
    """Yield every current article that can be read, in order, or what is lost in its place."""
    [(last,)] = connection.execute("SELECT max(number) FROM articles")
    found: list[tuple[int, Article | str]] = []
    for number in range((last or 0) + 1):
        try:
            row = connection.execute(
                "SELECT position, id, digest, record FROM articles "
                "WHERE number = ? AND removed IS NULL", (number,)
            ).fetchone()  # fmt: skip
            if row and digest_record(row[3]) == row[2]:
                found.append((row[0], article_from_json(row[3])))
            elif row:
                found.append((row[0], f"article '{row[1]}'"))
        except sqlite3.Error as error:
            found.append((number, f"the article in row {number} ({error})"))
    yield from (saved for _, saved in sorted(found, key=lambda pair: pair[0]))
