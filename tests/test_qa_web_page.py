from types import SimpleNamespace

import gradio as gr
import pytest

from corpus import Article, Section
from index import PassageIndex, StoreError, build_index
from qa import Pipeline
from qa.feedback import FeedbackStore
from qa.web import page as web_page
from qa.web.languages import ZH
from qa.web.layout import build_page
from qa.web.page import Page
from qa.web.service import Service
from qa.web.turns import MAX_TURNS, restore

QUESTION = "印尼展有多少家义乌企业参展？"


@pytest.fixture
def page(service):
    return Page(service, ZH)


def last(shown):
    *_, final = shown
    return final


def ask(page, question, turns=(), archive=None, source="", since="", until=""):
    return last(page.ask(question, list(turns), archive, source, since, until))


def act(page, turns, **data):
    return list(page.act(turns, None, "", "", "", SimpleNamespace(_data=data)))


def test_a_question_gives_a_turn_and_opens_its_article(page):
    box, turns, chat, panel, following = ask(page, QUESTION)
    assert (box, following) == ("", "")
    assert [turn["answer"]["answer"] for turn in turns] == ["129家"]
    assert "<mark>129家</mark>" in chat
    assert "/article/002-5?start=45&amp;end=49" in panel


def test_an_example_is_asked_as_if_it_had_been_typed(page):
    _, turns, *_ = ask(page, [QUESTION])
    assert [turn["answer"]["question"] for turn in turns] == [QUESTION]


def test_a_refusal_leaves_the_article_in_place(page):
    *_, panel, _ = ask(page, "珠穆朗玛峰有多高？")
    assert not isinstance(panel, str)


def test_a_slow_question_says_what_is_being_done(page, monkeypatch):
    monkeypatch.setattr(web_page, "PATIENCE", 0.01)
    shown = list(page.ask(QUESTION, [], None, "", "", ""))
    assert any(ZH.reading in chat or ZH.searching in chat for _, _, chat, _, _ in shown[:-1])
    assert ZH.reading not in shown[-1][2]


def test_half_a_character_can_be_kept_by_the_browser(page):
    _, turns, chat, _, _ = ask(page, "\ud800")
    str(turns).encode("utf-8")
    chat.encode("utf-8")


@pytest.mark.parametrize("stored", [None, "x", [1], [{"answer": {}}], {"a": 1}, [None]])
def test_what_a_browser_kept_in_another_form_is_no_chat(page, stored):
    assert restore(stored) == []
    assert not isinstance(page.show(stored), str)


def test_a_chat_is_restored_and_its_oldest_turns_go_first(page):
    _, turns, _, _, _ = ask(page, QUESTION)
    assert "<mark>129家</mark>" in page.show(turns)
    assert len(ask(page, "尼雄村的海拔是多少？", turns * MAX_TURNS)[1]) == MAX_TURNS


def test_an_edited_question_replaces_its_turn_and_what_follows(page):
    turns = ask(page, "尼雄村的海拔是多少？", ask(page, QUESTION)[1])[1]
    [(*_, changed, _, _, _)] = [
        last(act(page, turns, action="resend", turn=0, text="李祖村以前叫什么村？"))
    ]
    assert [turn["answer"]["question"] for turn in changed] == ["李祖村以前叫什么村？"]


def test_a_question_that_leans_on_another_is_understood_and_can_be_taken_literally(page):
    turns = ask(page, "2026义博会印尼展办了几天？")[1]
    _, turns, chat, _, _ = ask(page, "那意向客户攒下了多少？", turns)
    assert turns[1]["understood"] == "2026义博会印尼展，意向客户攒下了多少？"
    assert turns[1]["answer"]["question"] == "那意向客户攒下了多少？"
    assert ZH.understood in chat
    literal, chat = last(act(page, turns, action="literal", turn=1, text=""))[1:3]
    assert literal[1]["understood"] is None
    assert ZH.understood not in chat


def test_a_typing_error_is_set_right_said_and_can_be_undone(page):
    _, turns, chat, _, _ = ask(page, "尼熊村的海拔是多少？")
    assert turns[0]["understood"] == "尼雄村的海拔是多少？"
    assert turns[0]["answer"]["question"] == "尼熊村的海拔是多少？"
    assert f'{ZH.understood}<span lang="zh-CN">尼雄村的海拔是多少？' in chat
    literal, chat = last(act(page, turns, action="literal", turn=0, text=""))[1:3]
    assert literal[0]["understood"] is None
    assert literal[0]["answer"]["confidence"] != turns[0]["answer"]["confidence"]
    assert ZH.understood not in chat


def test_a_judgement_is_kept_and_thanked_for(page, service):
    before = len(service.feedback.read())
    turns = ask(page, QUESTION)[1]
    [(_, changed, chat, _, _)] = act(page, turns, action="wrong", turn=0, text="130家")
    assert changed[0]["verdict"] == "wrong"
    assert ZH.thanks in chat
    *_, entry = service.feedback.read()
    assert len(service.feedback.read()) == before + 1
    assert (entry.is_right, entry.expected) == (False, "130家")


def test_feedback_on_a_question_that_leans_on_another_keeps_it_standing_alone(page, service):
    turns = ask(page, "2026义博会印尼展办了几天？")[1]
    turns = ask(page, "那意向客户攒下了多少？", turns)[1]
    act(page, turns, action="right", turn=1)
    *_, entry = service.feedback.read()
    assert entry.answer["question"] == "2026义博会印尼展，意向客户攒下了多少？"


def test_a_judgement_that_cannot_be_kept_is_said(service, tmp_path):
    (tmp_path / "file").write_text("x")
    broken = Service.of(service.pipeline, FeedbackStore(tmp_path / "file" / "feedback.sqlite"))
    page = Page(broken, ZH)
    with pytest.raises(gr.Error, match=ZH.out_of_order):
        act(page, ask(page, QUESTION)[1], action="right", turn=0, text="")


@pytest.mark.parametrize(
    "data", [{}, {"action": "right", "turn": 9}, {"action": "resend", "turn": "0"}, {"action": "x"}]
)
def test_a_click_that_means_nothing_changes_nothing(page, data):
    assert act(page, ask(page, QUESTION)[1], **data) == []


def test_what_to_ask_next_is_not_what_was_asked(page):
    turns = ask(page, "尼雄村的海拔是多少？")[1]
    first = page.suggest(turns)
    assert "月均服务人数多少人次？" in first
    assert "海拔" not in first
    turns = ask(page, "月均服务人数多少人次？", turns)[1]
    assert "月均服务人数多少人次？" not in page.suggest(turns)
    assert page.suggest([]).strip() == ""


def test_an_archive_that_fails_gets_a_sentence_on_the_page(page, service, monkeypatch):
    def fail(*_, **__):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(service.pipeline, "ask", fail)
    assert ZH.out_of_order in ask(page, "义乌？")[2]


def test_only_the_articles_that_are_wanted_are_asked(page):
    _, turns, chat, _, _ = ask(page, QUESTION, until="2026年4月")
    assert turns[0]["answer"]["answer"] != "129家"
    assert turns[0]["scope"]["until"] == "2026-04"
    assert "只查：不晚于 2026-04" in chat
    again = last(act(page, turns, action="resend", turn=0, text="李祖村以前叫什么村？"))[1]
    assert again[0]["scope"] == turns[0]["scope"]


def test_a_date_that_is_none_is_said_and_nothing_is_lost(page):
    for day in ("上个月", "2025-13-45", "2025-02-30", "2026-04/2026-05"):
        with pytest.raises(gr.Error, match="没有这样的日期。日期请写作2026、2026-05或"):
            ask(page, QUESTION, since=day)


def test_uploads_that_are_gone_are_said_to_be_gone(page):
    assert ZH.uploads_gone in ask(page, QUESTION, archive="gone")[2]


def test_files_are_indexed_asked_and_dropped(page, tmp_path):
    file = tmp_path / "a.md"
    file.write_text("# 新桥通车\n\n云溪镇的新桥昨天通车，全长320米。\n", encoding="utf-8")
    bad = tmp_path / "b.md"
    bad.touch()
    token, report, _, _ = page.upload([str(file), str(bad)], None, lambda *_: None)
    assert "已编入 1 篇" in report
    assert "b.md" in report
    assert not file.exists()
    _, turns, chat, panel, _ = ask(page, "云溪镇的新桥有多长？", archive=token)
    assert "<mark>320米</mark>" in chat
    assert f"archive={token}" in panel
    page.drop(token)
    assert ZH.uploads_gone in ask(page, "云溪镇的新桥有多长？", turns, token)[2]


def test_files_that_cannot_be_used_are_named(page, tmp_path):
    bad = tmp_path / "<b>.md"
    bad.touch()
    token, report, _, _ = page.upload([str(bad)], None, lambda *_: None)
    assert token is None
    assert ZH.uploads_none in report
    assert "&lt;b&gt;.md" in report


def test_examples_need_their_articles(tmp_path, service):
    build_index([Article("x", "题", (Section(None, ("甲乙丙。",)),))], tmp_path / "own")
    pipeline = Pipeline(PassageIndex.open(tmp_path / "own"))
    blocks = build_page(Service.of(pipeline, service.feedback))
    (examples,) = (b for b in blocks.blocks.values() if type(b).__name__ == "Dataset")
    assert examples.samples == []
    assert not examples.visible
