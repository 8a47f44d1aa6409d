"""Searching some articles only, and saying what day it is, on the command line and over HTTP."""

import json

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpus import Article, Section
from index import PassageIndex, build_index
from qa import Pipeline
from qa.cli import main
from qa.feedback import FeedbackStore
from qa.web.api import api_router
from qa.web.service import Service

TEXT = "{}，柳河大坝蓄水{}亿立方米。"
ARTICLES = [
    Article("early", "大坝", (Section(None, (TEXT.format("2024年", 3),)),),
            source="甲报", date="2025-01"),
    Article("late", "大坝", (Section(None, (TEXT.format("去年", 7),)),),
            source="乙报", date="2026-02-03"),
]  # fmt: skip
QUESTION = "柳河大坝蓄水多少？"
FILTERS = [("since", "2025-06", "late"), ("until", "2025", "early"), ("source", "乙报", "late")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options") / "index"
    build_index(ARTICLES, folder)
    return folder


@pytest.fixture(scope="module")
def client(folder):
    app = FastAPI()
    feedback = FeedbackStore(folder.parent / "feedback.sqlite")
    app.include_router(api_router(Service.of(Pipeline(PassageIndex.open(folder)), feedback)))
    return TestClient(app)


def run(folder, *arguments, **options):
    return CliRunner().invoke(main, [*arguments, "--index", str(folder)], **options)


@pytest.mark.parametrize(("option", "value", "article_id"), FILTERS)
def test_search_and_ask_take_only_the_articles_that_are_wanted(folder, option, value, article_id):
    chosen = (f"--{option}", value)
    found = run(folder, "search", QUESTION, "--json", *chosen).stdout.splitlines()
    assert [json.loads(line)["article_id"] for line in found] == [article_id]
    answer = json.loads(run(folder, "ask", QUESTION, "--json", *chosen).stdout)
    assert answer["citation"]["article_id"] == article_id
    batch = run(folder, "ask", "--batch", "-", "--json", *chosen, input=QUESTION + "\n")
    assert json.loads(batch.stdout)["citation"]["article_id"] == article_id


def test_days_can_be_written_as_papers_do(folder):
    found = run(folder, "search", QUESTION, "--json", "--since", "2026年2月3日")
    assert len(found.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--since", "五月", "is not a date such as 2026-05-03"),
        ("--until", "2026-13", "is not a date"),
        ("--since", "2026-04/2026-05", "is an interval"),
        ("--today", "2026-05", "is not a day such as 2026-05-03"),
    ],
)
def test_what_is_no_date_is_wrong_usage(folder, option, value, message):
    result = run(folder, "ask", QUESTION, option, value)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(("today", "article_id"), [("2025-03-01", "early"), ("2026-03-01", "late")])
def test_last_year_counts_from_today(folder, today, article_id):
    answer = run(folder, "ask", f"去年{QUESTION}", "--json", "--today", today)
    assert json.loads(answer.stdout)["citation"]["article_id"] == article_id


@pytest.mark.parametrize(("option", "value", "article_id"), FILTERS)
def test_http_takes_the_same_filters(client, option, value, article_id):
    chosen = {"question": QUESTION, option: value}
    [found] = client.get("/api/search", params=chosen).json()
    assert found["article_id"] == article_id
    for answer in (client.get("/api/ask", params=chosen), client.post("/api/ask", json=chosen)):
        assert answer.json()["citation"]["article_id"] == article_id


def test_http_refuses_what_is_no_date(client):
    chosen = {"question": QUESTION, "since": "五月"}
    assert client.get("/api/search", params=chosen).status_code == 422
    assert client.get("/api/ask", params=chosen).status_code == 422
    assert client.post("/api/ask", json=chosen).status_code == 422
