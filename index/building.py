"""Builds an index of articles."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from corpus import Article, Passage, split_article
from index import encoders
from index.database import Manifest, digest_passage
from index.encoders import BUNDLED, Encoder
from index.errors import StoreError
from index.folder import writing
from index.known_vectors import FILE as ENCODED
from index.known_vectors import Known, encode, key_of
from index.store import Store
from index.writing import write_index

Progress = Callable[[int, int], None]
"""Called with how many passages are encoded and how many there are."""


def build_index(
    articles: Sequence[Article],
    folder: Path,
    encoder: str = BUNDLED,
    progress: Progress | None = None,
    names: Sequence[str] = (),
    *,
    fold_copies: bool = True,
) -> Manifest:
    """Index articles into a folder; an index there is replaced only once all is written.

    Texts that this index, or a build of it that was cut short, has encoded already are not
    encoded again.

    Args:
        articles: What to index; ids must differ.
        folder: Made if it does not exist.
        encoder: Name of the encoder, see `load_encoder`.
        progress: Told how far the encoding is.
        names: Never cut apart, here and in questions; see `index.dictionary`.
        fold_copies: Whether passages that print the same count as one; without it each is
            on its own, to measure what it is worth.

    Raises:
        EncoderError: If the encoder cannot be loaded.
        StoreError: If the folder cannot be written, or is something else than an index.
        ValueError: If there is nothing to index, or two articles have one id.
    """
    passages = split_all(articles)
    if not passages:
        raise ValueError("there are no passages to index")
    with writing(folder) as place:
        return build_in(
            place, articles, passages, encoder, progress, names, fold_copies=fold_copies
        )


def build_in(
    place: Path,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    encoder: str = BUNDLED,
    progress: Progress | None = None,
    names: Sequence[str] = (),
    *,
    fold_copies: bool = True,
) -> Manifest:
    """Index articles into a folder that is held by `index.folder.writing`, see `build_index`.

    `passages` is what `split_all` returns of them.
    """
    model = encoders.load_encoder(encoder)
    texts = [passage.text for passage in passages]
    known = _encoded_before(place, model)
    vectors = encode(model, texts, count_up(progress, len(texts)), known, place)
    manifest = write_index(
        place, model, articles, passages, vectors, names,
        fold_copies=fold_copies, generation=generation_of(place) + 1,
    )  # fmt: skip
    (place / ENCODED).unlink(missing_ok=True)
    return manifest


def split_all(articles: Sequence[Article]) -> list[Passage]:
    """Return the passages of articles, in order.

    Raises:
        ValueError: If two have one id.
    """
    check_ids(articles)
    return [passage for article in articles for passage in split_article(article)]


def check_ids(articles: Sequence[Article]) -> None:
    """Check that articles can be told apart.

    Raises:
        ValueError: If two have one id.
    """
    if len({article.id for article in articles}) < len(articles):
        raise ValueError("two articles have the same id")


def count_up(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Return what takes how many are done since the last call and tells how many are in all."""
    done = 0

    def advance(n: int) -> None:
        nonlocal done
        done += n
        if progress:
            progress(done, total)

    return advance


def generation_of(folder: Path) -> int:
    """Return the generation of the index that is in a folder; 0 if there is none to be read."""
    try:
        with contextlib.closing(Store(folder)) as store:
            return store.manifest.generation
    except StoreError:
        return 0


def _encoded_before(folder: Path, encoder: Encoder) -> Known:
    """Vectors of the index that is there, if of the same encoder."""
    try:
        with contextlib.closing(Store(folder)) as store:
            if store.manifest.encoder_fingerprint != encoder.fingerprint:
                return {}
            return dict(_intact(store))
    except (StoreError, KeyError):
        return {}


def _intact(store: Store) -> Iterable[tuple[bytes, bytes]]:
    """Yield the vectors whose checksums are right, by `key_of` their texts."""
    for article_id in store.article_ids():
        try:
            text = store.article(article_id).text
        except StoreError:
            continue
        rows = store.query(
            'SELECT start, "end", digest, vector FROM current_passages WHERE article_id = ?',
            (article_id,),
        )
        for start, end, digest, vector in rows:
            if digest_passage(text[start:end], vector) == digest:
                yield key_of(text[start:end]), vector
