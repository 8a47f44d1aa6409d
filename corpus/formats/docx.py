"""Articles as Word documents (.docx)."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corpus.errors import CorpusError
from corpus.finding import readable
from corpus.formats.lines import split_title
from corpus.records import Article, Section
from corpus.unpacking import check_zip

if TYPE_CHECKING:
    from docx.document import Document

Style = Literal["title", "subtitle"] | int
"""What a paragraph is, if not text of the body: title, subtitle or a heading of this level."""

Element = Any
"""An element of lxml, which has no types."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-", f"{_W}br": "\n", f"{_W}cr": "\n"}
# Deleted or moved elsewhere; a text box in a run stands after its paragraph.
_LEFT_OUT = {_FALLBACK} | {
    f"{_W}{name}" for name in ("pPr", "rPr", "sectPr", "del", "moveFrom", "txbxContent")
}
_OLE = b"\xd0\xcf\x11\xe0"
"""What files of Word before 2007 begin with, and encrypted ones."""

_HEADING = re.compile(r"(?:heading|标题) ?([1-9])")
_TITLES: dict[str, Style] = {
    "title": "title", "标题": "title", "subtitle": "subtitle", "副标题": "subtitle",
}  # fmt: skip
_OUTLINE_LEVELS = frozenset("012345678")
_NOTES = ("/footnotes", "/endnotes")
_FURNITURE = ("/header", "/footer")


@dataclass
class _Draft:
    """What of an article has been read."""

    title: str | None = None
    subtitle: str | None = None
    sections: list[tuple[str | None, list[str]]] = field(default_factory=lambda: [(None, [])])


def parse_docx(data: bytes, path: Path, default_id: str) -> Article:
    """Read one article from a Word document.

    The title is the first paragraph in the style Title, else in Heading 1, else the first
    paragraph if it looks like a headline, else the file's name. Other headings begin sections,
    rows of tables are paragraphs, footnotes stand at the end, and headers and footers in
    `Article.furniture`. Who saved the file when is not taken for author and date.

    Args:
        data: The file.
        path: Names it in errors.
        default_id: The article's id.

    Raises:
        CorpusError: If it is no such file, is encrypted, or holds no text.
    """
    import docx  # a fifth of a second that reading other files need not take
    from lxml.etree import LxmlError

    if data.startswith(_OLE):
        raise CorpusError(
            f"{path}: encrypted, or of Word before 2007; save it as .docx without a password"
        )
    try:
        check_zip(data, path)
        return _article(docx.Document(io.BytesIO(data)), path, default_id)
    # python-docx does not document what it raises: it looks up parts of the file as it goes.
    except (
        zipfile.BadZipFile, zlib.error, LxmlError, LookupError, ValueError, TypeError,
        AttributeError, NotImplementedError, EOFError,
    ) as error:  # fmt: skip
        raise CorpusError(f"{path}: not a Word document, or damaged: {error}") from error


def _article(document: "Document", path: Path, default_id: str) -> Article:
    draft = _Draft()
    blocks = list(_blocks(document.element.body, _styles(document)))
    styles = [style for style, _ in blocks]
    title_style = next((style for style in ("title", 1) if style in styles), "title")
    for style, text in blocks:
        if style == title_style and draft.title is None:
            draft.title = text
        elif style == "subtitle" and draft.subtitle is None:
            draft.subtitle = text
        elif style is None:
            draft.sections[-1][1].append(text)
        else:
            draft.sections.append((text, []))
    if notes := list(_texts_of_parts(document, _NOTES)):
        draft.sections.append((None, notes))
    if draft.title is None:
        draft.title, first = split_title(draft.sections[0][1])
        draft.sections[0] = (None, list(first))
    sections = tuple(Section(h, tuple(p)) for h, p in draft.sections if h is not None or p)
    if not any(section.paragraphs for section in sections):
        raise CorpusError(f"{path}: no text; an article needs at least one paragraph")
    furniture = tuple(dict.fromkeys(_texts_of_parts(document, _FURNITURE)))
    return Article(
        default_id,
        draft.title or readable(path.stem),
        sections,
        draft.subtitle,
        furniture=furniture,
    )


def _styles(document: "Document") -> dict[str, Style]:
    """Return what the styles of titles and headings are for, by their ids."""
    found: dict[str, Style] = {}
    for style in document.styles:
        name = (style.name or "").lower()
        heading = _HEADING.fullmatch(name)
        if name in _TITLES:
            found[style.style_id] = _TITLES[name]
        elif heading:
            found[style.style_id] = int(heading[1])
        elif level := _outline_level(style.element):
            found[style.style_id] = level
    return found


def _style_of(paragraph: Element, styles: dict[str, Style]) -> Style | None:
    name = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = None if name is None else styles.get(name.get(f"{_W}val"))
    return style or _outline_level(paragraph)


def _outline_level(element: Element) -> int | None:
    """Return 1 to 9, or None for text of the body."""
    level = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = "" if level is None else level.get(f"{_W}val", "")
    return int(value) + 1 if value in _OUTLINE_LEVELS else None


def _blocks(parent: Element, styles: dict[str, Style]) -> Iterator[tuple[Style | None, str]]:
    """Yield paragraphs and rows of tables, in order, with what their style is for."""
    for element in parent.iterchildren(f"{_W}*"):
        if element.tag == f"{_W}p":
            lines = [line.strip() for line in "".join(_runs(element)).split("\n") if line.strip()]
            style = _style_of(element, styles)
            yield from ((style, line) for line in ([" ".join(lines)] if style and lines else lines))
            for box in element.iter(f"{_W}txbxContent"):
                if not any(outer.tag == _FALLBACK for outer in box.iterancestors()):
                    yield from _blocks(box, styles)
        elif element.tag == f"{_W}tr":
            yield from _row(element, styles)
        elif element.tag not in _LEFT_OUT:
            yield from _blocks(element, styles)


def _row(row: Element, styles: dict[str, Style]) -> Iterator[tuple[Style | None, str]]:
    """Yield a row of a table as one paragraph; those of a table that lays out a page, one each."""
    cells = [list(_blocks(cell, styles)) for cell in row.iter(f"{_W}tc") if _row_of(cell) is row]
    texts = [text for cell in cells for _, text in cell]
    if all(len(cell) <= 1 for cell in cells) and texts:
        yield None, " ".join(texts)
    else:
        yield from (block for cell in cells for block in cell)


def _row_of(cell: Element) -> Element:
    return next(cell.iterancestors(f"{_W}tr"))


def _runs(element: Element) -> Iterator[str]:
    # Not Paragraph.text: that leaves out insertions, content controls and smart tags.
    for child in element.iterchildren("*"):
        if child.tag in (f"{_W}t", _FORMULA_TEXT):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _LEFT_OUT:
            yield from _runs(child)


def _texts_of_parts(document: "Document", kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield the paragraphs of parts that the document's body only refers to."""
    from lxml.etree import XMLParser, fromstring

    for relation in document.part.rels.values():
        if relation.reltype.endswith(kinds) and not relation.is_external:
            root = fromstring(relation.target_part.blob, XMLParser(resolve_entities=False))
            yield from (text for _, text in _blocks(root, {}))
