"""How a question is looked up: standing alone, and without typing errors."""

from collections.abc import Callable, Sequence

from qa.answers import Answer
from qa.followups import names_nothing_earlier, understand
from qa.questions import InvalidQuestionError, parse_question

LITERAL_LEAD = 2.0
"""A follow-up without a pronoun is taken as typed if that is answered so many times as surely as
with what earlier questions were about. Set on the 13 development questions of chats."""


def understand_question(
    question: str,
    history: Sequence[str],
    ask: Callable[[str], Answer],
    ask_literally: Callable[[str], Answer],
    correct: Callable[[str], str | None],
) -> str | None:
    """Return a question as it is looked up, where that is not as it was typed.

    Args:
        question: Raw user text.
        history: Earlier questions of the same chat, oldest first.
        ask: Answers a question that stands alone.
        ask_literally: The same, taking it as it is given.
        correct: Sets typing errors right, see `PassageIndex.correct`.

    Returns:
        None if it is looked up as typed, see `Pipeline.understand`.
    """
    try:
        parsed = parse_question(question)
    except InvalidQuestionError:
        return None
    alone = understand(parsed.text, history, lambda earlier: ask(earlier).answer)
    if alone and names_nothing_earlier(parsed.text):
        with_topic, as_typed = (ask_literally(text).confidence for text in (alone, parsed.text))
        alone = None if as_typed > LITERAL_LEAD * with_topic else alone
    if parsed.phrases:
        return alone
    return correct(alone or parsed.text) or alone
