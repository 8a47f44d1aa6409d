"""Whether two answers to one question agree: by value, time and scope, not by wording.

45项 and 40余项, or 2024年底 and 2024年, can be meant by one value and agree. 26条 in January and
27条 in May are figures of different dates. 市委组织部 and 市委统战部 said of one meeting contradict
each other. What cannot be told is only different: no alarm is raised on mere wording.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from corpus.calendar import Days, days_of, meets
from corpus.times import find_times
from index.segmentation import words
from index.text import is_question_word, normalise
from qa.lists import asks_for_list
from qa.quantities import Quantity, find_quantities

Agreement = Literal["same", "dated", "conflict", "different"]
"""Same value; values of different dates; values that cannot both be right; something else."""

LEAST_SHARED = 0.3
"""Share of the words around two values that must agree for them to be values of one thing."""

LEAST_SHARED_UNDATED = 0.5
"""The same for whole sentences where no date tells whether both are of one time: one attack
kills six, another 33. Set on questions of Antiterror News."""

SHORTEST_CLAUSE = 4
"""Words around a value; with fewer the clause before is looked at as well."""

LONGEST_NAME = 20
"""Characters of what may be compared as a name."""

ONE_NEWS = timedelta(days=1)
"""Papers that report one thing a day apart report the same news."""

_STOPS = re.compile(r"[，。；：！？,;:!?]")
_FILLERS = re.compile(r"[\s“”‘’\"'《》（）()、·]|达到|高达|突破|超过|[约近超逾达]")
_SCOPE = re.compile(
    r"(?:全球|全国|全省|全市|全县|全区|全镇|全村|[我本该]省|[我本该]市|[我本该]县|其中)"
    r"|[一二三四五六七八九]区"
)
_ASKS_FOR_NAME = re.compile(r"谁|叫什么|什么名字|哪[一]?[个位家所座]|什么(?:人|部门|单位|公司)")
_KINDS_OF_NAMES = (
    re.compile(r"(?:公司|集团|企业|[厂社院校所行])$"),
    re.compile(r"(?:[部局委办会署]|中心|学院|大学)$"),
    re.compile(r"[省市县区镇乡村国州港站山湖河岛]$"),
)
_HAN = re.compile(r"[㐀-鿿·]+")
_PERSON_LENGTH = range(2, 5)


@dataclass(frozen=True, slots=True)
class Statement:
    """A value with where it was said.

    Attributes:
        answer: The value, in the paper's words.
        evidence: The sentence around it.
        date: Of the article, see `corpus.Article.date`.
        article_id: The article.
    """

    answer: str
    evidence: str
    date: str | None
    article_id: str


def compare(question: str, one: Statement, other: Statement) -> Agreement:
    """Return how two answers to a question go together; several things asked for never clash."""
    agreement = _compare_values(question, one, other)
    is_list = asks_for_list(question)
    return "different" if is_list and agreement in ("dated", "conflict") else agreement


def _compare_values(question: str, one: Statement, other: Statement) -> Agreement:
    if _bare(one.answer) == _bare(other.answer):
        return "same"
    times = _time(one), _time(other)
    if times[0] and times[1]:
        if meets(times[0], times[1]):
            return "same"
        return "conflict" if _is_of_one_thing(one, other) else "different"
    values = _quantity(one), _quantity(other)
    if values[0] and values[1]:
        if not values[0].is_of_one_kind(values[1]):
            return "different"
        if values[0].is_compatible(values[1]):
            return "same"
        if _gives(one, values[1]) or _gives(other, values[0]):
            return "different"
        return _of_values(one, other)
    if _are_names(question, one.answer, other.answer) and _is_of_one_thing(one, other):
        said = _said_of(one), _said_of(other)
        if said[0] and said[1] and not meets(said[0], said[1]):
            return "dated"
        return "conflict"
    return "different"


def days_of_value(statement: Statement) -> Days | None:
    """Return the days that a value is of: those that its sentence names, or the article's."""
    return _said_of(statement) or _printed(statement)


def is_newer(one: Statement, other: Statement) -> bool:
    """Whether a value is of a later date than another; False if that cannot be told."""
    first, second = days_of_value(one), days_of_value(other)
    return first is not None and second is not None and first[1] > second[1]


def _of_values(one: Statement, other: Statement) -> Agreement:
    """How two quantities that cannot be the same value go together."""
    scopes = [set(_SCOPE.findall(statement.evidence)) for statement in (one, other)]
    if not _is_of_one_thing(one, other) or (all(scopes) and not scopes[0] & scopes[1]):
        return "different"
    # A paper does not contradict itself: two figures of one article are of two things or times.
    is_one_paper = one.article_id == other.article_id
    # A paper without a date that says 4月24日 is taken to write at the time the other does.
    first = days_of_value(one) or _days_beside(one, other)
    second = days_of_value(other) or _days_beside(other, one)
    said = _said_of(one) or _said_of(other)
    if first is None or second is None:
        is_other = said or is_one_paper or not _is_of_one_event(one, other)
        return "different" if is_other else "conflict"
    slack = timedelta(0) if said else ONE_NEWS
    if not meets(first, (second[0] - slack, second[1] + slack)):
        return "dated"
    return "different" if is_one_paper else "conflict"


def _bare(text: str) -> str:
    return _FILLERS.sub("", normalise(text))


def _quantity(statement: Statement) -> Quantity | None:
    """The quantity of an answer, with the 约 or 多元 that it was cut from.

    None if there is none; of several, the first if the answer begins with it: 2枚、软条8枚.
    """
    found = list(find_quantities(statement.answer))
    if not found or (len(found) > 1 and found[0].start > 0):
        return None
    plain = found[0]
    offset = statement.evidence.find(statement.answer)
    for whole in find_quantities(statement.evidence):
        is_around = whole.start <= offset + plain.start and offset + plain.end <= whole.end
        if is_around and whole.low <= plain.low and plain.high <= whole.high:
            return whole
    return plain


def _gives(statement: Statement, value: Quantity) -> bool:
    """Whether a sentence gives a value too, and so does not contradict it."""
    times = find_times(statement.evidence, _printed(statement))
    return any(
        said.unit == value.unit
        and said.is_compatible(value)
        and not any(time.start < said.end and said.start < time.end for time in times)
        for said in find_quantities(statement.evidence)
    )


def _time(statement: Statement) -> Days | None:
    """The days that an answer names, if it is a time and little else."""
    times = find_times(statement.answer, _printed(statement))
    if not times or sum(t.end - t.start for t in times) * 2 < len(statement.answer):
        return None
    return times[0].first, times[-1].last


def _said_of(statement: Statement, written: Days | None = None) -> Days | None:
    """The days that a sentence says its value is of: the last time named before it.

    Args:
        statement: The value.
        written: When the sentence was written, if its article has no date.
    """
    end = statement.evidence.find(statement.answer)
    named = find_times(statement.evidence[:end], _printed(statement) or written)
    return named[-1].days if named else None


def _days_beside(statement: Statement, other: Statement) -> Days | None:
    """The days that a sentence of unknown date names, if it was written when another was."""
    return _said_of(statement, days_of_value(other))


def _printed(statement: Statement) -> Days | None:
    """The days on which the article may have been printed."""
    return days_of(statement.date) if statement.date else None


def _is_of_one_thing(one: Statement, other: Statement) -> bool:
    """Whether the words around two values are alike enough for them to be values of one thing."""
    first, second = _around(one), _around(other)
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) / fewest >= LEAST_SHARED


def _is_of_one_event(one: Statement, other: Statement) -> bool:
    """Whether two whole sentences are alike enough to tell of one event without a date."""
    first, second = (set(words(statement.evidence)) for statement in (one, other))
    fewest = min(len(first), len(second))
    return len(first & second) >= LEAST_SHARED_UNDATED * fewest


def _around(statement: Statement) -> set[str]:
    """The words beside a value in its clause, and in the clauses next to it if they are few."""
    before, _, after = statement.evidence.partition(statement.answer)
    *earlier, head = _STOPS.split(before)
    tail, *later = _STOPS.split(after)
    found: set[str] = set()
    for clause in (head, tail, *later[:1], *reversed(earlier)):
        found |= {word for word in words(clause) if not is_question_word(word)}
        if clause is not head and len(found) >= SHORTEST_CLAUSE:
            break
    return found


def _are_names(question: str, *answers: str) -> bool:
    """Whether answers are names of one kind: of persons, bodies or places, or beginning alike."""
    one, other = map(_bare, answers)
    if not all(_HAN.fullmatch(name) and 1 < len(name) <= LONGEST_NAME for name in (one, other)):
        return False
    if one in other or other in one:
        return False
    if one[:2] == other[:2] or any(
        kind.search(one) and kind.search(other) for kind in _KINDS_OF_NAMES
    ):
        return True
    return bool(_ASKS_FOR_NAME.search(question)) and all(
        len(name) in _PERSON_LENGTH for name in (one, other)
    )
