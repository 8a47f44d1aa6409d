"""What a web page shows, block by block, and which blocks are its article.

A block is left out if
- an element around it is a menu, footer, sidebar, comment or the like, by its tag, class or id,
  and holds less than half of the page's sentences; or
- it consists mostly of links and is no sentence; or
- it is a copyright line.
Of what is left, sentences are the article's text, and so is all that stands in the smallest
element that holds most of them; other lines stand beside it. So a sentence is lost only with
what the page itself calls a menu or the like.

The libraries that find the
text of web pages were tried on Chinese ones and are not used: trafilatura took menus for text
where lines are divided by <br>, made one paragraph of a table, and a date of the copyright line.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from corpus.formats.lines import ends_sentence

Element = Any
"""An element of lxml, which has no types."""

_HIDDEN = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "select",
        "option",
        "button",
        "textarea",
        "input",
        "canvas",
        "audio",
        "video",
        "map",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_MENUS = frozenset(["nav", "footer", "aside", "form", "menu"])
_MENU_NAMES = re.compile(
    r"(?<![a-z])(?:nav|navbar|menu|breadcrumbs?|crumbs?|foot|footer|topbar|toolbar|sidebar|"
    r"aside|related|relevant|recommend\w*|hot\w*|rank\w*|share|social|comments?|copyright|"
    r"friendlinks?|links|login|search|pagination|pager|banner|advert\w*|ads?|qrcode)(?![a-z])"
)
_SPACES = re.compile(r"[^\S\u3000]+")
_COPYRIGHT = re.compile(r"版权所有|版權所有|copyright|©|ICP备|公网安备|网站标识码", re.IGNORECASE)
_MAX_COPYRIGHT = 120
"""Characters; a longer block that names a copyright is text."""

_MIN_LINKS = 0.5
"""A block with so large a share of its characters in links is one of links."""

_MOST = 0.8
"""The article's element is the smallest one with such a share of the page's sentences."""

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DATE_IN_SCRIPT = re.compile(r'"(?:datePublished|pubDate)"\s*:\s*"([^"]+)"')
_SEVERAL_LINES = frozenset(["table", "br", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(eq=False)
class Block:
    """A paragraph, heading, row of a table or other line.

    Attributes:
        text: What it shows, in one line.
        level: Of a heading, 1 to 6; else 0.
        n_linked: How many of its characters are in links.
        around: The elements around it, from the outermost.
        part: Whether it is of the article's text, stands beside it, or is part of a menu.
    """

    text: str
    level: int
    n_linked: int
    around: tuple[Element, ...]
    part: Literal["body", "beside", "menu"] = "body"

    @property
    def is_sentence(self) -> bool:
        """Whether it reads like text: it ends with, or is divided by, marks of sentences."""
        return ends_sentence(self.text) or any(mark in self.text for mark in "。！？")

    @property
    def is_links(self) -> bool:
        """Whether it is mostly links."""
        return self.n_linked >= _MIN_LINKS * len(self.text)

    @property
    def is_copyright(self) -> bool:
        """Whether it is the line at the end of a page that says whose it is."""
        return len(self.text) <= _MAX_COPYRIGHT and bool(_COPYRIGHT.search(self.text))

    @cached_property
    def weight(self) -> int:
        """Characters of it that are text and no links."""
        is_text = self.is_sentence and not self.is_links and not self.is_copyright
        return len(self.text) if is_text else 0


@dataclass
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
    _mark_parts(blocks)
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
        if element.tag not in _INLINE:
            self._end()
            if element.tag == "tr" and self._row is None and _is_one_line(element):
                self._row = element
        self._around.append(element)
        self._add(element.text)

    def _leave(self, element: Element) -> None:
        if element is self._row:
            self._row = None
        if element.tag not in _INLINE:
            self._end()
        self._around.pop()

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if any(element.tag == "a" for element in self._around):
                self._n_linked += len("".join(text.split()))

    def _end(self) -> None:
        if self._row is not None:
            self._parts.append(" ")
            return
        text = _SPACES.sub(" ", "".join(self._parts)).strip()
        if text:
            around = tuple(element for element in self._around if element.tag not in _INLINE)
            level = max((_HEADINGS.get(element.tag, 0) for element in around), default=0)
            self._blocks.append(Block(text, level, self._n_linked, around))
        self._parts, self._n_linked = [], 0


def _is_hidden(element: Element) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return element.tag in _HIDDEN or "hidden" in element.attrib or "display:none" in style


def _is_one_line(row: Element) -> bool:
    """Whether the cells of a row hold a value each, and no parts of a page that it lays out."""
    if len(row) < 2 or any(element.tag in _SEVERAL_LINES for element in row.iterdescendants()):
        return False
    return all(sum(1 for _ in cell.iter("p", "div")) <= 1 for cell in row)


def _mark_parts(blocks: list[Block]) -> None:
    """Say of every block which part of the page it is."""
    total = sum(block.weight for block in blocks)
    held = _weights(blocks)
    menus = {element for element in held if _is_menu(element) and 2 * held[element] <= total}
    rest = [block for block in blocks if menus.isdisjoint(block.around)]
    most = _MOST * sum(block.weight for block in rest)
    # Elements with more than half of the weight lie in one another.
    holders = [element for element, weight in _weights(rest).items() if weight >= most > 0]
    article = max(holders, key=lambda one: sum(1 for _ in one.iterancestors()), default=None)
    for block in blocks:
        is_inside = article is None or article in block.around
        if block.is_copyright or not menus.isdisjoint(block.around):
            block.part = "menu"
        elif not block.is_sentence:
            block.part = "menu" if block.is_links else "body" if is_inside else "beside"
    for block in reversed([block for block in blocks if block.part == "body"]):
        if not block.level:
            break
        block.part = "beside"  # a heading of what was left out, such as related reports


def _weights(blocks: list[Block]) -> Counter[Element]:
    """Return how many characters of sentences each element holds."""
    weights: Counter[Element] = Counter()
    for block in blocks:
        for element in block.around:
            weights[element] += block.weight
    return weights


def _is_menu(element: Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in _MENUS or bool(_MENU_NAMES.search(_CAPITAL.sub("-", names).lower()))
