"""Articles as Markdown files: YAML front matter, `##` section headings, paragraphs.

The text is taken literally: inline markup is not interpreted, so that what is quoted is
what stands in the file. Paragraphs are separated by blank lines; a line break inside one
becomes a space between Latin letters and is dropped elsewhere.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.finding import readable
from corpus.formats.lines import join_lines
from corpus.formats.values import text_or_none, texts_of
from corpus.records import Article, Section

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?")
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
    known = (*_TEXT_KEYS, *_LIST_KEYS, *_FLAG_KEYS)
    checked = {key: _checked_value(key, matter[key], path) for key in known if matter.get(key)}
    values = {key: value for key, value in checked.items() if value is not None}
    first_title, sections = _parse_body(body, has_title="title" in values)
    if not any(section.paragraphs for section in sections):
        raise CorpusError(f"{path}: no text; an article needs at least one paragraph")
    defaults = {
        "id": default_id or readable(path.stem),
        "title": first_title or readable(path.stem),
    }
    return Article(**{**defaults, **values}, sections=sections)  # type: ignore[arg-type]


def _checked_value(key: str, value: object, path: Path) -> str | bool | tuple[str, ...] | None:
    """Return the attribute that a value of the front matter gives, or None if it is blank."""
    if key in _LIST_KEYS:
        return texts_of(value, f"{path}: '{key}'")
    text = text_or_none(value, f"{path}: '{key}'")
    if text is None:
        return None
    if key in _CHOICES and text not in _CHOICES[key]:
        raise CorpusError(f"{path}: '{key}' is '{text}'; it must be {' or '.join(_CHOICES[key])}")
    if key in _FLAG_KEYS:
        return text == "true"
    return _parse_date(text, path) if key == "date" else text


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
