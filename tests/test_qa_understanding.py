import pytest

from qa.answers import Answer
from qa.understanding import understand_question

EARLIER = "灯展在哪里办？"


def understood(question, sure, history=(EARLIER,), correct=lambda _: None):
    """What is looked up, if questions are answered as surely as `sure` says."""

    def ask(text):
        return Answer(None, text, "answered", "东港", confidence=sure[text])

    return understand_question(question, history, ask, ask, correct)


@pytest.mark.parametrize(
    ("as_typed", "expected"),
    [(0.81, None), (0.79, "灯展，这么一来，省了多少电？"), (0.0, "灯展，这么一来，省了多少电？")],
)
def test_a_follow_up_is_taken_as_typed_if_that_is_far_surer(as_typed, expected):
    """More than twice .4."""
    question = "这么一来，省了多少电？"
    sure = {question: as_typed, "灯展，这么一来，省了多少电？": 0.4}
    assert understood(question, sure) == expected


def test_two_refusals_leave_it_with_its_topic():
    question = "这么一来，省了多少电？"
    sure = {question: 0.0, "灯展，这么一来，省了多少电？": 0.0}
    assert understood(question, sure) == "灯展，这么一来，省了多少电？"


def test_a_pronoun_or_an_ellipsis_never_stands_for_itself():
    """No question is asked, or a key would be missing."""
    assert understood("它办了几天？", {}) == "灯展，它办了几天？"
    assert understood("那里有多少人？", {}) == "灯展，那里有多少人？"


def test_a_question_that_stands_alone_is_corrected_only():
    assert understood("青湾港有多少条船？", {}) is None
    assert (
        understood("青弯港有几条船？", {}, correct=lambda _: "青湾港有几条船？")
        == "青湾港有几条船？"
    )
    assert understood('"青弯港"有几条船？', {}, correct=lambda _: "青湾港") is None
    assert understood("？", {}) is None
