"""Changing an index: what is added ranks as in an index built of all, and nothing is lost."""

import contextlib
import threading
from pathlib import Path

import pytest
from comparing import comparing
from filelock import FileLock

from corpus import Article, Section
from index import (
    PassageIndex,
    StoreError,
    add_articles,
    build_index,
    compact_index,
    load_encoder,
    remove_articles,
)
from index import changes as changes_module
from index.store import Store

COPY = (
    "市委组织部昨日召开会议，部署2026年人才工作，提出今年引进各类人才1.5万名。"
    "会议由部长李建国主持，各区县负责人参加。会上还表彰了12家先进单位和30名先进个人。"
)


def article(article_id: str, *paragraphs: str) -> Article:
    return Article(article_id, f"{article_id}的标题", (Section(None, paragraphs),), date="2026-05")


FIRST = [
    article("a", "义乌中欧班列累计开行1.5万列。", COPY),
    article("b", "全市春耕备耕进展顺利，已播种早稻48万亩。", "农机合作社投入拖拉机1200台。"),
]
MORE = [
    article("c", "本报讯 " + COPY, "今年首班冷链专列抵达马德里。"),
    article("d", "图书馆延长开放时间到晚上十点。"),
]
QUESTIONS = [
    "中欧班列开行了多少列？", "引进多少人才", "拖拉机有多少台", "图书馆几点关门？",
    "冷链专列到了哪里", "谁主持了会议", "2026年", "春耕", "没有关系的问题：恐龙为什么灭绝？", "",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_index(FIRST, tmp_path / "index")
    return tmp_path / "index"


def found(folder: Path, questions: list[str] = QUESTIONS) -> list[list[tuple[object, ...]]]:
    """What every question finds: passages, scores, and how many others print the same."""
    with contextlib.closing(PassageIndex.open(folder)) as index:
        return [
            [
                (
                    r.passage, len(r.copies), round(r.coverage, 5),
                    *(pytest.approx(score, abs=2e-3) for score in (r.dense, r.lexical, r.fused)),
                )
                for r in index.search(question, 50)
            ]
            for question in questions
        ]  # fmt: skip


def same(one: list[list[tuple[object, ...]]], other: list[list[tuple[object, ...]]]) -> bool:
    return all(
        [(a[0], a[1], a[2]) for a in x] == [(b[0], b[1], b[2]) for b in y]
        for x, y in zip(one, other, strict=True)
    )


def rebuilt(folder: Path, articles: list[Article]) -> list[list[tuple[object, ...]]]:
    build_index(articles, folder.with_name("rebuilt"))
    return found(folder.with_name("rebuilt"))


def test_what_is_added_ranks_as_in_an_index_built_of_all(folder):
    change = add_articles(folder, MORE)
    assert (change.added, change.updated, change.unchanged) == (("c", "d"), (), ())
    assert (change.n_passages, change.n_copies) == (3, 1)
    assert change.manifest.generation == 2
    assert same(found(folder), rebuilt(folder, [*FIRST, *MORE]))


def test_articles_are_not_looked_for_one_by_one_among_all(tmp_path):
    Id = comparing(str)
    articles = [article(Id(n), f"第{n}号仓库存粮{n}吨。") for n in range(60)]
    build_index(articles, tmp_path / "index", "fast")
    new = article(Id("new"), "粮站收了新稻。")
    Id.n_compared = 0
    change = add_articles(tmp_path / "index", [*articles, new])
    assert (len(change.unchanged), change.added, change.updated) == (60, ("new",), ())
    assert Id.n_compared < 20 * len(articles)


def test_adding_one_by_one_is_adding_all(folder):
    for one in MORE:
        add_articles(folder, [one])
    assert same(found(folder), rebuilt(folder, [*FIRST, *MORE]))


def test_what_is_removed_is_found_no_more_and_the_rest_ranks_as_if_it_had_never_been(folder):
    add_articles(folder, MORE)
    change = remove_articles(folder, ["a"])
    assert change.removed == ("a",)
    assert (change.manifest.n_articles, change.manifest.n_passages) == (3, 5)
    assert same(found(folder), rebuilt(folder, [FIRST[1], *MORE]))
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert index.article_ids() == ["b", "c", "d"]
        assert index.overview().n_passages == 5
        with pytest.raises(KeyError):
            index.article("a")


def test_an_updated_article_takes_the_place_of_the_old_one_whose_text_is_kept(folder):
    new = article("a", "义乌中欧班列累计开行1.6万列。", COPY)
    change = add_articles(folder, [new, FIRST[1], MORE[1]], update=True)
    assert (change.added, change.updated, change.unchanged) == (("d",), ("a",), ("b",))
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert index.article_ids() == ["a", "b", "d"]
        assert index.article("a") == new
        assert index.versions("a") == [new, FIRST[0]]
        assert "1.6万" in index.search("中欧班列开行了多少列？", 1)[0].passage.text
        assert not any("1.5万列" in r.passage.text for r in index.search("1.5万列", 50))


def test_another_text_under_the_same_id_is_refused_without_update(folder):
    before = found(folder)
    with pytest.raises(StoreError, match=r"'a' is in the index already, with another text.*update"):
        add_articles(folder, [MORE[1], article("a", "别的。")])
    assert same(found(folder), before)


def test_adding_what_is_there_changes_nothing(folder):
    change = add_articles(folder, FIRST)
    assert change.unchanged == ("a", "b")
    assert change.manifest.generation == 1


def test_an_id_that_is_not_there_removes_nothing(folder):
    with pytest.raises(StoreError, match=r"no article 'x' in the index.*nothing was removed"):
        remove_articles(folder, ["a", "x"])
    with pytest.raises(StoreError, match="holds one article at least; delete the folder"):
        remove_articles(folder, ["a", "b"])
    assert Store(folder).article_ids() == ["a", "b"]


def test_compacting_changes_no_result_and_forgets_what_was_removed(folder):
    add_articles(folder, [*MORE, article("a", "义乌中欧班列累计开行1.6万列。")], update=True)
    remove_articles(folder, ["b"])
    before = found(folder)
    manifest = compact_index(folder)
    assert same(found(folder), before)
    assert (manifest.generation, manifest.n_articles) == (4, 3)
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert index.article_ids() == ["a", "c", "d"]
        assert len(index.versions("a")) == 1
        assert index.versions("b") == []
    assert len(list(folder.glob("segment-*"))) == 1


def test_many_new_passages_become_a_segment_and_rank_the_same(folder, monkeypatch):
    monkeypatch.setattr(changes_module, "MAX_TAIL", 2)
    add_articles(folder, MORE)
    assert len(list(folder.glob("segment-*"))) == 2
    add_articles(folder, [article("e", "公交车票价为两元。")])
    assert len(list(folder.glob("segment-*"))) == 2
    assert Store(folder).n_segmented == 7
    expected = rebuilt(folder, [*FIRST, *MORE, article("e", "公交车票价为两元。")])
    assert same(found(folder), expected)


def test_a_copy_of_what_was_removed_stands_for_itself_and_finds_later_copies(folder):
    add_articles(folder, [MORE[0]])
    remove_articles(folder, ["a"])
    change = add_articles(folder, [article("e", COPY)])
    assert change.n_copies == 1
    assert Store(folder).copies() == {6: 4}
    assert same(found(folder), rebuilt(folder, [FIRST[1], MORE[0], article("e", COPY)]))


def test_a_reader_goes_on_seeing_the_index_as_it_was_opened(folder):
    with contextlib.closing(PassageIndex.open(folder)) as index:
        before = [index.search(question, 50) for question in QUESTIONS]
        for change in (
            lambda: add_articles(folder, MORE),
            lambda: remove_articles(folder, ["a"]),
            lambda: add_articles(folder, [article("b", "别的。")], update=True),
            lambda: compact_index(folder),
            lambda: build_index(MORE, folder),
        ):
            change()
            assert [index.search(question, 50) for question in QUESTIONS] == before
            assert index.article_ids() == ["a", "b"]
            assert index.overview().n_articles == 2
            assert index.article("b") == FIRST[1]
    assert Store(folder).article_ids() == ["c", "d"]


def test_a_second_writer_waits_for_the_first(folder):
    with FileLock(folder / ".lock"):
        second = threading.Thread(target=add_articles, args=(folder, MORE))
        second.start()
        second.join(0.5)
        assert second.is_alive()
        assert Store(folder).article_ids() == ["a", "b"]
    second.join()
    assert Store(folder).article_ids() == ["a", "b", "c", "d"]


def test_a_second_writer_that_waits_too_long_is_told(folder, monkeypatch):
    monkeypatch.setattr("index.folder.WAIT_SECONDS", 0.1)
    message = "another process is writing to the index .*; try again when it has finished"
    with FileLock(folder / ".lock"), pytest.raises(StoreError, match=message):
        add_articles(folder, MORE)


def test_an_index_is_not_made_by_adding_to_it(tmp_path):
    with pytest.raises(StoreError, match=r'no index in .*; make one with "youju build'):
        add_articles(tmp_path / "index", MORE)
    assert list(tmp_path.iterdir()) == []


def test_a_rebuild_encodes_only_new_texts(folder, monkeypatch):
    encoded: list[str] = []
    model = load_encoder()
    encode = type(model).encode_passages

    def note(self, texts, progress=None):
        encoded.extend(texts)
        return encode(self, texts, progress)

    monkeypatch.setattr(type(model), "encode_passages", note)
    build_index([*FIRST, MORE[1]], folder)
    assert encoded == ["图书馆延长开放时间到晚上十点。"]


def test_a_build_that_was_cut_short_goes_on_where_it_stopped(tmp_path, monkeypatch):
    """Three chunks of two; the third fails the first time."""
    monkeypatch.setattr("index.known_vectors.CHUNK", 2)
    encoded: list[str] = []
    model = load_encoder()
    encode = type(model).encode_passages

    def fail_late(self, texts, progress=None):
        if len(encoded) >= 4 and fail_late.fails:
            raise KeyboardInterrupt
        encoded.extend(texts)
        return encode(self, texts, progress)

    fail_late.fails = True
    monkeypatch.setattr(type(model), "encode_passages", fail_late)
    articles = [*FIRST, *MORE][:4]
    with pytest.raises(KeyboardInterrupt):
        build_index(articles, tmp_path / "index")
    assert {path.name for path in (tmp_path / "index").iterdir()} <= {"encoded.sqlite", ".lock"}
    fail_late.fails = False
    build_index(articles, tmp_path / "index")
    assert len(encoded) == len(set(encoded)) == 7
    assert not (tmp_path / "index" / "encoded.sqlite").exists()
