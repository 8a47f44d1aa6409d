"""What may be asked next: sentences of the article, with a figure turned into a question.

In Chinese the question word stands where the answer stands, so "义乌有15000家企业" becomes
"义乌有多少家企业？" without a word being made up. A suggestion is kept only if the pipeline
answers it with the very figure that was taken out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from weakref import WeakKeyDictionary

from corpus import Article, split_sentences
from qa.pipeline import Pipeline
from qa.quantities import UNITS

MAX_TRIED = 8
"""Suggestions of one article that are checked, at the price of a question each."""

MAX_KEPT = 5
"""Suggestions of one article that are kept."""

SHORTEST, LONGEST = 8, 34
"""Characters of a suggestion."""

SHORTEST_HEAD = 5
"""Characters before the figure: what it is a figure of."""

_YEAR = re.compile(r"(?:19|20)\d\d年")
_FIGURE = re.compile(
    rf"(?:约|近|超过|超|逾|达到|达)?(?P<figure>\d[\d,.]*(?:[多余]?[万亿千百]+)?[多余]?)(?P<unit>(?:[万亿](?=元|美元|件|吨))?(?:{UNITS}))"
    r"(?<!\d年)(?!代|度)"
)
_CLAUSE_END = re.compile(r"[，；。！？：,;]")
_LEANS_BACK = re.compile(
    r"^(?:其中|增速|增幅|当月|同比|比|较|达|增长|累计|这|该|他|她|它|其|并|也|还|而|但|从而|使|让|据|截至)"
)
_QUOTES = frozenset("“”‘’《》（）()\"'")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and where the figure stands that answers it, in the article's text."""

    question: str
    start: int
    end: int


_known: WeakKeyDictionary[Pipeline, dict[str, tuple[Suggestion, ...]]] = WeakKeyDictionary()
"""Suggestions found so far; forgotten with their pipeline, so that dropped uploads and states of
an index that was changed are let go."""


def propose(article: Article) -> Iterator[Suggestion]:
    """Yield suggestions from an article in reading order, unchecked, one a sentence."""
    for paragraph in article.paragraphs:
        for start, end in split_sentences(paragraph.text):
            if suggestion := _of_sentence(paragraph.text[start:end], paragraph.start + start):
                yield suggestion


def suggest(pipeline: Pipeline, article_id: str) -> tuple[Suggestion, ...]:
    """Return suggestions of an article that the pipeline answers right, in reading order.

    Raises:
        KeyError: If there is no article of this id.
    """
    pipeline = pipeline.now()
    known = _known.setdefault(pipeline, {})
    if article_id not in known:
        known[article_id] = tuple(islice(_checked(pipeline, article_id), MAX_KEPT))
    return known[article_id]


def _checked(pipeline: Pipeline, article_id: str) -> Iterator[Suggestion]:
    proposed = list(propose(pipeline.article(article_id)))
    step = max(1, len(proposed) // MAX_TRIED)  # from all over the article
    for suggestion in proposed[::step][:MAX_TRIED]:
        cited = pipeline.ask(suggestion.question).citation
        if cited is None or cited.article_id != article_id:
            continue
        if cited.start < suggestion.end and suggestion.start < cited.end:
            yield suggestion


def _of_sentence(sentence: str, offset: int) -> Suggestion | None:
    for figure in _FIGURE.finditer(sentence):
        clause = max(
            (m.end() for m in _CLAUSE_END.finditer(sentence, 0, figure.start())), default=0
        )
        end = _CLAUSE_END.search(sentence, figure.end())
        stop = end.start() if end else len(sentence)
        head, tail = sentence[clause : figure.start()], sentence[figure.end() : stop]
        question = f"{head}多少{figure['unit']}{tail}".strip() + "？"
        # Nobody says 多少%.
        if len(head) < SHORTEST_HEAD or _YEAR.fullmatch(figure[0]) or figure["unit"] in "%％":
            continue
        if not SHORTEST <= len(question) <= LONGEST or _LEANS_BACK.match(question):
            continue
        if _QUOTES & set(question) or any(c.isdigit() for c in head + tail):
            continue
        return Suggestion(question, offset + figure.start(), offset + figure.end())
    return None
