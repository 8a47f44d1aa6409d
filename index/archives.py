"""Where an index is kept: a folder, or Milvus. The only place that decides which."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus import Article
from index import building, changes, checking
from index.building import Progress
from index.changes import Change
from index.checking import Repair
from index.database import Manifest
from index.encoders import BUNDLED
from index.errors import StoreError
from index.passage_index import PassageIndex
from index.places import is_milvus
from index.search_index import SearchIndex


class Archive(Protocol):
    """An index that is opened, built and changed; see the functions of `index` for a folder."""

    def open(self, encoder: str | None = None) -> SearchIndex:
        """Open it to be searched, see `PassageIndex.open`."""

    def build(
        self,
        articles: Sequence[Article],
        encoder: str = BUNDLED,
        progress: Progress | None = None,
        names: Sequence[str] = (),
    ) -> Manifest:
        """Index articles in the place of what is there, see `build_index`."""

    def add(
        self,
        articles: Sequence[Article],
        progress: Progress | None = None,
        *,
        update: bool = False,
    ) -> Change:
        """Add articles, see `add_articles`."""

    def remove(self, article_ids: Sequence[str]) -> Change:
        """Remove articles, see `remove_articles`."""

    def compact(self) -> Manifest:
        """Forget what was removed and replaced, see `compact_index`."""

    def check(self) -> list[str]:
        """Return what is wrong, see `check_index`."""

    def repair(self, progress: Progress | None = None) -> Repair:
        """Make again what can be made, see `repair_index`."""


class FolderArchive:
    """An index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, encoder: str | None = None) -> SearchIndex:
        """See `Archive`."""
        return PassageIndex.open(self._folder, encoder)

    def build(
        self,
        articles: Sequence[Article],
        encoder: str = BUNDLED,
        progress: Progress | None = None,
        names: Sequence[str] = (),
    ) -> Manifest:
        """See `Archive`."""
        return building.build_index(articles, self._folder, encoder, progress, names)

    def add(
        self,
        articles: Sequence[Article],
        progress: Progress | None = None,
        *,
        update: bool = False,
    ) -> Change:
        """See `Archive`."""
        return changes.add_articles(self._folder, articles, progress, update=update)

    def remove(self, article_ids: Sequence[str]) -> Change:
        """See `Archive`."""
        return changes.remove_articles(self._folder, article_ids)

    def compact(self) -> Manifest:
        """See `Archive`."""
        return changes.compact_index(self._folder)

    def check(self) -> list[str]:
        """See `Archive`."""
        return checking.check_index(self._folder)

    def repair(self, progress: Progress | None = None) -> Repair:
        """See `Archive`."""
        return checking.repair_index(self._folder, progress)


def archive_at(place: Path | str) -> Archive:
    """Return the index that is, or is to be, at a place.

    Args:
        place: A folder, or the address of a Milvus store, see `is_milvus`.

    Raises:
        StoreError: If it is Milvus and its client is not installed.
    """
    if not isinstance(place, str) or not is_milvus(place):
        return FolderArchive(Path(place))
    try:
        from index.milvus.archive import MilvusArchive
    except ModuleNotFoundError as error:
        raise StoreError(
            f"a Milvus store needs {error.name}, which is not installed; "
            'run: pip install "youju[milvus]"'
        ) from error
    return MilvusArchive(place)


def open_index(place: Path | str, encoder: str | None = None) -> SearchIndex:
    """Open the index at a place, see `archive_at` and `PassageIndex.open`."""
    return archive_at(place).open(encoder)
