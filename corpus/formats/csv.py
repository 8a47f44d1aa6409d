"""Articles as a table: a header that names the columns, then one article a row."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import CorpusError
from corpus.formats.record import article_of
from corpus.records import Article

_NAMES = {
    "id": ("id", "编号", "編號"),
    "title": ("title", "标题", "標題"),
    "text": ("text", "正文", "内容", "內容"),
    "date": ("date", "日期"),
    "source": ("source", "来源", "來源"),
    "byline": ("byline", "作者"),
    "section": ("section", "栏目", "欄目"),
}
_KEYS = {name: key for key, names in _NAMES.items() for name in names}
_DELIMITERS = ",;\t"
_MAX_HEADER = 10_000
"""Characters of the header that are looked at to tell the separator."""

_MAX_CELL = 10_000_000
"""Characters; the library's own limit, 131,072, is less than a long report has."""


def parse_csv(table: str, path: Path, default_id: str) -> Iterator[Article | CorpusError]:
    """Read articles from the text of a CSV file, in order; blank rows are skipped.

    Columns are named as the keys of JSON lines are, or in Chinese; those of other names are kept
    in `Article.furniture`, "name: value". Without `id`, a row's id is `default_id` and the line
    that it begins on. Cells are separated by commas, semicolons or tabs.

    Args:
        table: The file's text.
        path: Names the file in errors.
        default_id: What the ids of rows without one begin with.

    Returns:
        In place of every row that is no article, the error that names file and line.

    Raises:
        CorpusError: If the header does not name the columns.
    """
    csv.field_size_limit(_MAX_CELL)
    lines = table.split("\n")
    header = next((line for line in lines if line.strip()), "")[:_MAX_HEADER]
    delimiter = max(_DELIMITERS, key=lambda one: len(_KEYS.keys() & _split(header, one)))
    columns: list[str] = []
    for line, row in _rows(lines, delimiter):
        place = f"{path}:{line}"
        if isinstance(row, csv.Error):
            yield CorpusError(f"{place}: not CSV: {row}")
        elif not any(map(str.strip, row)):
            continue
        elif not columns:
            columns = _header(row, place)
        else:
            try:
                yield _article(columns, row, f"{default_id}-{line}", place)
            except CorpusError as error:
                yield error


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield every row, or what is wrong with it, with the number of its first line."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error


def _header(row: Sequence[str], place: str) -> list[str]:
    columns = [_KEYS.get(name.strip().lower(), name.strip()) for name in row]
    for key, names in _NAMES.items():
        if columns.count(key) > 1:
            raise CorpusError(f"{place}: the header names the column {'/'.join(names)} twice")
        if key in ("title", "text") and key not in columns:
            raise CorpusError(
                f"{place}: the header names no column {'/'.join(names)} (found: {', '.join(row)})"
            )
    return columns


def _article(columns: list[str], row: list[str], row_id: str, place: str) -> Article:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise CorpusError(
            f"{place}: {len(row)} cells, but the header names {len(columns)} columns; put text "
            "that holds the separator in quotation marks"
        )
    cells = [(column, cell.strip()) for column, cell in zip(columns, row, strict=False)]
    record = {key: cell for key, cell in cells if key in _NAMES and cell}
    others = tuple(
        f"{column}: {' '.join(cell.split())}" for column, cell in cells if column not in _NAMES
        if cell
    )  # fmt: skip
    return replace(article_of({"id": row_id, "text": "", **record}, place), furniture=others)


def _split(line: str, delimiter: str) -> list[str]:
    return [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
