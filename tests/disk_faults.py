"""Changes an index on a disk that fails; run by `test_index_disk.py` in a process of its own.

Each command runs in a fork, with a limit to the size of files, as another user, or in a folder
that vanishes. A process of its own, because a fork of one that has started threads may hang.
"""

import json
import os
import re
import resource
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from click.testing import CliRunner
from kill_changes import OLD, HashEncoder, article, state

from corpus.formats.whole import whole_record
from index import (
    add_articles,
    build_index,
    changes,
    embed_shard,
    encoders,
    known_vectors,
    remove_articles,
)
from index.noise import Nearest
from qa.cli import main

LIMITS = [0, 300, 20000, 64000, 1000000]
"""Bytes. Every file of a small index is larger than one of them and no file than the last."""

NOBODY = 65534
NOT_HERE = "allow writing there, or choose another folder with --index"
OLD_INDEX, INDEX = Path("old"), Path("youju-index")
LEFT = {"articles.sqlite", "encoded.sqlite", "segment", ".lock"}
"""What may lie in the folder after a command that failed; what is encoded is used by the next."""

COMMANDS: dict[str, tuple[list[str], list[str]]] = {
    "build": (["build", "three.jsonl"], ["0", "1", "2"]),
    "add": (["add", "two.jsonl"], [*"012345", "7", "8"]),
    "add a segment": (["add", "four.jsonl"], [*"012345", "10", "11", "12", "13"]),
    "remove": (["remove", "1", "4"], [*"0235"]),
    "compact": (["compact"], [*"012345"]),
    "load": (["load", "shards"], ["0", "1", "2"]),
}


class WideEncoder(HashEncoder):
    """Vectors of which no file fits into a buffer."""

    dimension = 1024

    def encode_passages(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        return np.tile(super().encode_passages(texts), 128) / np.sqrt(np.float32(128))


def in_fork(command: list[str], spoil: Callable[[], object] = dict) -> tuple[int, str]:
    """Run a command where something is spoilt; return its exit code and what it says of errors.

    Without the progress bar.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            spoil()
            done = CliRunner().invoke(main, command)
            shown = [line for line in done.stderr.splitlines() if "━" not in line]
            said = [done.exit_code, "\n".join(shown)]
            if done.exception and not isinstance(done.exception, SystemExit):
                said = [99, repr(done.exception)]  # what would be a traceback
        except BaseException as error:
            said = [98, repr(error)]
        os.write(writer, json.dumps(said).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        code, errors = json.loads(pipe.read())
    os.waitpid(child, 0)
    return code, errors


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def write_nothing() -> None:
    """Forbid writing to the index, as somebody to whom permissions apply."""
    for path in [*INDEX.rglob("*"), INDEX]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid() == 0:
        os.setuid(NOBODY)


def vanish() -> None:
    """Have the index vanish when a command has read it and is about to write."""
    among = Nearest.among

    def remove_first(*given: object) -> Nearest:
        shutil.rmtree(INDEX)
        return among(*given)  # type: ignore[arg-type]

    Nearest.among = remove_first  # type: ignore[method-assign, assignment]


def expect(said: tuple[int, str], remedy: str) -> str:
    """One line, exit code 1; return the reason."""
    assert said[0] == 1, said
    found = re.fullmatch(f"Error: cannot write the index /[^\n:]*: ([^\n;]*); {remedy}", said[1])
    assert found, said
    return re.sub(r"\d+", "N", found[1])


def left() -> set[str]:
    """What lies in the folder."""
    return {path.name.split("-")[0] for path in INDEX.iterdir()}


def check_full(command: list[str], after: list[str]) -> list[str]:
    """Whatever is full, the old index stays and the next try succeeds; return the reasons."""
    reasons = []
    before = state(OLD_INDEX)
    for size in LIMITS:
        shutil.copytree(OLD_INDEX, INDEX)
        said = in_fork(command, partial(limit_files, size))
        if said[0]:
            reasons.append(expect(said, "free space"))
            assert state(INDEX) == before, size
            assert left() <= LEFT, (size, left())
            assert in_fork(command)[0] == 0, size
        assert state(INDEX) == after, size
        assert left() <= LEFT - {"encoded.sqlite"}, left()
        shutil.rmtree(INDEX)
    assert 0 < len(reasons) < len(LIMITS)
    return reasons


def check_read_only(command: list[str]) -> None:
    """The index stays, can be read meanwhile, and is changed once that is allowed."""
    before = state(OLD_INDEX)
    shutil.copytree(OLD_INDEX, INDEX)
    expect(in_fork(command, write_nothing), NOT_HERE)
    for reading in (["list"], ["search", "火车", "-k", "1"], ["check"]):
        assert in_fork([*reading, "--index", str(INDEX)], write_nothing) == (0, ""), reading
    assert state(INDEX) == before
    for path in [INDEX, *INDEX.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert in_fork(command)[0] == 0
    shutil.rmtree(INDEX)


def check_vanished(command: list[str]) -> None:
    """It does not come back in parts."""
    shutil.copytree(OLD_INDEX, INDEX)
    expect(in_fork(command, vanish), NOT_HERE)
    assert not INDEX.exists()


def check_new(command: list[str]) -> list[str]:
    """Where nothing was, a full disk leaves nothing that is in the way; return the reasons."""
    reasons = []
    for size in LIMITS:
        said = in_fork(command, partial(limit_files, size))
        if said[0]:
            reasons.append(expect(said, "free space"))
            assert not INDEX.exists() or left() == {"encoded.sqlite", ".lock"}, left()
            code, errors = in_fork(["list", "--index", str(INDEX)])
            assert (code, errors.partition(" in ")[0]) == (1, "Error: no index"), errors
            assert in_fork(command)[0] == 0
        assert state(INDEX) == ["0", "1", "2"]
        shutil.rmtree(INDEX)
    return reasons


def main_() -> None:
    """Make what the commands need, and run them."""
    os.chdir(sys.argv[1])
    encoders.load_encoder = lambda name="hash": WideEncoder()
    changes.MAX_TAIL = 12
    given = {"three": OLD[:3], "two": [article(7), article(8)],
             "four": [article(n) for n in range(10, 14)]}  # fmt: skip
    for name, articles in given.items():
        lines = [json.dumps(whole_record(one), ensure_ascii=False) for one in articles]
        Path(f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for part in (1, 2):
        embed_shard(OLD[:3], part, 2, Path("shards"))
    build_index(OLD, OLD_INDEX)
    add_articles(OLD_INDEX, [article(6)])
    remove_articles(OLD_INDEX, ["6"])
    for name, (command, after) in COMMANDS.items():
        sys.stdout.write(f"{name}: {', '.join(check_full(command, after))}\n")
        check_read_only(command)
        check_vanished(command)
    known_vectors.CHUNK = 4
    for name in ("build", "load"):
        sys.stdout.write(f"new {name}: {', '.join(check_new(COMMANDS[name][0]))}\n")


if __name__ == "__main__":
    main_()
