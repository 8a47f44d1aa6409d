"""Where an answer may begin and end.

Seldom inside a word, seldom in two sentences, never with half a pair of quotes.
"""

from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import split_sentences
from corpus.words import load_jieba

INSIDE_WORD = 2.0
"""What an edge inside a word costs, in log odds. Of the training news' answers 2 % begin and 3 %
end inside what jieba takes for a word, mostly names that it does not know."""

TWO_SENTENCES = 4.0
"""What it costs to begin in one sentence and to end in another, in log odds. Of the training news'
answers .05 % do, of the public sets' 1.7 %."""

_OPENING, _CLOSING = "“‘（(《「『【", "”’）)》」』】"
_DEPTHS = {**dict.fromkeys(_OPENING, 1), **dict.fromkeys(_CLOSING, -1)}


def edge_costs(text: str, offsets: NDArray[np.int32]) -> tuple[NDArray[np.float32], ...]:
    """Return what it costs that a span begins, or ends, with each token; higher is worse.

    Args:
        text: A passage.
        offsets: Shape (n, 2), half-open characters of its tokens.

    Returns:
        Two arrays, float32, shape (n,): of beginning and of ending.
    """
    is_edge = np.zeros(len(text) + 1, dtype=np.bool_)
    is_edge[list(_word_ends(text))] = True
    cost = np.where(is_edge, np.float32(0), np.float32(INSIDE_WORD))
    return cost[offsets[:, 0]], cost[offsets[:, 1]]


def are_paired(text: str, offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return whether quotes and brackets pair inside the spans from one token to another.

    Returns:
        bool, shape (n, n): by first and last token; False where the last is before the first.
    """
    depths = np.array([0, *accumulate(_DEPTHS.get(c, 0) for c in text)])
    before, after = depths[offsets[:, 0]], depths[offsets[:, 1]]
    # The least depth inside each token, that of its beginning included; then inside each span.
    inside = np.array([depths[a : b + 1].min() for a, b in offsets.tolist()])
    begun = np.tri(len(offsets), dtype=np.bool_).T
    lowest = np.minimum.accumulate(np.where(begun, inside, len(text)), axis=1)
    paired: NDArray[np.bool_] = begun & (lowest >= before[:, None]) & (after == before[:, None])
    return paired


def sentence_costs(text: str, offsets: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return what it costs that a span goes from one token to another; higher is worse.

    Returns:
        float32, shape (n, n): by first and last token.
    """
    starts = np.array([start for start, _ in split_sentences(text)])
    first = np.searchsorted(starts, offsets[:, 0], side="right")
    last = np.searchsorted(starts, offsets[:, 1] - 1, side="right")
    return np.where(first[:, None] == last, np.float32(0), np.float32(TWO_SENTENCES))


@lru_cache(maxsize=1000)
def _word_ends(text: str) -> tuple[int, ...]:
    return 0, *accumulate(map(len, load_jieba().cut(text)))
