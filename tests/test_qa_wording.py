import pytest

from qa.web.languages import BY_LANGUAGE, EN, ZH
from qa.wording import CONFIDENCE_LEVELS, describe_confidence


@pytest.mark.parametrize(
    ("probability", "chinese", "english"),
    [
        (1.0, "很可能对（100%）", "very likely right (100%)"),
        (0.746, "很可能对（75%）", "very likely right (75%)"),
        (0.744, "多半对（74%）", "probably right (74%)"),
        (0.5, "多半对（50%）", "probably right (50%)"),
        (0.3, "把握不大（30%）", "not sure (30%)"),
        (0.0, "很没把握（0%）", "very unsure (0%)"),
    ],
)
def test_the_terminal_and_the_page_say_alike_how_sure_an_answer_is(probability, chinese, english):
    assert describe_confidence(probability) == ZH.confidence(probability) == chinese
    assert EN.confidence(probability) == english


def test_every_language_has_words_for_every_level():
    for texts in BY_LANGUAGE.values():
        assert len(texts.confidence_words) == len(CONFIDENCE_LEVELS)
