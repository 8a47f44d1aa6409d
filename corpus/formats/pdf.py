"""Articles as PDF files with a text layer."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.formats.lines import split_title
from corpus.formats.pdf_layout import Line, join_paragraphs, lay_out
from corpus.records import Article, Section

if TYPE_CHECKING:
    import pypdfium2

_pdfium_lock = threading.Lock()
"""PDFium may be called by one thread at a time."""

_NO_TEXT = "no text layer; run OCR first"
_LINE_ENDS = "\r\n"
_HYPHENS = "\x02\ufffe"
"""What PDFium writes for a hyphen at the end of a line that is no part of the word."""

_MAX_UNREADABLE = 0.3
"""Share of characters that a font does not name; above it the text layer is of no use."""


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
    yield Article(default_id, title or path.stem, (section,), furniture=layout.furniture)
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
    held: list[tuple[str, tuple[float, float, float, float]]] = []
    for place in range(text_page.count_chars()):
        # One by one: the text of a range leaves characters out, and boxes go by place.
        character = chr(raw.FPDFText_GetUnicode(text_page, place))
        if character not in _LINE_ENDS:
            held.append((character, text_page.get_charbox(place)))
        elif line := _line(held):
            yield line
            held = []
    if line := _line(held):
        yield line
    text_page.close()


def _line(characters: list[tuple[str, tuple[float, float, float, float]]]) -> Line | None:
    boxes = [box for character, box in characters if not character.isspace()]
    text = "".join(c for c, _ in characters if c not in _HYPHENS and c != "\0")
    if not text.strip():
        return None
    # Of a character beyond U+FFFF some systems give both halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Line(
        text,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        bottom=min(box[1] for box in boxes),
        top=max(box[3] for box in boxes),
        size=max(box[3] - box[1] for box in boxes),
    )
