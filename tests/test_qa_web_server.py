import base64
import re
import signal
import socket

import pytest
import uvicorn
from fastapi.testclient import TestClient

from qa.web import server
from qa.web.server import ServerError, _listen, create_app
from qa.web.uploads import PrivateArchives

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def client(service):
    return TestClient(create_app(service))


def test_the_page_is_served_in_two_languages(client):
    for path in ("/", "/en/", "/en"):
        page = client.get(path)
        assert page.status_code == 200
        assert "有据" in page.text


def test_a_permanent_link_marks_the_quote_to_the_character(client, service):
    citation = service.pipeline.ask("印尼展有多少家义乌企业参展？").citation
    url = f"/article/{citation.article_id}?start={citation.start}&end={citation.end}"
    page = client.get(url)
    assert page.status_code == 200
    assert re.findall('<mark id="quote-1">(.*?)</mark>', page.text) == ["129家"]


@pytest.mark.parametrize(
    "path", ["/article/002-5", "/article/nothing", "/articles", "/about", "/why?question=义乌"]
)
def test_pages_may_run_and_fetch_only_their_own_files(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_an_unknown_article_is_a_404_with_a_sentence(client):
    page = client.get(f"/article/{HOSTILE}")
    assert page.status_code == 404
    assert "文库里没有编号" in page.text
    assert "<script>" not in page.text.replace("<script src=", "")
    assert "There is no article" in client.get("/article/nothing?lang=en").text
    assert client.get("/article/002-5?archive=guessed").status_code == 404


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-5, -1), (10, 2), (10**9, 10**9 + 1)])
def test_offsets_that_mark_nothing_still_show_the_article(client, start, end):
    page = client.get(f"/article/002-5?start={start}&end={end}")
    assert page.status_code == 200
    assert "<mark" not in page.text


def test_the_list_finds_articles_by_title_and_shows_the_archive_in_numbers(client, service):
    everything = client.get("/articles").text
    assert everything.count("<li ") == len(service.pipeline.index.article_ids())
    assert "21 篇" in everything
    assert client.get("/articles", params={"title": "印尼"}).text.count("<li ") <= 1
    none = client.get("/articles", params={"title": HOSTILE}).text
    assert "没有这样的报道" in none
    assert "<img" not in none


@pytest.mark.parametrize("day", ["2025-13-45", "2025-02-30", "上个月", "2026-04/2026-05"])
@pytest.mark.parametrize("field", ["since", "until"])
def test_the_list_says_that_there_is_no_such_date_and_how_to_write_one(client, field, day):
    page = client.get("/articles", params={field: day, "title": "印尼"})
    assert page.status_code == 422
    assert "没有这样的日期。日期请写作2026、2026-05或2026-05-16。" in page.text
    assert "没有这样的报道" not in page.text
    assert f'name="{field}" value="{day}"' in page.text
    assert 'name="title" value="印尼"' in page.text
    english = client.get("/articles", params={field: day, "lang": "en"}).text
    assert "There is no such date. Write a date as 2026, 2026-05 or 2026-05-16." in english


def test_the_list_takes_dates_as_asking_does(client):
    written, iso = (
        client.get("/articles", params={"since": day}).text
        for day in ("2026年5月16日", "2026-05-16")
    )
    assert written == iso
    assert 0 < written.count("<li ") < 21


def test_why_explains_a_question_and_knows_no_others(client):
    rows = client.get("/why", params={"question": "印尼展有多少家义乌企业参展？"}).text
    assert rows.count("<tr>") == 11
    assert "129家" in rows
    assert client.get("/why", params={"question": "？"}).status_code == 404


def test_the_nearest_passages_of_a_refused_question(client):
    html = client.get("/nearest", params={"question": "珠穆朗玛峰有多高？"}).text
    assert html.count("<li>") == 3
    assert 'target="youju-article"' in html
    assert client.get("/nearest", params={"question": ""}).status_code == 404


def test_with_a_password_nothing_is_shown_without_it(service):
    client = TestClient(create_app(service, auth="anna:geheim:1"))
    for path in ("/", "/en/", "/article/002-5", "/youju-static/article.css", "/config", "/why"):
        assert client.get(path).status_code == 401
    for wrong in ("anna:geheim", "anna:", ":"):
        value = base64.b64encode(wrong.encode()).decode()
        assert client.get("/", headers={"Authorization": f"Basic {value}"}).status_code == 401
    assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401
    assert client.get("/article/002-5", auth=("anna", "geheim:1")).status_code == 200


def test_an_address_in_use_is_a_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = f"cannot listen on 127.0.0.1:{port}: Address already in use; .*--port"
        with pytest.raises(ServerError, match=message):
            _listen("127.0.0.1", port)


def test_a_service_that_is_stopped_deletes_what_was_uploaded(service, tmp_path, monkeypatch):
    dropped = []
    monkeypatch.setattr(server, "WARM_UP_DELAY", 3600)
    monkeypatch.setattr(PrivateArchives, "drop_all", lambda self: dropped.append(self))
    monkeypatch.setattr(
        uvicorn.Server, "run", lambda *_args, **_named: signal.raise_signal(signal.SIGTERM)
    )
    before = signal.getsignal(signal.SIGTERM)
    try:
        server.serve(service.pipeline, "127.0.0.1", 0, feedback=tmp_path / "f", announce=len)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(dropped) == 1
