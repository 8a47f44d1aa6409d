"""Citations of texts that were changed or removed since still lead to what was cited."""

import contextlib

import pytest
from fastapi.testclient import TestClient

from corpus import Article, Section
from index import PassageIndex, add_articles, build_index, compact_index, remove_articles
from qa import Pipeline
from qa.citing import Citation
from qa.feedback import FeedbackStore
from qa.versions import cited_article, find_version, version_of
from qa.web.server import create_app
from qa.web.service import Service


def article(length: int) -> Article:
    return Article("n1", "新桥通车", (Section(None, (f"云溪镇的新桥长{length}米。",)),))


OLD, NEW, OTHER = (
    article(320),
    article(4500),
    Article("n2", "早市", (Section(None, ("早市开张。",)),)),
)
CITED = Citation.of(OLD, 7, 11)


@pytest.fixture
def folder(tmp_path):
    build_index([OLD, OTHER], tmp_path / "index")
    add_articles(tmp_path / "index", [NEW], update=True)
    return tmp_path / "index"


def test_a_citation_finds_the_text_it_was_cut_from(folder):
    assert CITED.quote == "320米"
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert cited_article(index, CITED) == OLD
        assert find_version(index, "n1", None) == (NEW, True)
        assert find_version(index, "n1", version_of(NEW)) == (NEW, True)
        assert find_version(index, "n1", version_of(OLD)) == (OLD, False)
        assert find_version(index, "n1", "unknown") == (NEW, True)
    remove_articles(folder, ["n1"])
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert cited_article(index, CITED) == OLD
        assert find_version(index, "n1", version_of(NEW)) == (NEW, False)
        with pytest.raises(KeyError):
            find_version(index, "n1", None)


def test_a_quote_that_stands_there_by_chance_is_not_what_was_cited(folder):
    changed = Article("n1", "新桥通车", (Section(None, ("云溪镇的新桥长320米，宽15米。",)),))
    add_articles(folder, [changed], update=True)
    with contextlib.closing(PassageIndex.open(folder)) as index:
        assert cited_article(index, CITED) == changed
        assert cited_article(index, CITED, "云溪镇的新桥长320米。") == OLD
        with pytest.raises(KeyError):
            cited_article(index, CITED, "云溪镇的旧桥长320米。")


def test_compacting_forgets_old_texts(folder):
    compact_index(folder)
    with contextlib.closing(PassageIndex.open(folder)) as index, pytest.raises(KeyError):
        cited_article(index, CITED)


def test_page_and_api_show_the_text_that_was_cited(folder, tmp_path):
    with contextlib.closing(PassageIndex.open(folder)) as index:
        service = Service.of(Pipeline(index), FeedbackStore(tmp_path / "feedback.sqlite"))
        client = TestClient(create_app(service))
        link = f"/article/n1?start=7&end=11&version={version_of(OLD)}"
        page = client.get(link).text
        assert '<mark id="quote-1">320米</mark>' in page
        assert "这里是引用时的原文" in page
        assert "这里是引用时的原文" not in client.get("/article/n1?start=7&end=12").text
        found = client.get("/api/articles/n1", params={"start": 7, "quote": "320米"}).json()
        assert found["text"] == OLD.text
        assert client.get("/api/articles/n1").json()["text"] == NEW.text
        missing = client.get("/api/articles/n1", params={"start": 7, "quote": "321米"})
        assert missing.status_code == 404
