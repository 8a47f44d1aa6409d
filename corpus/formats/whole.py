"""Articles as JSON objects with all that is known of them, as `youju export` writes them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.formats.values import paragraphs_of, text_or_none, texts_of
from corpus.records import Article, Section

_LISTS = ("captions", "pull_quotes", "furniture")
_CHOICES = {"date_basis": ("printed", "inferred")}


def whole_record(article: Article) -> dict[str, Any]:
    """Return an article as JSON-ready values; `whole_article` gives the same article back."""
    return asdict(article)


def is_whole(record: Mapping[str, Any]) -> bool:
    """Whether a record is one that `whole_record` made."""
    return isinstance(record.get("sections"), list)


def whole_article(record: Mapping[str, Any], place: str) -> Article:
    """Return the article of a record that `is_whole`.

    Args:
        record: Attributes of `Article`; those that are missing have their defaults, and other
            keys are ignored.
        place: Names the record in errors.

    Raises:
        CorpusError: If a value is missing or not what it must be.
    """
    names = [field.name for field in fields(Article) if field.init and field.name != "sections"]
    values = {name: record[name] for name in names if record.get(name) is not None}
    for name, value in values.items():
        if name in _LISTS:
            values[name] = texts_of(value, f"{place}: '{name}'")
        elif name == "is_title_editorial":
            if not isinstance(value, bool):
                raise CorpusError(f"{place}: '{name}' must be true or false")
        else:
            values[name] = text_or_none(value, f"{place}: '{name}'")
            if name in _CHOICES and value not in _CHOICES[name]:
                choices = " or ".join(_CHOICES[name])
                raise CorpusError(f"{place}: '{name}' is '{value}'; it must be {choices}")
    if not (values.get("id") and values.get("title")):
        raise CorpusError(f"{place}: 'id' or 'title' is missing or empty")
    try:
        values["date"] = normalise_date(values["date"]) if values.get("date") else None
    except ValueError as error:
        raise CorpusError(f"{place}: date: {error}") from error
    sections = tuple(_section(section, f"{place}: 'sections'") for section in record["sections"])
    if not any(section.paragraphs for section in sections):
        raise CorpusError(f"{place}: no paragraph in 'sections'")
    return Article(**values, sections=sections)


def _section(value: object, place: str) -> Section:
    heading = value.get("heading") if isinstance(value, dict) else 0
    if not isinstance(value, dict) or not isinstance(heading, str | None):
        raise CorpusError(f"{place}: expected objects with 'heading' and 'paragraphs'")
    return Section(
        text_or_none(heading, f"{place}: 'heading'"),
        paragraphs_of(value.get("paragraphs"), f"{place}: 'paragraphs'"),
    )
