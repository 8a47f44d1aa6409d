"""Questions that ask for two things, as two questions that stand alone, answered together.

"展会有多少家企业参展、接待了多少人？" asks "展会有多少家企业参展" and "展会接待了多少人".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.alternatives import MAX_ALTERNATIVES
from qa.answers import Alternative, Answer
from qa.followups import Ask, topic_of, understand

MAX_PARTS = 3
"""Each costs as much as a question."""

MAX_LENGTH = 200
"""Characters; a longer text is no question for two things."""

_ASKING = re.compile(
    r"哪|谁|什么|啥|多少|(?<![十好头那这后前百千万])几(?=[个家条人座名次回趟种项])|何时|何地|多[大高长远久重](?!的)|第几"
)
_CUT = re.compile(r"[，,、；;？?。\s]+")
_BOTH = re.compile(
    r"^(?P<head>.*?的|.*?[，,])?(?P<one>[^，,的]{2,20})[和与跟](?P<other>[^，,]{2,20}?)(?:各自|各(?![国地类大界方级种省市县项位个])|分别)(?P<rest>.+)$"
)
_POINTS_BACK = re.compile(r"[他她它其]|(?P<thing>[那这该此])")


def parts_of(question: str, ask: Ask) -> tuple[str, ...]:
    """Return the questions that a question asks at once, or none if it asks one.

    Clauses that each have a question word of their own (哪天开出、哪天到达), and 甲和乙各…多少.
    What a later clause leaves out is taken from the first.

    Args:
        question: As typed.
        ask: Answers a question that stands alone; asked only where a later clause points at what
            the first asks for (那个场地).
    """
    if len(question) > MAX_LENGTH:
        return ()
    if both := _BOTH.match(question.rstrip("？?")):
        head, rest = both["head"] or "", both["rest"]
        if _ASKING.search(rest) and not _ASKING.search(head + both["one"] + both["other"]):
            return tuple(f"{head}{thing}{rest}？" for thing in (both["one"], both["other"]))
    asking = _clauses_that_ask(question)[:MAX_PARTS]
    if len(asking) < 2:
        return ()
    first = f"{asking[0]}？"
    return (first, *(_on_its_own(clause, first, ask) for clause in asking[1:]))


def with_parts(whole: Answer, parts: Sequence[Answer]) -> Answer:
    """Return the answer to a question with those to the questions that it asks at once.

    They come before its other alternatives, `Answer.n_parts` of them; of a sentence that is shown
    only other words that answer another part. A question that is refused as a whole is answered if
    all its parts are.

    Args:
        whole: Answer to the question, or refusal.
        parts: Answers or refusals, in the order they are asked; at least one.
    """
    if whole.answer is None and all(part.answer for part in parts):
        whole = replace(parts[0], question=whole.question, alternatives=())
    if whole.answer is None or whole.citation is None:
        return whole
    said = {(whole.citation.article_id, whole.evidence): [whole.answer]}
    others: list[Alternative] = []
    answers = [alternative for part in parts if (alternative := _as_alternative(part))]
    same = [replace(a, relation="same") for a in answers if _overlap(a.answer, whole.answer)]
    asked = [a for a in answers if not _overlap(a.answer, whole.answer)]
    for other in (*asked, *same, *whole.alternatives):
        words = said.setdefault((other.citation.article_id, other.evidence), [])
        answers_part = other in asked and not any(_overlap(other.answer, one) for one in words)
        if not words or answers_part:
            words.append(other.answer)
            others.append(other)
    shown = tuple(others[:MAX_ALTERNATIVES])
    return replace(whole, alternatives=shown, n_parts=sum(other in asked for other in shown))


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _clauses_that_ask(question: str) -> list[str]:
    """Cut a question so that each part has a question word; the last also what follows it."""
    parts = [""]
    for clause in re.split(f"({_CUT.pattern})", question.rstrip("？?。")):
        if _CUT.fullmatch(clause):
            parts[-1] += clause
        elif _ASKING.search(parts[-1]) and _ASKING.search(clause):
            parts.append(clause)
        else:
            parts[-1] += clause
    return [re.sub(rf"{_CUT.pattern}$", "", part) for part in parts if _ASKING.search(part)]


def _on_its_own(clause: str, first: str, ask: Ask) -> str:
    points_back = _POINTS_BACK.match(clause)
    if points_back and points_back["thing"] and (thing := ask(first).answer):
        return f"{thing}，{clause}？"
    if points_back:
        return understand(clause, (first,), ask) or f"{clause}？"
    return f"{_topic(first)}，{clause}？"


def _topic(first: str) -> str:
    """What the first part is about: the clauses before the one that asks, or its `topic_of`."""
    asking = _ASKING.search(first)
    cuts = list(_CUT.finditer(first, 0, asking.start())) if asking else []
    return first[: cuts[-1].start()] if cuts else topic_of(first)


def _as_alternative(answer: Answer) -> Alternative | None:
    if answer.answer is None or answer.evidence is None or answer.citation is None:
        return None
    return Alternative(
        answer.answer, answer.evidence, answer.confidence, answer.citation, "different"
    )
