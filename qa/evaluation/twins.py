"""Second articles that tell a figure otherwise, or the same figure in another notation.

They plant disagreement into an archive, and agreement that is no copy: the sentence is reworded
by rules that need no understanding, and some of the others around it are left out.
"""

import re
from dataclasses import dataclass
from random import Random

from corpus import Article, Section, split_article
from corpus.sentences import split_sentences
from corpus.times import find_times
from qa.evaluation.gold_questions import GoldQuestion
from qa.quantities import find_quantities, to_numerals

LEAST_RATIO = 2.5
"""A first digit is changed by at least this factor: 超10 may be nearly 20, but not 30."""

LARGEST_SPOKEN = 10_000
"""Up to this, papers write numbers in numerals too."""

LARGEST_SCALED = 100
"""Up to so many 万 or 亿, papers write the number in the next smaller unit too."""

KEPT = 0.5
"""Share of the other sentences of the passage that a second article keeps."""

_VALUE = re.compile(
    r"(?P<before>[^\d一二三四五六七八九十两百千万亿]{0,3})(?P<number>\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十两百千万亿]+)"
    r"(?P<scale>[万亿]?)(?P<rest>[^\d一二三四五六七八九十两百千万亿~～-]{0,5})"
)
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_OPENING = re.compile(r"^(?:据悉|据了解|据介绍|据报道|记者(?:从[^，,]{2,15})?获悉)[，,：]?")
_REACHES = re.compile(r"(?:达到|(?<![到高表])达|(?<![成认因作分称视])为)$")
_OTHER_WORDS = (("目前", "眼下"), ("已经", "已"), ("因此", "所以"), ("超过", "逾"), ("共有", "共"))


@dataclass(frozen=True, slots=True)
class Case:
    """A question on a figure, with two second articles on it; only one is shown at a time.

    Attributes:
        question: As in the gold file.
        article_id: The article that it is on.
        value: The figure there.
        changed: The article that gives another figure, as `changed_value`.
        restated: The article that gives this figure as `restated_value`.
    """

    question: str
    article_id: str
    value: str
    changed: Article
    changed_value: str
    restated: Article
    restated_value: str


def make_case(question: GoldQuestion, articles: dict[str, Article], random: Random) -> Case | None:
    """Return the case of a question; None unless its answer is one quantity of one sentence.

    Raises:
        KeyError: If the articles lack the one that the question is on.
    """
    value = next((answer for answer in question.answers if _is_quantity(answer)), None)
    holding = [e for e in question.evidence if value and value in e.text and e.article_id]
    if value is None or len(holding) != 1:
        return None
    changed, restated = change_value(value, random), restate_value(value, random)
    [evidence] = holding
    article = articles[str(evidence.article_id)]
    passages = [p.text for p in split_article(article) if evidence.text in p.text]
    if changed is None or restated is None or not passages or passages[0].count(value) != 1:
        return None

    def tell(said: str, name: str) -> Article:
        sentence = reword(evidence.text, value, said, random)
        text = retell(passages[0], evidence.text, sentence, random)
        return Article(
            id=f"{article.id} {name}", title=article.title, source=name, date=article.date,
            sections=(Section(None, (text,)),),
        )  # fmt: skip

    return Case(
        question.question, article.id, value,
        tell(changed, "changed"), changed, tell(restated, "restated"), restated,
    )  # fmt: skip


def change_value(value: str, random: Random) -> str | None:
    """Return a value of the same unit and length whose first digit is another; None without one."""
    match = _VALUE.fullmatch(value)
    if not match:
        return None
    number = match["number"]
    if number[0].isdigit():
        first = re.search(r"[1-9]", number)
        if not first:
            return None
        place = first.start()
        changed = number[:place] + _other_digit(number[place], random) + number[place + 1 :]
    else:
        digits = str(_spoken_value(number))
        changed = _spoken(int(_other_digit(digits[0], random) + digits[1:]))
    return value[: match.start("number")] + changed + value[match.end("number") :]


def restate_value(value: str, random: Random) -> str | None:
    """Return a value in another notation, or rounded as papers do; None if there is no other."""
    match = _VALUE.fullmatch(value)
    if not match:
        return None
    number, scale, rest = match["number"].replace(",", ""), match["scale"], match["rest"]
    found = []
    if not number[0].isdigit():
        found = [f"{_spoken_value(number)}{scale}{rest}"]
    else:
        found = [*_rescaled(number, scale, rest), *_in_numerals(number, scale, rest)]
        if not match["before"] and not re.match(r"[多余]|以|左|上", rest):
            found += _rounded(number, scale, rest)
    return match["before"] + random.choice(found) if found else None


def reword(sentence: str, value: str, said: str, random: Random) -> str:
    """Return a sentence with another value and a few other words."""
    head, tail = _OPENING.sub("", sentence).split(value, 1)
    head = _REACHES.sub(random.choice(("达到", "达", "为")), head)
    for word, other in _OTHER_WORDS:
        head, tail = head.replace(word, other), tail.replace(word, other)
    return head + said + tail


def retell(text: str, sentence: str, reworded: str, random: Random) -> str:
    """Return a passage with one sentence reworded and about half of the others left out."""

    def thin(part: str) -> str:
        sentences = (part[start:end] for start, end in split_sentences(part))
        return "".join(other for other in sentences if random.random() < KEPT)

    before, after = text.split(sentence, 1)
    return thin(before) + reworded + thin(after)


def _is_quantity(answer: str) -> bool:
    """Whether an answer is one quantity, at most with a unit that is not known, and no time."""
    found = list(find_quantities(answer))
    is_alone = len(found) == 1 and found[0].start == 0 and len(answer) - found[0].end <= 1
    return is_alone and not find_times(answer, None) and not answer.endswith(("月", "日", "号"))


def _other_digit(digit: str, random: Random) -> str:
    was = int(digit)
    return str(random.choice([d for d in range(1, 10) if max(d, was) / min(d, was) >= LEAST_RATIO]))


def _rescaled(number: str, scale: str, rest: str) -> list[str]:
    """15000 of 1.5万 and the reverse, 75000万 of 7.5亿."""
    lower = {"万": "", "亿": "万"}
    if scale:
        value = round(float(number) * 10_000, 4)
        if float(number) > LARGEST_SCALED:
            return []
        return [f"{int(value)}{lower[scale]}{rest}"] if value.is_integer() else []
    is_round = number.isdigit() and int(number) >= 10_000 and int(number) % 100 == 0
    return [f"{int(number) / 10_000:g}万{rest}"] if is_round else []


def _in_numerals(number: str, scale: str, rest: str) -> list[str]:
    """二十七 of 27, 百分之三点五 of 3.5%."""
    if rest == "%":
        return [f"百分之{to_numerals(number)}"]
    if number.isdigit() and not scale and 1 <= int(number) <= LARGEST_SPOKEN:
        return [_spoken(int(number)) + rest]
    return []


def _rounded(number: str, scale: str, rest: str) -> list[str]:
    """230多 of 233, 1.8万多 of 1.82万, 约20 of 19.9: the last digit is given up."""
    if "." in number:
        if scale and number[-1] != "0":
            return [f"{number[:-1].rstrip('.')}{scale}多{rest}"]
        decimals = len(number.partition(".")[2])
        is_fine = not scale and (decimals > 1 or float(number) >= 10)
        return [f"约{float(number):.{decimals - 1}f}{rest}"] if is_fine else []
    value = int(number)
    step = 10 ** max(1, len(str(value)) - 2)
    if value % step == 0 or value < step or not rest:
        return []
    return [f"{value // step * step}{scale}多{rest}"]


def _spoken_value(number: str) -> int:
    return round(next(find_quantities(number)).low)


def _spoken(value: int) -> str:
    return "两" if value == 2 else to_numerals(str(value))
