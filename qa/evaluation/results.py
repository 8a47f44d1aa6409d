"""`result.json` and the TREC files: what other programs read of a run."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus import YoujuError
from qa.evaluation.figures import Figure, compute_figure
from qa.evaluation.judging import Judgement
from qa.evaluation.measures import BY_NAME, compute_figures, difficulty
from qa.evaluation.running import RESULT, Settings

FORMAT = 1
SCORE_STEP = 1e-6
"""Less than the last digit of a score, over all ranks."""

RUN, QRELS = "run.trec", "qrels.trec"

BREAKDOWN = (
    "success@1", "success@10", "answer_right", "exact_match", "f1", "evidence_right",
    "article_right",
)  # fmt: skip
"""Measures that are also given for parts of the questions."""

_DEGREES = {"easy": 1, "medium": 2, "hard": 3}
"""Parts that have an order of their own; the others go by size."""


class ResultError(YoujuError):
    """A result file cannot be used."""


@dataclass(frozen=True, slots=True)
class Result:
    """A complete run.

    Attributes:
        settings: What it was made of.
        command: As typed.
        date: When, ISO 8601.
        judgements: Of all questions, in order.
        figures: Of all measures, by name.
        parts: Heading → part → (how many questions, figures of `BREAKDOWN`).
        failures: How many questions failed at which stage, most first.
    """

    settings: Settings
    command: str
    date: str
    judgements: tuple[Judgement, ...]
    figures: dict[str, Figure]
    parts: dict[str, dict[str, tuple[int, dict[str, Figure]]]]
    failures: dict[str, int]

    @classmethod
    def of(
        cls, settings: Settings, command: str, date: str, judgements: Sequence[Judgement]
    ) -> "Result":
        """Compute all figures of a run."""
        return cls(
            settings,
            command,
            date,
            tuple(judgements),
            compute_figures(judgements),
            {
                "kind": _by(judgements, lambda j: j.kind),
                "type of question": _by(judgements, lambda j: j.type),
                "difficulty": _by(judgements, difficulty),
            },
            dict(Counter(filter(None, (j.failure for j in judgements))).most_common()),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values; rankings are in the TREC files."""
        return {
            "format": FORMAT,
            "command": self.command,
            "date": self.date,
            "settings": asdict(self.settings),
            "metrics": {name: asdict(figure) for name, figure in self.figures.items()},
            "parts": {
                heading: {
                    part: {"n_questions": n}
                    | {name: asdict(figure) for name, figure in figures.items()}
                    for part, (n, figures) in parts.items()
                }
                for heading, parts in self.parts.items()
            },
            "failures": self.failures,
            "questions": [judgement.scores() for judgement in self.judgements],
        }


def write_result(result: Result, folder: Path) -> None:
    """Write `run.trec`, `qrels.trec` and, last, `result.json`, which says that all is there."""
    runs, relevant = [], []
    for judgement in result.judgements:
        query = quote(judgement.id)
        for rank, (passage, score) in enumerate(judgement.retrieved, 1):
            # Evaluators rank by score, and equal scores by name: so none are equal.
            falling = score - rank * SCORE_STEP
            runs.append(f"{query} Q0 {quote(passage)} {rank} {falling:.6f} youju")
        relevant += [f"{query} 0 {quote(passage)} 1" for passage in judgement.relevant]
    write_text(folder / RUN, "".join(f"{line}\n" for line in runs))
    write_text(folder / QRELS, "".join(f"{line}\n" for line in relevant))
    write_text(folder / RESULT, json.dumps(result.to_dict(), ensure_ascii=False, indent=1))


def write_text(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    scratch = file.with_name(f"{file.name}.tmp")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(file)


def read_baseline(file: Path) -> dict[str, dict[str, Any]]:
    """Return the questions of an earlier `result.json`, by id.

    Raises:
        ResultError: If it cannot be read, or was written in another format.
    """
    try:
        result = json.loads(file.read_text(encoding="utf-8"))
        if result["format"] != FORMAT:
            raise ResultError(
                f"{file} has format {result['format']}, this Youju compares with {FORMAT}; "
                "make the baseline again"
            )
        return {question["id"]: question for question in result["questions"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(
            f"{file} is not a result.json of `youju evaluate` ({type(error).__name__}: {error})"
        ) from error


def _by(
    judgements: Sequence[Judgement], key: Callable[[Judgement], str | None]
) -> dict[str, tuple[int, dict[str, Figure]]]:
    parts: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        if (part := key(judgement)) is not None:
            parts.setdefault(part, []).append(judgement)
    ordered = sorted(parts.items(), key=lambda item: (_DEGREES.get(item[0], 0), -len(item[1])))
    return {part: (len(chosen), _breakdown(chosen)) for part, chosen in ordered}


def _breakdown(judgements: Sequence[Judgement]) -> dict[str, Figure]:
    figures = {}
    for name in BREAKDOWN:
        measure = BY_NAME[name]
        if chosen := [j for j in judgements if j.is_answerable and measure.is_known(j)]:
            figures[name] = compute_figure(measure, chosen)
    return figures
