"""Times in the index: what is kept of them, and how they rank and filter passages."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from corpus import Article, Section
from corpus.calendar import days_of
from index import ArticleFilter, PassageIndex, build_index
from index.catalogue import BATCH, passage_dates
from index.times import OTHER_TIME, SCHEMA, UNSURE_TIME, SaidTime, find_said, read_said, time_loss

ROAD = "云溪镇修通了环湖路，全长{}公里。"
ARTICLES = [
    Article("old", "环湖路通车", (Section(None, (f"2019年，{ROAD.format(8)}",)),), source="甲报"),
    Article(
        "new", "环湖路通车", (Section(None, (f"去年，{ROAD.format(31)}",)),), source="乙报",
        date="2026-05-16",
    ),
    Article("none", "环湖路通车", (Section(None, (ROAD.format(12),)),), date="2024"),
]  # fmt: skip
QUESTION = "云溪镇的环湖路有多长？"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("times") / "index"
    build_index(ARTICLES, folder)
    index = PassageIndex.open(folder)
    yield index
    index.close()


def ids(found):
    return [scored.passage.article_id for scored in found]


def said(*values):
    return [SaidTime(0, 9, *days_of(value)) for value in values]


def test_times_are_kept_with_their_sentence_and_count_from_the_articles_date(index):
    found = {scored.passage.article_id: scored.said for scored in index.search(QUESTION)}
    text = ARTICLES[1].text
    assert found["new"] == (SaidTime(0, len(text), *days_of("2025")),)
    assert found["old"][0].days == days_of("2019")
    assert found["none"] == ()


def test_every_time_goes_to_the_passage_that_holds_its_sentence():
    sentences = [
        f"{year}年，镇上的粮站收了三百吨稻谷，仓库{'又' * 60}满了。" for year in range(2010, 2020)
    ]
    article = Article("a", "粮站", (Section("仓", ("短段。", "".join(sentences))),))
    from corpus import split_article

    passages = split_article(article)
    assert len(passages) > 2
    for number, time in find_said([article], passages):
        passage = passages[number]
        assert passage.start <= time.start < time.end <= passage.end
        assert article.text[time.start : time.end] in sentences
    assert len(list(find_said([article], passages))) == len(sentences)


@pytest.mark.parametrize(
    ("asked", "first"), [(["2019"], "old"), (["2025"], "new"), (["2024"], "none")]
)
def test_a_passage_of_the_time_asked_for_comes_first(index, asked, first):
    found = index.search(QUESTION, asked=[days_of(value) for value in asked])
    assert ids(found)[0] == first
    assert all(0 <= scored.fused <= 1 for scored in found)


@pytest.mark.parametrize(
    ("times", "printed", "loss"),
    [
        (["2019"], None, 0.0),
        (["2019-03"], None, 0.0),
        (["2025", "2019"], "2026", 0.0),
        ([], "2019-07-01", 0.0),
        ([], None, UNSURE_TIME),
        ([], "2026", UNSURE_TIME),
        (["2006/2026"], "2026", UNSURE_TIME),  # 20年来 tells of no year in it
        (["2025"], "2026", OTHER_TIME),
    ],
)
def test_a_passage_loses_by_how_its_times_fit(times, printed, loss):
    assert time_loss(said(*times), printed, [days_of("2019")]) == loss


def test_another_month_of_the_year_asked_for_is_not_another_time():
    assert time_loss(said("2019-03"), None, [days_of("2019-09")]) == UNSURE_TIME


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"source": "甲报"}, ["old"]),
        ({"since": "2026"}, ["new"]),
        ({"until": "2025"}, ["none"]),
        ({"source": "丙报"}, []),
    ],
)
def test_only_passages_of_the_articles_that_are_wanted_come_back(index, wanted, expected):
    assert ids(index.search(QUESTION, wanted=ArticleFilter(**wanted))) == expected


def test_a_filter_is_applied_before_the_best_are_taken(tmp_path):
    articles = [
        Article(str(n), "渡口", (Section(None, ("渡口每天开船六班。",)),), source="近")
        for n in range(250)
    ]
    far = Article("far", "茶园", (Section(None, ("茶园里来了采茶人。",)),), source="远")
    build_index([*articles, far], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    wanted = ArticleFilter(source="远")
    assert ids(index.search("渡口每天开船几班？", 1, wanted=wanted)) == ["far"]
    index.close()


@pytest.mark.parametrize(
    ("days", "expected"),
    [("2019", True), ("2025-03", True), ("2026-05", True), ("2024", True), ("2016", False)],
)
def test_an_archive_tells_of_the_days_of_its_articles_and_sentences(tmp_path, days, expected):
    dated = [*ARTICLES[1:], Article("x", "老路", ARTICLES[0].sections, date="2026")]
    build_index(dated, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    assert index.may_tell_of(days_of(days)) is expected
    index.close()


@pytest.mark.parametrize(("n_undated", "expected"), [(0, False), (2, False), (3, True)])
def test_articles_without_a_date_tell_of_any_time_only_if_they_are_most(
    tmp_path, n_undated, expected
):
    articles = [*ARTICLES[1:], Article("x", "老路", ARTICLES[0].sections, date="2026")]
    dated = [article for article in articles if article.date][:2]
    undated = [
        Article(f"u{n}", "茶园", (Section(None, (f"{n}号茶园采茶，1951年建。",)),))
        for n in range(n_undated)
    ]
    build_index([*dated, *undated], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    assert len(dated) == 2
    assert index.may_tell_of(days_of("1900")) is expected
    assert index.may_tell_of(days_of("1951")) is (n_undated > 0)
    index.close()


def test_times_and_dates_are_read_of_more_passages_than_sqlite_takes_variables():
    n = 2 * BATCH + 1
    days = ("2019-01-01", "2019-12-31")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, BATCH)
        connection.executescript(f"CREATE TABLE passages (number, article);{SCHEMA}")
        connection.execute("CREATE TABLE articles (number, date)")
        connection.execute("INSERT INTO articles VALUES (1, '2026-05')")
        connection.executemany("INSERT INTO passages VALUES (?, 1)", [(k,) for k in range(n)])
        rows = [(k, start, start + 1, *days) for start in (5, 2) for k in (n - 1, 0)]
        connection.executemany("INSERT INTO times VALUES (?, ?, ?, ?, ?)", rows)

        def query(sql, parameters):
            return connection.execute(sql, parameters).fetchall()

        found = read_said(query, range(n))
        dates = passage_dates(query, range(n))
    starts = {number: [time.start for time in times] for number, times in found.items() if times}
    assert starts == {0: [5, 2], n - 1: [5, 2]}
    assert len(found) == n
    assert dates == dict.fromkeys(range(n), "2026-05")


def test_the_dates_of_an_archive_are_the_first_and_the_last(index):
    assert index.first_and_last_date() == ("2024", "2026-05-16")


def test_a_wide_time_is_longer_than_a_five_year_plan():
    assert not SaidTime(0, 1, date(2021, 1, 1), date(2025, 12, 31)).is_wide
    assert SaidTime(0, 1, date(2006, 5, 16), date(2026, 5, 16)).is_wide
