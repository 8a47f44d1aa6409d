import pytest

from corpus import Article, Section
from qa.web.languages import EN, ZH
from qa.web.page_views import PageViews

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def views():
    return PageViews(ZH)


def test_every_paragraph_is_shown_and_a_mark_never_leaves_its_paragraph(views, service):
    article = service.pipeline.article("000-1")
    for paragraph in article.paragraphs:
        html = views.article(article, [(paragraph.start, paragraph.end)])
        assert html.count("<mark") == 1
        assert f'<mark id="quote-1">{paragraph.text}</mark>' in html


def test_several_quotes_are_marked_and_can_be_stepped_through(views):
    article = Article("x", "题", (Section("节", ("甲乙丙丁戊。", "己庚。")),))
    html = views.article(article, [(5, 6), (2, 4), (3, 5), (9, 10), (4, 4)])
    assert '<p><mark id="quote-2">甲乙</mark>丙<mark id="quote-1">丁</mark>戊。</p>' in html
    assert '<p><mark id="quote-3">己</mark>庚。</p>' in html
    assert html.count("data-step") == 2
    assert "data-step" not in views.article(article, [(2, 4)])


def test_html_in_an_article_is_text(views):
    article = Article(
        "x", HOSTILE, (Section(HOSTILE, (HOSTILE,)),), byline=HOSTILE, kicker=HOSTILE,
        captions=(HOSTILE,), date="2026", date_note='" onmouseover="alert(1)',
    )  # fmt: skip
    html = views.article(article, [(len(HOSTILE) + 1, len(HOSTILE) + 9)])
    assert "<script>" not in html
    assert "<img" not in html
    assert ' onmouseover="' not in html
    assert '<mark id="quote-1">&lt;script&gt;</mark>' in html


def test_every_language_fills_every_template(service):
    overview = service.pipeline.index.overview()
    explanations = service.pipeline.explain("印尼展有多少家义乌企业参展？")
    for texts in (ZH, EN):
        views = PageViews(texts)
        assert texts.about in views.about(overview)
        assert all(name in views.why(explanations, None) for name in texts.why_head)
