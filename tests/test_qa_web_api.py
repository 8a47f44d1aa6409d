"""The API, called in process, and from outside with the clients people use."""

import asyncio
import json
from urllib.parse import unquote

import httpx
import pytest
from fastapi.testclient import TestClient

from qa.feedback import FeedbackStore
from qa.web.server import create_app
from qa.web.service import Service

QUESTION = "印尼展有多少家义乌企业参展？"
ANSWER_KEYS = [
    "id", "question", "status", "answer", "evidence", "confidence", "as_of", "citation",
    "alternatives", "conflict", "reason", "latency_ms",
]  # fmt: skip
SEARCH_KEYS = [
    "rank", "score", "article_id", "title", "section", "paragraph", "start", "end", "text",
    "scores",
]  # fmt: skip


@pytest.fixture(scope="module")
def pipeline(service):
    return service.pipeline


@pytest.fixture(scope="module")
def client(service):
    return TestClient(create_app(service))


def without_time(record):
    return {key: value for key, value in record.items() if key != "latency_ms"}


def test_an_answer_over_http_is_that_of_the_command_line(client, pipeline):
    answer = client.post("/api/ask", json={"question": QUESTION, "id": "a"}).json()
    assert list(answer) == ANSWER_KEYS
    assert without_time(answer) == without_time(pipeline.ask(QUESTION, id="a").to_dict())
    by_link = client.get("/api/ask", params={"question": QUESTION, "id": "a"}).json()
    assert without_time(by_link) == without_time(answer)


def test_a_header_says_what_was_looked_up_where_it_is_not_what_was_sent(client):
    typed = "程刻源是哪里人？"
    for response in (
        client.post("/api/ask", json={"question": typed}),
        client.get("/api/ask", params={"question": typed}),
    ):
        assert unquote(response.headers["Youju-Understood"]) == "程科源是哪里人？"
        assert list(response.json()) == ANSWER_KEYS
    right = client.post("/api/ask", json={"question": QUESTION})
    assert "Youju-Understood" not in right.headers


def test_input_that_is_no_question_is_an_answer_and_a_wrong_body_an_error(client):
    assert client.post("/api/ask", json={"question": ""}).json()["status"] == "invalid"
    for body in ({}, {"question": 3}, {"question": "义乌？", "k": 3}, {"question": None}, []):
        assert client.post("/api/ask", json=body).status_code == 422
    for body in ('{"question": "\\ud800"}', '{"question": 1e400}', '{"\\ud800": 1}'):
        assert client.post("/api/ask", content=body).status_code == 422
    long = {"question": "那里呢？", "history": ["义乌？"] * 51}
    assert client.post("/api/ask", json=long).status_code == 422


def test_a_search_ranks_passages_and_says_why(client):
    found = client.get("/api/search", params={"question": QUESTION, "k": 3}).json()
    assert [list(one) for one in found] == [SEARCH_KEYS] * 3
    assert [one["rank"] for one in found] == [1, 2, 3]
    for wrong in (
        {"question": "？"},
        {"question": "义乌", "k": 0},
        {"question": "义乌", "k": 101},
        {},
    ):
        assert client.get("/api/search", params=wrong).status_code == 422


def test_an_article_holds_the_text_that_offsets_count_in(client):
    citation = client.get("/api/ask", params={"question": QUESTION}).json()["citation"]
    article = client.get(f"/api/articles/{citation['article_id']}").json()
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    paragraph = article["paragraphs"][citation["paragraph"] - 1]
    assert paragraph["start"] <= citation["start"] < citation["end"] <= paragraph["end"]
    assert client.get("/api/articles/nothing").status_code == 404


def test_articles_are_listed_and_filtered(client, pipeline):
    everything = client.get("/api/articles").json()
    assert [head["id"] for head in everything["articles"]] == pipeline.index.article_ids()
    found = client.get("/api/articles", params={"title": "印尼", "since": "2026-05"}).json()
    assert found["n_found"] == len(found["articles"])
    assert client.get("/api/articles", params={"since": "May"}).status_code == 422
    assert client.get("/api/articles", params={"n": 0}).status_code == 422
    assert client.get("/api/articles", params={"since": "2026-99-99"}).status_code == 422
    assert client.get("/api/articles", params={"first": 10**20}).status_code == 422


def test_what_was_asked_is_counted(pipeline, tmp_path):
    client = TestClient(create_app(Service.of(pipeline, FeedbackStore(tmp_path / "f.sqlite"))))
    client.get("/api/ask", params={"question": QUESTION})
    client.get("/api/ask", params={"question": "？"})
    counts = client.get("/metrics").text
    assert 'youju_questions_total{channel="http",status="answered"} 1.0' in counts
    assert 'youju_questions_total{channel="http",status="invalid"} 1.0' in counts
    assert 'youju_answer_seconds_count{channel="http"} 2.0' in counts
    assert f"youju_articles {pipeline.index.manifest.n_articles}.0" in counts


def test_the_docs_load_nothing_from_elsewhere(client):
    page = client.get("/api/docs").text
    assert "http://" not in page
    assert "https://" not in page
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/ask", "/api/search", "/api/articles/{article_id}", "/healthz"} <= set(paths)
    assert not [path for path in paths if path.startswith(("/gradio", "/article"))]


def test_health_needs_no_password_and_everything_else_does(service):
    client = TestClient(create_app(service, auth="reader:secret"))
    assert client.get("/healthz").json()["status"] == "ok"
    for path in ("/api/ask?question=x", "/metrics", "/api/docs", "/gradio_api/mcp/"):
        assert client.get(path).status_code == 401


def test_httpx_from_outside(address):
    with httpx.Client(base_url=address) as client:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        assert answer["answer"] == "129家"
        assert client.get("/healthz").json()["status"] == "ok"


def test_gradio_client_from_outside(address):
    from gradio_client import Client

    client = Client(address, verbose=False)
    assert json.loads(client.predict(QUESTION, api_name="/ask"))["answer"] == "129家"
    found = json.loads(client.predict(QUESTION, 2, api_name="/search"))
    assert [list(one) for one in found] == [SEARCH_KEYS] * 2
    with pytest.raises(Exception, match="must be from 1"):
        client.predict(QUESTION, 0, api_name="/search")
    april = json.loads(client.predict(QUESTION, until="2026-04", api_name="/ask"))
    assert april["answer"] != "129家"
    with pytest.raises(Exception, match="not a date"):
        client.predict(QUESTION, until="上个月", api_name="/ask")


def test_an_mcp_client_from_outside(address):
    async def use():
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        url = f"{address}/gradio_api/mcp/"
        async with (
            streamablehttp_client(url) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            asked = await session.call_tool("ask", {"question": QUESTION})
            searched = await session.call_tool("search", {"question": QUESTION, "k": 2})
        return tools, asked, searched

    tools, asked, searched = asyncio.run(use())
    assert set(tools) == {"ask", "search"}
    assert "in Chinese" in tools["ask"].inputSchema["properties"]["question"]["description"]
    assert json.loads(asked.content[0].text)["answer"] == "129家"
    assert len(json.loads(searched.content[0].text)) == 2


def test_the_passages_nearest_to_a_refused_question_are_of_its_words_as_they_come(client):
    right, typed = (
        client.get("/nearest", params={"question": question}).text
        for question in ("程科源是哪里人？", "程刻源是哪里人？")
    )
    assert "<a" in right
    assert typed != right
