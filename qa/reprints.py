"""The same words in other papers: copies of the passage that an answer is cut from."""

import re
from collections.abc import Iterator
from itertools import islice

from corpus import Passage
from index import SearchIndex
from index.copies import same_wording
from qa.answers import Alternative, Citation
from qa.reader import Reading, Span, evidence_around

MAX_REPRINTS = 5
"""Papers with the same copy that are named with an answer, beside its other alternatives."""


def find_reprints(
    index: SearchIndex, reading: Reading, probability: float
) -> tuple[Alternative, ...]:
    """Return where else the words of an answer are printed in the same sentence.

    They are one source with the answer and do not make it surer. A copy that lacks the words,
    or has them in another sentence, is left out, and so is a second one of the same article.

    Args:
        index: What was searched.
        reading: The answer.
        probability: That it is right.

    Returns:
        In corpus order, at most `MAX_REPRINTS`.
    """
    return tuple(islice(_reprints(index, reading, probability), MAX_REPRINTS))


def _reprints(index: SearchIndex, reading: Reading, probability: float) -> Iterator[Alternative]:
    articles = {reading.passage.article_id}
    for number in reading.scored.copies:
        # One by one: boilerplate has thousands of copies, and few are shown.
        [copy] = index.passages([number])
        span = _locate(reading, copy)
        if span is None or copy.article_id in articles:
            continue
        articles.add(copy.article_id)
        start, end = evidence_around(copy.text, span)
        citation = Citation.of(
            index.article(copy.article_id), copy.start + span[0], copy.start + span[1]
        )
        yield Alternative(citation.quote, copy.text[start:end], probability, citation, "same")


def _locate(reading: Reading, copy: Passage) -> Span | None:
    """Find the answer in a copy: the same words, as often before in the same sentence."""
    text, evidence = reading.passage.text, reading.evidence
    words = re.compile(re.escape(reading.answer_text))
    n_before = len(words.findall(text[evidence[0] : reading.span[0]]))
    for match in words.finditer(copy.text):
        start, end = evidence_around(copy.text, match.span())
        is_there = len(words.findall(copy.text[start : match.start()])) == n_before
        if is_there and same_wording(copy.text[start:end], reading.evidence_text):
            return match.span()
    return None
