"""Articles as Markdown files: YAML front matter, `##` section headings, paragraphs.

The text is taken literally: inline markup is not interpreted, so that what is quoted is
what stands in the file. Paragraphs are separated by blank lines; a line break inside one
is dropped between Chinese characters and becomes a space elsewhere.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.records import Article, Section

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\s*?$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_LINE_BREAK = re.compile(r"(?<=[ -~])\s*\n\s*(?=[ -~])")
_TEXT_KEYS = (
    "id", "title", "subtitle", "kicker", "byline", "source", "date", "date_basis",
    "date_note", "page", "notes",
)  # fmt: skip
_LIST_KEYS = ("captions", "pull_quotes", "furniture")
_KNOWN_KEYS = {*_TEXT_KEYS, *_LIST_KEYS, "is_title_editorial"}


def parse_markdown(markdown: str, path: Path) -> Article:
    """Read one article from the text of a Markdown file.

    Without front matter the title is the first `#` heading, else the file's name; without
    `id` the id is the file's name without extension. Front matter keys are the attributes
    of `Article`.

    Args:
        markdown: The file's text.
        path: Names the file in errors and gives the default id.

    Raises:
        CorpusError: If the front matter is malformed or the article has no text.
    """
    matter, body = _split_front_matter(markdown, path)
    unknown = sorted(set(matter) - _KNOWN_KEYS)
    if unknown:
        known = ", ".join(sorted(_KNOWN_KEYS))
        raise CorpusError(f"{path}: unknown front matter key '{unknown[0]}' (known: {known})")
    first_title, sections = _parse_body(body, has_title="title" in matter)
    if not any(section.paragraphs for section in sections):
        raise CorpusError(f"{path}: no text; an article needs at least one paragraph")
    texts = {key: str(matter[key]) for key in _TEXT_KEYS if matter.get(key) is not None}
    lists = {key: tuple(map(str, matter[key])) for key in _LIST_KEYS if matter.get(key)}
    if "date" in texts:
        texts["date"] = _parse_date(texts["date"], path)
    defaults = {"id": path.stem, "title": first_title or path.stem}
    return Article(
        sections=sections,
        is_title_editorial=bool(matter.get("is_title_editorial", False)),
        **{**defaults, **texts, **lists},  # type: ignore[arg-type]
    )


def format_markdown(article: Article) -> str:
    """Write an article so that `parse_markdown` reads the same article back.

    Raises:
        ValueError: If a paragraph would be read as something else (empty, with a line
            break, or looking like a heading).
    """
    matter: dict[str, object] = {
        key: getattr(article, key) for key in _TEXT_KEYS if getattr(article, key) is not None
    }
    if article.is_title_editorial:
        matter["is_title_editorial"] = True
    matter |= {key: list(getattr(article, key)) for key in _LIST_KEYS if getattr(article, key)}
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    blocks = [f"---\n{front}---"]
    for section in article.sections:
        if section.heading is not None:
            blocks.append(f"## {section.heading}")
        blocks.extend(map(_checked, section.paragraphs))
    return "\n\n".join(blocks) + "\n"


def _checked(paragraph: str) -> str:
    if not paragraph.strip() or "\n" in paragraph or _HEADING.fullmatch(paragraph):
        raise ValueError(f"paragraph cannot be written as Markdown: {paragraph[:40]!r}")
    return paragraph


def _split_front_matter(markdown: str, path: Path) -> tuple[Mapping[str, Any], str]:
    match = _FRONT_MATTER.match(markdown)
    if match is None:
        return {}, markdown
    try:
        matter = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f"{mark.line + 2}:"
        problem = getattr(error, "problem", None) or "cannot be read"
        raise CorpusError(f"{path}:{line} front matter is not YAML: {problem}") from error
    if not isinstance(matter, Mapping):
        raise CorpusError(f"{path}:2: front matter must be 'key: value' lines")
    return matter, markdown[match.end() :]


def _parse_body(body: str, *, has_title: bool) -> tuple[str | None, tuple[Section, ...]]:
    title: str | None = None
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for block in _blocks(body):
        heading = _HEADING.fullmatch(block)
        if heading is None:
            sections[-1][1].append(block)
        elif heading[1] == "#" and title is None and not has_title:
            title = heading[2]
        else:
            sections.append((heading[2], []))
    kept = [Section(h, tuple(p)) for h, p in sections if h is not None or p]
    return title, tuple(kept)


def _blocks(body: str) -> list[str]:
    """Paragraphs and heading lines, in order, each on one line."""
    spaced = re.sub(r"^(#{1,6}\s.*)$", r"\n\1\n", body, flags=re.MULTILINE)
    blocks = (block.strip() for block in re.split(r"\n[^\S\n]*\n", spaced))
    return [re.sub(r"\s*\n\s*", "", _LINE_BREAK.sub(" ", block)) for block in blocks if block]


def _parse_date(value: str, path: Path) -> str:
    try:
        return normalise_date(value)
    except ValueError as error:
        raise CorpusError(f"{path}: date: {error}") from error
