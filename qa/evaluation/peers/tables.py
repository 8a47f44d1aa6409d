"""The table, for the terminal and for the README."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from qa.evaluation.peers.scoring import CUTOFFS, Row

HEADINGS = (
    "system", "setting", *(f"R@{k}" for k in CUTOFFS), "EM", "F1", "ms, median", "p95",
    "memory, MB", "index, s",
)  # fmt: skip

NOTHING = "—"


def terminal_table(title: str, rows: Sequence[Row]) -> Table:
    """Return the rows as a table for `rich`."""
    table = Table(title=title, title_justify="left")
    for position, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if position < 2 else "right", overflow="fold")
    for cells in _cells(rows):
        table.add_row(*cells)
    return table


def markdown_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [HEADINGS, ["---"] * 2 + ["---:"] * (len(HEADINGS) - 2), *_cells(rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def baseline_of(row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the row that a row is compared with: the first system's answers or its fusion."""
    stage = "answer" if row.setting.startswith("answer") else "hybrid"
    return next((b for b in rows if b.system == rows[0].system and b.setting == stage), None)


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    cells = []
    for row in rows:
        base = baseline_of(row, rows) or Row("", "")
        cells.append(
            [
                row.system,
                f"{row.setting} (failed: {_one_cell(row.failure)})" if row.failure else row.setting,
                *(_share((row.recall or {}).get(k)) for k in CUTOFFS),
                _share(row.exact_match),
                _share(row.f1),
                _with_ratio(row.median_ms, base.median_ms, 1),
                _with_ratio(row.p95_ms, base.p95_ms, 1),
                _with_ratio(row.peak_megabytes, base.peak_megabytes, 0),
                NOTHING if row.index_seconds is None else f"{row.index_seconds:.1f}",
            ]
        )
    return cells


def versions_line(rows: Sequence[Row]) -> str:
    """Return the version of everything that was measured, once each."""
    versions: Mapping[str, str] = {name: v for row in rows for name, v in row.versions.items()}
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def _one_cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}".removeprefix("0")


def _with_ratio(value: float | None, base: float | None, digits: int) -> str:
    if value is None:
        return NOTHING
    return f"{value:.{digits}f}" + (f" ({value / base:.1f}x)" if base else "")
