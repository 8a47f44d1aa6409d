"""The reader: a cross-encoder that scores a question with each of its passages.

A span from token i to token j of passage p scores `relevance_p + start_i + end_j`; that none
of the passages answers scores 0. One softmax runs over all of that (shared normalisation:
Clark & Gardner, 2018, arXiv 1710.10723; passage and span jointly as in R2-D2: Fajcik et al.,
2021, arXiv 2109.03502), so spans of different passages can be compared.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import BertModel

from qa.reader_inputs import EOS, PAD, ReaderInput, pad

SEQUENCES_PER_RUN = 4
"""Sequences of like length that go through the model together: less padding is computed."""

SPAN_LOSS = 0.5
"""Weight of finding the span when the passage is given, beside the joint loss."""


EARLY_LAYER = 4
"""After so many layers a first guess of the relevance is made, so that most of the passages
need not be read to the end."""

EARLY_LOSS = 0.3
"""Weight of that guess."""


class Reader(torch.nn.Module):
    """BERT with start and end logits of every token and the passage's relevance."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        hidden = encoder.config.hidden_size
        self.span = torch.nn.Linear(hidden, 2)
        self.relevance = torch.nn.Linear(hidden, 1)
        self.early = torch.nn.Sequential(
            torch.nn.Linear(3 * hidden, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1)
        )
        torch.nn.init.normal_(self.span.weight, std=0.02)
        torch.nn.init.normal_(self.relevance.weight, std=0.02)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return start and end logits, shape (batch, tokens), relevance and early, (batch,)."""
        hidden, early = self.begin(input_ids, attention_mask)
        return *self.finish(hidden, attention_mask), early

    def begin(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Run the first layers: hidden states, (batch, tokens, hidden), and early, (batch,)."""
        hidden = self.encoder.embeddings(input_ids=input_ids)
        hidden = self._run(hidden, attention_mask, 0, EARLY_LAYER)
        return hidden, self.early(_pool(hidden.float(), input_ids))[:, 0]

    def finish(self, hidden: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Run the other layers: start and end logits, (batch, tokens), and relevance, (batch,)."""
        hidden = self._run(hidden, attention_mask, EARLY_LAYER, len(self.encoder.encoder.layer))
        hidden = hidden.float()
        span = self.span(hidden)
        return span[..., 0], span[..., 1], self.relevance(hidden[:, 0])[:, 0]

    def _run(self, hidden: Tensor, attention_mask: Tensor, first: int, end: int) -> Tensor:
        hidden = hidden.to(self.encoder.dtype)
        masked = (1 - attention_mask[:, None, None, :].to(hidden)) * torch.finfo(hidden.dtype).min
        for layer in self.encoder.encoder.layer[first:end]:
            hidden = layer(hidden, masked)
        return hidden


class FirstLayers(torch.nn.Module):
    """The layers up to the first guess; with `LastLayers` the whole reader, of one passage."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.embeddings = reader.encoder.embeddings
        self.layer = _layers(reader, 0, EARLY_LAYER)
        self.early = reader.early

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return hidden states, shape (1, tokens, hidden), and early relevance, shape (1,)."""
        hidden = self.embeddings(input_ids=input_ids)
        for layer in self.layer.values():
            hidden = layer(hidden)
        return hidden, self.early(_pool(hidden, input_ids))[:, 0]


class LastLayers(torch.nn.Module):
    """The layers after the first guess."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.layer = _layers(reader, EARLY_LAYER, reader.encoder.config.num_hidden_layers)
        self.span, self.relevance = reader.span, reader.relevance

    def forward(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return start and end logits, shape (1, tokens), and relevance, shape (1,)."""
        for layer in self.layer.values():
            hidden = layer(hidden)
        span = self.span(hidden)
        return span[..., 0], span[..., 1], self.relevance(hidden[:, 0])[:, 0]


def in_bfloat16(reader: Reader) -> Reader:
    """Return a copy whose encoder computes in bfloat16, which is faster; the heads do not."""
    copied = copy.deepcopy(reader)
    copied.encoder.to(torch.bfloat16)
    return copied


def copy_weights(reader: Reader, to: Reader) -> None:
    """Give another reader the weights of this one that learn, in its own precision."""
    with torch.no_grad():
        for source, target in zip(reader.parameters(), to.parameters(), strict=True):
            if source.requires_grad:
                target.copy_(source)


def _layers(reader: Reader, first: int, end: int) -> torch.nn.ModuleDict:
    """Layers under their own numbers, which the names in the exported graph then have."""
    layers = reader.encoder.encoder.layer
    return torch.nn.ModuleDict({str(n): layers[n] for n in range(first, end)})


def _pool(hidden: Tensor, input_ids: Tensor) -> Tensor:
    """Return the means over question and passage, and their product, shape (batch, 3 * hidden)."""
    ends = (input_ids == EOS).long()
    segment = ends.cumsum(1) - ends  # 0 in the question, 1 in title and section, 2 in the passage
    question, passage = (_mean(hidden, segment == part) for part in (0, 2))
    return torch.cat([question, passage, question * passage], 1)


def _mean(hidden: Tensor, chosen: Tensor) -> Tensor:
    weights = chosen.unsqueeze(-1).float()
    return (hidden * weights).sum(1) / weights.sum(1)


@dataclass(frozen=True, slots=True)
class PassageLogits:
    """What the model says of one passage: float32, start and end of shape (n_tokens,)."""

    start: Tensor
    end: Tensor
    relevance: Tensor
    early: Tensor


def run(reader: Reader, inputs: Sequence[ReaderInput]) -> list[PassageLogits]:
    """Return the logits of every input, in its order, of passage tokens only."""
    order = sorted(range(len(inputs)), key=lambda number: len(inputs[number].ids))
    found: dict[int, PassageLogits] = {}
    device = next(reader.parameters()).device
    for first in range(0, len(order), SEQUENCES_PER_RUN):
        rows = order[first : first + SEQUENCES_PER_RUN]
        ids = torch.from_numpy(pad([inputs[row] for row in rows])).to(device)
        start, end, relevance, early = reader(ids, (ids != PAD).long())
        for place, row in enumerate(rows):
            item = inputs[row]
            tokens = slice(item.passage, item.passage + len(item.offsets))
            found[row] = PassageLogits(
                start[place, tokens], end[place, tokens], relevance[place], early[place]
            )
    return [found[row] for row in range(len(inputs))]


def group_loss(
    passages: Sequence[PassageLogits], gold: Sequence[Sequence[tuple[int, int]]]
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the loss of one question over its passages.

    Args:
        passages: Logits of each.
        gold: Accepted spans of each passage as first and last token; empty everywhere if the
            question has no answer in these passages.

    Returns:
        The joint loss -log p(any gold span), or -log p(no answer); the loss of the span
        inside its passage, 0 without an answer; and the loss of the early relevance.
    """
    scores = [p.relevance + p.start.logsumexp(0) + p.end.logsumexp(0) for p in passages]
    total = torch.stack([torch.zeros_like(scores[0]), *scores]).logsumexp(0)
    right, inside = [], []
    early_total = torch.stack([torch.zeros_like(scores[0]), *(p.early for p in passages)])
    early = early_total.logsumexp(0)
    for passage, score, spans in zip(passages, scores, gold, strict=True):
        if spans:
            first, last = (list(ends) for ends in zip(*spans, strict=True))
            right.append(
                passage.relevance + (passage.start[first] + passage.end[last]).logsumexp(0)
            )
            inside.append(score - right[-1])
    if not right:
        return total, torch.zeros_like(total), early
    first_guess = torch.stack([p.early for p, s in zip(passages, gold, strict=True) if s])
    return (
        total - torch.stack(right).logsumexp(0),
        torch.stack(inside).mean(),
        early - first_guess.logsumexp(0),
    )
