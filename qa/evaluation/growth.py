"""Plots how an index grows with its archive, from figures of `qa.evaluation.scale`.

    python -m qa.evaluation.growth index/growth.json index/growth.svg

Only the figures of the fast encoder are plotted: the others are of one size.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.fast_encoder import FAST


@dataclass(frozen=True, slots=True)
class Growth:
    """What an index of one size takes; times in seconds unless named otherwise.

    Attributes:
        encoder: Name of the encoder.
        n_articles, n_passages: What it holds.
        encode_seconds, index_seconds, build_seconds: See `scale.Built`; the last is of all steps.
        disk_megabytes: Of the folder.
        peak_megabytes: Memory to build it, at most.
        open_seconds, search_ms, search_p95_ms: See `scale.Used`.
        resident_megabytes: Memory after searching it.
        add_seconds: To add one article.
    """

    encoder: str
    n_articles: int
    n_passages: int
    encode_seconds: float
    index_seconds: float
    build_seconds: float
    disk_megabytes: float
    peak_megabytes: float
    open_seconds: float
    search_ms: float
    search_p95_ms: float
    resident_megabytes: float
    add_seconds: float


def read_figures(file: Path) -> list[Growth]:
    """Return the figures of a file that `write_figures` wrote."""
    return [Growth(**record) for record in json.loads(file.read_text(encoding="utf-8"))]


def write_figures(figures: Sequence[Growth], file: Path) -> None:
    """Write figures as a JSON list, one a line."""
    lines = ",\n".join(json.dumps(asdict(one)) for one in figures)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    """Write the plot."""
    from qa.evaluation.plots import plot_growth  # which knows `Growth`

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("figures", type=Path)
    parser.add_argument("plot", type=Path)
    options = parser.parse_args()
    figures = [one for one in read_figures(options.figures) if one.encoder == FAST]
    options.plot.write_text(plot_growth(figures) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
