"""A disk that is full or read-only, or a folder that vanishes, costs no index."""

import errno
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from running import run_script

from corpus import Article, Section
from index import StoreError, add_articles, build_index, changes, check_index, load_encoder
from index.folder import explaining
from index.known_vectors import FILE as ENCODED
from index.known_vectors import encode
from index.store import Store


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and limits of file sizes")
def test_every_command_tells_in_one_line_what_failed_and_leaves_the_old_index(open_folder):
    said = run_script("disk_faults.py", str(open_folder))
    found = dict(re.findall(r"^(.+): (.+)$", said, re.MULTILINE))
    assert set(found) == {"build", "add", "add a segment", "remove", "compact", "load",
                          "new build", "new load"}  # fmt: skip
    # NumPy's files, in two ways, and SQLite's.
    reasons = {"File too large", "N requested and N written", "disk I/O error"}
    assert {reason for line in found.values() for reason in line.split(", ")} == reasons
    assert set(found["build"].split(", ")) == reasons
    assert set(found["new load"].split(", ")) == reasons


def full_database(folder):
    with closing(sqlite3.connect(folder / "a.sqlite", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("INSERT INTO t VALUES (zeroblob(99999))")


def read_only_database(folder):
    sqlite3.connect(folder / "a.sqlite").close()
    with closing(sqlite3.connect(f"file:{folder}/a.sqlite?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE t (x)")


def no_database(folder):
    (folder / "a.sqlite").write_bytes(b"something else " * 99)
    with closing(sqlite3.connect(folder / "a.sqlite")) as connection:
        connection.execute("CREATE TABLE t (x)")


def fail(*error):
    def raise_it(*_, **__):
        raise OSError(*error)

    return raise_it


NOT_HERE = "allow writing there, or choose another folder with --index"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (fail(errno.ENOSPC, "No space left on device"), "No space left on device; free space"),
        (fail(errno.EDQUOT, "Disk quota exceeded"), "Disk quota exceeded; free space"),
        (fail("10 requested and 3 written"), "10 requested and 3 written; free space"),
        (fail(errno.EROFS, "Read-only file system"), f"Read-only file system; {NOT_HERE}"),
        (full_database, "database or disk is full; free space"),
        (read_only_database, f"attempt to write a readonly database; {NOT_HERE}"),
        (no_database, 'file is not a database; run "youju check --repair"'),
    ],
)
def test_what_to_do_depends_on_what_failed(tmp_path, write, said):
    with pytest.raises(StoreError) as error, explaining("the index x", "--index"):
        write(tmp_path)
    assert str(error.value) == f"cannot write the index x: {said}"


def article(number: int, n: int) -> Article:
    paragraphs = tuple(f"第{number}篇的第{k}段说的是{k}列火车。" for k in range(n))
    return Article(str(number), "标题", (Section(None, paragraphs),))


def test_a_change_that_is_made_is_said_to_be_where_its_segment_cannot_be_written(
    tmp_path, monkeypatch
):
    folder = tmp_path / "index"
    build_index([article(0, 2)], folder, "fast")
    monkeypatch.setattr(changes, "MAX_TAIL", 2)
    with monkeypatch.context() as patch:
        patch.setattr(changes, "save_segment", fail(errno.ENOSPC, "No space left on device"))
        message = (
            r"^cannot write a segment of the index .* \(the change itself is made\): "
            "No space left on device; free space$"
        )
        with pytest.raises(StoreError, match=message):
            add_articles(folder, [article(1, 3)])
    assert check_index(folder) == []
    with closing(Store(folder)) as store:
        assert (store.article_ids(), store.n_segmented) == (["0", "1"], 2)
    add_articles(folder, [article(2, 1)])
    with closing(Store(folder)) as store:
        assert (store.article_ids(), store.n_segmented) == (["0", "1", "2"], 6)
    assert check_index(folder) == []


@pytest.mark.parametrize("damage", ["in the middle", "cut short", "no table", "something else"])
def test_what_was_encoded_before_and_cannot_be_read_is_encoded_again(tmp_path, monkeypatch, damage):
    monkeypatch.setattr("index.known_vectors.CHUNK", 8)
    folder, file = tmp_path / "index", tmp_path / "index" / ENCODED
    with monkeypatch.context() as patch:
        patch.setattr("index.building.write_index", fail(errno.ENOSPC, "No space left on device"))
        with pytest.raises(StoreError, match="free space"):
            build_index([article(0, 40)], folder, "fast")
    content = bytearray(file.read_bytes())
    n_tables = 5 * 4096  # the first page of every table and index
    assert len(content) > n_tables + 4096
    written = {
        "in the middle": content[:n_tables] + b"\xff" * (len(content) - n_tables),
        "cut short": content[:6000], "no table": b"", "something else": b"x" * 9999,
    }  # fmt: skip
    file.write_bytes(written[damage])
    assert build_index([article(0, 40)], folder, "fast").n_passages == 40
    assert check_index(folder) == []
    assert not file.exists()


def test_what_was_encoded_before_is_kept_where_the_disk_fails(tmp_path, monkeypatch):
    file = tmp_path / ENCODED
    encode(load_encoder("fast"), ["甲"] * 2000, folder=tmp_path)
    kept = file.read_bytes()
    monkeypatch.setattr("index.known_vectors.connect", lambda *_: FailingConnection())
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        encode(load_encoder("fast"), ["甲"] * 2000, folder=tmp_path)
    assert file.read_bytes() == kept


class FailingConnection:
    def execute(self, sql):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
        raise error

    def close(self):
        pass
