import pytest

from corpus import Article, Section
from qa.suggestions import propose, suggest


def questions(*paragraphs):
    article = Article("a", "题", (Section(None, paragraphs),))
    return [(s.question, article.text[s.start : s.end]) for s in propose(article)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("今年一季度，浙江共开通线路27条。", [("浙江共开通线路多少条？", "27条")]),
        ("浙江中欧班列累计开通27条线路。", [("浙江中欧班列累计开通多少条线路？", "27条")]),
        (
            "据统计，三天展期共接待采购商近2.2万人次，创下新高。",
            [("三天展期共接待采购商多少人次？", "近2.2万人次")],
        ),
        ("村里的老人说，大桥是2014年修的。", []),
        ("增速比上年高12个百分点，全市有3400家企业。", []),
        ("“大桥一共花了三年和5亿元”他说。", []),
        ("大桥长320米宽12米花费巨大。", []),
        ("今年云溪镇的茶叶出口增长25.1%。", []),
    ],
)  # fmt: skip
def test_a_figure_becomes_the_question_word_in_its_place(sentence, expected):
    assert questions(sentence) == expected


def test_suggestions_are_answered_with_the_figure_that_was_taken_out(service):
    pipeline = service.pipeline
    found = suggest(pipeline, "003-2")
    assert found
    for suggestion in found:
        citation = pipeline.ask(suggestion.question).citation
        assert citation.article_id == "003-2"
        assert citation.start < suggestion.end
        assert suggestion.start < citation.end


def test_an_unknown_article_is_an_error(service):
    with pytest.raises(KeyError):
        suggest(service.pipeline, "nothing")
