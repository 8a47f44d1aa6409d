"""The page as a person uses it, in a real Chromium."""

import json
import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"

LUMINANCES = """() => {
  const luminance = (node, key) => {
    const [r, g, b] = getComputedStyle(node)[key].match(/[\\d.]+/g).map(Number).map((c) => {
      const share = c / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const quiet = document.querySelector(".youju-meta");
  const paper = document.querySelector(".youju-conversation");
  return [luminance(quiet, "color"), luminance(paper, "backgroundColor")];
}"""
"""Relative luminance (WCAG 2.1) of the quietest words and of the paper they stand on."""

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


def watched(context, address, width=1440, height=900):
    """A new page that notes requests, errors, and whatever a script from outside would do."""
    opened = context.new_page()
    opened.set_viewport_size({"width": width, "height": height})
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
    # Until Gradio has run the page's script, clicks go nowhere.
    opened.wait_for_function("document.documentElement.lang === 'zh-CN'")
    opened.wait_for_timeout(500)  # nobody types sooner
    return opened


@pytest.fixture
def page(browser, address):
    context = browser.new_context()
    opened = watched(context, address)
    yield opened
    assert opened.problems == []
    # No request leaves the machine, whatever was done.
    assert [u for u in opened.requests if not u.startswith((address, "data:", "blob:"))] == []
    context.close()


def ask(page, question):
    before = page.locator(".youju-answer").count()
    page.fill("#youju-question textarea", question)
    page.press("#youju-question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('.youju-answer').length > {before}")
    return page.locator(".youju-answer").last


def article_frame(page):
    page.wait_for_selector("iframe[name=youju-article]")
    return page.frame_locator("iframe[name=youju-article]")


def picture(page, name):
    """Keep a screenshot, if a folder for them is named."""
    if folder := os.environ.get("YOUJU_SCREENSHOTS"):
        page.wait_for_timeout(700)
        page.screenshot(path=Path(folder) / f"{name}.png")


def upload(page, *files):
    page.get_by_text("查我自己的文章").click()
    page.set_input_files("#youju-uploads input[type=file]", files)
    page.wait_for_selector("#youju-report p")
    page.wait_for_selector("#youju-scope")
    return page.locator("#youju-report")


@pytest.fixture
def own_articles(tmp_path):
    file = tmp_path / "own.jsonl"
    records = (
        {"id": "n1", "title": "新桥通车", "text": "云溪镇的新桥昨天通车，全长320米，花了三亿元。"},
        {"id": "n2", "title": HOSTILE, "text": f"{HOSTILE}云溪镇去年种了五百亩茶叶。"},
    )
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_an_answer_shows_span_evidence_citation_and_the_article_at_the_quote(page):
    answer = ask(page, "印尼展有多少家义乌企业参展？")
    assert answer.locator(".youju-short").inner_text() == "129家"
    assert answer.locator(".youju-evidence mark").inner_text() == "129家"
    assert "义乌企业揽获意向订单超5500万元" in answer.locator(".youju-citation").inner_text()
    assert article_frame(page).locator("mark#quote-1").inner_text() == "129家"
    picture(page, "answer")


def test_the_article_is_scrolled_so_that_the_quote_is_in_view(page):
    ask(page, "截至2026年一季度，浙江中欧班列（义新欧）累计发运了多少标箱？")
    article_frame(page).locator("mark.current").wait_for()
    page.wait_for_timeout(300)
    frame = page.frame(name="youju-article")
    assert frame.evaluate("window.scrollY") > 0
    top = frame.evaluate("document.querySelector('mark#quote-1').getBoundingClientRect().top")
    assert 0 <= top < frame.evaluate("window.innerHeight")


def test_a_citation_in_the_chat_opens_its_article_in_the_panel(page):
    ask(page, "印尼展有多少家义乌企业参展？")
    ask(page, "尼雄村的海拔是多少？")
    article_frame(page).locator("h1", has_text="雪域高原").wait_for()
    page.locator(".youju-answer").first.locator(".youju-citation a").click()
    article_frame(page).locator("h1", has_text="义乌企业揽获意向订单超5500万元").wait_for()
    assert len(page.context.pages) == 1


def test_quotes_in_one_article_are_stepped_through(page):
    ask(page, "“共富仓”是哪个镇办的？")
    article = article_frame(page)
    article.locator("mark.current").wait_for()
    first = article.locator("mark.current").get_attribute("id")
    article.get_by_text("下一处").click()
    assert article.locator("mark.current").get_attribute("id") != first
    article.get_by_text("上一处").click()
    assert article.locator("mark.current").get_attribute("id") == first


def test_a_permanent_link_opens_the_same_words(page, address):
    ask(page, "尼雄村的海拔是多少？")
    link = article_frame(page).locator("a.permanent").get_attribute("href")
    other = page.context.new_page()
    other.goto(address + link)
    assert other.locator("mark").inner_text().startswith("4700米")
    other.close()


def test_sources_that_differ_stand_side_by_side_and_lead_to_their_words(page):
    answer = ask(page, "冯旭斌是哪家企业的董事长？")
    values = answer.locator(".youju-conflict strong").all_inner_texts()
    assert len(values) == 2
    assert len(set(values)) == 2
    for number, value in enumerate(values):
        answer.locator(".youju-conflict a.youju-source").nth(number).click()
        article_frame(page).locator("mark#quote-1", has_text=value).wait_for()
    picture(page, "conflict")


def test_only_articles_of_some_days_are_asked_and_a_wrong_date_loses_nothing(page):
    page.click("#youju-narrow button")
    page.get_by_label("不晚于").fill("上个月")
    page.fill("#youju-question textarea", "印尼展有多少家义乌企业参展？")
    page.press("#youju-question textarea", "Enter")
    page.get_by_text("日期请写作").wait_for()
    assert "印尼展" in page.input_value("#youju-question textarea")
    page.get_by_label("不晚于").fill("2026-04")
    page.press("#youju-question textarea", "Enter")
    page.get_by_text("只查：不晚于 2026-04").wait_for()
    assert page.get_by_text("129家").count() == 0


def test_the_last_question_and_its_answer_are_scrolled_into_view(page):
    for question in (
        "印尼展有多少家义乌企业参展？",
        "尼雄村的海拔是多少？",
        "李祖村以前叫什么村？",
    ):
        last = ask(page, question)
    page.wait_for_timeout(500)
    chat = page.locator(".youju-conversation").bounding_box()
    short = last.locator(".youju-short").bounding_box()
    assert chat["y"] <= short["y"] <= chat["y"] + chat["height"]


def test_an_example_is_asked_at_a_click(page):
    page.get_by_text("李祖村以前叫什么村？", exact=True).click()
    page.wait_for_selector(".youju-short")
    assert page.locator(".youju-short").inner_text() == "水牛角村"


def test_refusals_and_bad_input_get_a_friendly_sentence(page):
    refusal = ask(page, "珠穆朗玛峰有多高？")
    assert "文库里没有" in refusal.inner_text()
    refusal.get_by_text("最接近的段落").click()
    refusal.locator("li").first.wait_for()
    assert refusal.locator("li").count() == 3
    picture(page, "refusal")
    assert "不是在报道里能查到的" in ask(page, "今天天气怎么样？").inner_text()
    assert "问题是空的" in ask(page, "").inner_text()
    assert "太长" in ask(page, "长" * 2001).inner_text()
    assert len(page.locator(".youju-question").last.inner_text()) < 400
    assert "没有文字" in ask(page, "？？？").inner_text()


def test_html_in_a_question_is_shown_as_text_and_never_run(page):
    hostile = f"{HOSTILE} *义乌* 有多少企业"
    ask(page, hostile)
    assert page.locator(".youju-question p").last.inner_text().strip() == hostile
    assert page.locator(".youju-conversation img").count() == 0


def test_why_an_answer_was_given_unfolds(page):
    answer = ask(page, "印尼展有多少家义乌企业参展？")
    answer.get_by_text("为什么是这个答案").click()
    answer.locator(".youju-why tbody tr").first.wait_for()
    assert answer.locator(".youju-why tbody tr").count() == 10
    picture(page, "why")


def test_a_question_is_edited_and_asked_again_by_keyboard(page):
    ask(page, "印尼展有多少家义乌企业参展？")
    ask(page, "尼雄村的海拔是多少？")
    page.locator("[data-action=edit]").first.click()
    page.keyboard.press("Escape")
    assert page.locator(".youju-question textarea").count() == 0
    page.keyboard.press("Enter")  # the focus is back on the button
    box = page.locator(".youju-question textarea")
    assert box.input_value() == "印尼展有多少家义乌企业参展？"
    box.fill("李祖村以前叫什么村？")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.youju-turn').length === 1")
    page.wait_for_function("document.querySelector('.youju-short')?.innerText === '水牛角村'")


def test_shift_enter_breaks_the_line_and_escape_clears(page):
    page.fill("#youju-question textarea", "第一行")
    page.press("#youju-question textarea", "Shift+Enter")
    assert page.input_value("#youju-question textarea").startswith("第一行\n")
    page.press("#youju-question textarea", "Escape")
    page.wait_for_function("document.querySelector('#youju-question textarea').value === ''")
    assert page.locator(".youju-turn").count() == 0


def test_an_answer_is_copied_with_its_citation(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    answer = ask(page, "印尼展有多少家义乌企业参展？")
    copied = {}
    for name in ("文字", "Markdown", "GB/T 7714"):
        answer.get_by_text("复制").click()
        answer.get_by_role("button", name=name, exact=True).click()
        page.wait_for_selector(".youju-note")
        copied[name] = page.evaluate("navigator.clipboard.readText()")
    assert copied["文字"].startswith("129家\n")
    assert f"({address}/article/002-5?start=45" in copied["Markdown"]
    assert "[N]" in copied["GB/T 7714"]


def test_feedback_is_thanked_for(page):
    answer = ask(page, "印尼展有多少家义乌企业参展？")
    answer.get_by_text("答得不对").click()
    answer.locator("input[name=expected]").fill("130家")
    answer.get_by_role("button", name="提交").click()
    page.get_by_text("已记下").wait_for()


def test_a_suggestion_is_asked_at_a_click(page):
    ask(page, "尼雄村的海拔是多少？")
    suggestion = page.locator(".youju-next button").first
    question = suggestion.inner_text()
    suggestion.click()
    page.wait_for_function("document.querySelectorAll('.youju-answer').length === 2")
    assert page.locator(".youju-question p").last.inner_text() == question


def test_the_chat_outlives_a_reload_and_going_back_and_can_be_cleared(page, address):
    ask(page, "印尼展有多少家义乌企业参展？")
    page.goto(f"{address}/about")
    page.go_back()
    page.wait_for_selector(".youju-short")
    page.reload()
    page.wait_for_selector(".youju-short")
    assert page.locator(".youju-short").inner_text() == "129家"
    page.get_by_text("清空对话").click()
    page.wait_for_selector(".youju-empty")
    page.reload()
    page.wait_for_selector(".youju-empty")


def test_a_chat_is_downloaded_as_markdown(page):
    ask(page, "印尼展有多少家义乌企业参展？")
    with page.expect_download() as download:
        page.get_by_text("下载对话").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "## 印尼展有多少家义乌企业参展？" in text
    assert "**129家**" in text


def test_own_articles_are_asked_and_run_nothing(page, own_articles, tmp_path):
    (tmp_path / "bad.md").write_text("", encoding="utf-8")
    report = upload(page, own_articles, tmp_path / "bad.md")
    assert "已编入 2 篇" in report.inner_text()
    assert "bad.md" in report.inner_text()
    assert ask(page, "云溪镇的新桥有多长？").locator(".youju-short").inner_text() == "320米"
    assert article_frame(page).locator("mark#quote-1").inner_text() == "320米"
    picture(page, "own")
    ask(page, "云溪镇去年种了多少茶叶？")
    article_frame(page).locator("h1", has_text="<script>").wait_for()
    page.get_by_text("文库", exact=True).click()
    page.wait_for_timeout(500)
    assert "文库里没有" in ask(page, "云溪镇的新桥有多长？").inner_text()


def test_two_people_see_neither_chat_nor_articles_of_each_other(
    page, browser, address, own_articles
):
    other_context = browser.new_context()
    other = watched(other_context, address)
    upload(page, own_articles)
    ask(page, "云溪镇的新桥有多长？")
    assert "文库里没有" in ask(other, "云溪镇的新桥有多长？").inner_text()
    assert page.locator(".youju-turn").count() == other.locator(".youju-turn").count() == 1
    other.reload()
    other.wait_for_selector(".youju-answer")
    assert "320米" not in other.locator(".youju-conversation").inner_text()
    assert other.problems == []
    other_context.close()


def test_articles_are_browsed_in_the_panel(page):
    page.get_by_text("浏览报道").click()
    articles = article_frame(page)
    articles.locator("input[name=title]").fill("印尼")
    articles.get_by_role("button", name="查找").click()
    articles.locator(".empty, li").first.wait_for()
    picture(page, "browse")
    page.get_by_text("如何回答").click()
    articles.get_by_text("做不到的事").wait_for()


def test_the_page_speaks_english(page, address):
    page.get_by_text("English").click()
    page.wait_for_url(f"{address}/en/")
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert "as of 2026-05-16" in ask(page, "印尼展有多少家义乌企业参展？").inner_text()
    picture(page, "english")


def test_the_page_is_chinese_for_screen_readers(page):
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 768, 1440])
def test_every_width_and_scheme_is_readable(browser, address, width, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = watched(context, address, width)
    ask(page, "浙江中欧班列累计开通多少条线路？")
    picture(page, f"{scheme}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    words, paper = page.evaluate(LUMINANCES)
    assert (max(words, paper) + 0.05) / (min(words, paper) + 0.05) >= 4.5
    assert (paper < 0.5) == (scheme == "dark")
    assert page.problems == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way_of_anybody(browser, address, scheme):
    """axe-core (WCAG 2, A and AA) over every state of the page."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme)
    page = watched(context, address)
    found = []

    def look(name):
        page.wait_for_timeout(300)
        violations = Axe().run(page).response["violations"]
        found.extend((name, v["id"], v["nodes"][0]["target"]) for v in violations
                     if v["impact"] in ("serious", "critical"))  # fmt: skip

    look("empty")
    answer = ask(page, "“共富仓”是哪个镇办的？")
    for summary in answer.locator("summary").all():
        summary.click()
    answer.locator(".youju-why table").wait_for()
    page.get_by_text("查我自己的文章").click()
    page.locator(".youju-next").wait_for()
    look("answer")
    ask(page, "珠穆朗玛峰有多高？").locator("summary").first.click()
    look("refusal")
    page.set_viewport_size({"width": 375, "height": 800})
    look("narrow")
    for path in ("/articles", "/about", "/article/002-5?start=45&end=49&start=60&end=70"):
        page.goto(address + path)
        look(path)
    assert found == []
    context.close()
