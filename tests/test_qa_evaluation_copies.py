"""The measurement of copies: what it edits, and what it counts as right."""

from corpus import Article, Section
from qa.evaluation.copies import EDITS, PAPERS, measure_cost, reprint, share_found, with_reprints
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion

PASSAGES = [
    "城南公园的荷花提前十天开放，昨日迎来游客2.3万人。园方增开了三条接驳线路，并延长开放时间至晚上九点。"
    "公园负责人提醒，周末车位紧张，市民最好乘坐公共交通前往。",
    "新建的云岭隧道全长4870米，双向四车道。工程由省路桥集团承建，历时三年，比计划提前两个月完工。"
    "通车后，山里三个乡镇的居民到县城只要半小时，比走盘山公路少用一个小时。",
]


def test_edits_of_layout_are_found_and_edits_of_facts_are_not():
    shares = {name: share_found(edit, PASSAGES) for name, edit in EDITS.items()}
    for name in ("nothing", "typography", "dateline added", "sentence added"):
        assert shares[name] == 1, name
    for name in ("number changed", "word changed"):
        assert shares[name] == 0, name


def test_every_edit_but_one_changes_the_text():
    assert [name for name, edit in EDITS.items() if edit(PASSAGES[0]) == PASSAGES[0]] == ["nothing"]


def test_a_reprint_is_another_article_of_another_paper():
    article = Article("1", "题", (Section("小标题", tuple(PASSAGES)),), source="某报")
    for paper in PAPERS:
        printed = reprint(article, paper)
        assert (printed.id, printed.source, printed.title) == (f"1 {paper}", paper, "题")
        assert [section.heading for section in printed.sections] == ["小标题"]
        assert all(a != b for a, b in zip(printed.sections[0].paragraphs, PASSAGES, strict=True))


def test_a_question_is_right_from_every_paper():
    evidence = (GoldEvidence(PASSAGES[1], "1"),)
    question = GoldQuestion("q", "隧道多长？", "answerable", ("4870米",), evidence)
    places = [one.article_id for one in with_reprints(question).evidence]
    assert places == ["1", *(f"1 {paper}" for paper in PAPERS)]


def test_the_cost_says_how_many_copies_there_are():
    articles = [Article(str(n), "题", (Section(None, tuple(PASSAGES)),)) for n in range(3)]
    figures = measure_cost(articles)
    assert (figures["articles"], figures["passages"], figures["copies"]) == (3, 6, 4)
    assert figures["seconds"] > 0
