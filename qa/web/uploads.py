"""Articles that a reader uploads: an index for that reader only, deleted after use."""

import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import Article, CorpusError, Reading, YoujuError, read_articles, split_article
from corpus.unpacking import unpacked_size
from index import PassageIndex, build_index
from qa.pipeline import Pipeline

MAX_FILES = 20
MAX_MEGABYTES = 5
"""Of one file."""

MAX_PASSAGES = 2000
"""Of all files together; encoding them takes a minute on two cores."""

MAX_PROBLEMS = 5
"""So many lines of one file that cannot be read are named one by one."""

MAX_ARCHIVES = 40
"""Kept at once; the one not used for longest goes first."""

IDLE_SECONDS = 2 * 3600
"""After so long without a question an archive is deleted."""

SWEEP_SECONDS = 60.0
"""How often it is looked for such archives, while there are any."""


class ArchiveGoneError(KeyError):
    """An uploaded archive was deleted."""


class UploadError(YoujuError):
    """Nothing of what was uploaded can be used; the message says why, one line a file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of uploaded files.

    Attributes:
        token: Names the archive; whoever knows it can ask it.
        n_articles, n_passages: What it holds.
        problems: One sentence for each file, line or page that was left out.
    """

    token: str
    n_articles: int
    n_passages: int
    problems: tuple[str, ...]


@dataclass
class _Archive:
    pipeline: Pipeline
    folder: Path
    used: float


class PrivateArchives:
    """The uploaded archives of all readers."""

    def __init__(self, served: Pipeline) -> None:
        self._served = served
        self._archives: dict[str, _Archive] = {}
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def add(
        self, files: Sequence[Path], progress: Callable[[int, int], None] | None = None
    ) -> Upload:
        """Index files as an archive of their own; a file that cannot be used stops no other.

        Args:
            files: At most `MAX_FILES`, of the formats that `youju build` reads.
            progress: Told how many passages are encoded, of how many.

        Raises:
            UploadError: If none can be used.
        """
        articles, problems = _read(files)
        if not articles:
            raise UploadError("\n".join(problems) or "no files")
        folder = Path(tempfile.mkdtemp(prefix="youju-upload-"))
        try:
            manifest = build_index(articles, folder / "index", progress=progress)
            index = PassageIndex.open(folder / "index")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        pipeline = Pipeline(index, self._served.reader, confidence=self._served.confidence)
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._archives[token] = _Archive(pipeline, folder, time.monotonic())
        self.sweep()
        return Upload(token, manifest.n_articles, manifest.n_passages, tuple(problems))

    def pipeline(self, token: str) -> Pipeline:
        """Return what answers from an archive.

        Raises:
            ArchiveGoneError: If it was deleted.
        """
        with self._lock:
            archive = self._archives.get(token)
            if archive is None:
                raise ArchiveGoneError(token)
            archive.used = time.monotonic()
            return archive.pipeline

    def drop(self, token: str | None) -> None:
        """Delete an archive, if it is still there."""
        with self._lock:
            archive = self._archives.pop(token, None) if token else None
        if archive:
            archive.pipeline.index.close()
            shutil.rmtree(archive.folder, ignore_errors=True)

    def drop_all(self) -> None:
        """Delete every archive."""
        for token in list(self._archives):
            self.drop(token)

    def sweep(self) -> None:
        """Delete archives that are idle or too many, now and while any are left."""
        with self._lock:
            stale = self._stale()
            if self._sweeper:
                self._sweeper.cancel()
            self._sweeper = None
            if len(self._archives) > len(stale):
                self._sweeper = threading.Timer(SWEEP_SECONDS, self.sweep)
                self._sweeper.daemon = True
                self._sweeper.start()
        for old in stale:
            self.drop(old)

    def _stale(self) -> list[str]:
        """Archives that are idle, or too many; call under the lock."""
        oldest_first = sorted(self._archives, key=lambda token: self._archives[token].used)
        oldest_allowed = time.monotonic() - IDLE_SECONDS
        n_surplus = len(oldest_first) - MAX_ARCHIVES
        return [
            token
            for place, token in enumerate(oldest_first)
            if place < n_surplus or self._archives[token].used < oldest_allowed
        ]


def _read(files: Sequence[Path]) -> tuple[list[Article], list[str]]:
    """Return the articles that can be used, and a sentence for every file left out."""
    articles: dict[str, Article] = {}
    problems: list[str] = []
    n_passages = 0
    for file in files[:MAX_FILES]:
        try:
            reading = _read_file(file)
            found = reading.articles
            if twice := sorted(set(articles) & {article.id for article in found}):
                raise UploadError(f"编号 {'、'.join(twice[:3])} 在别的文件里已经用过")
            size = sum(len(split_article(article)) for article in found)
            if n_passages + size > MAX_PASSAGES:
                raise UploadError(f"加上它超过 {MAX_PASSAGES} 段")
        except YoujuError as error:
            problems.append(f"{file.name}：{_describe(error, file)}")
            continue
        # Some reasons name the file; where the server keeps it is nobody's business.
        unread = [str(one).replace(str(file), file.name) for one in reading.failed]
        problems += unread[:MAX_PROBLEMS]
        if len(unread) > MAX_PROBLEMS:
            problems.append(f"{file.name}：还有 {len(unread) - MAX_PROBLEMS} 处读不出来")
        n_passages += size
        articles |= {article.id: article for article in found}
    problems += [f"{file.name}：一次最多 {MAX_FILES} 个文件" for file in files[MAX_FILES:]]
    return list(articles.values()), problems


def _describe(error: YoujuError, file: Path) -> str:
    """Return what is wrong with a file, in Chinese; what a reader of files says is quoted."""
    said = str(error).removeprefix(f"{file}").lstrip(":： ")
    return said if isinstance(error, UploadError) else f"无法读取（{said}）"


def _read_file(file: Path) -> Reading:
    limit = int(MAX_MEGABYTES * 1_000_000)
    if file.stat().st_size > limit or unpacked_size(file, limit + 1) > limit:
        raise UploadError(f"超过 {MAX_MEGABYTES} MB")
    reading = read_articles([file])
    if not any(article.paragraphs for article in reading.articles):
        raise CorpusError("没有正文")
    return reading
