"""What is damaged is found by a check, and what can be made again is."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from corpus import Article, Section
from index import (
    IndexMismatchError,
    PassageIndex,
    StoreError,
    add_articles,
    build_index,
    check_index,
    remove_articles,
    repair_index,
)
from index.database import DATABASE

ARTICLES = [
    Article(name, f"{name}的标题", (Section(None, (f"{name}今天有{n}列火车。", "天气晴。")),))
    for n, name in enumerate("甲乙丙丁戊", start=1)
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that was added to and taken from."""
    folder = tmp_path_factory.mktemp("whole") / "index"
    build_index(ARTICLES[:3], folder)
    add_articles(folder, ARTICLES[3:])
    remove_articles(folder, ["乙"])
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "index"))


def change(folder: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(sql)


def answers(folder: Path) -> list[str]:
    with contextlib.closing(PassageIndex.open(folder)) as index:
        return [index.search(f"{name}有几列火车", 1)[0].passage.text for name in "甲丙丁戊"]


EXPECTED = ["甲今天有1列火车。", "丙今天有3列火车。", "丁今天有4列火车。", "戊今天有5列火车。"]

DAMAGE = {
    "UPDATE passages SET vector = zeroblob(768) WHERE number = 4": "vector of article '丙'",
    "UPDATE passages SET start = start + 1 WHERE number = 0": "passages of article '甲'",
    "DELETE FROM passages WHERE number = 6": "instead of",
    "UPDATE manifest SET value = '9' WHERE key = 'n_articles'": "4 articles instead of 9",
    "UPDATE segments SET digest = 'x'": "is not the segment that belongs to the database",
    "INSERT INTO copies VALUES (99, 0)": "a row of copies points to nothing",
    "UPDATE manifest SET value = 'many' WHERE key = 'dimension'": "is damaged",
}


def test_a_whole_index_has_no_problems(folder):
    assert check_index(folder) == []


@pytest.mark.parametrize("sql", DAMAGE)
def test_damage_of_the_database_is_found_and_repaired(folder, sql):
    change(folder, sql)
    assert any(DAMAGE[sql] in problem for problem in check_index(folder))
    repair = repair_index(folder)
    assert (repair.n_articles, repair.lost, repair.kept) == (4, (), None)
    assert check_index(folder) == []
    assert answers(folder) == EXPECTED


def test_damage_of_every_file_of_a_segment_is_found_and_repaired(folder):
    [segment] = folder.glob("segment-*")
    for name in sorted(file.name for file in segment.iterdir()):
        [segment] = folder.glob("segment-*")
        content = bytearray((segment / name).read_bytes())
        content[len(content) // 2] ^= 4
        (segment / name).write_bytes(content)
        assert check_index(folder) != [], name
        repair_index(folder)
        assert check_index(folder) == [], name
    assert answers(folder) == EXPECTED


def test_an_article_that_is_lost_is_named_and_the_database_is_kept(folder):
    change(folder, "UPDATE articles SET record = replace(record, '4列', '7列') WHERE id = '丁'")
    assert any("text of article '丁'" in problem for problem in check_index(folder))
    before = (folder / DATABASE).read_bytes()
    repair = repair_index(folder)
    assert (repair.n_articles, repair.lost) == (3, ("article '丁'",))
    assert repair.kept is not None
    assert repair.kept.read_bytes() == before
    assert check_index(folder) == []
    add_articles(folder, [ARTICLES[3]])
    assert sorted(answers(folder)) == sorted(EXPECTED)


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_a_database_that_was_cut_short_is_found_and_saved_as_far_as_it_goes(folder, part):
    content = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(content[: int(len(content) * part)])
    assert check_index(folder) != []
    try:
        repair = repair_index(folder)
    except StoreError as error:
        assert 'run "youju build" again' in str(error)  # noqa: PT017 - either is right
        assert (folder / DATABASE).read_bytes() == content[: int(len(content) * part)]
    else:
        assert check_index(folder) == []
        assert repair.n_articles == 4 or repair.lost


def test_an_index_of_a_newer_format_is_left_alone(folder):
    change(folder, "UPDATE manifest SET value = '99' WHERE key = 'format_version'")
    before = (folder / DATABASE).read_bytes()
    for act in (check_index, repair_index):
        with pytest.raises(IndexMismatchError, match="has format version 99"):
            act(folder)
    assert (folder / DATABASE).read_bytes() == before


def test_no_index_is_an_error(tmp_path):
    for act in (check_index, repair_index):
        with pytest.raises(StoreError, match="no index in"):
            act(tmp_path)
