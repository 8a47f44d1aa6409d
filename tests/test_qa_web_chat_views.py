import re
from dataclasses import replace

import pytest

from qa.answers import Alternative, Answer, Citation
from qa.versions import version_of
from qa.web.chat_views import ChatViews
from qa.web.languages import EN, ZH
from qa.web.turns import new_scope, new_turn

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
QUESTION = "印尼展有多少家义乌企业参展？"


@pytest.fixture(scope="module")
def views(service):
    return ChatViews(service, ZH)


def chat(views, service, *questions, **changes):
    turns = [new_turn(service.pipeline.ask(question).to_dict()) for question in questions]
    return views.conversation([{**turn, **changes} for turn in turns])


def test_html_in_a_question_is_text(views, service):
    html = chat(views, service, f"{HOSTILE}义乌有多少家企业参展？")
    assert "<script>" not in html
    assert "<img" not in html


def test_a_long_question_is_cut_and_half_a_character_can_be_sent(views, service):
    html = chat(views, service, "长" * 2001, "\ud800")
    assert "长" * 301 not in html
    html.encode("utf-8")


def test_an_answer_marks_the_span_inside_its_evidence(views, service):
    html = chat(views, service, QUESTION)
    assert "<mark>129家</mark>义乌外贸企业" in html
    assert 'href="/article/002-5?start=45&amp;end=49&amp;version=' in html
    assert "youju-unsure" not in html


def test_a_refusal_gives_the_reason_and_leads_to_the_nearest_passages(views, service):
    html = chat(views, service, "珠穆朗玛峰有多高？")
    assert "文库里没有" in html
    assert 'data-src="/nearest?question=' in html


def test_invalid_input_gets_a_sentence_and_no_passages(views, service):
    html = chat(views, service, " ")
    assert "问题是空的" in html
    assert "data-src" not in html


def turn_with(service, **changes):
    answer = service.pipeline.ask(QUESTION)
    article = service.pipeline.article("002-5")
    others = [
        Alternative(article.text[a:b], article.text[a:b], 0.4, Citation.of(article, a, b), relation)
        for a, b, relation in ((45, 49, "same"), (50, 54, "different"))
    ]
    values = {name: getattr(answer, name) for name in Answer.__slots__}
    changed = Answer(**{**values, "alternatives": tuple(others), **changes})
    return new_turn(changed.to_dict())


def test_the_items_of_a_list_lead_to_their_places(views, service):
    question = "雅加达之后今年还要到哪几座城市办展？"
    article = service.pipeline.article("002-5")
    words = "巴西圣保罗、泰国曼谷、韩国首尔、越南胡志明市"
    start = article.text.index(words)
    citation = Citation.of(article, start, start + len(words))
    turn = turn_with(
        service, question=question, answer=words, citation=citation,
        evidence=article.paragraphs[citation.paragraph - 1].text,
    )  # fmt: skip
    html = views.conversation([turn])
    assert html.count("<li><a href") == 4
    place = f"start={start + 6}&amp;end={start + 10}&amp;version={version_of(article)}"
    assert f'<a href="/article/002-5?{place}#quote-1" target="youju-article">泰国曼谷</a>' in html
    assert "youju-items" not in views.conversation([turn_with(service)])


def test_the_answer_to_the_other_question_is_not_folded_away(views, service):
    turn = turn_with(service)
    turn["n_parts"] = 1
    part = views.conversation([turn]).partition("youju-part")[2].partition("</div>")[0]
    words = turn["answer"]["alternatives"][0]["answer"]
    assert f"<mark>{words}</mark>" in part
    assert "另一问" in part
    del turn["n_parts"]  # as browsers kept chats before
    assert "youju-part" not in views.conversation([turn])


def test_of_words_that_stand_twice_in_a_sentence_the_cited_ones_are_marked(views, service):
    article = service.pipeline.article("002-5")
    text = article.paragraphs[0].text
    again = next(n for n in range(len(text) - 1, 0, -1) if text.index(text[n]) < n)
    start = article.paragraphs[0].start + again
    other = Alternative(text[again], text, 0.4, Citation.of(article, start, start + 1), "different")
    turn = turn_with(service, alternatives=(other,))
    turn["n_parts"] = 1
    part = views.conversation([turn]).partition("youju-part")[2].partition("</div>")[0]
    marked = re.sub("<(?!/?mark>).*?>", "", part)
    assert f"<mark>{text[again]}</mark>{text[again + 1 :]}" in marked


def test_papers_with_the_same_copy_are_named_in_one_line(views, service):
    turn = turn_with(service, alternatives=())
    copy = {**turn["answer"], "relation": "same"}
    papers = [("甲城晚报", "a"), ("乙城日报", "b"), (None, "c")]
    turn["answer"]["alternatives"] = [
        {
            **{name: copy[name] for name in ("answer", "evidence", "confidence", "relation")},
            "citation": {**copy["citation"], "source": source, "article_id": article_id},
        }
        for source, article_id in papers
    ]
    html = views.conversation([turn])
    line = html.partition("同稿另见：")[2].partition("</p>")[0]
    assert re.sub("<.*?>", "", line) == "甲城晚报、乙城日报、《义乌企业揽获意向订单超5500万元》"
    assert 'href="/article/a?' in line
    assert "处同样写道" not in html
    assert "同稿另见" not in views.conversation([turn_with(service)])


def test_an_answer_that_is_hardly_sure_does_not_look_sure(views, service):
    assert "youju-unsure" in views.conversation([turn_with(service, confidence=0.1)])


def test_a_citation_whose_article_is_gone_is_shown_without_a_link(views, service):
    turn = turn_with(service, alternatives=())
    turn["answer"]["citation"]["article_id"] = "gone"
    html = views.conversation([turn])
    assert "义乌企业揽获意向订单超5500万元" in html
    assert "/article/gone" not in html
    assert "<mark>129家</mark>" in html


def test_turns_of_uploads_that_are_gone_are_still_shown(views, service):
    html = views.conversation([{**turn_with(service), "scope": new_scope("gone")}])
    assert "<mark>129家</mark>" in html
    assert "/why" not in html


def test_what_is_copied_is_text_markdown_and_a_reference(views, service):
    html = chat(views, service, QUESTION)
    assert html.count('data-action="copy"') == 3
    assert "吴峰宇. 义乌企业揽获意向订单超5500万元[N]." in html


def test_a_judged_answer_is_thanked_for(views, service):
    assert "已记下" in chat(views, service, QUESTION, verdict="right")
    assert 'data-action="right"' in chat(views, service, QUESTION)


def test_english_words_around_the_papers_own(service):
    views = ChatViews(service, EN)
    html = chat(views, service, QUESTION, "珠穆朗玛峰有多高？", "今天天气怎么样？")
    for words in ("as of 2026-05-16", "paragraph 1", "no article on this", "about this moment"):
        assert words in html
    assert "<mark>129家</mark>" in html
    assert "lang=en" in html


def test_a_chat_as_markdown(views, service):
    asked = ("珠穆朗玛峰有多高？", QUESTION)
    turns = [new_turn(service.pipeline.ask(question).to_dict()) for question in asked]
    text = views.markdown(turns)
    assert text.startswith("# 有据\n\n## 珠穆朗玛峰有多高？\n\n文库里没有")
    assert "**129家**" in text
    assert "](/article/002-5?start=45&end=49&version=" in text


def beside(service, answer, evidence, date, **changes):
    """A turn with one other place that gives another value."""
    citation = service.pipeline.ask(QUESTION).citation
    elsewhere = replace(citation, date=date, article_id="another")
    other = Alternative(answer, evidence, 0.4, elsewhere, "different")
    return turn_with(service, alternatives=(other,), **changes)


def test_sources_that_agree_are_folded_and_what_else_may_answer_too(views, service):
    folded = views.conversation([turn_with(service)])
    assert "另有 1 处同样写道" in folded
    assert "其他可能的答案 1 个" in folded
    assert "youju-conflict" not in folded
    assert "youju-timeline" not in folded


def test_sources_that_differ_stand_side_by_side(views, service):
    words = "本届印尼展共有131家义乌外贸企业参展。"
    html = views.conversation([beside(service, "131家", words, "2026-05-16", conflict=True)])
    block = html.partition("youju-conflict")[2].partition("</div>")[0]
    assert re.findall(r"<strong.*?>(.*?)</strong>", block) == ["129家", "131家"]
    assert "其他可能的答案" not in html


def test_figures_of_different_dates_are_a_timeline_newest_first(views, service):
    words = "2025年，印尼展有98家义乌外贸企业参展。"
    html = views.conversation([beside(service, "98家", words, "2026-05-16")])
    block = html.partition("youju-timeline")[2].partition("</div>")[0]
    assert re.findall(r"<strong.*?>(.*?)</strong>", block) == ["129家", "98家"]
    assert "2025年" in block
    assert "youju-conflict" not in html


def test_every_language_fills_every_template(service):
    for texts in (ZH, EN):
        views = ChatViews(service, texts)
        assert texts.welcome in views.panel() or "/welcome" in views.panel()
        assert texts.motto in views.masthead().replace("&#39;", "'")
