"""Learning as the reader is used: the first layers choose passages, the others learn on those.

Of many passages of a question only those that look likeliest after the first layers are read to
the end, and the right one. The first layers stay as they are and run in int8, as in use: most of
the passages cost little, and what is learned on is as hard as it gets. A question whose answer
is found surely costs no way back.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from qa.reader_inputs import PAD, pad
from qa.reader_model import Begun
from qa.training.reader.model import (
    EARLY_LAYER,
    PassageLogits,
    Reader,
    group_loss,
)

READ_ON = 3
"""Passages of a question that are read to the end, the right one among them."""

SOLVED = 0.03
"""A joint loss below that has nothing left to teach."""


def freeze_first_layers(reader: Reader) -> None:
    """Let only what comes after the early guess learn."""
    first = (reader.encoder.embeddings, *reader.encoder.encoder.layer[:EARLY_LAYER], reader.early)
    for module in first:
        module.requires_grad_(False)


def read_on(
    reader: Reader,
    begun: Sequence[Begun],
    gold: Sequence[Sequence[tuple[int, int]]],
) -> tuple[Tensor, Tensor]:
    """Return the joint loss of a question and that of its span, see `group_loss`.

    Args:
        reader: In training.
        begun: Its passages after the first layers.
        gold: Accepted spans of each.
    """
    places = sorted(range(len(begun)), key=lambda place: (not gold[place], -begun[place].early))
    chosen = places[:READ_ON]
    ids = torch.from_numpy(pad([begun[place].item for place in chosen]))
    hidden = torch.zeros(*ids.shape, begun[0].hidden.shape[-1])
    for row, place in enumerate(chosen):
        found = torch.from_numpy(begun[place].hidden[0])
        hidden[row, : len(found)] = found
    start, end, relevance = reader.finish(hidden, (ids != PAD).long())
    logits = []
    for row, place in enumerate(chosen):
        item = begun[place].item
        tokens = slice(item.passage, item.passage + len(item.offsets))
        early = torch.tensor(begun[place].early)
        logits.append(PassageLogits(start[row, tokens], end[row, tokens], relevance[row], early))
    joint, inside, _ = group_loss(logits, [gold[place] for place in chosen])
    return joint, inside
