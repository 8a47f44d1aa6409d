"""The index of the bundled articles, kept in the user's cache folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import platformdirs

from corpus import bundled_articles
from corpus.reading import BUNDLED_ARTICLES
from index import PassageIndex, SearchIndex, StoreError, build_index, load_encoder, open_index
from index.database import FORMAT_VERSION

READ_AS = 3
"""To be raised when passages, words or times are read otherwise: the index is made anew then."""


def bundled_index_folder() -> Path:
    """Return where the index of the bundled articles is or will be.

    The name changes with the articles, the encoder, the format and `READ_AS`.
    """
    digest = hashlib.sha256(f"{FORMAT_VERSION} {READ_AS} {load_encoder().fingerprint}".encode())
    for file in sorted(BUNDLED_ARTICLES.glob("*.md")):
        digest.update(file.name.encode() + file.read_bytes())
    return platformdirs.user_cache_path("youju", appauthor=False) / digest.hexdigest()[:16]


def open_bundled_index(
    progress: Callable[[int, int], None] | None = None, *, rebuild: bool = False
) -> PassageIndex:
    """Open the index of the bundled articles, building it where it is missing or damaged.

    Raises:
        StoreError: If the cache folder cannot be written.
    """
    folder = bundled_index_folder()
    if not rebuild:
        try:
            return PassageIndex.open(folder)
        except StoreError:
            pass  # not there yet, or damaged: what follows makes it anew
    build_index(bundled_articles(), folder, progress=progress)
    return PassageIndex.open(folder)


def open_place(
    place: Path | str | None,
    progress: Callable[[int, int], None] | None = None,
    encoder: str | None = None,
) -> SearchIndex:
    """Open the index at a place, see `open_index`; None is that of the bundled articles.

    Raises:
        YoujuError: If there is no index, or it does not fit, see `PassageIndex.open`.
    """
    if place is not None:
        return open_index(place, encoder)
    if encoder is not None:
        raise StoreError(
            'the bundled index has its own encoder; build another with "youju build --encoder"'
        )
    return open_bundled_index(progress)
