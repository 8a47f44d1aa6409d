"""Articles as PDF files with a text layer."""

import ctypes
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import CorpusError
from corpus.finding import readable
from corpus.formats.lines import split_title
from corpus.formats.pdf_layout import Line, join_paragraphs, lay_out
from corpus.records import Article, Section

if TYPE_CHECKING:
    import pypdfium2

_pdfium_lock = threading.Lock()
"""PDFium may be called by one thread at a time."""

_NO_TEXT = "no text layer; run OCR first"
_LINE_ENDS = "\r\n"
_LEFT_OUT = "\0\x02\ufffe"
"""What PDFium writes for nothing, and for a hyphen at the end of a line, no part of the word."""

_FIRST_WIDE = "\u2e80"

_MAX_UNREADABLE = 0.3
"""Share of characters that a font does not name; above it the text layer is of no use."""


class _Character(NamedTuple):
    """A character, its edges and baseline and the size of its letters, in points."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


def parse_pdf(data: bytes, path: Path, default_id: str) -> Iterator[Article | CorpusError]:
    """Read one article from a PDF.

    Lines are joined to paragraphs by how they stand on the page. The title is what stands in the
    largest letters on the first page, else the first paragraph if it looks like a headline, else
    the file's name. Headers and footers that pages repeat are in `Article.furniture`. Who made
    the file when is not taken for author and date.

    Args:
        data: The file.
        path: Names it in errors.
        default_id: The article's id.

    Returns:
        The article, and an error for every page that is a picture only.

    Raises:
        CorpusError: If it is no such file, needs a password, or has no text layer.
    """
    with _pdfium_lock:
        pages, pictures = _read_pages(data, path)
    if not any(pages):
        raise CorpusError(f"{path}: {_NO_TEXT}")
    characters = "".join(line.text for page in pages for line in page)
    unreadable = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in characters)
    if unreadable > _MAX_UNREADABLE * len(characters):
        raise CorpusError(
            f"{path}: its fonts do not say which characters {unreadable} of {len(characters)} "
            "signs are; run OCR first"
        )
    layout = lay_out(pages)
    title, paragraphs = layout.title, join_paragraphs(layout)
    if title is None or not paragraphs:
        title, paragraphs = split_title([*([title] if title else []), *paragraphs])
    section = Section(None, paragraphs)
    yield Article(default_id, title or readable(path.stem), (section,), furniture=layout.furniture)
    yield from (CorpusError(f"{path}, page {number}: {_NO_TEXT}") for number in pictures)


def _read_pages(data: bytes, path: Path) -> tuple[list[list[Line]], list[int]]:
    """Return the lines of every page, and the numbers of pages that are pictures only."""
    import pypdfium2  # a sixth of a second that reading other files need not take
    from pypdfium2 import raw

    try:
        with pypdfium2.PdfDocument(data) as document:
            pages: list[list[Line]] = []
            pictures: list[int] = []
            for number, page in enumerate(document, start=1):
                pages.append(list(_lines(page)))
                if not pages[-1] and any(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE])):
                    pictures.append(number)
                page.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise CorpusError(f"{path}: encrypted; save it without a password") from error
        raise CorpusError(f"{path}: not a PDF, or damaged: {error}") from error
    return pages, pictures


def _lines(page: "pypdfium2.PdfPage") -> Iterator[Line]:
    """Yield the lines of a page in the order of the file."""
    from pypdfium2 import raw

    text_page = page.get_textpage()
    held: list[_Character] = []
    for place in range(text_page.count_chars()):
        # One by one: the text of a range leaves characters out, and boxes go by place.
        character = chr(raw.FPDFText_GetUnicode(text_page, place))
        if character not in _LINE_ENDS:
            held.append(_character(character, text_page, place))
            continue
        if line := _line(held):
            yield line
        held = []
    if line := _line(held):
        yield line
    text_page.close()


def _character(text: str, page: "pypdfium2.PdfTextPage", place: int) -> _Character:
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page, place, x, y)
    left, _, right, _ = page.get_charbox(place)  # of its strokes
    before, _, after, _ = page.get_charbox(place, loose=True)  # of what it takes up
    # Chinese characters and their marks are as wide as their letters' size, Latin ones half of it.
    return _Character(text, left, right, y.value, (after - before) * (1 + (text < _FIRST_WIDE)))


def _line(characters: list[_Character]) -> Line | None:
    inked = [one for one in characters if not one.text.isspace()]
    text = "".join(one.text for one in characters if one.text not in _LEFT_OUT)
    if not text.strip():
        return None
    # Of a character beyond U+FFFF some systems give both halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Line(
        text,
        left=min(one.left for one in inked),
        right=max(one.right for one in inked),
        baseline=median(one.baseline for one in inked),
        size=median(one.size for one in inked) or 1.0,
    )
