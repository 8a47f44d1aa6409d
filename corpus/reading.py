"""Finding and reading article files."""

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import CorpusError
from corpus.formats.jsonl import parse_jsonl
from corpus.formats.markdown import parse_markdown
from corpus.records import Article

BUNDLED_ARTICLES = Path(__file__).parent / "articles"
SUFFIXES = (".md", ".jsonl", ".jsonl.gz")


def bundled_articles() -> list[Article]:
    """Return the articles that come with Youju, in the order of their ids."""
    return read_articles([BUNDLED_ARTICLES])


def read_articles(paths: Iterable[Path | str]) -> list[Article]:
    """Read every article in files and folders.

    Folders are searched with their sub-folders, in the order of names, for files ending in
    one of `SUFFIXES`; hidden files are skipped. A file named directly must end in one.

    Returns:
        The articles in the order found.

    Raises:
        CorpusError: Naming the file (and line), if a path is missing, unreadable, empty,
            not UTF-8 or not of a known format, if two articles have one id, or if there
            is no article at all.
    """
    articles: dict[str, Article] = {}
    origin: dict[str, Path] = {}
    searched = [Path(path) for path in paths]
    for file in _find_files(searched):
        for article in _read_file(file):
            if article.id in articles:
                raise CorpusError(
                    f"{file}: article id '{article.id}' is already used in {origin[article.id]}; "
                    "give each article its own id"
                )
            articles[article.id], origin[article.id] = article, file
    if not articles:
        names = ", ".join(map(str, searched)) or "nothing"
        raise CorpusError(f"no articles found in {names} (looked for {', '.join(SUFFIXES)})")
    return list(articles.values())


def _find_files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if _is_wanted(file, path))
        elif not path.exists():
            raise CorpusError(f"{path}: no such file or folder")
        elif not path.name.lower().endswith(SUFFIXES):
            raise CorpusError(f"{path}: unknown format (known: {', '.join(SUFFIXES)})")
        else:
            yield path


def _is_wanted(file: Path, root: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return not is_hidden and file.name.lower().endswith(SUFFIXES) and file.is_file()


def _read_file(file: Path) -> Iterable[Article]:
    text = _decode(_load(file), file)
    if not text.strip():
        raise CorpusError(f"{file}: the file is empty")
    if file.name.lower().endswith(".md"):
        return [parse_markdown(text, file)]
    return parse_jsonl(text, file)


def _load(file: Path) -> bytes:
    try:
        data = file.read_bytes()
        return gzip.decompress(data) if file.suffix.lower() == ".gz" else data
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise CorpusError(f"{file}: not a gzip file, or cut short: {error}") from error
    except OSError as error:
        raise CorpusError(f"{file}: cannot be read: {error.strerror or error}") from error


def _decode(data: bytes, file: Path) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{file}:{line}: not UTF-8 (byte 0x{data[error.start]:02x}); save the file as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
