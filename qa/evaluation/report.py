"""The HTML page of a run: one file that needs nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from qa.evaluation import plots
from qa.evaluation.comparison import Comparison
from qa.evaluation.figures import Figure
from qa.evaluation.measures import BY_NAME, MEASURES
from qa.evaluation.results import BREAKDOWN, Result
from qa.templates import templates_in

REPORT = "report.html"

HEADLINE = ("answer_right", "evidence_right", "success@1", "refusal_recall", "latency_p50")
"""Measures that stand at the top, those that the run has."""

_templates = templates_in(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class _Plot:
    title: str
    svg: Markup


def render_report(result: Result, comparison: Comparison | None = None) -> str:
    """Return the page of a run, with the comparison to a baseline if there is one."""
    wrong = [judgement for judgement in result.judgements if judgement.failure]
    return _templates.get_template("report.html").render(
        result=result,
        comparison=comparison,
        headline=[(BY_NAME[n], result.figures[n]) for n in HEADLINE if n in result.figures],
        groups=list(_groups(result)),
        measures=BY_NAME,
        breakdown=BREAKDOWN,
        plots=list(_plots(result)),
        wrong=wrong,
        show=format_value,
    )


def format_value(name: str, value: float) -> str:
    """Return a figure as it is printed: .831, or 12.7 ms."""
    unit = BY_NAME[name].unit
    return f"{value:.1f} {unit}" if unit else f"{value:.3f}".removeprefix("0")


def _groups(result: Result) -> Iterator[tuple[str, list[tuple[str, str, Figure]]]]:
    for group in dict.fromkeys(measure.group for measure in MEASURES):
        rows = [
            (measure.name, measure.title, result.figures[measure.name])
            for measure in MEASURES
            if measure.group == group and measure.name in result.figures
        ]
        if rows:
            yield group, rows


def _plots(result: Result) -> Iterator[_Plot]:
    judgements = result.judgements
    plain = [j for j in judgements if j.kind in ("answerable", "unanswerable")]
    if any(j.kind == "answerable" for j in judgements):
        yield _plot("How far down the right passage is", plots.plot_success(judgements))
    if plain:
        yield _plot("Risk and coverage", plots.plot_risk_coverage(plain))
    if any(not j.is_refused for j in plain):
        yield _plot("Is confidence to be believed?", plots.plot_reliability(plain))
    yield _plot("Latency", plots.plot_latency(judgements))
    for heading, parts in result.parts.items():
        figures = {
            f"{part} ({n})": found["answer_right"]
            for part, (n, found) in parts.items()
            if "answer_right" in found
        }
        if figures:
            yield _plot(f"By {heading}", plots.plot_parts(figures))


def _plot(title: str, svg: str) -> _Plot:
    return _Plot(title, Markup(svg))
