"""Whoever has an index open, while another takes its place and is changed, harms neither."""

import contextlib
import shutil
import threading
import time

import pytest

from corpus import Article, Section
from index import build_index
from index.checking import check_index, repair_index
from index.database import DATABASE, connect
from index.errors import StoreError
from index.folder import writing
from index.store import Store


def bridge(number: int) -> Article:
    return Article(f"n{number}", "新桥", (Section(None, (f"第{number}座桥长{number}米。",)),))


@pytest.fixture
def folder(tmp_path):
    build_index([bridge(1), bridge(2)], tmp_path / "index")
    return tmp_path / "index"


@contextlib.contextmanager
def unfinished_change(folder):
    """A transaction that has written to the file already, and is taken back in the end."""
    with contextlib.closing(connect(folder / DATABASE, "rw")) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        rows = ((100 + n, f"x{n}", n, 9, b"x", '"' + "x" * 2000 + '"') for n in range(300))
        writer.executemany(
            "INSERT INTO articles (number, id, position, added, digest, record) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
        yield
        writer.execute("ROLLBACK")


def test_the_journal_of_the_new_index_is_not_taken_by_who_reads_the_old_one(folder):
    with contextlib.closing(Store(folder)) as old:
        build_index([bridge(3), bridge(4), bridge(5)], folder)
        found = []
        reader = threading.Thread(target=lambda: found.append(old.article_ids()))
        with unfinished_change(folder):
            reader.start()
            time.sleep(0.3)
            assert (folder / f"{DATABASE}-journal").exists()
        reader.join()
        assert found == [["n1", "n2"]]
    assert check_index(folder) == []


def test_a_change_that_was_cut_short_is_undone_by_who_reads_next(folder, tmp_path):
    with contextlib.closing(Store(folder)) as opened:
        with unfinished_change(folder):
            shutil.copytree(folder, tmp_path / "killed")
        assert opened.article_ids() == ["n1", "n2"]
    assert (tmp_path / "killed" / f"{DATABASE}-journal").exists()
    with contextlib.closing(Store(tmp_path / "killed")) as store:
        assert store.article_ids() == ["n1", "n2"]
    assert check_index(tmp_path / "killed") == []


def test_a_repair_waits_for_who_is_writing(folder, monkeypatch):
    monkeypatch.setattr("index.folder.WAIT_SECONDS", 0.1)
    with writing(folder), pytest.raises(StoreError, match="another process is writing"):
        repair_index(folder)
    assert repair_index(folder).n_articles == 2
