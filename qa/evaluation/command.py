"""What `youju evaluate` does, apart from its options."""

import importlib.metadata
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from corpus import YoujuError
from index.segments import hash_file
from qa.evaluation.ablation import ReaderName, Retrieval, ablate
from qa.evaluation.comparison import Comparison, compare, is_shared
from qa.evaluation.gold_files import BUNDLED_GOLD, GoldError, read_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.measures import BY_NAME
from qa.evaluation.report import REPORT, format_value, render_report
from qa.evaluation.results import Result, ResultError, read_baseline, write_result, write_text
from qa.evaluation.running import Settings, current_commit, hash_corpus, run
from qa.evaluation.tables import print_result
from qa.pipeline import Pipeline

SplitChoice = Literal["dev", "test", "all"]


class FloorError(YoujuError):
    """`--fail-under` is not METRIC=VALUE."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A complete run, and its comparison with a baseline if one was given."""

    result: Result
    comparison: Comparison | None


def evaluate(
    pipeline: Pipeline,
    gold: Sequence[Path],
    split: SplitChoice,
    folder: Path,
    typed: str = "",
    *,
    retrieval: Retrieval = "fused",
    reader: ReaderName = "default",
    resume: bool = False,
    baseline: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Ask gold questions and write the report folder.

    Args:
        pipeline: Answers.
        gold: Gold files; the bundled one if empty.
        split: Questions of no split belong to "test".
        folder: Where the report goes, made if it does not exist; a complete run there is
            replaced.
        typed: The command, for the record.
        retrieval: Which ranking, see `ablation.ablate`.
        reader: Which reader, see there.
        resume: Go on with an interrupted run in `folder`.
        baseline: An earlier `result.json` to compare with.
        progress: Told how many questions are asked, of how many.

    Raises:
        YoujuError: If a file cannot be used, or the folder holds another run.
    """
    files = list(gold) or [BUNDLED_GOLD]
    questions = _select(files, split)
    before = _read_baseline(baseline, questions) if baseline else None
    asked = ablate(pipeline, retrieval, reader)
    settings = _settings(pipeline, files, split, retrieval, reader)
    judgements = run(asked, questions, folder, settings, resume=resume, progress=progress)
    result = Result.of(settings, typed, datetime.now(UTC).isoformat(timespec="seconds"), judgements)
    comparison = compare(judgements, before) if before is not None else None
    write_text(folder / REPORT, render_report(result, comparison))
    write_result(result, folder)
    return Outcome(result, comparison)


def show(outcome: Outcome, folder: Path) -> None:
    """Print the tables of a run, and where its report is."""
    console = Console()
    print_result(console, outcome.result, outcome.comparison)
    console.print(f"Report: {folder / REPORT}", soft_wrap=True)


def parse_floors(floors: Sequence[str]) -> dict[str, float]:
    """Read METRIC=VALUE limits.

    Raises:
        FloorError: If one is not of this form, or names no measure that can be too low.
    """
    limits = {}
    for floor in floors:
        name, _, value = floor.partition("=")
        if name not in BY_NAME or BY_NAME[name].is_lower_better:
            known = ", ".join(name for name, m in BY_NAME.items() if not m.is_lower_better)
            raise FloorError(f"--fail-under {floor}: no metric '{name}' (known: {known})")
        try:
            limits[name] = float(value)
        except ValueError:
            limits[name] = math.nan
        if not math.isfinite(limits[name]):
            raise FloorError(f"--fail-under {floor}: expected {name}=NUMBER")
    return limits


def missed_floors(result: Result, floors: Mapping[str, float]) -> list[str]:
    """Return a sentence for every figure that is below its limit, or that the run lacks."""
    missed = []
    for name, floor in floors.items():
        figure = result.figures.get(name)
        if figure is None:
            missed.append(f"{name}: no question counts for it")
        elif figure.value < floor:
            value, limit = format_value(name, figure.value), format_value(name, floor)
            missed.append(f"{name} is {value}, under {limit}")
    return missed


def _select(files: Sequence[Path], split: SplitChoice) -> list[GoldQuestion]:
    questions: dict[str, GoldQuestion] = {}
    for file in files:
        for question in read_gold(file):
            if question.id in questions:
                raise GoldError(f"{file}: question id '{question.id}' is also in another file")
            questions[question.id] = question
    chosen = [q for q in questions.values() if split in ("all", q.split or "test")]
    if not chosen:
        raise GoldError(f"no question of {', '.join(map(str, files))} belongs to split '{split}'")
    return chosen


def _name(gold: Path) -> str:
    return "bundled" if gold == BUNDLED_GOLD else str(gold)


def _read_baseline(file: Path, questions: Sequence[GoldQuestion]) -> dict[str, dict[str, Any]]:
    before = read_baseline(file)
    if not any(is_shared(q.id, q.question, before) for q in questions):
        raise ResultError(f"{file} has none of these questions; was it made of another --split?")
    return before


def _settings(
    pipeline: Pipeline, files: Sequence[Path], split: str, retrieval: str, reader: str
) -> Settings:
    manifest = pipeline.index.manifest
    return Settings(
        commit=current_commit(),
        version=importlib.metadata.version("youju"),
        encoder=manifest.encoder,
        model_hash=manifest.encoder_fingerprint,
        corpus_hash=hash_corpus(pipeline.index),
        n_articles=manifest.n_articles,
        n_passages=manifest.n_passages,
        gold={_name(file): hash_file(file) for file in files},
        split=split,
        retrieval=retrieval,
        reader=reader,
    )
