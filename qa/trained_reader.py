"""The trained reader: cuts the answer out of the passages, or sees that it is not there.

A cross-encoder reads the question with every passage. A span from token i to token j of
passage p scores `relevance_p + start_i + end_j`, that nothing here answers scores 0, and one
softmax runs over all of that (shared normalisation, Clark & Gardner, 2018, arXiv 1710.10723;
passage and span jointly, Fajcik et al., 2021, arXiv 2109.03502). So the best span of all
passages wins, and not the best span of the first. Passages that look unlikely after the first
layers are not read to the end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from index import ScoredPassage
from index.encoders import BUNDLED_FOLDER
from index.text import simplify
from qa.meaning import keep_meaning
from qa.questions import Question
from qa.reader import Reading, Span, evidence_around
from qa.reader_inputs import ReaderInput, ReaderTokenizer
from qa.reader_model import Begun, Logits, ReaderModel
from qa.span_edges import are_paired, edge_costs, sentence_costs

MAX_SPAN = 80
"""Tokens of the longest answer."""

SPANS_PER_PASSAGE = 6
"""How many answers of one passage are weighed against each other; they do not overlap. So many that
one in the form that is asked for (`qa.demands`) is mostly among them."""

N_TO_THE_END = 5
"""Passages that are read to the end: those that look likeliest after the first layers."""

PRIOR_WEIGHT = 13.0
"""What the retrieval score (in [0, 1]) adds to a span's. Set on development questions."""

MAX_LAG = 0.4
"""How far behind the first passage counts at most: in an archive of a few passages the others are
soon far behind."""

_LEADS_ON = re.compile(r"(?<=..)的$|(?<=[日月年天午晚])在$")
"""What at the end of an answer only leads on to what follows: 全长320米的, 5月22日在."""

_EDGES = " \t\u3000，。、；：！？,.;:!?…—"
"""What no answer begins or ends with."""


class Model(Protocol):
    """What the reader needs of a model, see `ReaderModel`."""

    def begin(self, inputs: Sequence[ReaderInput]) -> list[Begun]:
        """Run the first layers on every passage."""
        ...

    def finish(self, begun: Sequence[Begun]) -> list[Logits]:
        """Run the last layers on every passage."""
        ...


class TrainedReader:
    """Reads with the bundled model; see the module."""

    def __init__(
        self,
        model: Model | None = None,
        *,
        prior_weight: float = PRIOR_WEIGHT,
        n_to_the_end: int = N_TO_THE_END,
    ) -> None:
        """Read with a model, by default the bundled one.

        Raises:
            ReaderError: If a file of the bundled one is missing or damaged.
        """
        self._model = model or ReaderModel()
        self._tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
        self._prior_weight = prior_weight
        self._n_to_the_end = n_to_the_end

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """See `Reader.read`."""
        # It has learned from simplified characters alone.
        ids = self._tokenizer.question(simplify(question.text))
        joined = [
            (scored, self._tokenizer.join(ids, context_of(scored), scored.passage.text))
            for scored in passages
        ]
        joined = [(scored, item) for scored, item in joined if len(item.offsets)]
        if not joined:
            return []
        best = max(scored.fused for scored, _ in joined)
        priors = [-self._prior_weight * min(best - scored.fused, MAX_LAG) for scored, _ in joined]
        begun = self._model.begin([item for _, item in joined])
        likeliest = sorted(range(len(joined)), key=lambda n: -(begun[n].early + priors[n]))
        chosen = likeliest[: self._n_to_the_end]
        logits = dict(zip(chosen, self._model.finish([begun[n] for n in chosen]), strict=True))
        totals = [said.total + priors[n] for n, said in logits.items()]
        normaliser = float(np.logaddexp.reduce([0.0, *totals]))
        readings: list[Reading] = []
        for n, said in logits.items():
            scored, item = joined[n]
            spans = _best_spans(said, item, scored.passage.text)
            readings += _apart(
                _reading(question, scored, span, score + priors[n], normaliser)
                for span, score in spans
            )
        return sorted(readings, key=lambda reading: -reading.score)


def context_of(scored: ScoredPassage) -> str:
    """Return title and section: what the model knows of a passage beside its text."""
    passage = scored.passage
    return " · ".join(filter(None, (passage.title, passage.section)))


def _best_spans(logits: Logits, item: ReaderInput, text: str) -> Iterator[tuple[Span, float]]:
    """Yield the best spans that do not overlap, in characters, with their scores."""
    begins, ends = edge_costs(text, item.offsets)
    sums = (logits.start - begins)[:, None] + (logits.end - ends)[None, :]
    sums = sums - sentence_costs(text, item.offsets)
    length = np.arange(len(logits.end))[None, :] - np.arange(len(logits.start))[:, None]
    is_span = (length >= 0) & (length < MAX_SPAN) & are_paired(text, item.offsets)
    sums = np.where(is_span, sums, -np.inf)
    for _ in range(SPANS_PER_PASSAGE):
        first, last = divmod(int(sums.argmax()), sums.shape[1])
        score = float(sums[first, last])
        if score == -np.inf:
            return
        # What overlaps begins before the end of this span and ends after its beginning.
        sums[: last + 1, first:] = -np.inf
        span = _trim(text, int(item.offsets[first, 0]), int(item.offsets[last, 1]))
        if span[0] < span[1]:
            yield span, score + logits.relevance


def _apart(readings: Iterable[Reading]) -> list[Reading]:
    """Leave out what overlaps a better reading of the same passage, once its meaning is kept."""
    kept: list[Reading] = []
    for reading in readings:
        start, end = reading.span
        if not any(start < other.span[1] and other.span[0] < end for other in kept):
            kept.append(reading)
    return kept


def _trim(text: str, start: int, end: int) -> Span:
    """Leave out white space and stops at the edges, and what leads on to what follows."""
    if match := _LEADS_ON.search(text[start:end]):
        end = start + match.start()
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _reading(
    question: Question, scored: ScoredPassage, span: Span, score: float, normaliser: float
) -> Reading:
    text = scored.passage.text
    span = keep_meaning(question.normalised, text, span)
    probability = float(np.exp(score - normaliser))
    return Reading(scored, evidence_around(text, span), span, score, probability)
