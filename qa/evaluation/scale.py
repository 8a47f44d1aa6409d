"""Measures how an index grows: time, disk and memory against the number of articles.

    python -m qa.evaluation.scale ARTICLES.jsonl.gz [--sizes 1000 4000 16000] [--encoder fast]
        [--figures growth.json]

ARTICLES are lines of JSON with `id`, `title` and `text`, as for `youju build`; where the title is
empty the first words stand for it, and a time stamp before “正文：” is the date, as in CRUD-RAG's
news (Lyu et al., 2024, arXiv 2401.17043).

Each size is built, opened and searched in processes of its own, so that memory is its own.
`--figures` writes what `qa.evaluation.growth` plots. Run it alone: other work counts.
"""

import argparse
import gzip
import itertools
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import psutil

from corpus import Article, Section, split_article
from index import PassageIndex, add_articles, build_index
from qa.evaluation.growth import Growth, write_figures

SIZES = (1000, 4000, 16000)
N_QUESTIONS = 200
N_ADDED = 5
TITLE_LENGTH = 20
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
RUNS = 3


@dataclass(frozen=True, slots=True)
class Built:
    """What building one index took.

    Attributes:
        n_passages: Passages.
        n_characters: Characters of their articles.
        split_seconds: Cutting articles into passages.
        encode_seconds: Turning passages into vectors.
        index_seconds: All that follows: words, copies, times, writing.
        disk_bytes: Of the folder.
        peak_bytes: Largest resident memory of the process.
    """

    n_passages: int
    n_characters: int
    split_seconds: float
    encode_seconds: float
    index_seconds: float
    disk_bytes: int
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Used:
    """What using one index takes.

    Attributes:
        open_seconds: To open it, in a process that has encoded a question before.
        search_ms: Median time of a search for ten passages.
        search_p95_ms: Time that 95 of 100 searches do not exceed.
        resident_bytes: Memory of the process after `N_QUESTIONS` searches.
        add_seconds: Median time to add one more article.
    """

    open_seconds: float
    search_ms: float
    search_p95_ms: float
    resident_bytes: int
    add_seconds: float


def read_lines(file: Path, n: int) -> list[Article]:
    """Return the first n articles of a file."""
    articles = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, n):
            record = json.loads(line)
            stamp, _, text = record["text"].rpartition("正文：")
            title = record["title"].strip() or text.strip()[:TITLE_LENGTH]
            paragraphs = tuple(filter(None, map(str.strip, text.splitlines())))
            date = stamp[:10] if _DAY.match(stamp) else None
            articles.append(Article(record["id"], title, (Section(None, paragraphs),), date=date))
    return articles


def build(articles: Sequence[Article], folder: Path, encoder: str) -> Built:
    """Build an index and say what it took."""
    marks = [time.perf_counter()]
    n_passages = sum(len(split_article(article)) for article in articles)
    marks.append(time.perf_counter())
    steps: list[float] = []
    build_index(articles, folder, encoder, lambda *_: steps.append(time.perf_counter()))
    done = time.perf_counter()
    return Built(
        n_passages,
        sum(len(article.text) for article in articles),
        marks[1] - marks[0],
        steps[-1] - marks[1],
        done - steps[-1],
        sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def use(folder: Path, questions: Sequence[str], more: Sequence[Article]) -> Used:
    """Open an index, search it, add articles to it, and say what that took."""
    opened = []
    for _ in range(RUNS):
        opened.append(_seconds(lambda: PassageIndex.open(folder).close()))
    with closing(PassageIndex.open(folder)) as index:
        for question in questions[:20]:
            index.search(question)
        searched = [_seconds(partial(index.search, question)) for question in questions]
    resident = psutil.Process().memory_info().rss
    added = [_seconds(partial(add_articles, folder, [article])) for article in more]
    return Used(
        statistics.median(opened[1:]),
        1000 * statistics.median(searched),
        1000 * statistics.quantiles(searched, n=20)[-1],
        resident,
        statistics.median(added),
    )


def make_questions(articles: Sequence[Article]) -> list[str]:
    """Return pieces of sentences as questions, the same for the same articles."""
    chance = random.Random(7)
    chosen = chance.sample(list(articles), min(N_QUESTIONS, len(articles)))
    starts = (chance.randrange(max(1, len(article.text) - 24)) for article in chosen)
    return [f"{a.text[start : start + 18]}？" for a, start in zip(chosen, starts, strict=True)]


def measure(file: Path, size: int, encoder: str, folder: Path) -> Iterator[Built | Used]:
    """Measure one size; each part in a process of its own."""
    for step, kind in (("build", Built), ("use", Used)):
        command = [sys.executable, "-m", __spec__.name, str(file), "--step", step]
        command += ["--sizes", str(size), "--encoder", encoder, "--folder", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        yield kind(**json.loads(done.stdout.splitlines()[-1]))


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _run_step(step: str, file: Path, size: int, encoder: str, folder: Path) -> None:
    articles = read_lines(file, size + N_ADDED)
    if step == "build":
        print(json.dumps(asdict(build(articles[:size], folder, encoder))))
    else:
        questions, more = make_questions(articles[:size]), articles[size:]
        del articles
        print(json.dumps(asdict(use(folder, questions, more))))


def to_growth(encoder: str, size: int, built: Built, used: Used) -> Growth:
    """Return the figures that are plotted."""
    return Growth(
        encoder=encoder,
        n_articles=size,
        n_passages=built.n_passages,
        encode_seconds=built.encode_seconds,
        index_seconds=built.index_seconds,
        build_seconds=built.split_seconds + built.encode_seconds + built.index_seconds,
        disk_megabytes=built.disk_bytes / 1e6,
        peak_megabytes=built.peak_bytes / 1e6,
        open_seconds=used.open_seconds,
        search_ms=used.search_ms,
        search_p95_ms=used.search_p95_ms,
        resident_megabytes=used.resident_bytes / 1e6,
        add_seconds=used.add_seconds,
    )


def _show(size: int, built: Built, used: Used) -> None:
    whole = built.split_seconds + built.encode_seconds + built.index_seconds
    print(
        f"| {size:,} | {built.n_passages:,} | {built.n_characters / 1e6:.1f} "
        f"| {built.split_seconds:.1f} | {built.encode_seconds:.0f} | {built.index_seconds:.1f} "
        f"| {whole:.0f} | {built.n_passages / built.encode_seconds:.0f} "
        f"| {built.disk_bytes / 1e6:.0f} | {built.peak_bytes / 1e6:.0f} "
        f"| {used.open_seconds:.2f} | {used.search_ms:.1f} / {used.search_p95_ms:.1f} "
        f"| {used.resident_bytes / 1e6:.0f} | {used.add_seconds:.2f} |",
        flush=True,
    )


def main() -> None:
    """Measure every size and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument("--folder", type=Path, help="where the indexes are kept")
    parser.add_argument("--figures", type=Path, help="where the figures are written")
    parser.add_argument("--step", choices=["build", "use"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        _run_step(options.step, options.articles, options.sizes[0], options.encoder, options.folder)
        return
    print(
        "| articles | passages | characters, M | split s | encode s | index s | build s "
        "| passages/s | disk MB | peak MB | open s | search ms, p50 / p95 | resident MB | add s |"
    )
    print("|" + " --: |" * 14, flush=True)
    figures: list[Growth] = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            folder = (options.folder or Path(scratch)) / f"{options.encoder}-{size}"
            built, used = itertools.islice(
                measure(options.articles, size, options.encoder, folder), 2
            )
            assert isinstance(built, Built)
            assert isinstance(used, Used)
            _show(size, built, used)
            figures.append(to_growth(options.encoder, size, built, used))
            if options.figures:
                write_figures(figures, options.figures)


if __name__ == "__main__":
    main()
