"""Compares what the Milvus store finds and answers with what an index in a folder does.

    python -m qa.evaluation.store_overlap [--store milvus.db] [--encoder bundled] [--answers 60]

Builds the bundled articles in both, asks the answerable development questions of the gold set, and
prints the share of the ten first passages that both have, every question where it is less than
all, and the processor time of a search. With --answers so many of all development questions,
evenly spread, are answered from both, and the answers that differ are shown. With --pool Milvus
proposes so many passages by each way, to see what that is worth. Without --store a Milvus Lite
store in a temporary folder is used.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus import bundled_articles
from index import ScoredPassage, SearchIndex, archive_at, build_index, open_index
from index.encoders import BUNDLED
from index.milvus import milvus_index
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.pipeline import Pipeline

N_FIRST = 10


def share_shared(ours: Sequence[ScoredPassage], theirs: Sequence[ScoredPassage]) -> float:
    """Return the share of the first passages of one ranking that another has too, in [0, 1].

    Places do not count; an empty ranking has all of what it should have if the other is empty.
    """
    wanted = {scored.passage for scored in theirs}
    shared = wanted & {scored.passage for scored in ours}
    return len(shared) / len(wanted) if wanted else float(not ours)


def ask_all(
    index: SearchIndex, questions: Sequence[GoldQuestion]
) -> tuple[list[list[ScoredPassage]], list[float]]:
    """Return what is found for each question, and the milliseconds that each search takes.

    Of the processor, not of the clock: Milvus Lite runs in this process, and other work on the
    machine does not count. A server's own time is not in it.
    """
    found, times = [], []
    for question in questions:
        started = time.process_time()
        found.append(index.search(question.question, N_FIRST))
        times.append(1000 * (time.process_time() - started))
    return found, times


def compare_rankings(
    milvus: SearchIndex, folder: SearchIndex, questions: Sequence[GoldQuestion]
) -> None:
    """Print how far the rankings are the same, and what they take."""
    theirs, local_times = ask_all(folder, questions)
    ours, cold_times = ask_all(milvus, questions)
    _, warm_times = ask_all(milvus, questions)
    shares = [share_shared(*pair) for pair in zip(ours, theirs, strict=True)]
    same_order = sum(
        [s.passage for s in one] == [s.passage for s in other]
        for one, other in zip(ours, theirs, strict=True)
    )
    print(
        f"{len(questions)} questions: {statistics.mean(shares):.4f} of the first {N_FIRST} shared,"
    )
    print(f"{same_order} rankings the same in every place, {shares.count(1.0)} the same passages")
    for question, share in zip(questions, shares, strict=True):
        if share < 1:
            print(f"  {share:.1f} {question.id} {question.question}")
    for name, times in (
        ("folder", local_times), ("Milvus, first time", cold_times), ("Milvus", warm_times)
    ):  # fmt: skip
        tail = statistics.quantiles(times, n=20)[-1]
        print(f"{name}: {statistics.median(times):.1f} ms a search, 95 % within {tail:.1f}")


def compare_answers(
    milvus: SearchIndex, folder: SearchIndex, questions: Sequence[GoldQuestion]
) -> None:
    """Print the answers that differ; understood as typed, for only the folder corrects typing."""
    ours, theirs = Pipeline(milvus), Pipeline(folder)
    n_different = 0
    for question in questions:
        one = ours.ask(question.question, is_literal=True)
        other = theirs.ask(question.question, is_literal=True)
        if (one.status, one.answer, one.citation) != (other.status, other.answer, other.citation):
            n_different += 1
            print(f"  {question.id} {question.question}: {one.answer} | {other.answer}")
    print(f"{n_different} of {len(questions)} answers differ")


def main() -> None:
    """Build both and print the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store")
    parser.add_argument("--encoder", default=BUNDLED)
    parser.add_argument("--answers", type=int, default=0)
    parser.add_argument("--pool", type=int, action="append", default=[])
    options = parser.parse_args()
    questions = bundled_gold("dev")
    answerable = [question for question in questions if question.kind == "answerable"]
    with tempfile.TemporaryDirectory() as place:
        store = options.store or str(Path(place) / "milvus.db")
        local, articles = Path(place) / "index", bundled_articles()
        build_index(articles, local, options.encoder)
        started = time.perf_counter()
        archive_at(store).build(articles, options.encoder)
        print(f"built in Milvus in {time.perf_counter() - started:.1f} s")
        with closing(open_index(store)) as milvus, closing(open_index(local)) as folder:
            for pool in (*options.pool, milvus_index.POOL):
                milvus_index.POOL = pool
                print(f"{pool} proposed by each way")
                compare_rankings(milvus, folder, answerable)
            if options.answers:
                step = max(1, len(questions) // options.answers)
                compare_answers(milvus, folder, questions[::step][: options.answers])


if __name__ == "__main__":
    main()
