"""What a web page shows, block by block, and what it says of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.formats.lines import MAX_TITLE

Element = Any
"""An element of lxml, which has no types."""

_HIDDEN = frozenset([
    "head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select",
    "option", "button", "textarea", "input", "canvas", "audio", "video", "map",
])  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset([
    "html", "body", "address", "article", "aside", "blockquote", "br", "caption", "center", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", *_HEADINGS,
])  # fmt: skip
_SEVERAL_LINES = frozenset(["table", "br", "ul", "ol", "dl", *_HEADINGS])
_SPACES = re.compile(r"[^\S\u3000]+")
_DATE_IN_SCRIPT = re.compile(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]+)"')

_MIN_LINKS = 0.5
"""A block with so large a share of its characters in links is one of links."""

_MAX_DEPTH = 50
"""So many elements around a block are kept; no page that was made for reading has more."""


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """A paragraph, heading, row of a table or other line.

    Attributes:
        text: What it shows, in one line.
        level: Of a heading, 1 to 6; else 0.
        n_linked: How many of its characters are in links.
        around: The elements around it, from the outermost.
    """

    text: str
    level: int
    n_linked: int
    around: tuple[Element, ...]

    @property
    def is_links(self) -> bool:
        """Whether it is mostly links."""
        return self.n_linked >= _MIN_LINKS * len(self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows and says of itself.

    Attributes:
        blocks: In the order of the page.
        titles: What its <title> says.
        metadata: What its <meta> elements say, by their names in lower case.
    """

    blocks: list[Block]
    titles: list[str]
    metadata: dict[str, list[str]]


def read_page(html: str) -> Page:
    """Parse a web page as leniently as browsers do."""
    from lxml import etree  # a tenth of a second that reading other files need not take

    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # it holds no element and no text
        root = None
    if root is None:
        return Page([], [], {})
    titles = [" ".join("".join(title.itertext()).split()) for title in root.iter("title")]
    blocks = _Walker().walk(etree.iterwalk(root, events=("start", "end")))
    return Page(blocks, list(filter(None, titles)), _metadata(root))


def _metadata(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        if value := meta.get("content", "").strip():
            found.setdefault(name.lower(), []).append(value)
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            found.setdefault("datepublished", []).extend(_DATE_IN_SCRIPT.findall(script.text or ""))
    return found


class _Walker:
    """Collects what a page shows, up to an element that begins or ends a block."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._parts: list[str] = []
        self._n_linked = 0
        self._n_links = 0
        """How many links are open: the page may not close one before the next."""
        self._around: list[Element] = []
        self._row: Element = None
        """The row of a table that is one block with all its cells."""

    def walk(self, events: Iterable[tuple[str, Element]]) -> list[Block]:
        """Return the blocks in the order of the page."""
        for event, element in events:
            is_hidden = _is_hidden(element)
            if event == "start":
                if is_hidden:
                    events.skip_subtree()  # type: ignore[attr-defined]
                else:
                    self._enter(element)
            else:
                if not is_hidden:
                    self._leave(element)
                self._add(element.tail)
        self._end()
        return self._blocks

    def _enter(self, element: Element) -> None:
        self._n_links += element.tag == "a"
        if element.tag in _BLOCKS:
            self._end()
            if element.tag == "tr" and self._row is None and _is_one_line(element):
                self._row = element
            self._around.append(element)
        self._add(element.text)

    def _leave(self, element: Element) -> None:
        self._n_links -= element.tag == "a"
        if element is self._row:
            self._row = None
        if element.tag in _BLOCKS:
            self._end()
            self._around.pop()

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._n_links:
                self._n_linked += len("".join(text.split()))

    def _end(self) -> None:
        if self._row is not None:
            self._parts.append(" ")
            return
        text = "".join(self._parts)
        is_lines = any(element.tag == "pre" for element in self._around)
        for line in text.splitlines() if is_lines else [text]:
            if shown := _SPACES.sub(" ", line).strip():
                self._blocks.append(self._block(shown))
        self._parts, self._n_linked = [], 0

    def _block(self, text: str) -> Block:
        levels = [_HEADINGS.get(element.tag, 0) for element in self._around]
        level = max(levels, default=0) if len(text) <= MAX_TITLE else 0
        return Block(text, level, self._n_linked, tuple(self._around[:_MAX_DEPTH]))


def _is_hidden(element: Element) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return element.tag in _HIDDEN or "hidden" in element.attrib or "display:none" in style


def _is_one_line(row: Element) -> bool:
    """Whether the cells of a row hold a value each, and no parts of a page that it lays out."""
    if len(row) < 2 or any(element.tag in _SEVERAL_LINES for element in row.iterdescendants()):
        return False
    return all(sum(1 for _ in cell.iter("p", "div")) <= 1 for cell in row)
