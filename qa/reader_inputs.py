"""A question and a passage as tokens: `<s> query: question </s> context </s> passage </s>`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MAX_TOKENS = 288
MAX_QUESTION = 64
MAX_CONTEXT = 40

BOS, PAD, EOS = range(3)

PROMPT = "query: "
"""What stands before a question, as when the encoder was trained (Wang et al., 2024,
arXiv 2402.05672)."""

_SPACE = "\u2581"


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens of one text, without special ones.

    Attributes:
        ids: One a token.
        offsets: int32, shape (n, 2): half-open characters of each token, without the white
            space before it.
    """

    ids: tuple[int, ...]
    offsets: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """What the model reads.

    Attributes:
        ids: Of all tokens.
        passage: Where the passage's tokens begin; it ends before the last token.
        offsets: int32, shape (n_passage_tokens, 2), characters of the passage.
    """

    ids: list[int]
    passage: int
    offsets: NDArray[np.int32]


class ReaderTokenizer:
    """The bundled encoder's tokenizer, with places in the text."""

    def __init__(self, path: Path) -> None:
        """Read `tokenizer.json`.

        Raises:
            OSError: If it cannot be read.
        """
        self._tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.segment = lru_cache(maxsize=10_000)(self._segment)

    def question(self, question: str) -> list[int]:
        """Return the ids of a question with its prompt, cut to `MAX_QUESTION`."""
        return list(self.segment(PROMPT + question).ids[:MAX_QUESTION])

    def join(self, question_ids: Sequence[int], context: str, passage: str) -> ReaderInput:
        """Put a question, a passage and its title, section and date together.

        What is longer than `MAX_TOKENS` loses the passage's end.
        """
        context_ids = self.segment(context).ids[:MAX_CONTEXT]
        head = [BOS, *question_ids, EOS, *context_ids, EOS]
        segment = self.segment(passage)
        room = MAX_TOKENS - len(head) - 1
        ids = [*head, *segment.ids[:room], EOS]
        return ReaderInput(ids, len(head), segment.offsets[:room])

    def _segment(self, text: str) -> Segment:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = [], []
        for token_id, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            while start < end and text[start].isspace():
                start += 1
            if start < end and self._tokenizer.id_to_token(token_id) != _SPACE:
                ids.append(token_id)
                offsets.append((start, end))
        return Segment(tuple(ids), np.array(offsets, dtype=np.int32).reshape(-1, 2))


def token_span(offsets: NDArray[np.int32], start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last token that hold the characters [start, end).

    Returns:
        Both inclusive; None if the passage's tokens do not reach so far. The tokens may hold
        more characters than asked for.
    """
    first = int(np.searchsorted(offsets[:, 1], start, side="right"))
    last = int(np.searchsorted(offsets[:, 0], end, side="left")) - 1
    if first > last or last >= len(offsets) or offsets[last, 1] < end:
        return None
    return first, last


def pad(inputs: Sequence[ReaderInput]) -> NDArray[np.int64]:
    """Return the ids of inputs, shape (n, longest), with `PAD` behind the shorter ones."""
    ids = np.full((len(inputs), max(len(item.ids) for item in inputs)), PAD, dtype=np.int64)
    for row, item in enumerate(inputs):
        ids[row, : len(item.ids)] = item.ids
    return ids
