"""The tables of a run in the terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table

from qa.evaluation.comparison import Comparison
from qa.evaluation.figures import Figure, Measure
from qa.evaluation.measures import MEASURES
from qa.evaluation.report import format_value
from qa.evaluation.results import Result

Row = tuple[str, ...]
_Content = tuple[str, Row, Sequence[Sequence[Row]]]

MIN_WORDS = 10
"""Characters that the column of words keeps at least."""


def print_result(console: Console, result: Result, comparison: Comparison | None) -> None:
    """Print the figures, what went wrong, and the comparison if there is one."""
    for title, columns, sections in _contents(result, comparison):
        console.print(_table(title, columns, sections, console.width))


def _contents(result: Result, comparison: Comparison | None) -> Iterator[_Content]:
    yield (
        f"{len(result.judgements)} questions ({result.settings.split})",
        ("measure", "value", "95 %", "n", "what it is"),
        [
            [_figure_row(measure, result.figures[measure.name]) for measure in group]
            for _, group in groupby(
                (m for m in MEASURES if m.name in result.figures), key=lambda m: m.group
            )
        ],
    )
    if result.failures:
        rows = [(str(n), cause) for cause, n in result.failures.items()]
        yield ("What went wrong", ("questions", "first stage that failed"), [rows])
    if comparison:
        yield (
            f"Against the baseline, {comparison.n_shared} shared questions; "
            "* where the interval leaves out 0",
            ("measure", "baseline", "now", "difference", "95 %", "better", "worse", ""),
            [list(_difference_rows(comparison))],
        )


def _figure_row(measure: Measure, figure: Figure) -> Row:
    low, high = (
        format_value(measure.name, bound).removesuffix(f" {measure.unit}")
        for bound in (figure.low, figure.high)
    )
    direction = " (lower is better)" if measure.is_lower_better else ""
    value = format_value(measure.name, figure.value)
    return (
        measure.name,
        value,
        f"{low} - {high}",
        str(figure.n_questions),
        measure.title + direction,
    )


def _difference_rows(comparison: Comparison) -> Iterator[Row]:
    for d in comparison.differences:
        yield (
            d.name,
            format_value(d.name, d.baseline),
            format_value(d.name, d.value),
            f"{d.value - d.baseline:+.3f}",
            f"{d.low:+.3f} to {d.high:+.3f}",
            str(d.n_better),
            str(d.n_worse),
            "*" if d.is_clear else "",
        )


def _table(title: str, columns: Row, sections: Sequence[Sequence[Row]], width: int) -> Table:
    """A table whose last column, of words, is cut where the terminal is narrow."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    rows = [row for section in sections for row in section]
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    last = len(columns) - 1
    spacing = 3 * len(columns) + 1
    widths[last] = min(widths[last], max(MIN_WORDS, width - spacing - sum(widths[:last])))
    for i, column in enumerate(columns):
        is_number = 0 < i < last or rows[0][i].isdigit()
        table.add_column(
            column,
            justify="right" if is_number else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=widths[i],
        )
    for section in sections:
        for row in section:
            table.add_row(*row)
        table.add_section()
    return table
