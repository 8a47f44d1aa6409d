"""The index folder: what is written is read, and what is damaged is said so."""

import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Section, bundled_articles, split_article
from index import IndexMismatchError, Manifest, PassageIndex, StoreError
from index.store import (
    DATABASE,
    DENSE,
    FORMAT_VERSION,
    LEXICAL,
    Store,
    article_from_json,
    article_to_json,
    replace_folder,
    write_database,
)

ARTICLES = [
    Article("b", "乙题", (Section(None, ("甲。", "乙。")), Section("小标题", ("丙🚄。",)))),
    Article("a", "甲题", (Section(None, ("丁。",)),), date="2026-05", captions=("图",)),
]
PASSAGES = [passage for article in ARTICLES for passage in split_article(article)]
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)
COPIES: dict[int, int] = {3: 1}
MANIFEST = Manifest(FORMAT_VERSION, "名字", "f1", 2, 2, 4, 0.1 + 0.2, 1e-9, "d", "l")

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
def folder(tmp_path: Path) -> Path:
    """A folder with the database of `ARTICLES`; the name needs quoting in a URI."""
    folder = tmp_path / "索引 #1?%20"
    folder.mkdir()
    write_database(folder, MANIFEST, ARTICLES, PASSAGES, VECTORS, COPIES)
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
    assert store.manifest == MANIFEST
    assert store.article_ids() == ["b", "a"]
    assert [store.article(article_id) for article_id in ("b", "a")] == ARTICLES


def test_passages_come_back_in_the_order_asked_for(folder):
    store = Store(folder)
    assert store.passages([3, 0, 2, 1]) == [PASSAGES[n] for n in (3, 0, 2, 1)]
    assert store.passages([]) == []


def test_a_store_gives_back_which_passages_are_copies(folder):
    assert Store(folder).copies() == COPIES


def test_the_database_holds_the_vectors(folder):
    connection = sqlite3.connect(folder / DATABASE)
    rows = connection.execute("SELECT vector FROM passages ORDER BY number").fetchall()
    connection.close()
    read = [np.frombuffer(row[0], dtype=np.float32).tolist() for row in rows]
    assert read == VECTORS.tolist()


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
    with pytest.raises(IndexMismatchError, match=r"has format version 99, this Youju reads 2; run"):
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
    with pytest.raises(StoreError, match=r'is damaged \(.*\); run "youju build" again') as caught:
        Store(folder)
    assert not isinstance(caught.value, IndexMismatchError)


@pytest.mark.parametrize("content", [b"", b"not a database " * 99], ids=["empty", "garbage"])
def test_a_broken_database_is_damage(folder, content):
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        Store(folder)


@pytest.mark.parametrize("table", ["articles", "passages"])
def test_damage_that_shows_only_later_is_reported_then(folder, table):
    change(folder, f"DROP TABLE {table}")
    store = Store(folder)
    with pytest.raises(StoreError, match="is damaged"):
        store.passages([0])


@pytest.fixture
def copied_folder(bundled_index_folder: Path, tmp_path: Path) -> Path:
    """A whole index that a test may damage."""
    return Path(shutil.copytree(bundled_index_folder, tmp_path / "index"))


@pytest.mark.parametrize("name", [DENSE, LEXICAL])
def test_a_missing_part_of_an_index_is_damage(copied_folder, name):
    (copied_folder / name).unlink()
    with pytest.raises(StoreError, match=r'does not fit.*run "youju build" again'):
        PassageIndex.open(copied_folder)


@pytest.mark.parametrize("name", [DENSE, LEXICAL])
def test_a_part_that_is_something_else_is_damage(copied_folder, name):
    (copied_folder / name).write_bytes(b"x" * 999)
    with pytest.raises(StoreError, match="is damaged"):
        PassageIndex.open(copied_folder)


def test_parts_of_another_index_are_never_mixed_in(copied_folder, tmp_path):
    """Same size, other articles: only the hashes tell; answers would cite the wrong ones."""
    swapped = list(reversed(bundled_articles()))
    PassageIndex.build(swapped, tmp_path / "other")
    for name in (DENSE, LEXICAL):
        kept = (copied_folder / name).read_bytes()
        shutil.copy(tmp_path / "other" / name, copied_folder / name)
        with pytest.raises(StoreError, match="was just replaced"):
            PassageIndex.open(copied_folder)
        (copied_folder / name).write_bytes(kept)
    PassageIndex.open(copied_folder).close()


def test_an_interrupt_between_the_two_renames_keeps_the_old_index(tmp_path, old, monkeypatch):
    rename = Path.rename

    def interrupt(self: Path, target: Path) -> Path:
        if ".building-" in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupt)
    with pytest.raises(KeyboardInterrupt), replace_folder(old):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [old.name]


@pytest.mark.parametrize("damage", ["empty", "flipped bit"])
def test_a_damaged_lexical_index_is_damage(copied_folder, damage):
    content = bytearray((copied_folder / LEXICAL).read_bytes())
    content[len(content) // 2] ^= 1
    (copied_folder / LEXICAL).write_bytes(b"" if damage == "empty" else content)
    with pytest.raises(StoreError, match="is damaged"):
        PassageIndex.open(copied_folder)


# Replacing a folder


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in files}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder that passes for an index."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / DATABASE).write_text("old")
    return tmp_path / "index"


def test_a_new_folder_is_made_with_its_parents(tmp_path):
    with replace_folder(tmp_path / "a" / "b" / "index") as scratch:
        (scratch / DATABASE).write_text("new")
    assert contents(tmp_path) == {f"a/b/index/{DATABASE}": "new"}


def test_an_old_index_is_replaced_as_a_whole(tmp_path, old):
    (old / DENSE).write_text("old")
    with replace_folder(old) as scratch:
        assert list(scratch.iterdir()) == []
        (scratch / DATABASE).write_text("new")
        assert (old / DATABASE).read_text() == "old"
    assert contents(tmp_path) == {f"index/{DATABASE}": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_the_old_index_stays_and_no_scratch_folder_when_the_body_fails(tmp_path, old, error):
    def fill(folder: Path) -> None:
        with replace_folder(folder) as scratch:
            (scratch / DATABASE).write_text("new")
            raise error("boom")

    with pytest.raises(error, match="boom"):
        fill(old)
    assert contents(tmp_path) == {f"index/{DATABASE}": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_full_disk_leaves_the_old_index_and_says_what_to_do(tmp_path, old):
    message = "cannot write the index .*: No space left on device; free space$"
    with pytest.raises(StoreError, match=message), replace_folder(old):
        raise OSError(28, "No space left on device")
    assert contents(tmp_path) == {f"index/{DATABASE}": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_the_old_index_comes_back_when_the_new_one_cannot_take_its_place(
    tmp_path, old, monkeypatch
):
    rename = Path.rename

    def refuse_new(self: Path, target: Path) -> Path:
        if ".building-" in self.name:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(StoreError, match="Permission denied"), replace_folder(old) as scratch:
        (scratch / DATABASE).write_text("new")
    assert contents(tmp_path) == {f"index/{DATABASE}": "old"}


def test_an_empty_folder_may_become_an_index(tmp_path):
    (tmp_path / "index").mkdir()
    with replace_folder(tmp_path / "index") as scratch:
        (scratch / DATABASE).write_text("new")
    assert contents(tmp_path) == {f"index/{DATABASE}": "new"}


@pytest.mark.parametrize("path", ["photos", "photos/1.jpg"])
def test_what_is_not_an_index_is_not_replaced(tmp_path, path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_text("photo")
    message = "exists and is not a Youju index, or holds other files too; choose another"
    with pytest.raises(StoreError, match=message), replace_folder(tmp_path / path):
        pytest.fail("the body must not run")
    assert contents(tmp_path) == {"photos/1.jpg": "photo"}


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("file")
    blocked = replace_folder(tmp_path / "file" / "index")
    with pytest.raises(StoreError, match="cannot write the index"), blocked:
        pytest.fail("the body must not run")
    assert contents(tmp_path) == {"file": "file"}


def test_a_neighbour_of_the_index_is_left_alone(tmp_path, old):
    (tmp_path / ".index.old").mkdir()
    (tmp_path / ".index.old" / "mine").write_text("mine")
    with pytest.raises(RuntimeError, match="boom"), replace_folder(old):
        raise RuntimeError("boom")
    assert contents(tmp_path) == {".index.old/mine": "mine", f"index/{DATABASE}": "old"}


def test_the_working_folder_may_become_an_index(tmp_path, monkeypatch):
    (tmp_path / "index").mkdir()
    monkeypatch.chdir(tmp_path / "index")
    with replace_folder(Path()) as scratch:
        (scratch / DATABASE).write_text("new")
    assert contents(tmp_path) == {f"index/{DATABASE}": "new"}


def test_an_id_used_twice_cannot_be_stored(tmp_path):
    twice = [ARTICLES[0], replace(ARTICLES[1], id="b")]
    with pytest.raises(sqlite3.IntegrityError):
        write_database(tmp_path, MANIFEST, twice, PASSAGES, VECTORS, COPIES)
