"""Kills changes of an index at random points; run by `test_index_kill.py` in a process of its own.

Each change is made by a fork that is killed with SIGKILL. A process of its own, because a fork
of one that has started threads may hang.
"""

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus import Article, Section
from index import (
    PassageIndex,
    add_articles,
    build_index,
    changes,
    check_index,
    compact_index,
    encoders,
    remove_articles,
)


class HashEncoder:
    """Vectors from hashes: no model to load, no threads."""

    name, fingerprint, dimension, dense_weight = "hash", "f1", 8, 0.6

    def encode_question(self, question: str) -> np.ndarray:
        return self.encode_passages([question])[0]

    def encode_passages(self, texts: Sequence[str], progress=None) -> np.ndarray:
        hashes = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
        rows = np.array([list(digest) for digest in hashes], dtype=np.float32) + 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def article(n: int) -> Article:
    paragraphs = tuple(
        f"第{n}篇的第{k}段，说的是{n * k}列火车和{n + k}个车站。" for k in range(1, 6)
    )
    return Article(str(n), f"第{n}篇", (Section(None, paragraphs),))


OLD = [article(n) for n in range(6)]
CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "build": (lambda folder: build_index(OLD[:3], folder), ["0", "1", "2"]),
    "add": (lambda folder: add_articles(folder, [article(7), article(8)]), [*"012345", "7", "8"]),
    "add a segment": (
        lambda folder: add_articles(folder, [article(n) for n in range(10, 14)]),
        [*"012345", *map(str, range(10, 14))],
    ),
    "remove": (lambda folder: remove_articles(folder, ["1", "4"]), [*"0235"]),
    "compact": (compact_index, [*"012345"]),
}


def state(folder: Path) -> list[str]:
    """Ids of an index that opens, answers and passes its check."""
    problems = check_index(folder)
    assert not problems, problems
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert index.search("火车和车站", 3)
        return index.article_ids()


def in_fork(change: Callable[[Path], object], folder: Path, delay: float | None) -> float:
    """Make a change in a fork, kill it after so many seconds; return how long it lived."""
    start = time.monotonic()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            change(folder)
        os._exit(0)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - start


def main(scratch: Path, n_each: int, seed: int) -> None:
    """Kill every change `n_each` times; print how often which state was found."""
    chance = random.Random(seed)
    encoders.load_encoder = lambda name="hash": HashEncoder()
    changes.MAX_TAIL = 12
    build_index(OLD, scratch / "old")
    add_articles(scratch / "old", [article(6)])
    remove_articles(scratch / "old", ["6"])
    before = state(scratch / "old")
    for name, (change, after) in CHANGES.items():
        found: Counter[str] = Counter()
        folder = scratch / "index"
        shutil.copytree(scratch / "old", folder)
        whole = in_fork(change, folder, None)
        assert state(folder) == after, name
        for _ in range(n_each):
            shutil.rmtree(folder)
            shutil.copytree(scratch / "old", folder)
            in_fork(change, folder, chance.uniform(0, 1.1 * whole))
            ids = state(folder)
            assert ids in (before, after), (name, ids)
            found["new" if ids == after and after != before else "old"] += 1
            # What was left over is no hindrance to the next change.
            add_articles(folder, [article(99)])
            assert state(folder) == [*ids, "99"]
            left = {path.name.split("-")[0] for path in folder.iterdir()}
            assert left <= {"articles.sqlite", "segment", ".lock"}, left
        shutil.rmtree(folder)
        sys.stdout.write(f"{name}: {found['old']} old, {found['new']} new\n")
    for _ in range(n_each):
        folder = scratch / "fresh"
        in_fork(lambda folder: build_index(OLD, folder), folder, chance.uniform(0, 1.1 * whole))
        if (folder / "articles.sqlite").exists():
            assert state(folder) == before
        build_index(OLD, folder)
        assert state(folder) == before
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
