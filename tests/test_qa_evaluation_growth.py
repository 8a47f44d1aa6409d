"""The plot of how an index grows, and the figures that it and the document show."""

import re
from dataclasses import astuple
from pathlib import Path

from qa.evaluation.growth import Growth, read_figures, write_figures
from qa.evaluation.plots import plot_growth
from qa.evaluation.scale import Built, Used, to_growth

INDEX = Path(__file__).parents[1] / "index"
FIGURES = read_figures(INDEX / "growth.json")


def test_the_table_of_the_document_and_the_plotted_figures_are_the_same():
    """Columns of the table: see its head; millions of characters are not plotted."""
    shown = (INDEX / "README.md").read_text(encoding="utf-8").split("| articles | passages |")[1]
    rows = [line.split("|")[1:-1] for line in shown.split("\n\n")[0].splitlines()[2:]]
    assert len(rows) == len(FIGURES)
    for row, figures in zip(rows, FIGURES, strict=True):
        numbers = [float(n) for n in re.findall(r"[\d.]+", "|".join(row).replace(",", ""))]
        assert ("bundled" in row[0]) == (figures.encoder == "bundled")
        assert numbers[:2] + numbers[3:] == list(astuple(figures)[1:])


def test_figures_are_read_as_they_were_written(tmp_path):
    write_figures(FIGURES, tmp_path / "f.json")
    assert read_figures(tmp_path / "f.json") == FIGURES


def test_measured_figures_become_plotted_ones():
    built = Built(3154, 700_000, 0.5, 1.0, 6.0, 13_000_000, 335_000_000)
    used = Used(0.01, 3.0, 4.6, 283_000_000, 0.02)
    expected = Growth("fast", 1000, 3154, 1.0, 6.0, 7.5, 13, 335, 0.01, 3.0, 4.6, 283, 0.02)
    assert to_growth("fast", 1000, built, used) == expected


def test_the_plot_shows_every_line_and_is_small():
    for svg in (plot_growth(FIGURES[:4]), (INDEX / "growth.svg").read_text(encoding="utf-8")):
        assert svg.startswith("<svg")
        assert len(svg) < 60_000
        for words in ("passages", "seconds to build", "memory to search", "add one article"):
            assert words in svg
        assert svg.count('<g id="axes_') == 4
