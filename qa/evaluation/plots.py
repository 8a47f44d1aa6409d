"""The plots of the report, as SVG that stands in an HTML page."""

import io
import warnings
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray

from qa.evaluation import metrics
from qa.evaluation.figures import Figure
from qa.evaluation.growth import Growth
from qa.evaluation.judging import Judgement

INK, SECOND, GRID = "#9c2a1f", "#5f6b73", "#d9d4cb"
CUTOFFS = (1, 2, 3, 5, 10, 20, 50, 100)
_STYLE = {
    "svg.fonttype": "none",  # text stays text, in the fonts of the reader
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SECOND,
    "axes.labelcolor": SECOND,
    "xtick.color": SECOND,
    "ytick.color": SECOND,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    # The same run gives the same file.
    "svg.hashsalt": "youju",
}


def plot_risk_coverage(judgements: Sequence[Judgement]) -> str:
    """Return the share of wrong answers against the share of questions answered."""
    with mpl.rc_context(_STYLE):
        axes = _axes("questions answered, the surest first", "of them wrong")
        right = [j.is_answerable and bool(j.answer_right) for j in judgements]
        coverage, risk = metrics.risk_coverage([j.confidence for j in judgements], right)
        axes.plot(coverage, risk, color=INK)
        answered = float(np.mean([not j.is_refused for j in judgements]))
        axes.axvline(answered, color=SECOND, linestyle=":", linewidth=1)
        axes.annotate("answered", (answered, 0.02), rotation=90, ha="right", color=SECOND)
        _unit_box(axes)
        return _svg(axes)


def plot_reliability(judgements: Sequence[Judgement], n_bins: int = 10) -> str:
    """Return the share right against confidence, with how many answers each bin holds."""
    with mpl.rc_context(_STYLE):
        axes = _axes("confidence", "share right")
        shown = [j for j in judgements if not j.is_refused]
        confidence = np.array([j.confidence for j in shown])
        bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
        axes.plot([0, 1], [0, 1], color=GRID, linewidth=1)
        known = any(j.evidence_right is not None for j in shown)
        names = ("answer", "evidence") if known else ("answer",)
        for name, color, marker in zip(names, (INK, SECOND), ("o", "s"), strict=False):
            right = np.array([bool(getattr(j, f"{name}_right")) for j in shown], dtype=float)
            points = [
                (confidence[bins == b].mean(), right[bins == b].mean(), (bins == b).sum())
                for b in np.unique(bins)
            ]
            x, y, n = np.array(points).T.reshape(3, -1)
            axes.plot(x, y, color=color, linewidth=1)
            axes.scatter(x, y, s=12 + 200 * n / len(shown), color=color, marker=marker, label=name)
        axes.legend(frameon=False, labelcolor=SECOND)
        _unit_box(axes)
        return _svg(axes)


def plot_success(judgements: Sequence[Judgement]) -> str:
    """Return the share of answerable questions whose passage is among the first k."""
    with mpl.rc_context(_STYLE):
        axes = _axes("first k passages", "right passage among them")
        asked = [j for j in judgements if j.kind == "answerable"]
        shares = [np.mean([metrics.success(j.ranks, k) for j in asked]) for k in CUTOFFS]
        axes.plot(CUTOFFS, shares, color=INK, marker="o", markersize=4)
        axes.set_xscale("log")
        axes.set_xticks(CUTOFFS, [str(k) for k in CUTOFFS])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        return _svg(axes)


def plot_latency(judgements: Sequence[Judgement]) -> str:
    """Return a histogram of the time a question takes."""
    with mpl.rc_context(_STYLE):
        axes = _axes("milliseconds a question", "questions")
        axes.hist([j.latency_ms for j in judgements], bins=30, color=INK)
        return _svg(axes)


def plot_parts(parts: Mapping[str, Figure]) -> str:
    """Return one figure of several parts of the questions as bars with 95 % intervals."""
    with mpl.rc_context(_STYLE):
        axes = _axes("short answer right", "", height=0.6 + 0.28 * len(parts))
        names, figures = list(parts)[::-1], list(parts.values())[::-1]
        values = np.array([figure.value for figure in figures])
        spread: NDArray[np.float64] = np.abs(
            np.array([[f.low for f in figures], [f.high for f in figures]]) - values
        )
        axes.barh(names, values, xerr=spread, color=INK, ecolor=SECOND, height=0.6)
        axes.grid(visible=False, axis="y")
        axes.set_xlim(0, 1)
        return _svg(axes)


def plot_growth(figures: Sequence[Growth]) -> str:
    """Return how building, space and searching grow with an archive, four plots in one."""
    with mpl.rc_context(_STYLE):
        canvas = Canvas(figsize=(8.4, 6.4), layout="constrained")
        panels = {
            "seconds to build": {"in all": "build_seconds", "of them encoding": "encode_seconds"},
            "MB": {
                "disk": "disk_megabytes", "memory to build": "peak_megabytes",
                "memory to search": "resident_megabytes",
            },
            "ms to search": {"median": "search_ms", "95th percentile": "search_p95_ms"},
            "seconds": {"add one article": "add_seconds", "open": "open_seconds"},
        }  # fmt: skip
        for axes, (unit, lines) in zip(canvas.subplots(2, 2).flat, panels.items(), strict=True):
            for (name, field), style in zip(lines.items(), ("-o", "--s", ":^"), strict=False):
                points = sorted((f.n_passages, getattr(f, field)) for f in figures)
                axes.plot(*zip(*points, strict=True), style, color=INK, markersize=4, label=name)
            axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=unit)
            axes.minorticks_off()
            low, high = np.log10(axes.get_ylim())
            axes.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter("{x:,g}")
            axes.legend(frameon=False, labelcolor=SECOND)
        return _svg(axes)


def _axes(x: str, y: str, height: float = 3.0) -> Axes:
    axes = Canvas(figsize=(4.6, height), layout="constrained").add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def _unit_box(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def _svg(axes: Axes) -> str:
    """Return the `<svg>` element alone, without the XML prologue."""
    canvas = axes.figure
    file = io.StringIO()
    with warnings.catch_warnings():
        # The page's fonts show what matplotlib's own, used for measuring only, lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        FigureCanvasSVG(canvas).print_svg(file, metadata={"Date": None})
    svg = file.getvalue()
    return svg[svg.index("<svg") :]
