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
from corpus.formats.lines import join_lines
from corpus.records import Article, Section

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_TEXT_KEYS = (
    "id", "title", "subtitle", "kicker", "byline", "source", "date", "date_basis",
    "date_note", "page", "notes",
)  # fmt: skip
_LIST_KEYS = ("captions", "pull_quotes", "furniture")
_FLAG_KEYS = ("is_title_editorial",)
_CHOICES = {"date_basis": ("printed", "inferred"), "is_title_editorial": ("true", "false")}


def parse_markdown(markdown: str, path: Path, default_id: str | None = None) -> Article:
    """Read one article from the text of a Markdown file.

    Without front matter the title is the first `#` heading, else the file's name; without
    `id` the id is `default_id`. Front matter keys are the attributes of `Article`; others are
    ignored.

    Args:
        markdown: The file's text.
        path: Names the file in errors.
        default_id: By default the file's name without extension.

    Raises:
        CorpusError: If the front matter is malformed or the article has no text.
    """
    matter, body = _split_front_matter(markdown, path)
    first_title, sections = _parse_body(body, has_title=bool(matter.get("title")))
    if not any(section.paragraphs for section in sections):
        raise CorpusError(f"{path}: no text; an article needs at least one paragraph")
    known = (*_TEXT_KEYS, *_LIST_KEYS, *_FLAG_KEYS)
    values = {key: _checked_value(key, matter[key], path) for key in known if matter.get(key)}
    defaults = {"id": default_id or path.stem, "title": first_title or path.stem}
    return Article(**{**defaults, **values}, sections=sections)  # type: ignore[arg-type]


def format_markdown(article: Article) -> str:
    """Write an article so that `parse_markdown` reads the same article back.

    Raises:
        ValueError: If it would not, because a heading or paragraph holds a line break, looks
            like Markdown, or begins or ends with white space.
    """
    keys = (*_TEXT_KEYS, *_LIST_KEYS, *_FLAG_KEYS)
    found = {key: getattr(article, key) for key in keys}
    matter = {k: list(v) if k in _LIST_KEYS else v for k, v in found.items() if v}
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    blocks = [f"---\n{front}---"]
    for section in article.sections:
        heading = [] if section.heading is None else [f"## {section.heading}"]
        blocks.extend([*heading, *section.paragraphs])
    markdown = "\n\n".join(blocks) + "\n"
    if not _reads_back(markdown, article):
        raise ValueError(f"article '{article.id}' cannot be written as Markdown without loss")
    return markdown


def _reads_back(markdown: str, article: Article) -> bool:
    try:
        return parse_markdown(markdown, Path("written.md")) == article
    except CorpusError:
        return False


def _checked_value(key: str, value: object, path: Path) -> str | bool | tuple[str, ...]:
    if key in _LIST_KEYS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CorpusError(f"{path}: '{key}' must be a list of texts")
        return tuple(value)
    if not isinstance(value, str):
        raise CorpusError(f"{path}: '{key}' must be a text, found a {type(value).__name__}")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise CorpusError(f"{path}: '{key}' is '{value}'; it must be {' or '.join(_CHOICES[key])}")
    if key in _FLAG_KEYS:
        return value == "true"
    return _parse_date(value, path) if key == "date" else value


def _split_front_matter(markdown: str, path: Path) -> tuple[Mapping[str, Any], str]:
    match = _FRONT_MATTER.match(markdown)
    if match is None:
        if markdown.startswith("---\n"):
            raise CorpusError(f"{path}:1: front matter begins with --- and is not closed by one")
        return {}, markdown
    try:
        # BaseLoader leaves every value a text: an id 001 stays 001, no date becomes another.
        matter = yaml.load(match[1], Loader=yaml.BaseLoader) or {}
    except (yaml.YAMLError, RecursionError) as error:
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
    return [join_lines(block) for block in blocks if block]


def _parse_date(value: str, path: Path) -> str:
    try:
        return normalise_date(value)
    except ValueError as error:
        raise CorpusError(f"{path}: date: {error}") from error
