"""Articles as web pages (.html, .htm)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.finding import readable
from corpus.formats.html_blocks import Block, Page, read_page
from corpus.formats.html_parts import Part, is_sentence, parts_of
from corpus.records import Article, Section

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD = 4096
"""So many bytes a page has to say in which encoding it is, with room to spare."""

# The first ones are what pages of Chinese authorities must have, and many papers do as well.
_DATES = (
    "pubdate", "publishdate", "article:published_time", "og:release_date", "og:published_time",
    "datepublished", "dcterms.date", "dc.date", "date",
)  # fmt: skip
_SOURCES = ("contentsource", "source", "article:source", "og:article:source")
_BYLINES = ("author", "article:author", "og:article:author", "dc.creator")
_TITLES = ("articletitle", "og:title", "twitter:title")

_PRINTED_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2})(?!\d)")
_PRINTED_SOURCE = re.compile(r"(?:来源|來源|稿源)\s*[:：]\s*([^\s|\uff5c）)】]+)")
_PRINTED_BYLINE = re.compile(r"(?:作者|记者|記者)\s*[:：]\s*([^\s|\uff5c）)】]+)")
_TITLE_END = re.compile(r"\s*[-_|\uff5c—\u2013]|$")
_CHINA = timezone(timedelta(hours=8))
_MAX_IMPRINT = 100
"""Characters; a longer line is text, even if it names a date and a source."""


def html_charset(data: bytes) -> str | None:
    """Return the encoding that a page says it is in."""
    match = _CHARSET.search(data[:_HEAD])
    return match[1].decode("ascii") if match else None


def parse_html(html: str, path: Path, default_id: str) -> Article:
    """Read one article from a web page.

    Its title, date, source and byline are what the page says of itself, else what the line
    under the headline prints. `html_parts` decides what of the page is the article's text;
    that line and others beside the text are kept in `Article.furniture`, menus are left out.

    Args:
        html: The file's text.
        path: Names it in errors, and the article if the page has no title.
        default_id: The article's id.

    Raises:
        CorpusError: If it holds no text.
    """
    page = read_page(html)
    parts = parts_of(page.blocks)
    title, place = _title(page)
    shown = [pair for n, pair in enumerate(zip(page.blocks, parts, strict=True)) if n != place]
    imprints = _imprints(shown)
    rest = [(block, part) for block, part in shown if block not in imprints]
    sections = _sections(block for block, part in rest if part == "body")
    beside = [block.text for block, part in rest if part == "beside"]
    if not sections:  # no article found: all that the page shows
        sections, beside = _sections(block for block, _ in shown), []
    if not sections:
        raise CorpusError(f"{path}: no text; an article needs at least one paragraph")
    printed = " ".join(block.text for block in imprints)
    return Article(
        id=default_id,
        title=title or readable(path.stem),
        sections=sections,
        source=_first(page, _SOURCES) or _match(_PRINTED_SOURCE, printed),
        byline=_first(page, _BYLINES) or _match(_PRINTED_BYLINE, printed),
        date=_date(page, printed),
        furniture=(*(block.text for block in imprints), *beside),
    )


def _title(page: Page) -> tuple[str | None, int | None]:
    """Return the headline, and its place among the blocks if it is one of them."""
    said = [*(name for key in _TITLES for name in page.metadata.get(key, ())), *page.titles]
    # Pages add the name of the site to their title, not to the headline that they show.
    starts = {
        _squeeze(name[: match.start()]) for name in said for match in _TITLE_END.finditer(name)
    }
    shown = list(enumerate(page.blocks))
    called = [(n, block) for n, block in shown if _squeeze(block.text) in starts]
    first_level = [(n, block) for n, block in shown if block.level == 1]
    headings = [(n, block) for n, block in called if block.level]
    for place, block in (*headings, *called, *first_level):
        if not block.is_links:
            return block.text, place
    return (said[0] if said else None), None


def _imprints(shown: Sequence[tuple[Block, Part]]) -> list[Block]:
    """Return the lines that print date or source: above the text, or as 来源：… anywhere."""
    found: list[Block] = []
    is_above = True
    for block, part in shown:
        is_above = is_above and not (part == "body" and is_sentence(block))
        is_line = len(block.text) <= _MAX_IMPRINT and not is_sentence(block) and not block.level
        has_date = is_above and _PRINTED_DATE.search(block.text)
        if is_line and not block.is_links and (has_date or _PRINTED_SOURCE.search(block.text)):
            found.append(block)
    return found


def _sections(blocks: Iterable[Block]) -> tuple[Section, ...]:
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for block in blocks:
        if block.level:
            sections.append((block.text, []))
        else:
            sections[-1][1].append(block.text)
    kept = tuple(Section(h, tuple(p)) for h, p in sections if h is not None or p)
    return kept if any(section.paragraphs for section in kept) else ()


def _date(page: Page, printed: str) -> str | None:
    for value in [*(v for key in _DATES for v in page.metadata.get(key, ())), printed]:
        if match := _PRINTED_DATE.search(_in_china(value)):
            try:
                return normalise_date(match[1].replace("/", "-"))
            except ValueError:  # such as 2026-13-45
                continue
    return None


def _in_china(value: str) -> str:
    """Return a time in UTC, which servers write, as one in China; anything else as it is."""
    try:
        time = datetime.fromisoformat(value)
        return str(time.astimezone(_CHINA)) if time.utcoffset() == timedelta(0) else value
    except (ValueError, OverflowError):  # OverflowError: the last hours of the year 9999
        return value


def _first(page: Page, keys: Sequence[str]) -> str | None:
    return next((value for key in keys for value in page.metadata.get(key, ())), None)


def _match(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def _squeeze(text: str) -> str:
    return "".join(text.split())
