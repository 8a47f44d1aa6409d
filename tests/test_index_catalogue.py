import sqlite3

import pytest

from corpus import Article, Section
from index import ArticleFilter, PassageIndex, build_index, catalogue
from index.catalogue import MAX_LISTED
from index.store import Store

TEXT = ("一座新桥昨天通车，全长三百二十米。",)
DATED = {
    "day": ("大桥通车", "甲报", "2026-04-20"),
    "month": ("小桥开工", "乙报", "2026-04"),
    "interval": ("Bridge 调查", "甲报", "2026-04/2026-05"),
    "year": ("老桥", None, "2019"),
    "undated": ("无题", None, None),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogue") / "index"
    articles = [
        Article(id=id, title=title, source=source, date=date, sections=(Section(None, TEXT),))
        for id, (title, source, date) in DATED.items()
    ]
    build_index(articles, folder)
    index = PassageIndex.open(folder)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, list(DATED)),
        ({"title": "桥"}, ["day", "month", "year"]),
        ({"title": "bRIDGE"}, ["interval"]),
        ({"title": "%"}, []),
        ({"source": "甲报"}, ["day", "interval"]),
        ({"source": "甲"}, []),
        ({"since": "2026-04-21"}, ["month", "interval"]),
        ({"since": "2026-05"}, ["interval"]),
        ({"since": "2026"}, ["day", "month", "interval"]),
        ({"until": "2026-04-01"}, ["month", "interval", "year"]),
        ({"until": "2026-04"}, ["day", "month", "interval", "year"]),
        ({"until": "2019-03-01"}, ["year"]),
        ({"since": "2020", "until": "2026-04-19", "source": "乙报"}, ["month"]),
    ],
)
def test_articles_are_found_by_title_source_and_date(index, wanted, ids):
    found = index.articles(ArticleFilter(**wanted))
    assert [head.id for head in found.articles] == ids
    assert found.n_found == len(ids)


def test_a_list_comes_in_pages(index):
    page = index.articles(first=1, n=2)
    assert [head.id for head in page.articles] == ["month", "interval"]
    assert page.n_found == len(DATED)
    assert index.articles(first=9).articles == ()
    assert len(index.articles(n=10 * MAX_LISTED).articles) == len(DATED)


def test_more_passages_are_read_than_one_query_may_name(index, monkeypatch):
    monkeypatch.setattr(catalogue, "BATCH", 2)
    store = Store(index.folder)
    store._connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 2)
    wanted = [4, 0, 3, 0, 2, 1]
    assert [passage.article_id for passage in store.passages(wanted)] == [
        list(DATED)[number] for number in wanted
    ]
    with pytest.raises(KeyError, match="99"):
        store.passages([0, 1, 2, 99])
    store.close()


def test_the_archive_in_numbers(index):
    overview = index.overview()
    assert (overview.n_articles, overview.n_passages, overview.n_undated) == (5, 5, 1)
    assert overview.n_characters == 5 * len(TEXT[0])
    assert dict(overview.sources) == {"甲报": 2, "乙报": 1, None: 2}
    assert (overview.first_date, overview.last_date) == ("2019", "2026-05")
