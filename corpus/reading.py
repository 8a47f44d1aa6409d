"""Reading article files of every format."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.decoding import decode
from corpus.errors import CorpusError
from corpus.finding import SUFFIXES, Unread, find_files, suffix_of
from corpus.formats.csv import parse_csv
from corpus.formats.docx import parse_docx
from corpus.formats.html import html_charset, parse_html
from corpus.formats.jsonl import parse_jsonl
from corpus.formats.markdown import parse_markdown
from corpus.formats.pdf import parse_pdf
from corpus.formats.txt import parse_txt
from corpus.page_repair import repair_page
from corpus.records import Article
from corpus.unpacking import unpack_gzip

BUNDLED_ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what was not.

    Attributes:
        articles: In the order found.
        read: The files that they are from.
        skipped: Files that are no articles to us: hidden, of another format, a copy of one read.
        failed: Files, lines and pages that should have been articles, and could not be read.
        doubts: Places where a raw page could be put in order in more than one way, or in none.
    """

    articles: tuple[Article, ...]
    read: tuple[Path, ...]
    skipped: tuple[Unread, ...] = ()
    failed: tuple[Unread, ...] = ()
    doubts: tuple[Unread, ...] = ()

    def require_all(self) -> "Reading":
        """Return this reading if nothing failed.

        Raises:
            CorpusError: Naming the first failure.
        """
        if self.failed:
            more = f" (and {len(self.failed) - 1} more)" if len(self.failed) > 1 else ""
            raise CorpusError(f"{self.failed[0]}{more}")
        return self


def bundled_articles() -> list[Article]:
    """Return the articles that come with Youju, in the order of their ids."""
    return list(read_articles([BUNDLED_ARTICLES]).require_all().articles)


def read_articles(
    paths: Iterable[Path | str], progress: Callable[[int, int], None] | None = None
) -> Reading:
    """Read every article in files and folders; what cannot be read stops nothing else.

    Args:
        paths: Files of a format in `SUFFIXES`, and folders, which are searched with their
            sub-folders.
        progress: Told how many files are read, of how many.

    Raises:
        CorpusError: Naming the first failure, if there is no article at all.
    """
    searched = [Path(path) for path in paths]
    found = find_files(searched)
    reader = _Reader()
    for number, (file, default_id) in enumerate(found.files.items(), start=1):
        reader.read(file, default_id)
        if progress:
            progress(number, len(found.files))
    reading = Reading(
        tuple(reader.articles.values()),
        tuple(reader.read_files),
        (*found.skipped, *reader.skipped),
        (*found.failed, *reader.failed),
        tuple(reader.doubts),
    )
    if not reading.articles:
        names = ", ".join(map(str, searched)) or "nothing"
        reading.require_all()
        raise CorpusError(f"no articles found in {names} (looked for {', '.join(SUFFIXES)})")
    return reading


class _Reader:
    """Reads one file after another and keeps what came of each."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.read_files: list[Path] = []
        self.skipped: list[Unread] = []
        self.failed: list[Unread] = []
        self.doubts: list[Unread] = []
        self._origin: dict[str, Path] = {}
        self._seen: dict[bytes, Path] = {}

    def read(self, file: Path, default_id: str) -> None:
        """Read a file, unless one with the same bytes has been read."""
        try:
            data = file.read_bytes()
        except OSError as error:
            self.failed.append(Unread(file, f"cannot be read: {error.strerror or error}"))
            return
        digest = hashlib.sha256(data).digest()
        if digest in self._seen:
            self.skipped.append(Unread(file, f"the same as {self._seen[digest]}"))
            return
        n_before = len(self.articles)
        try:
            for found in _parse(data, file, default_id):
                self._keep(found, file)
        except CorpusError as error:
            self._fail(file, error)
        if len(self.articles) > n_before:
            self.read_files.append(file)
            self._seen[digest] = file

    def _keep(self, found: Article | Unread | CorpusError, file: Path) -> None:
        if isinstance(found, CorpusError):
            self._fail(file, found)
        elif isinstance(found, Unread):
            self.doubts.append(found)
        elif found.id in self.articles:
            reason = (
                f"article id '{found.id}' is already used in {self._origin[found.id]}; "
                "give each article its own id"
            )
            self.failed.append(Unread(file, reason))
        else:
            self.articles[found.id], self._origin[found.id] = found, file

    def _fail(self, file: Path, error: CorpusError) -> None:
        place, _, reason = str(error).removeprefix(str(file)).partition(": ")
        self.failed.append(Unread(file, reason, place))


def _parse(data: bytes, file: Path, default_id: str) -> Iterator[Article | Unread | CorpusError]:
    match suffix_of(file):
        case ".docx":
            yield parse_docx(data, file, default_id)
        case ".pdf":
            yield from parse_pdf(data, file, default_id)
        case suffix:
            yield from _parse_text(_text(data, file, suffix), suffix, file, default_id)


def _text(data: bytes, file: Path, suffix: str) -> str:
    if suffix == ".jsonl.gz":
        data = unpack_gzip(data, file)
    declared = html_charset(data) if suffix in (".html", ".htm") else None
    text = decode(data, str(file), declared)
    if not text.strip():
        raise CorpusError(f"{file}: the file is empty")
    return text


def _parse_text(
    text: str, suffix: str, file: Path, default_id: str
) -> Iterator[Article | Unread | CorpusError]:
    match suffix:
        case ".page.txt":
            page = repair_page(text, default_id)
            yield from page.articles
            for doubt in page.doubts:
                yield Unread(file, doubt.reason, f":{doubt.line}")
        case ".md":
            yield parse_markdown(text, file, default_id)
        case ".txt":
            yield parse_txt(text, file, default_id)
        case ".html" | ".htm":
            yield parse_html(text, file, default_id)
        case ".csv":
            yield from parse_csv(text, file, default_id)
        case _:
            yield from parse_jsonl(text, file)
