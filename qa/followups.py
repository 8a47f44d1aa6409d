"""Questions that lean on earlier ones, made to stand alone.

"在哪儿办？" after "“职引未来”招聘活动是几号？" may mean "“职引未来”招聘活动，在哪儿办？": what the
earlier question was about, and its answer if that is short, is put in front, as Chinese does
with topics. Which of these wordings is meant is what the archive answers most surely. A question
that names what it is about is one of them as typed; one that points back (他, 那里, 为什么) is not.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from qa.answers import Answer
from qa.reasons import NOT_A_LOOKUP

_PERSON = re.compile(r"(?<![其耳吉维])[他她它]们?|(?<![尤极耳])其(?![他中实余次它])")
_PLACE = re.compile(r"[那这](?:里|儿)")
_POINTING = re.compile(
    r"^[，,\s]*(?:在|从|对|给|到|那么)?(?:其中|其间|期间|当时|当年|当天|会上|当地|"
    r"[这那该此](?:里|儿|边|个|位|家|天|年|次|时|座|趟|项|条|件|场|所|种|款|些|人|公司|企业|活动|项目|么|样))"
)
_NAMES = "曲|英|不勒斯|拉提"
"""After 那: 那曲, 那英, 那不勒斯, 那拉提."""

_LEADING = re.compile(
    rf"^(?:那么|那|然后|还有|另外|后来|之后|接着)(?!里|儿|边|个|位|家|天|年|次|时|座|趟|项|条|些|{_NAMES}|[一-龥]?[是的])[，,\s]*"
)
_ELLIPSIS = re.compile(
    rf"呢[?？。]*$|^(?:那(?!{_NAMES})|然后|还有|后来|之后|为什么|为啥|怎么回事|怎么会|上午|下午|晚上|第二天|第二年|次年|同年|同比)"
)
_AND = re.compile(r"^(?:那么|那)?(?P<what>[^，,]{1,16})呢[?？。]*$")
_TIMES = (
    re.compile(r"上午|下午|中午|晚上|早上|当晚"),
    re.compile(r"去年|今年|前年|明年|(?:19|20)\d\d年"),
    re.compile(r"\d{1,2}月|[一二三四五六七八九十]+月|[一二三四]季度|上半年|下半年"),
)
_ASKING = re.compile(
    r"什么时候|什么地方|什么人|什么样|什么|哪一?[年天里儿家个些位所座条项种款届站片几国省市县镇村]?|谁|"
    r"多少|多[久长高大远重深宽快]|第?几[号天个家年月岁次代点位名条项趟]?|怎么回事|怎么样|怎么|怎样|为什么|为啥|为何|如何|咋|啥时候|啥|吗|呢"
)
_TRAILING = re.compile(
    r"(?:[，,、\s]|(?:[他她它]们?|那里|那儿|其间|来|一共|总共|累计|共|大概|大约|究竟|到底|今年|主要|都|又|还|也|曾|已|是|在|有|于|由|用|靠|为|要|能|叫|"
    r"来自|位于|住在?|做|装|办|开|建|隔|花|卖|给|让|从|到|被|把|和|与|了|的|过|着|个))+$"
)
_ASKS_HOW_MANY = re.compile("多少|多[久长高大远重深宽快]|(?<![第哪])几(?![号月年])")
"""What is answered by a figure, which names nothing that a later question can be about."""

_CONTENT = re.compile(r"[\w“”《》]")

_COUNTERS = "家个名位项条所座人种次趟"

SHORTEST_ALONE = 4
"""Characters beside the question word that a question needs to stand alone."""

LONGEST_ELLIPSIS = 8
"""Characters beside the question word from which a question that begins with 为什么 or ends with 呢
may stand alone."""

LONGEST_NAMED = 14
"""Characters of an earlier answer that is named with what it was asked of."""

TYPED_LEAD = 0.1
"""By how much surer another wording must be than the question as typed. Set, as `SAME_AGAIN`, on
chats of the development half."""

SURE_AS_TYPED = 0.6
"""A question that may stand alone and is answered so surely as typed is meant so."""

SAME_AGAIN = 0.3
"""By how much less sure an answer counts that was given to the earlier question."""

N_EARLIER = 5
"""Earlier questions that a question may lean on, directly or through others; each is asked."""

Ask = Callable[[str], Answer]
"""Answers a question that stands alone."""


def stands_alone(question: str) -> bool:
    """Whether a question can be understood without those before it."""
    named = _TRAILING.sub("", _named(question))
    if _POINTING.search(question):
        return False
    if _ELLIPSIS.search(question) and len(named) < LONGEST_ELLIPSIS:
        return False
    # "程科源是哪年来的？他…" names him before it says 他.
    for pronoun in (_PERSON.search(question), _PLACE.search(question)):
        if pronoun and len(_named(question[: pronoun.start()])) < SHORTEST_ALONE:
            return False
    return len(named) >= SHORTEST_ALONE


def _named(text: str) -> str:
    """The words of a text that are not question words."""
    return "".join(_CONTENT.findall(_ASKING.sub("", text)))


def topic_of(question: str) -> str:
    """Return what a question is about: its words up to the question word, or those after it."""
    text = _without_mark(question)
    asking = _ASKING.search(text)
    if asking is None:
        return text
    before = _TRAILING.sub("", text[: asking.start()])
    if text[: asking.start()].endswith("有"):  # 义乌有多少家外贸企业受益
        return before + text[asking.end() :].lstrip(_COUNTERS)
    return before or _TRAILING.sub("", text[asking.end() :]).lstrip("，, 的是")


def understand(question: str, history: Sequence[str], ask: Ask) -> str | None:
    """Return a question of a chat so that it stands alone, or None if it is meant as typed.

    Args:
        question: As typed.
        history: The questions before it, oldest first; the last `N_EARLIER` count.
        ask: Answers the earlier question, and each wording that may be meant.
    """
    may_stand_alone = stands_alone(question)
    if not history or (may_stand_alone and _is_meant_as_typed(ask(question))):
        return None
    *before, earlier = history[-N_EARLIER:]
    if not stands_alone(earlier):
        earlier = understand(earlier, before, ask) or earlier
    wordings = list(_wordings(question, earlier, said := ask(earlier).answer))
    best = max(wordings, default=question, key=lambda wording: _sureness(ask(wording), said))
    if may_stand_alone:
        lead = _sureness(ask(best), said) - _sureness(ask(question), said)
        return best if lead > TYPED_LEAD else None
    return best if wordings else None


def _is_meant_as_typed(answer: Answer) -> bool:
    """Whether a question that may stand alone is answered surely, or about what nobody prints."""
    return answer.confidence >= SURE_AS_TYPED or answer.reason == NOT_A_LOOKUP


def _wordings(question: str, earlier: str, said: str | None) -> Iterator[str]:
    """What a question may mean after an earlier one that was answered with `said`."""
    question = question.strip()
    if (also := _AND.match(question)) and (repeated := _repeat(earlier, also["what"])):
        yield repeated
    topic, rest = topic_of(earlier), _LEADING.sub("", question)
    if not topic:
        return
    yield f"{topic}，{rest}"
    if not said or said in topic or _ASKS_HOW_MANY.search(earlier):
        return
    if len(said) <= LONGEST_NAMED:
        yield f"{topic}，{said}，{rest}"


def _sureness(answer: Answer, said: str | None) -> float:
    """How sure an answer is, less if it says again what was said before."""
    again = said and answer.answer and (answer.answer in said or said in answer.answer)
    return answer.confidence - (SAME_AGAIN if again else 0)


def _repeat(earlier: str, what: str) -> str | None:
    """The earlier question asked of something else, as 下午呢 wants it; None if it cannot be."""
    for times in _TIMES:
        if times.fullmatch(what) and (said := times.search(earlier)):
            return earlier[: said.start()] + what + earlier[said.end() :]
    text = _without_mark(earlier)
    asking = _ASKING.search(text)
    tail = text[asking.end() :] if asking else ""
    if asking is None or len(tail) < 2:  # 多少 before 家省科技型中小企业
        return None
    counter = tail[0] if tail[0] in _COUNTERS else ""
    return f"{text[: asking.end()]}{counter}{what}？"


def _without_mark(question: str) -> str:
    return question.strip().rstrip("?？。！!")
