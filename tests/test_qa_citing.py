import pytest

from corpus import Article, Section
from qa.answers import Answer, Citation
from qa.citing import author_names, markdown_text, plain_text, reference

TEXT = "大桥长320米，*花了*三亿元。"
ARTICLE = Article(
    id="a", title="大桥通车", byline="本报记者 甲某 乙某 通讯员 丙某", source="某日报",
    date="2026-05-16", sections=(Section(None, (TEXT,)),),
)  # fmt: skip
CITATION = Citation.of(ARTICLE, 3, 7)
ANSWER = Answer(None, "多长？", "answered", "320米", TEXT, 0.9, "2026-05-16", CITATION)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (None, []),
        ("■ 本报记者 刘乐平 陈佳莹", ["刘乐平", "陈佳莹"]),
        ("浙江日报评论员 刘晓庆", ["刘晓庆"]),
        ("浙江日报评论员", []),
        ("记者：王小明、通讯员李四", ["王小明", "李四"]),
        ("John A. Smith 王小明", ["John A. Smith", "王小明"]),
        ("记者/欧阳文山", ["欧阳文山"]),
        ("记者 迪丽娜尔·阿布都拉 甲某", ["迪丽娜尔·阿布都拉", "甲某"]),
        ("记者 甲某 · 乙某", ["甲某", "乙某"]),
    ],
)
def test_authors_are_named_without_what_they_are(byline, names):
    assert author_names(byline) == names


def test_plain_text_has_answer_evidence_and_place():
    assert plain_text(ARTICLE, ANSWER).splitlines() == [
        "320米", f"“{TEXT}”",
        "—— 《大桥通车》 · 某日报 · 本报记者 甲某 乙某 通讯员 丙某 · 2026年5月16日 · 第1段",
    ]  # fmt: skip


def test_markdown_shows_the_words_and_not_their_stars():
    text = markdown_text(ARTICLE, ANSWER, "/article/a?start=3&end=7")
    assert text.startswith("**320米**\n\n> 大桥长320米，\\*花了\\*三亿元。\n")
    assert text.endswith("](/article/a?start=3&end=7)")


def test_a_reference_follows_the_standard():
    expected = "甲某, 乙某, 丙某. 大桥通车[N]. 某日报, 2026-05-16: 第1段."
    assert reference(ARTICLE, CITATION) == expected


def test_a_reference_says_what_is_not_known():
    bare = Article(
        id="b", title="题", date="2026-05", date_basis="inferred", is_title_editorial=True,
        byline="甲某 乙某 丙某 丁某", sections=ARTICLE.sections,
    )  # fmt: skip
    expected = "甲某, 乙某, 丙某, 等. [题][N]. [出版者不详], [2026-05]: 第1段."
    assert reference(bare, Citation.of(bare, 3, 7)) == expected
    nameless = Article(id="c", title="题", sections=ARTICLE.sections)
    expected = "佚名. 题[N]. [出版者不详], [日期不详]: 第1段."
    assert reference(nameless, Citation.of(nameless, 3, 7)) == expected


def test_a_refusal_cannot_be_cited():
    with pytest.raises(ValueError, match="cites nothing"):
        plain_text(ARTICLE, Answer(None, "？", "no_answer"))
