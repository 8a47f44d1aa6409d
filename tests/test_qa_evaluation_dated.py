import json
from datetime import date

import pytest

from corpus import Article, Section
from index import PassageIndex, build_index
from qa import Pipeline
from qa.evaluation.ablation import NEVER_REFUSE
from qa.evaluation.dated import kind_of, read_question_dates, score
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion

SENTENCES = {"a": "2022年，枫桥灯会有游客40万人。", "b": "2024年，枫桥灯会有游客65万人。"}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("去年有多少游客？", "relative"),
        ("2024年有多少游客？", "dated"),
        ("有多少游客？", "undated"),
    ],
)
def test_a_question_is_relative_dated_or_undated(question, kind):
    assert kind_of(question, date(2025, 3, 1)) == kind


def test_the_day_of_a_question_is_read_where_the_file_says_it(tmp_path):
    file = tmp_path / "gold.jsonl"
    records = [{"id": "x", "meta": {"question_date": "2025-03-01"}}, {"id": "y"}]
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert read_question_dates(file) == {"x": date(2025, 3, 1)}


def test_a_relative_question_is_asked_on_its_day(tmp_path):
    articles = [Article(id, "灯会", (Section(None, (text,)),)) for id, text in SENTENCES.items()]
    build_index(articles, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    questions = [
        GoldQuestion(id, "去年枫桥灯会有多少游客？", "answerable", (answer,),
                     (GoldEvidence(SENTENCES[id], id),))
        for id, answer in (("a", "40万人"), ("b", "65万人"))
    ]  # fmt: skip
    asked_on = {"a": date(2023, 3, 1), "b": date(2025, 3, 1)}
    found = score(Pipeline(index, confidence=NEVER_REFUSE), questions, asked_on)
    plain, dated, right = zip(*found["relative"], strict=True)
    assert sum(plain) == 1  # one passage is first whatever the day
    assert dated == right == (True, True)
    assert found["dated"] == found["undated"] == []
    index.close()
