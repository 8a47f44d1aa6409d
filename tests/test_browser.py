"""The page as a person uses it, in a real Chromium."""

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser, address):
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.requests, opened.problems = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.problems.append("a script ran"), dialog.dismiss()))
    opened.on(
        "response",
        lambda answer: (
            answer.status >= 400 and opened.problems.append(f"{answer.status} {answer.url}")
        ),
    )
    opened.goto(address)
    opened.wait_for_selector("#youju-question textarea")
    yield opened
    assert opened.problems == []
    opened.close()


def ask(page, question):
    before = page.locator(".youju-answer").count()
    page.fill("#youju-question textarea", question)
    page.press("#youju-question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('.youju-answer').length > {before}")
    page.wait_for_timeout(200)  # the row of the question may be drawn after the answer's
    return page.locator(".youju-answer").last


def article_frame(page):
    page.wait_for_selector("iframe[name=youju-article]")
    return page.frame_locator("iframe[name=youju-article]")


def test_an_answer_shows_span_evidence_citation_and_the_article_at_the_quote(page):
    answer = ask(page, "印尼展有多少家义乌企业参展？")
    assert answer.locator(".youju-short").inner_text() == "129家"
    assert answer.locator(".youju-evidence mark").inner_text() == "129家"
    assert "义乌企业揽获意向订单超5500万元" in answer.locator(".youju-citation").inner_text()
    mark = article_frame(page).locator("mark#quote")
    assert mark.inner_text() == "129家"
    screenshots = os.environ.get("YOUJU_SCREENSHOTS")
    if screenshots:
        page.screenshot(path=Path(screenshots) / "answer.png")


def test_the_article_is_scrolled_so_that_the_quote_is_in_view(page):
    ask(page, "截至2026年一季度，浙江中欧班列（义新欧）累计发运了多少标箱？")
    article_frame(page).locator("mark#quote").wait_for()
    page.wait_for_timeout(300)
    frame = page.frame(name="youju-article")
    assert frame.evaluate("window.scrollY") > 0
    top = frame.evaluate("document.querySelector('mark#quote').getBoundingClientRect().top")
    assert 0 <= top < frame.evaluate("window.innerHeight")


def test_a_citation_in_the_chat_opens_its_article_in_the_panel(page):
    ask(page, "印尼展有多少家义乌企业参展？")
    ask(page, "尼雄村的海拔是多少？")
    page.locator(".youju-answer").first.locator(".youju-citation a").click()
    heading = article_frame(page).locator("h1")
    page.wait_for_timeout(500)
    assert heading.inner_text() == "义乌企业揽获意向订单超5500万元"
    assert len(page.context.pages) == 1


def test_the_last_question_and_its_answer_are_scrolled_into_view(page):
    for question in (
        "印尼展有多少家义乌企业参展？",
        "尼雄村的海拔是多少？",
        "李祖村以前叫什么村？",
    ):
        last = ask(page, question)
    page.wait_for_timeout(500)
    chat = page.locator(".bubble-wrap").bounding_box()
    short = last.locator(".youju-short").bounding_box()
    assert chat["y"] <= short["y"] <= chat["y"] + chat["height"]


def test_an_example_is_asked_at_a_click(page):
    page.get_by_text("李祖村以前叫什么村？", exact=True).click()
    page.wait_for_selector(".youju-short")
    assert page.locator(".youju-short").inner_text() == "水牛角村"


def test_refusals_and_bad_input_get_a_friendly_sentence(page):
    assert "不是在报道里能查到的" in ask(page, "今天天气怎么样？").inner_text()
    assert "问题是空的" in ask(page, "").inner_text()
    assert "太长" in ask(page, "长" * 2001).inner_text()
    assert len(page.locator(".user-row").last.inner_text()) < 400
    assert "没有文字" in ask(page, "？？？").inner_text()


def test_html_in_a_question_is_shown_as_text_and_never_run(page):
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> *义乌* 有多少企业"
    ask(page, hostile)
    assert page.locator(".user-row").last.inner_text().strip() == hostile
    assert page.locator(".user-row img").count() == 0


def test_no_request_leaves_the_machine(page, address):
    ask(page, "李祖村以前叫什么村？")
    article_frame(page).locator("mark#quote").wait_for()
    assert page.requests
    assert [url for url in page.requests if not url.startswith((address, "data:", "blob:"))] == []


def test_the_page_is_chinese_for_screen_readers(page):
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")


@pytest.mark.parametrize("width", [375, 768])
def test_a_narrow_page_does_not_scroll_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, "浙江中欧班列累计开通多少条线路？")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
