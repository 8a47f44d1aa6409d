"""One writer at a time in an index folder, and what may lie in it."""

import contextlib
import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index.database import DATABASE, WAIT_SECONDS, connect
from index.errors import StoreError
from index.known_vectors import FILE as ENCODED

BUILDING, LOCK = "building.sqlite", ".lock"
SEGMENT = "segment-"
"""Prefix of the folders of segments."""

_FULL = {None, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What a full disk or quota, or a limit to the size of files, is to the system. NumPy and FAISS
tell of no number when a file cannot be written to its end."""

_FULL_DATABASE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""What it is to SQLite, with other faults of the disk."""

_OLD_FORMAT = {"dense.faiss", "lexical.npz"}


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Let nobody else write to an index folder, which is made if it is not there.

    Raises:
        StoreError: If it cannot be written, holds something else, or another process goes on
            writing to it for longer than `WAIT_SECONDS`.
    """
    if folder.exists() and not (folder.is_dir() and _is_index_or_empty(folder)):
        raise StoreError(
            f"{folder} exists and is not a Youju index, or holds other files too; "
            "choose another folder with --index"
        )
    folder = folder.resolve()
    is_new = not folder.exists()
    try:
        with explaining(f"the index {folder}", "--index"):
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / LOCK, timeout=WAIT_SECONDS):
                clean(folder)
                try:
                    yield folder
                finally:
                    with contextlib.suppress(OSError):  # what went wrong before is what is told
                        clean(folder)
    finally:
        if is_new and folder.is_dir() and {path.name for path in folder.iterdir()} <= {LOCK}:
            (folder / LOCK).unlink(missing_ok=True)
            folder.rmdir()


@contextlib.contextmanager
def explaining(what: str, option: str) -> Iterator[None]:
    """Say what to do if something cannot be written.

    Args:
        what: That is written.
        option: Chooses another folder for it.

    Raises:
        StoreError: In the place of errors of the system, of SQLite and of a lock.
    """
    try:
        yield
    except Timeout as error:
        raise StoreError(
            f"another process is writing to {what}; try again when it has finished"
        ) from error
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot write {what}: {reason}; {_remedy(error, option)}") from error


def _remedy(error: OSError | sqlite3.Error, option: str) -> str:
    """What to do about an error that was met in writing."""
    if isinstance(error, sqlite3.Error):
        # The low byte is the kind, the others say more of it.
        kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        is_full = kind in _FULL_DATABASE
        if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return 'run "youju check --repair"'
    else:
        is_full = error.errno in _FULL
    if is_full:
        return "free space"
    return f"allow writing there, or choose another folder with {option}"


def clean(folder: Path) -> None:
    """Delete what no database needs: what was not finished, and what was replaced.

    For the one that writes; a segment that somebody has open goes on being read.
    """
    needed = _segments(folder)
    for path in folder.iterdir():
        is_spare = path.name.startswith(SEGMENT) and needed is not None and path.name not in needed
        if path.is_dir() and is_spare:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(BUILDING) or (path.name in _OLD_FORMAT and needed is not None):
            path.unlink(missing_ok=True)


def _segments(folder: Path) -> set[str] | None:
    """The names of the segments that the database needs; None if it cannot be read.

    Looking also undoes a change of it that was cut short.
    """
    if not (folder / DATABASE).exists():
        return set()
    try:
        with contextlib.closing(connect(folder / DATABASE, "rw")) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM segments")}
    except sqlite3.Error:
        return None


def _is_index_or_empty(folder: Path) -> bool:
    ours = {DATABASE, BUILDING, ENCODED, LOCK, *_OLD_FORMAT}
    ours |= {f"{name}-journal" for name in (DATABASE, BUILDING, ENCODED)}
    return all(
        path.name in ours or path.name.startswith((SEGMENT, "damaged-"))
        for path in folder.iterdir()
    )
