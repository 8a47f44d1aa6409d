"""Changes of an index: added to, taken from, compacted. Whole or not at all."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage
from index.building import Progress, count_up, split_all
from index.copies import find_copies, sign
from index.database import (
    DATABASE,
    Manifest,
    article_to_json,
    connect,
    write_manifest,
)
from index.encoders import Encoder
from index.errors import StoreError
from index.folder import explaining, writing
from index.known_vectors import encode
from index.noise import Nearest
from index.opening import open_encoder
from index.postings import load_array
from index.segmentation import Segmenter
from index.segments import SIGNATURES, Segment
from index.store import Store
from index.writing import (
    encode_noise,
    insert_articles,
    insert_copies,
    insert_passages,
    insert_segment,
    save_segment,
    setting_questions,
    write_index,
)

MAX_TAIL = 1000
"""Passages that may be in no segment: they are indexed anew whenever the index is opened, which
takes about a millisecond each."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did.

    Attributes:
        manifest: Of the index afterwards.
        added: Ids of new articles, in the order they were given.
        updated: Ids of articles that have another text now.
        unchanged: Ids of articles that were there already as they are.
        removed: Ids of articles that were removed.
        n_passages: How many passages are new.
        n_copies: How many of them repeat one that was there, or an earlier new one.
    """

    manifest: Manifest
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    n_passages: int = 0
    n_copies: int = 0


def add_articles(
    folder: Path,
    articles: Sequence[Article],
    progress: Progress | None = None,
    *,
    update: bool = False,
) -> Change:
    """Add articles to an index; nothing that is there is written again.

    Args:
        folder: The index folder.
        articles: Ids must differ. Those that are there already as they are count as unchanged.
        progress: Told how far the encoding is.
        update: Whether an article whose id is there takes the place of that one, whose text is
            kept until `compact_index`, for citations that point to it.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, it cannot be written, or, without `update`, it holds
            another article of the same id.
        ValueError: If two articles have one id.
    """
    passages = split_all(articles)
    with _changing(folder) as (place, store):
        model = open_encoder(store)
        versions = {a.id: _current(store, a.id) for a in articles}
        new = [a for a in articles if versions[a.id] != article_to_json(a)]
        updated = [article.id for article in new if versions[article.id]]
        allow_update(updated, update)
        new_ids = {article.id for article in new}
        unchanged = tuple(a.id for a in articles if a.id not in new_ids)
        if not new:
            return Change(store.manifest, unchanged=unchanged)
        passages = [passage for passage in passages if passage.article_id in new_ids]
        texts = [passage.text for passage in passages]
        vectors = encode(model, texts, count_up(progress, len(texts)))
        n_copies = _write_change(place, store, model, new, passages, vectors, updated)
    with contextlib.closing(Store(folder)) as store:
        return Change(
            store.manifest,
            tuple(article.id for article in new if not versions[article.id]),
            tuple(updated),
            unchanged,
            n_passages=len(passages),
            n_copies=n_copies,
        )


def remove_articles(folder: Path, article_ids: Sequence[str]) -> Change:
    """Remove articles from an index; their text is kept until `compact_index`.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, it cannot be written, it holds no article of an id, or
            none would be left.
    """
    wanted = list(dict.fromkeys(article_ids))
    with _changing(folder) as (place, store):
        if missing := [i for i in wanted if _current(store, i) is None]:
            raise StoreError(
                f"no article '{missing[0]}' in the index {folder}; "
                f'see "youju list --index {folder}"; nothing was removed'
            )
        if len(wanted) == store.manifest.n_articles:
            raise StoreError(
                f"an index holds one article at least; delete the folder {folder} instead"
            )
        if wanted:
            model = open_encoder(store)
            empty = np.empty((0, model.dimension), dtype=np.float16)
            _write_change(place, store, model, [], [], empty, wanted)
    with contextlib.closing(Store(folder)) as store:
        return Change(store.manifest, removed=tuple(wanted))


def compact_index(folder: Path) -> Manifest:
    """Write an index anew without what was removed, all in one segment; nothing is encoded.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, or it cannot be written.
    """
    with _changing(folder) as (place, store):
        model = open_encoder(store)
        articles = [store.article(article_id) for article_id in store.article_ids()]
        rows = store.query(
            "SELECT current_passages.number FROM current_passages JOIN current_articles "
            "ON current_articles.number = article ORDER BY position, current_passages.number"
        )
        numbers = np.array([number for (number,) in rows], dtype=np.int64)
        vectors = store.vectors(0, store.n_numbers)[numbers]
        manifest = store.manifest
        return write_index(
            place, model, articles, split_all(articles), vectors, manifest.names.splitlines(),
            fold_copies=bool(manifest.fold_copies), generation=manifest.generation + 1,
        )  # fmt: skip


@contextlib.contextmanager
def _changing(folder: Path) -> Iterator[tuple[Path, Store]]:
    """Open an index to change it."""
    Store(folder).close()  # or `writing` would make the folder
    with writing(folder) as place, contextlib.closing(Store(place)) as store:
        yield place, store


def _write_change(
    folder: Path,
    store: Store,
    encoder: Encoder,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: NDArray[np.float16],
    retired: Sequence[str],
) -> int:
    """Write new articles, retire others, in one transaction; return how many new copies."""
    manifest, first = store.manifest, store.n_numbers
    gone = _passages_of(store, retired)
    copies = {}
    if manifest.fold_copies and passages:
        signatures = np.concatenate([_signatures(store), sign(p.text for p in passages)])
        signatures[[*store.removed, *gone]] = 0

        def text_of(number: int) -> str:
            is_new = number >= first
            return passages[number - first].text if is_new else store.passages([number])[0].text

        copies = find_copies(signatures, text_of, first, store.copies(gone))
    nearest = _nearest(store, encoder, vectors, gone)
    changed = replace(
        manifest,
        generation=manifest.generation + 1,
        n_articles=manifest.n_articles + len(articles) - len(retired),
        n_passages=manifest.n_passages + len(passages) - len(gone),
        noise=nearest.to_json(),
    )
    [(last_number, last_position)] = store.query("SELECT max(number), max(position) FROM articles")
    old = dict(store.query("SELECT id, position FROM current_articles")) if retired else {}
    with contextlib.closing(connect(folder / DATABASE, "rw")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE articles SET removed = ? WHERE id = ? AND removed IS NULL",
            [(changed.generation, article_id) for article_id in retired],
        )
        rows = (
            (last_number + n, old.get(article.id, last_position + n), article)
            for n, article in enumerate(articles, start=1)
        )
        insert_articles(connection, rows, changed.generation)
        insert_passages(connection, articles, passages, vectors, last_number + 1, first)
        insert_copies(connection, copies)
        write_manifest(connection, changed)
        connection.execute("COMMIT")
    with explaining(f"a segment of the index {folder} (the change itself is made)", "--index"):
        _write_tail(folder, encoder)
    return len(copies)


def _write_tail(folder: Path, encoder: Encoder) -> None:
    """Make a segment of the passages that are in none, if they are many."""
    with contextlib.closing(Store(folder)) as store:
        first, last = store.n_segmented, store.n_numbers
        if last - first <= MAX_TAIL:
            return
        segment = make_tail(store, Segmenter(store.manifest.names.splitlines()), encoder)
        signatures = _sign_tail(store)
    name, digest = save_segment(folder, segment, signatures)
    with contextlib.closing(connect(folder / DATABASE, "rw")) as connection:
        insert_segment(connection, name, first, last, digest)


def make_tail(store: Store, segmenter: Segmenter, encoder: Encoder) -> Segment:
    """Index the passages that are in no segment, in memory."""
    first, last = store.n_segmented, store.n_numbers
    passages = store.passages_between(first, last)
    questions = setting_questions(encoder, passages)
    return Segment.make(first, passages, store.vectors(first, last), segmenter, questions)


def _signatures(store: Store) -> NDArray[np.uint32]:
    """See `index.copies.sign`; of all passages, a copy that may be written to."""
    parts: list[NDArray[Any]] = [
        load_array(store.folder / row.name / SIGNATURES) for row in store.segments
    ]
    return np.concatenate([*parts, _sign_tail(store)])


def _sign_tail(store: Store) -> NDArray[np.uint32]:
    tail = store.passages_between(store.n_segmented, store.n_numbers)
    return sign(passage.text for passage in tail)


def _nearest(
    store: Store, encoder: Encoder, vectors: NDArray[np.float16], gone: Sequence[int]
) -> Nearest:
    """The nearest passages of unrelated questions, with new vectors and without those gone."""
    nearest = Nearest.from_json(store.manifest.noise)
    questions, first = encode_noise(encoder), store.n_numbers
    if not set(nearest.numbers).isdisjoint(gone):
        there = np.ones(first, dtype=bool)
        there[[*store.removed, *gone]] = False
        numbers = np.flatnonzero(there)
        nearest = Nearest.among(questions, store.vectors(0, first)[numbers], numbers)
    new = np.arange(first, first + len(vectors))
    return nearest.or_nearer(Nearest.among(questions, vectors, new))


def _passages_of(store: Store, article_ids: Sequence[str]) -> list[int]:
    sql = "SELECT number FROM current_passages WHERE article_id = ? ORDER BY number"
    return [number for i in article_ids for (number,) in store.query(sql, (i,))]


def _current(store: Store, article_id: str) -> str | None:
    rows = store.query("SELECT record FROM current_articles WHERE id = ?", (article_id,))
    return rows[0][0] if rows else None


def allow_update(updated: Sequence[str], update: bool) -> None:
    """Let ids that the index has with another text pass only where they are to be replaced.

    Raises:
        StoreError: If there is one, without `update`.
    """
    if updated and not update:
        raise StoreError(
            f"article '{updated[0]}' is in the index already, with another text; "
            'give it another id, or replace the text with "youju update"'
        )
