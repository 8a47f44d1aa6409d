"""The index folder: what is written is read, and what is damaged is said so."""

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Section, bundled_articles, split_article
from index import IndexMismatchError, PassageIndex, StoreError, build_index
from index.database import DATABASE, article_from_json, article_to_json
from index.segments import LISTING
from index.store import Store

ARTICLES = [
    Article("b", "乙题", (Section(None, ("甲。", "乙。")), Section("小标题", ("丙🚄。",)))),
    Article("a", "甲题", (Section(None, ("丁。",)),), date="2026-05", captions=("图",)),
]
PASSAGES = [passage for article in ARTICLES for passage in split_article(article)]
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)


class RowEncoder:
    """Gives passages the rows of `VECTORS`, and every question the first one."""

    name, fingerprint, dimension, dense_weight = "名字", "f1", 2, 0.6

    def encode_question(self, question: str) -> np.ndarray:
        return VECTORS[0]

    def encode_passages(self, texts: Sequence[str], progress=None) -> np.ndarray:
        return VECTORS[: len(texts)]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
OPTIONAL = ("subtitle", "kicker", "byline", "source", "date", "date_note", "page", "notes")
GENERATED = st.builds(
    Article,
    id=TEXTS,
    title=TEXTS,
    sections=st.lists(st.builds(Section, st.none() | TEXTS, LISTS), max_size=3).map(tuple),
    date_basis=st.sampled_from(["printed", "inferred"]),
    is_title_editorial=st.booleans(),
    **dict.fromkeys(("captions", "pull_quotes", "furniture"), LISTS),
    **dict.fromkeys(OPTIONAL, st.none() | TEXTS),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the index of `ARTICLES`; the name needs quoting in a URI."""
    monkeypatch.setattr("index.encoders.load_encoder", lambda name: RowEncoder())
    folder = tmp_path / "索引 #1?%20"
    build_index(ARTICLES, folder)
    return folder


def change(folder: Path, sql: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    with connection:
        connection.execute(sql)
    connection.close()


# Reading what was written


@given(GENERATED)
def test_an_article_is_read_back_from_json_as_it_was(article):
    assert article_from_json(article_to_json(article)) == article


def test_the_bundled_articles_are_read_back_from_json_as_they_were():
    for article in bundled_articles():
        assert article_from_json(article_to_json(article)) == article


def test_a_store_gives_back_manifest_articles_and_their_order(folder):
    store = Store(folder)
    assert (store.manifest.encoder, store.manifest.dimension) == ("名字", 2)
    assert (store.manifest.n_articles, store.manifest.n_passages) == (2, 4)
    assert store.article_ids() == ["b", "a"]
    assert [store.article(article_id) for article_id in ("b", "a")] == ARTICLES


def test_passages_come_back_in_the_order_asked_for(folder):
    store = Store(folder)
    assert store.passages([3, 0, 2, 1]) == [PASSAGES[n] for n in (3, 0, 2, 1)]
    assert store.passages([]) == []


def test_the_database_holds_the_vectors(folder):
    """In half precision, .6 is .60009765625 and .8 is .7998046875."""
    read = Store(folder).vectors(0, 4)
    assert read.tolist() == [[1, 0], [0, 1], [0.60009765625, 0.7998046875], [-1, 0]]


def test_an_article_that_is_not_there_is_a_key_error(folder):
    with pytest.raises(KeyError, match="zzz"):
        Store(folder).article("zzz")


def test_a_store_is_read_from_any_thread(folder):
    store, found = Store(folder), []
    threads = [
        threading.Thread(target=lambda: found.append(store.passages([0, 1, 2, 3])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [PASSAGES] * 8


# Damage


def test_a_folder_without_an_index_says_how_to_make_one(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(StoreError, match=r'no index in .*; make one with "youju build PATH'):
            Store(folder)


def test_another_format_version_is_a_mismatch(folder):
    change(folder, "UPDATE manifest SET value = '99' WHERE key = 'format_version'")
    with pytest.raises(IndexMismatchError, match=r"has format version 99, this Youju reads 3; run"):
        Store(folder)


def test_no_format_version_is_a_mismatch(folder):
    change(folder, "DELETE FROM manifest WHERE key = 'format_version'")
    with pytest.raises(IndexMismatchError, match="has format version unknown"):
        Store(folder)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM manifest WHERE key = 'dimension'",
        "UPDATE manifest SET value = 'many' WHERE key = 'n_passages'",
        "DROP TABLE manifest",
    ],
)
def test_a_broken_manifest_is_damage(folder, sql):
    change(folder, sql)
    with pytest.raises(StoreError, match=r'is damaged \(.*\); run "youju check --repair') as caught:
        Store(folder)
    assert not isinstance(caught.value, IndexMismatchError)


@pytest.mark.parametrize("content", [b"", b"not a database " * 99], ids=["empty", "garbage"])
def test_a_broken_database_is_damage(folder, content):
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        Store(folder)


@pytest.mark.parametrize("table", ["articles", "passages"])
def test_a_missing_table_is_damage(folder, table):
    change(folder, f"DROP TABLE {table}")
    with pytest.raises(StoreError, match="is damaged"):
        Store(folder)


def test_a_changed_text_is_never_quoted(folder):
    change(folder, "UPDATE articles SET record = replace(record, '丁', '子') WHERE id = 'a'")
    store = Store(folder)
    with pytest.raises(StoreError, match="the text of an article is not what was written"):
        store.article("a")
    with pytest.raises(StoreError, match="the text of an article is not what was written"):
        store.passages([3])
    assert store.article("b") == ARTICLES[0]


@pytest.fixture
def copied_folder(bundled_index_folder: Path, tmp_path: Path) -> Path:
    """A whole index that a test may damage."""
    return Path(shutil.copytree(bundled_index_folder, tmp_path / "index"))


def segment(folder: Path) -> Path:
    [found] = folder.glob("segment-*")
    return found


PARTS = [LISTING, "vectors.npy", "words.counts.npy", "characters.hashes.npy", "signatures.npy"]


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("damage", ["missing", "empty", "other", "flipped bit", "cut short"])
def test_a_damaged_part_of_an_index_is_damage(copied_folder, name, damage):
    file = segment(copied_folder) / name
    content = bytearray(file.read_bytes())
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    written = {"empty": b"", "other": b"x" * 999, "flipped bit": flipped, "cut short": content[:-9]}
    file.unlink() if damage == "missing" else file.write_bytes(written[damage])
    with pytest.raises(StoreError, match=r"is damaged.*run \"youju check --repair"):
        PassageIndex.open(copied_folder)


def test_parts_of_another_index_are_never_mixed_in(copied_folder, tmp_path):
    """Same size, other articles: only the hashes tell; answers would cite the wrong ones."""
    build_index(list(reversed(bundled_articles())), tmp_path / "other")
    for other in segment(tmp_path / "other").iterdir():
        file = segment(copied_folder) / other.name
        kept = file.read_bytes()
        if kept != other.read_bytes():
            shutil.copy(other, file)
            with pytest.raises(StoreError, match="is damaged"):
                PassageIndex.open(copied_folder)
            file.write_bytes(kept)
    PassageIndex.open(copied_folder).close()


def test_an_index_is_read_in_a_folder_that_cannot_be_written(copied_folder):
    before = contents(copied_folder)
    for path in [*copied_folder.rglob("*"), copied_folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with contextlib.closing(PassageIndex.open(copied_folder)) as index:
            assert index.search("义乌", 1)
        assert contents(copied_folder) == before
    finally:
        for path in [copied_folder, *copied_folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


# The folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def old(folder: Path) -> Path:
    """An index, beside which there is nothing."""
    return folder


def test_a_new_folder_is_made_with_its_parents(old, tmp_path):
    build_index(ARTICLES, tmp_path / "a" / "b" / "index")
    assert Store(tmp_path / "a" / "b" / "index").article_ids() == ["b", "a"]


def test_an_old_index_is_replaced_as_a_whole(old):
    before = {path.name for path in old.iterdir()}
    build_index(ARTICLES[1:], old)
    after = {path.name for path in old.iterdir()}
    assert Store(old).article_ids() == ["a"]
    assert before & after == {DATABASE, ".lock"}
    assert len(after) == len(before) == 3


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("place", ["write_manifest", "insert_segment", "sync", "Nearest"])
def test_the_old_index_stays_and_nothing_else_when_writing_fails(old, monkeypatch, error, place):
    before = contents(old)

    def fail(*_: object) -> None:
        raise error("boom")

    monkeypatch.setattr(f"index.writing.{place}", fail)
    with pytest.raises((error, AttributeError)):
        build_index(ARTICLES[1:], old)
    assert contents(old) == before


def test_a_full_disk_leaves_the_old_index_and_says_what_to_do(old, monkeypatch):
    before = contents(old)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.writing.sync", fail)
    message = "cannot write the index .*: No space left on device; free space$"
    with pytest.raises(StoreError, match=message):
        build_index(ARTICLES, old)
    assert contents(old) == before


def test_an_empty_folder_may_become_an_index(old, tmp_path):
    (tmp_path / "index").mkdir()
    build_index(ARTICLES, tmp_path / "index")
    assert Store(tmp_path / "index").article_ids() == ["b", "a"]


@pytest.mark.parametrize("path", ["photos", "photos/1.jpg"])
def test_what_is_not_an_index_is_not_replaced(old, tmp_path, path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_text("photo")
    message = "exists and is not a Youju index, or holds other files too; choose another"
    with pytest.raises(StoreError, match=message):
        build_index(ARTICLES, tmp_path / path)
    assert contents(tmp_path / "photos") == {"1.jpg": b"photo"}


def test_a_folder_that_cannot_be_made_is_an_error(old, tmp_path):
    (tmp_path / "file").write_text("file")
    with pytest.raises(StoreError, match="cannot write the index"):
        build_index(ARTICLES, tmp_path / "file" / "index")
    assert (tmp_path / "file").read_text() == "file"


def test_the_working_folder_may_become_an_index(old, tmp_path, monkeypatch):
    (tmp_path / "index").mkdir()
    monkeypatch.chdir(tmp_path / "index")
    build_index(ARTICLES, Path())
    assert Store(Path()).article_ids() == ["b", "a"]
