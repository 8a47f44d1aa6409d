"""An index in Milvus finds and shows what an index in a folder does."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milvus_stores import article, lite_store

from corpus import Article, bundled_articles, split_article
from corpus.calendar import years
from index import (
    ArticleFilter,
    SearchIndex,
    StoreError,
    archive_at,
    build_index,
    open_index,
)
from index.database import article_from_json
from index.lexical import FIELDS
from index.milvus.client import Milvus
from index.milvus.columns import NEVER, PART_LENGTH
from index.milvus.rows import COUNT_BITS, article_rows, pack_terms, term_key, unpack_terms

BUNDLED_QUESTIONS = [
    "“义新欧”中欧班列累计开行多少列？",
    "谁在李祖村创立了佩弦香堂？",
    "義烏小商品遠銷多少個國家和地區",
    "完全无关：珠穆朗玛峰有多高？",
    "？",
    "",
    "🚄 100% _ \\ \" '",
]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    """The bundled articles in Milvus, and in a folder where copies are not folded either."""
    folder = tmp_path_factory.mktemp("milvus")
    build_index(bundled_articles(), folder / "index", "fast", fold_copies=False)
    with lite_store(folder) as uri:
        archive_at(uri).build(bundled_articles(), "fast")
        with closing(open_index(uri)) as milvus, closing(open_index(folder / "index")) as local:
            yield milvus, local


def assert_same(milvus: SearchIndex, local: SearchIndex, question: str, **options: object) -> None:
    ours, theirs = (index.search(question, **options) for index in (milvus, local))
    assert [s.passage for s in ours] == [s.passage for s in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.said == other.said
        for name in ("dense", "lexical", "fused", "coverage"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-3), name


@pytest.mark.parametrize("question", BUNDLED_QUESTIONS)
def test_a_question_finds_the_same_passages_with_the_same_scores(pair, question):
    assert_same(*pair, question)


@pytest.mark.parametrize(
    "wanted",
    [
        ArticleFilter(since="2026-05-10"),
        ArticleFilter(until="2026-04"),
        ArticleFilter(source="浙江日报"),
        ArticleFilter(title="义乌"),
        ArticleFilter(source="没有这家报纸"),
        ArticleFilter(source='a"b\\'),
    ],
)
def test_a_filter_finds_and_lists_what_it_does_in_a_folder(pair, wanted):
    assert_same(*pair, "义乌有多少家企业？", wanted=wanted)
    milvus, local = pair
    assert milvus.articles(wanted) == local.articles(wanted)


def test_filters_are_part_of_what_milvus_is_asked(pair, monkeypatch):
    asked = []
    search = Milvus.search
    monkeypatch.setattr(Milvus, "search", lambda self, *a: asked.append(a[-1]) or search(self, *a))
    wanted = ArticleFilter(source="浙江日报", since="2026-05", until="2026-05-20")
    pair[0].search("义乌", wanted=wanted)
    by_filter = [where for where in asked if 'source == "浙江日报"' in where]
    assert len(by_filter) == 3
    assert all("last_day >= 20260501" in where for where in by_filter)
    assert all("first_day <= 20260520" in where for where in by_filter)


@pytest.mark.parametrize("phrase", ["中欧班列", "中歐班列", "１．２万", "没有这句话", "100%", "_"])
def test_phrases_are_looked_for_as_in_a_folder(pair, phrase):
    assert_same(*pair, phrase, phrases=[phrase], k=20)


def test_times_that_are_asked_for_move_passages_as_in_a_folder(pair):
    assert_same(*pair, "中欧班列开行了多少列？", asked=[years(2025, 2025)])


def test_the_archive_is_described_as_in_a_folder(pair):
    milvus, local = pair
    assert milvus.article_ids() == local.article_ids()
    assert milvus.overview() == local.overview()
    assert milvus.first_and_last_date() == local.first_and_last_date()
    assert milvus.articles(first=3, n=2) == local.articles(first=3, n=2)
    assert milvus.noise.mean == pytest.approx(local.noise.mean, abs=1e-5)


def test_it_may_tell_of_the_years_that_a_folder_may_tell_of(pair):
    milvus, local = pair
    told = {
        year: local.may_tell_of(years(year, year))
        for year in (1921, 1949, 2013, 2019, 2025, 2026, 2031)
    }
    assert {year: milvus.may_tell_of(years(year, year)) for year in told} == told
    assert len(set(told.values())) == 2


def test_every_passage_is_the_slice_of_its_article_that_it_says(pair):
    milvus, _ = pair
    expected = [passage for one in bundled_articles() for passage in split_article(one)]
    assert milvus.passages(range(len(expected))) == expected
    for passage in expected:
        text = milvus.article(passage.article_id).text
        assert text[passage.start : passage.end] == passage.text


def test_passages_come_in_the_order_of_their_numbers_and_unknown_ones_are_an_error(pair):
    first, last = pair[0].passages([0]), pair[0].passages([267])
    assert pair[0].passages([267, 0]) == last + first
    with pytest.raises(KeyError):
        pair[0].passages([268])
    with pytest.raises(KeyError):
        pair[0].article("999")


def test_fewer_than_one_passage_cannot_be_asked_for(pair):
    with pytest.raises(ValueError, match=r"at least 1"):
        pair[0].search("义乌", k=0)


def test_more_passages_than_there_are_give_all_that_are_proposed(pair):
    found = pair[0].search("义乌", k=500)
    assert len(found) == 268


def test_typing_errors_are_left_as_they_are(pair):
    milvus, local = pair
    assert local.correct("尼熊村的海拔是多少？") == "尼雄村的海拔是多少？"
    assert milvus.correct("尼熊村的海拔是多少？") is None


ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
)


@settings(max_examples=25)
@given(st.lists(ANY_TEXT.filter(str.strip), min_size=1, max_size=3), ANY_TEXT, st.integers(1, 4))
def test_an_article_comes_back_from_its_rows_as_it_was(paragraphs, name, length):
    long = [paragraph * (PART_LENGTH * length // len(paragraph) // 3) for paragraph in paragraphs]
    one = article(f"x{name}", *(p or "短" for p in long), source=name)
    rows = list(article_rows(one, 7, 3, 2))
    assert article_from_json("".join(row["record"] for row in rows)) == one
    assert all(len(row["record"].encode()) <= 65_535 for row in rows)
    assert len({row["key"] for row in rows}) == len(rows)
    assert {(row["added"], row["removed"]) for row in rows} == {(2, NEVER)}


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_terms_come_back_from_one_number_with_their_counts(words, characters):
    fields = dict(zip(FIELDS, (words, characters), strict=True))
    keys, counts = unpack_terms(pack_terms(fields))
    expected = {
        term_key(name, term): terms.count(term) for name, terms in fields.items() for term in terms
    }
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == expected
    assert np.all(np.diff(keys) > 0)
    assert all(0 <= key < 2 ** (63 - COUNT_BITS) for key in expected)


def odd_articles() -> list[Article]:
    return [
        article('i"d\\', "引号“和”反斜杠\\。", source='报"社\\'),
        article("长", *("很长的一段话，说的是中欧班列。" * 40 for _ in range(30))),
        article("表情", "🚄开行了１２列，𠮷祥。", date="2026-04/2026-05"),
    ]


def test_odd_names_long_articles_and_rare_characters_come_back_whole(tmp_path):
    with lite_store(tmp_path) as uri:
        archive_at(uri).build(odd_articles(), "fast", names=["中欧班列车"])
        with closing(open_index(uri)) as index:
            for one in odd_articles():
                assert index.article(one.id) == one
                assert index.versions(one.id) == [one]
            found = index.search("引号", wanted=ArticleFilter(source='报"社\\'))
            assert [s.passage.article_id for s in found] == ['i"d\\']
            assert index.manifest.names == "中欧班列车"
            assert index.may_tell_of((date(2026, 4, 30), date(2026, 4, 30)))


@pytest.mark.parametrize("collection", ["articles", "passages"])
def test_a_record_that_is_not_what_was_written_is_not_quoted(tmp_path, collection):
    with lite_store(tmp_path) as uri:
        archive_at(uri).build([article("a", "义乌中欧班列累计开行1.5万列。")], "fast")
        with closing(open_index(uri)) as index:
            name = getattr(index._store.state, collection)
            fields = ["*"]
            [row] = index._store.client.query(name, "added > 0", fields)
            for scores in ("words_scores", "characters_scores"):
                row.pop(scores, None)
            changed = row["record"].replace("1.5", "1.6").replace("[null, 1, ", "[null, 1, 1")
            assert changed != row["record"]
            index._store.client.upsert(name, [{**row, "record": changed}])
            with pytest.raises(StoreError, match=r"is damaged .* not what was written"):
                index.search("中欧班列")
