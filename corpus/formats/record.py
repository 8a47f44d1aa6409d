"""Articles as named values, as in a JSON object or the row of a table."""

from collections.abc import Mapping
from typing import Any

from corpus.dates import normalise_date
from corpus.errors import CorpusError
from corpus.formats.values import text_or_none
from corpus.formats.whole import is_whole, whole_article
from corpus.records import Article, Section

_REQUIRED = ("id", "title", "text")
_OPTIONAL = ("date", "source", "byline", "section")


def article_of(record: Mapping[str, Any], place: str) -> Article:
    """Return the article that a record's values are.

    Args:
        record: `id`, `title` and `text` and optionally `date`, `source`, `byline` and `section`,
            which may be blank; newlines in `text` separate paragraphs. Other keys are ignored.
            Or what `youju export` wrote, see `corpus.formats.whole`.
        place: Names the record in errors.

    Raises:
        CorpusError: If a value is missing, empty or no text, or the date is none.
    """
    if is_whole(record):
        return whole_article(record, place)
    for key in _REQUIRED:
        if key not in record:
            raise CorpusError(f"{place}: missing key '{key}' (found: {', '.join(record)})")
    values = {key: _text(record, key, place) for key in (*_REQUIRED, *_OPTIONAL)}
    paragraphs = tuple(p for p in map(str.strip, (values["text"] or "").splitlines()) if p)
    if not paragraphs:
        raise CorpusError(f"{place}: 'text' is empty")
    if values["date"] is not None:
        try:
            values["date"] = normalise_date(values["date"])
        except ValueError as error:
            raise CorpusError(f"{place}: date: {error}") from error
    return Article(
        id=values["id"] or "",
        title=values["title"] or "",
        sections=(Section(values["section"], paragraphs),),
        source=values["source"],
        byline=values["byline"],
        date=values["date"],
    )


def _text(record: Mapping[str, Any], key: str, place: str) -> str | None:
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = text_or_none(value, f"{place}: '{key}'")
    if text is None and key in ("id", "title"):
        raise CorpusError(f"{place}: '{key}' is empty")
    return text
