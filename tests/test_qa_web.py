import base64
import re

import pytest
from fastapi.testclient import TestClient

from corpus import Article, Section
from index import StoreError
from qa import Pipeline
from qa.web.page import OUT_OF_ORDER, _user_message, build_page
from qa.web.server import ServerError, _listen, create_app
from qa.web.service import Service
from qa.web.views import render_answer, render_article

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def pipeline(bundled_index):
    return Pipeline(bundled_index)


@pytest.fixture(scope="module")
def client(pipeline):
    return TestClient(create_app(pipeline))


def test_the_page_is_served(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "有据" in page.text


def test_a_permanent_link_marks_the_quote_to_the_character(client, pipeline):
    citation = pipeline.ask("印尼展有多少家义乌企业参展？").citation
    url = f"/article/{citation.article_id}?start={citation.start}&end={citation.end}"
    page = client.get(url)
    assert page.status_code == 200
    assert re.findall('<mark id="quote">(.*?)</mark>', page.text) == ["129家"]


def test_an_article_page_may_run_nothing(client):
    headers = client.get("/article/002-5").headers
    policy = "default-src 'none'; style-src 'self'; frame-ancestors 'self'"
    assert headers["content-security-policy"] == policy
    assert headers["x-content-type-options"] == "nosniff"


def test_the_question_in_the_chat_is_escaped_and_can_be_sent():
    (html,) = (_user_message(question)["content"].value for question in [HOSTILE])
    assert "<script>" not in html
    assert "<img" not in html
    _user_message("\ud800")["content"].value.encode("utf-8")
    assert len(_user_message("长" * 2001)["content"].value) < 400


def test_an_archive_that_fails_gets_a_sentence_on_the_page(pipeline, monkeypatch):
    def fail(*_):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(pipeline, "ask", fail)
    page = build_page(Service.of(pipeline))
    respond = next(f.fn for f in page.fns.values() if f.fn and f.fn.__name__ == "respond")
    _, messages, _ = respond("义乌？", [])
    assert OUT_OF_ORDER in messages[-1]["content"].value


def test_an_unknown_article_is_a_404_with_a_sentence(client):
    page = client.get(f"/article/{HOSTILE}")
    assert page.status_code == 404
    assert "文库里没有编号" in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-5, -1), (10, 2), (10**9, 10**9 + 1)])
def test_offsets_that_mark_nothing_still_show_the_article(client, start, end):
    page = client.get(f"/article/002-5?start={start}&end={end}")
    assert page.status_code == 200
    assert "<mark" not in page.text


def test_every_paragraph_is_shown_and_a_mark_never_leaves_its_paragraph(pipeline):
    article = pipeline.article("000-1")
    for paragraph in article.paragraphs:
        html = render_article(article, paragraph.start, paragraph.end)
        assert html.count("<mark") == 1
        assert f'<mark id="quote">{paragraph.text}</mark>' in html


def test_html_in_an_article_is_text():
    article = Article(
        "x",
        HOSTILE,
        (Section(HOSTILE, (HOSTILE,)),),
        byline=HOSTILE,
        kicker=HOSTILE,
        captions=(HOSTILE,),
        date="2026",
        date_note='" onmouseover="alert(1)',
    )
    html = render_article(article, len(HOSTILE) + 1, len(HOSTILE) + 9)
    assert "<script>" not in html
    assert "<img" not in html
    assert ' onmouseover="' not in html
    assert '<mark id="quote">&lt;script&gt;</mark>' in html


def test_html_in_a_question_is_text(pipeline):
    html = render_answer(pipeline, pipeline.ask(f"{HOSTILE}义乌有多少家企业参展？"))
    assert "<script>" not in html


def test_an_answer_marks_the_span_inside_its_evidence(pipeline):
    html = render_answer(pipeline, pipeline.ask("印尼展有多少家义乌企业参展？"))
    assert "<mark>129家</mark>义乌外贸企业" in html
    assert 'href="/article/002-5?start=45&amp;end=49#quote"' in html


def test_a_refusal_gives_the_reason_and_the_nearest_passages(pipeline):
    html = render_answer(pipeline, pipeline.ask("珠穆朗玛峰有多高？"))
    assert "文库里没有" in html
    assert html.count("<li>") == 3


def test_invalid_input_gets_a_sentence_and_no_passages(pipeline):
    html = render_answer(pipeline, pipeline.ask(" "))
    assert "问题是空的" in html
    assert "<li>" not in html


def test_with_a_password_nothing_is_shown_without_it(pipeline):
    client = TestClient(create_app(pipeline, auth="anna:geheim:1"))
    for path in ("/", "/article/002-5", "/youju-static/article.css", "/config"):
        assert client.get(path).status_code == 401
    for wrong in ("anna:geheim", "anna:", ":"):
        value = base64.b64encode(wrong.encode()).decode()
        assert client.get("/", headers={"Authorization": f"Basic {value}"}).status_code == 401
    assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401
    assert client.get("/article/002-5", auth=("anna", "geheim:1")).status_code == 200


def test_examples_need_their_articles(tmp_path):
    from index import PassageIndex

    PassageIndex.build([Article("x", "题", (Section(None, ("甲乙丙。",)),))], tmp_path / "own")
    page = build_page(Service.of(Pipeline(PassageIndex.open(tmp_path / "own"))))
    (examples,) = (b for b in page.blocks.values() if type(b).__name__ == "Dataset")
    assert examples.samples == []
    assert not examples.visible


def test_an_address_in_use_is_a_clear_error():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = f"cannot listen on 127.0.0.1:{port}: Address already in use; .*--port"
        with pytest.raises(ServerError, match=message):
            _listen("127.0.0.1", port)
