"""Measures the speed and memory that the README promises, on this machine.

    python -m qa.evaluation.speed [--runs 5]

Prints medians and the slowest run. Run it alone: other work on the machine counts.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from corpus import YoujuError, bundled_articles
from index import build_index
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.page_process import (
    ROOT,
    check_runs,
    free_port,
    page_command,
    running_page,
)
from qa.pipeline import Pipeline

QUESTION = "尼雄村的海拔是多少？"


class CommandError(YoujuError):
    """A command that is timed failed."""


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def report(name: str, values: Sequence[float], unit: str, scale: float = 1) -> None:
    """Print the median and the largest of some values."""
    median, worst = statistics.median(values) * scale, max(values) * scale
    print(f"{name}: median {median:.2f} {unit}, worst {worst:.2f} {unit}, {len(values)} runs")


def run(*arguments: str) -> None:
    """Run `youju` as a new process.

    Raises:
        CommandError: With what it said, if it fails.
    """
    command = [sys.executable, "-m", "qa", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        typed, said = " ".join(["youju", *arguments]), done.stderr.strip()
        raise CommandError(f"{typed} ended with exit code {done.returncode}: {said}")


def measure_build(runs: int) -> None:
    """Time the bundled articles' index in a process that is warm."""
    articles = bundled_articles()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "index"
        times = [seconds(lambda: build_index(articles, target)) for _ in range(runs)]
        report("build of the bundled index", times, "s")
        whole = [seconds(lambda: run("build", "--index", str(target))) for _ in range(runs)]
        report("build of the bundled index, whole process", whole, "s")


def measure_ask(runs: int) -> None:
    """Time one question, as a new process and inside a warm one."""
    report(
        "youju ask, whole process",
        [seconds(lambda: run("ask", QUESTION)) for _ in range(runs)],
        "s",
    )
    pipeline = Pipeline.open()
    questions = [gold.question for gold in bundled_gold("dev")]
    pipeline.ask(questions[0])
    passes = [[pipeline.ask(question).latency_ms for question in questions] for _ in range(runs)]
    report(
        f"a question, warm, median of {len(questions)}",
        [statistics.median(p) for p in passes],
        "ms",
    )
    every = sorted(latency for one in passes for latency in one)
    print(f"a question, warm, 95th percentile: {every[int(0.95 * len(every))]:.2f} ms")


def measure_page(runs: int) -> None:
    """Time `python app.py` until the page answers, and take its memory after some questions."""
    ready, memory = [], []
    for _ in range(runs):
        port, started = free_port(), time.perf_counter()
        with running_page(page_command(port), f"http://127.0.0.1:{port}/") as page:
            ready.append(time.perf_counter() - started)
            time.sleep(3)  # the first question is asked in the background
            check_runs(page)
            memory.append(psutil.Process(page.pid).memory_info().rss / 2**20)
    report("page ready after python app.py", ready, "s")
    report("resident memory of the page", memory, "MB")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    try:
        Pipeline.open()  # the index in the cache, so that the first run is like the others
        measure_ask(runs)
        measure_build(runs)
        measure_page(runs)
    except YoujuError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
