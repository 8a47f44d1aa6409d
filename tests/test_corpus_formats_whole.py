"""Records of whole articles: which texts they may hold."""

import json

import pytest

from corpus import Article, CorpusError, Section
from corpus.formats.whole import whole_article, whole_record

GOOD = Article("x", "题", (Section("节", ("甲。", "乙。")),), source="报")
RECORD = json.loads(json.dumps(whole_record(GOOD)))
HALF = "\ud800"


def section(heading, *paragraphs):
    return {"sections": [{"heading": heading, "paragraphs": list(paragraphs)}]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (section("节", "甲。", " "), "'paragraphs': number 2 is blank"),
        (section("节", "甲。\n乙。"), "'paragraphs': number 1 holds a line break"),
        (section("节", HALF), "'paragraphs' holds half of a character"),
        (section(HALF, "甲。"), "'heading' holds half of a character"),
        ({"title": HALF}, "'title' holds half of a character"),
        ({"date_basis": HALF}, "'date_basis' holds half of a character"),
        ({"captions": ["图", HALF]}, "'captions' holds half of a character"),
    ],
)
def test_a_text_that_cannot_be_kept_is_named(changed, message):
    with pytest.raises(CorpusError, match=message):
        whole_article({**RECORD, **changed}, "a.jsonl:1")


def test_values_that_are_blank_are_absent():
    record = {**RECORD, **section(" ", "甲。"), "source": "", "date": " ", "notes": ""}
    assert whole_article(record, "a.jsonl:1") == Article("x", "题", (Section(None, ("甲。",)),))


@pytest.mark.parametrize("key", ["id", "title"])
def test_an_id_or_title_that_is_blank_is_an_error(key):
    with pytest.raises(CorpusError, match="'id' or 'title' is missing or empty"):
        whole_article({**RECORD, key: " "}, "a.jsonl:1")
