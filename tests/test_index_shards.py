"""Shards: the parts make the whole, and what does not belong together is named with the remedy."""

import contextlib
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from corpus import Article, Section
from index import (
    PassageIndex,
    ShardError,
    StoreError,
    build_index,
    check_index,
    embed_shard,
    load_encoder,
    load_shards,
)
from index.shards import part_of, read_header, read_rows
from index.store import Store

ARTICLES = [
    Article(
        f"b{n}", f"第{n}篇的标题",
        (Section(None, (f"云溪镇的第{n}座桥长{n}20米。", f"造价{n}500万元，工期{n}个月。")),),
    )
    for n in (3, 1, 2, 9, 8, 7, 4, 5, 6)
]  # fmt: skip
N_PARTS = 4
PARTS = [4, 2, 4, 3, 1, 2, 1, 2, 2]
"""Of the articles, in order: blake2b of the id, eight bytes, the least significant first."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all four shards; never changed."""
    folder = tmp_path_factory.mktemp("shards")
    embed_all(folder)
    return folder


@pytest.fixture
def shards(made: Path, tmp_path: Path) -> list[Path]:
    """Copies of the four shards, to be spoiled."""
    folder = shutil.copytree(made, tmp_path / "shards")
    return [folder / f"shard-{part}-of-{N_PARTS}.sqlite" for part in range(1, N_PARTS + 1)]


def embed_all(folder: Path, articles=ARTICLES, encoder="fast", n_parts=N_PARTS) -> list[Path]:
    parts = range(1, n_parts + 1)
    return [embed_shard(articles, part, n_parts, folder, encoder)[0] for part in parts]


def change(file: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(sql)
        connection.commit()


def test_an_article_belongs_to_one_part_that_its_id_alone_decides():
    assert [part_of(article.id, N_PARTS) for article in ARTICLES] == PARTS
    assert {part_of(f"{n}", 7) for n in range(200)} == set(range(1, 8))


def test_loaded_shards_are_the_index_that_build_makes(shards, tmp_path):
    manifest = load_shards(shards[::-1], tmp_path / "loaded")
    built = build_index(ARTICLES, tmp_path / "built", "fast")
    assert manifest == built
    assert check_index(tmp_path / "loaded") == []
    with (
        contextlib.closing(Store(tmp_path / "loaded")) as loaded,
        contextlib.closing(Store(tmp_path / "built")) as whole,
    ):
        for table in ("articles", "passages", "times", "copies"):
            sql = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert loaded.query(sql) == whole.query(sql)


def test_loading_encodes_no_passage(shards, tmp_path, monkeypatch):
    def fail(*_):
        raise AssertionError("a passage was encoded")

    monkeypatch.setattr(type(load_encoder("fast")), "encode_passages", fail)
    assert load_shards(shards, tmp_path / "index").n_passages == 18


def test_loading_replaces_an_index_and_counts_its_generation_on(shards, tmp_path):
    build_index(ARTICLES[:2], tmp_path / "index")
    assert load_shards(shards, tmp_path / "index").generation == 2
    with contextlib.closing(PassageIndex.open(tmp_path / "index")) as index:
        assert index.article_ids() == [article.id for article in ARTICLES]
        assert index.manifest.encoder == "fast"


def test_a_part_without_articles_is_a_shard_too(tmp_path):
    files = embed_all(tmp_path, ARTICLES[:1], n_parts=3)
    assert sorted(read_header(file).n_articles for file in files) == [0, 0, 1]
    assert load_shards(files, tmp_path / "index").n_articles == 1


def test_a_missing_part_is_named(shards, tmp_path):
    message = r'1 of 4 parts missing: 3; make each with "youju embed PATH... --shard 3/4'
    with pytest.raises(ShardError, match=message):
        load_shards([*shards[:2], shards[3]], tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_part_given_twice_is_named(shards, tmp_path):
    copy = shutil.copyfile(shards[1], tmp_path / "again.sqlite")
    with pytest.raises(ShardError, match=r"again.sqlite are both part 2 of 4; give each part once"):
        load_shards([*shards, copy], tmp_path / "index")


def test_parts_of_another_division_are_named(shards, tmp_path):
    other, *_ = embed_all(tmp_path / "other", n_parts=5)
    message = "shard-1-of-5.sqlite is one of 5 parts, .*shard-1-of-4.sqlite one of 4; give the"
    with pytest.raises(ShardError, match=message):
        load_shards([*shards, other], tmp_path / "index")


def test_a_shard_of_another_encoder_is_named(shards, tmp_path):
    shards[2], _ = embed_shard(ARTICLES, 3, N_PARTS, tmp_path / "other", "bundled")
    message = r"made with encoder 'bundled' \(384-d, .*'fast' \(256-d, .*again with.*--encoder"
    with pytest.raises(ShardError, match=message):
        load_shards(shards, tmp_path / "index")


def test_an_encoder_that_is_not_that_of_the_shards_is_named(shards, tmp_path):
    message = r"made with encoder 'fast' .* but 'bundled' .* is in use; give theirs with --encoder"
    with pytest.raises(ShardError, match=message):
        load_shards(shards, tmp_path / "index", "bundled")


def test_a_shard_of_other_documents_is_named(shards, tmp_path):
    changed = [*ARTICLES[:-1], replace(ARTICLES[-1], title="另一个标题")]
    shards[0], _ = embed_shard(changed, 1, N_PARTS, tmp_path / "other", "fast")
    message = r'made from other documents \(9 articles\) than .* \(9\); give every "youju embed"'
    with pytest.raises(ShardError, match=message):
        load_shards(shards, tmp_path / "index")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET record = replace(record, '座桥', '座塔')",
        "UPDATE articles SET record = 'x'",
        "UPDATE articles SET position = position + 1000",
        "UPDATE articles SET vectors = zeroblob(length(vectors))",
        "UPDATE articles SET vectors = zeroblob(7)",
        "DELETE FROM articles",
        "DROP TABLE articles",
        "UPDATE header SET value = value + 1 WHERE key = 'n_articles'",
    ],
)
def test_a_damaged_shard_is_named_and_made_again_by_the_command_that_is_named(
    shards, tmp_path, damage
):
    part = PARTS[0]
    change(shards[part - 1], damage)
    message = rf'damaged.*run "youju embed PATH... --shard {part}/4 --output .*shards" again'
    with pytest.raises(ShardError, match=message):
        load_shards(shards, tmp_path / "index")
    embed_shard(ARTICLES, part, N_PARTS, shards[0].parent, "fast")
    assert load_shards(shards, tmp_path / "index").n_articles == 9


def test_a_flipped_bit_anywhere_in_a_row_and_a_cut_file_are_found(shards, tmp_path):
    whole = shards[PARTS[0] - 1].read_bytes()
    place = whole.index("座桥".encode())
    for spoiled in (
        whole[: len(whole) // 2],
        b"",
        b"no database",
        whole[:place] + b"\0" + whole[place + 1 :],
    ):
        shards[PARTS[0] - 1].write_bytes(spoiled)
        with pytest.raises(ShardError, match="damaged"):
            load_shards(shards, tmp_path / "index")


def test_a_shard_of_a_newer_format_is_named(shards, tmp_path):
    change(shards[0], "UPDATE header SET value = 2 WHERE key = 'format_version'")
    with pytest.raises(ShardError, match="shard format 2, this Youju reads 1; make it again"):
        load_shards(shards, tmp_path / "index")


def test_a_shard_that_is_there_is_not_made_again_unless_it_is_of_something_else(
    shards, monkeypatch
):
    before = shards[0].stat().st_mtime_ns
    embed_shard(ARTICLES, 1, N_PARTS, shards[0].parent, "fast")
    assert shards[0].stat().st_mtime_ns == before
    _, header = embed_shard(ARTICLES[:-1], 1, N_PARTS, shards[0].parent, "fast")
    assert read_header(shards[0]) == header
    assert header.n_documents == 8


def test_one_that_is_cut_short_is_no_shard_and_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """Chunks of two passages; the second fails the first time."""
    monkeypatch.setattr("index.known_vectors.CHUNK", 2)
    encoded: list[str] = []
    model = load_encoder("fast")
    encode = type(model).encode_passages

    def fail_late(self, texts, progress=None):
        if len(encoded) >= 2 and fail_late.fails:
            raise KeyboardInterrupt
        encoded.extend(texts)
        return encode(self, texts, progress)

    fail_late.fails = True
    monkeypatch.setattr(type(model), "encode_passages", fail_late)
    with pytest.raises(KeyboardInterrupt):
        embed_shard(ARTICLES, 1, 1, tmp_path, "fast")
    assert list(tmp_path.glob("*.sqlite")) == []
    fail_late.fails = False
    file, header = embed_shard(ARTICLES, 1, 1, tmp_path, "fast")
    assert len(encoded) == len(set(encoded)) == header.n_passages == 18
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    expected = encode(model, [p.text for row in read_rows(file, header) for p in row.passages])
    rows = np.concatenate([row.vectors for row in read_rows(file, header)])
    assert np.array_equal(rows, expected.astype(np.float16))


def test_a_shard_has_no_name_before_it_is_on_the_disk(tmp_path, monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("index.shards.sync", stop)
        with pytest.raises(KeyboardInterrupt):
            embed_shard(ARTICLES, 1, 1, tmp_path, "fast")
    assert list(tmp_path.glob("*.sqlite")) == []
    file, _ = embed_shard(ARTICLES, 1, 1, tmp_path, "fast")
    assert load_shards([file], tmp_path / "index").n_articles == 9


def test_two_cannot_make_one_shard_at_once(tmp_path):
    place = tmp_path / "shard-1-of-2.unfinished"
    place.mkdir()
    message = "another process is writing to the shard .*try again when it has finished"
    with FileLock(place / ".lock"), pytest.raises(StoreError, match=message):
        embed_shard(ARTICLES, 1, 2, tmp_path, "fast")


@pytest.mark.parametrize(("part", "n_parts"), [(0, 4), (5, 4), (1, 0)])
def test_a_part_that_is_none_is_an_error(tmp_path, part, n_parts):
    with pytest.raises(ValueError, match=f"part {part} of {n_parts}; it must be from 1 to"):
        embed_shard(ARTICLES, part, n_parts, tmp_path)
    assert list(tmp_path.iterdir()) == []
