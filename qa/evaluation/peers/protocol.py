"""What the parent and a worker say to each other: JSON files in a temporary folder."""

import json
import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Sequence, Sized
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus import Passage
from index.encoders import BUNDLED_FOLDER
from index.scored import with_context
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import passage_name
from qa.evaluation.peers.catalogue import Setting, System
from qa.evaluation.peers.errors import PeerError

ROOT = Path(__file__).parents[3]

N_RANKED = 10
"""How many passages a worker returns for a question."""

WORK_LIMIT = 1800
"""Seconds for one worker."""

ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "false",
    "CUDA_VISIBLE_DEVICES": "",
    "DO_NOT_TRACK": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "ORT_DISABLE_TELEMETRY": "1",
    "PYTHONIOENCODING": "utf-8",
    "TRANSFORMERS_OFFLINE": "1",
}
"""No network, no telemetry, no GPU."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker reports.

    Attributes:
        versions: Version by distribution.
        index_seconds: How long indexing took, models loaded.
        peak_megabytes: Largest resident memory of the process; None where it is not known.
        milliseconds: Of each question, one list a run.
        passages: Ids for each question, best first; None from a stage that does not show them.
        answers: For each question; "" is a refusal, None from a stage without answers.
    """

    versions: dict[str, str]
    index_seconds: float
    peak_megabytes: float | None
    milliseconds: list[list[float]]
    passages: list[list[str] | None]
    answers: list[str | None]


def write_inputs(
    folder: Path, passages: Iterable[Passage], questions: Iterable[GoldQuestion]
) -> None:
    """Write `passages.json` and `questions.json`, which all workers read."""
    texts = [{"id": passage_name(p), "text": p.text, "context": with_context(p)} for p in passages]
    _write(folder / "passages.json", texts)
    _write(folder / "questions.json", [{"id": q.id, "question": q.question} for q in questions])


def run_worker(
    python: Path, system: System, setting: Setting, folder: Path, runs: int, reader: Path | None
) -> Outcome:
    """Run one setting of a system in a process of its own.

    Args:
        python: Of the system's environment.
        system: Whose worker it is.
        setting: What it is to do.
        folder: What `write_inputs` filled.
        runs: How often all questions are asked.
        reader: Folder of an extractive reader, for the stage "answer" of a peer.

    Raises:
        PeerError: If the worker fails or reports something else than the protocol says.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)
        job = asdict(setting) | {
            "encoder": str(BUNDLED_FOLDER),
            "reader": str(reader) if reader else None,
            "k": N_RANKED,
            "runs": runs,
        }
        _write(work / "job.json", job)
        for name in ("passages.json", "questions.json"):
            (work / name).write_bytes((folder / name).read_bytes())
        _execute([str(python), str(system.worker), str(work)])
        known = {record["id"] for record in json.loads((work / "passages.json").read_bytes())}
        n_questions = len(json.loads((work / "questions.json").read_bytes()))
        return _read_outcome(work / "result.json", known, n_questions)


def _execute(command: Sequence[str]) -> None:
    # A peer's folder of its own: code of the encoder is copied to HF_HOME when it is loaded.
    environment = os.environ | ENVIRONMENT | {"HF_HOME": str(Path(command[-1]) / "huggingface")}
    environment["PYTHONPATH"] = str(ROOT) if Path(command[1]).stem == "youju_worker" else ""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            timeout=WORK_LIMIT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerError(f"the worker cannot be run: {error}") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1].strip() if lines else f"exit code {done.returncode}"
        raise PeerError(f"the worker failed: {reason}")


def _read_outcome(file: Path, known: Collection[str], n_questions: int) -> Outcome:
    try:
        outcome = Outcome(**json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise PeerError(f"the worker wrote no {file.name} of the agreed form: {error}") from error
    per_question: list[Sized] = [outcome.passages, outcome.answers, *outcome.milliseconds]
    if any(len(values) != n_questions for values in per_question) or not outcome.milliseconds:
        raise PeerError(f"the worker did not report on each of the {n_questions} questions once")
    named = {id for ids in outcome.passages for id in ids or ()}
    if strange := sorted(named - set(known)):
        raise PeerError(f"the worker named a passage that there is not: {strange[0]!r}")
    return outcome


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
