"""What all workers share: read the job, time the peer, write the result.

Runs inside a peer's environment and therefore imports the standard library only, and jieba where
a setting asks for it. A worker is called as `python NAME_worker.py FOLDER`; FOLDER holds
`job.json`, `passages.json` and `questions.json`, and `result.json` afterwards.
"""

import json
import logging
import platform
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Job:
    """What one process of a worker is to do.

    Attributes:
        folder: For temporary files.
        stage: "keyword", "dense", "hybrid", "hybrid_rrf" or "answer".
        words: What the keyword index is to take for words, a key of `TOKENISERS`, or None for
            the peer's own choice.
        titles: Whether title and section stand before the text of each passage.
        encoder: Folder of the encoder, in sentence-transformers layout.
        reader: Folder of an extractive reader that transformers loads, or None.
        k: How many passages a question is answered with.
        runs: How often all questions are asked.
    """

    folder: Path
    stage: str
    words: str | None
    titles: bool
    encoder: str
    reader: str | None
    k: int
    runs: int

    @property
    def has_keywords(self) -> bool:
        """Whether the setting needs a keyword index."""
        return self.stage != "dense"

    @property
    def has_vectors(self) -> bool:
        """Whether the setting needs the encoder."""
        return self.stage != "keyword"


@dataclass(frozen=True)
class Passage:
    """A passage as the peer is to index it."""

    id: str
    text: str


@dataclass(frozen=True)
class Found:
    """What a peer says to a question.

    Attributes:
        passages: Their ids, best first; None from a stage that shows its answer only.
        answer: Empty where the peer refuses; None from a stage that gives no answers.
    """

    passages: list[str] | None
    answer: str | None = None


class Peer(Protocol):
    """What a worker drives."""

    def index(self, passages: Sequence[Passage]) -> None:
        """Index the passages."""
        ...

    def search(self, question: str) -> Found:
        """Answer one question."""
        ...


def work(make: Callable[[Job], Peer], packages: Sequence[str]) -> None:
    """Do the job of the folder named on the command line.

    Args:
        make: Makes the peer and loads its models, which is not timed.
        packages: Distributions whose versions belong to the result.
    """
    folder = Path(sys.argv[1])
    job = Job(folder=folder, **_read(folder / "job.json"))
    questions = [record["question"] for record in _read(folder / "questions.json")]
    field = "context" if job.titles else "text"
    passages = [Passage(r["id"], r[field]) for r in _read(folder / "passages.json")]
    peer = make(job)
    started = time.perf_counter()
    peer.index(passages)
    index_seconds = time.perf_counter() - started
    found, milliseconds = ask(peer, questions, job.runs)
    result = {
        "versions": {package: version(package) for package in packages}
        | {"python": platform.python_version()},
        "index_seconds": index_seconds,
        "peak_megabytes": peak_megabytes(),
        "milliseconds": milliseconds,
        "passages": [one.passages and one.passages[: job.k] for one in found],
        "answers": [one.answer for one in found],
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def ask(peer: Peer, questions: Sequence[str], runs: int) -> tuple[list[Found], list[list[float]]]:
    """Ask all questions several times, one by one, after one that is not timed.

    Returns:
        What was found the first time, and the milliseconds of each question in each run.
    """
    peer.search(questions[0])
    first: list[Found] = []
    milliseconds = []
    for run in range(runs):
        times = []
        for question in questions:
            started = time.perf_counter()
            found = peer.search(question)
            times.append((time.perf_counter() - started) * 1000)
            if run == 0:
                first.append(found)
        milliseconds.append(times)
    return first, milliseconds


def cut(text: str) -> list[str]:
    """Return the words of a text, long ones with the shorter ones inside, no punctuation.

    The same words as Youju's own index takes (`index/segmentation.py`).
    """
    import jieba

    if not jieba.dt.initialized:
        jieba.setLogLevel(logging.WARNING)
        # Not the shared temporary folder, where others could put a dictionary of theirs.
        jieba.dt.tmp_dir = sys.prefix
    return [word for word in jieba.lcut_for_search(text.lower()) if word[0].isalnum()]


def characters(text: str) -> list[str]:
    """Return Chinese characters one by one, and Latin words and numbers."""
    return re.findall(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]", text.lower())


TOKENISERS = {"jieba": cut, "characters": characters}
"""By the name that a job gives them."""


def peak_megabytes() -> float | None:
    """Return the largest resident memory of this process so far; None where unknown (Windows)."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not ru_maxrss, which on Linux begins with the peak of the parent process.
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return None


def _read(file: Path) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(file.read_text(encoding="utf-8"))
