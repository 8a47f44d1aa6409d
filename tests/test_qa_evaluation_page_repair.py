"""The figures of page repair, on articles small enough to count by hand, and made pages."""

import json

import pytest

from corpus import Article, Section
from qa.evaluation.page_making import LAYOUTS, make_page
from qa.evaluation.page_repair import Figures, compare, measure_pages, read_checked

SNOW = "北山县昨天发布暴雪预警，预计今天夜间有大到暴雪。"
ROADS = "县里调集四十台除雪车，确保主要道路畅通。"
PEARS = "东河镇的梨园今年迎来丰收，黄梨运往省城。"


def article(title, *paragraphs):
    return Article(title, title, (Section(None, paragraphs),))


def test_equal_articles_are_all_right():
    same = [article("雪", SNOW, ROADS), article("梨", PEARS)]
    figures = compare(same, same).to_dict()
    assert {key: value for key, value in figures.items() if key != "doubts"} == {
        "paragraph_f1": 1, "character_f1": 1, "boundary_f1": 1, "article_f1": 1, "title_share": 1,
        "glued_share": 0,
    }  # fmt: skip


def test_white_space_does_not_count():
    spaced = article("雪", SNOW.replace("，", "， "))
    assert compare([spaced], [article("雪", SNOW)]).to_dict()["paragraph_f1"] == 1


def test_a_paragraph_left_in_two_parts_is_wrong_but_for_its_longer_part():
    """The parts are 6 and 18 of 24 characters: recall 18/24, precision 24/24, F1 6/7."""
    figures = compare([article("雪", SNOW[:6], SNOW[6:])], [article("雪", SNOW)]).to_dict()
    assert len(SNOW) == 24
    assert figures["paragraph_f1"] == 0
    assert figures["character_f1"] == round(6 / 7, 3)


def test_two_articles_run_together_have_half_the_boundaries():
    """Of 4 checked boundaries 2 are found, and both of the 2 repaired ones are right: F1 4/6."""
    figures = compare([article("雪", SNOW, PEARS)], [article("雪", SNOW), article("梨", PEARS)])
    assert figures.to_dict()["paragraph_f1"] == 1
    assert figures.to_dict()["boundary_f1"] == round(4 / 6, 3)
    assert figures.to_dict()["article_f1"] == 0


def test_only_a_paragraph_of_what_does_not_belong_together_is_glued():
    checked = [article("雪", SNOW, ROADS), article("梨", PEARS)]
    repaired = [article("雪", SNOW[:6], SNOW[6:], ROADS + PEARS)]
    assert compare(repaired, checked).to_dict()["glued_share"] == round(1 / 3, 3)


def test_a_title_counts_for_the_article_that_begins_with_the_same_words():
    checked = [article("雪", SNOW), article("梨", PEARS)]
    figures = compare([article("梨", SNOW), article("梨", PEARS)], checked)
    assert figures.to_dict()["title_share"] == 0.5


def test_pages_are_summed_up():
    right = compare([article("雪", SNOW)], [article("雪", SNOW)])
    wrong = compare([], [article("梨", PEARS)])
    assert (right + wrong).to_dict()["paragraph_f1"] == round(2 / 3, 3)
    assert Figures().to_dict()["paragraph_f1"] == 1


def test_checked_articles_are_read_from_json_by_page(tmp_path):
    file = tmp_path / "articles.json"
    sections = [{"heading": None, "paragraphs": [SNOW]}]
    row = {"id": "007-1", "seed": "007", "title": "雪", "sections": sections}
    file.write_text(json.dumps([row]), encoding="utf-8")
    (tmp_path / "page-007.txt").write_text(f"雪\n\n本报记者 王小雪\n\n{SNOW}", encoding="utf-8")
    assert measure_pages(tmp_path, read_checked(file))["page-007"].to_dict()["article_f1"] == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_made_page_holds_every_character_of_its_articles_once(layout):
    articles = [
        article(f"第{k}篇的标题", *[f"{k}号{SNOW}{ROADS}{PEARS}" * 2] * 3) for k in range(5)
    ]
    text, used = make_page(articles, layout, 1)
    printed = "".join(a.title + a.text for a in used)
    assert [text.count(c) for c in "雪梨路号篇"] == [printed.count(c) for c in "雪梨路号篇"]
    assert len(used) == 4
