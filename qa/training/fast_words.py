"""The vocabulary of the fast encoder, and how text is cut into it.

Frequent words count as a whole, as model2vec does it with a vocabulary of its own, because in
Chinese a word says more than its characters. The cut is the likeliest sequence of words
(a unigram language model), so no other segmenter is needed to encode.
"""

import json
import math
from collections.abc import Iterable
from pathlib import Path

import jieba
from tokenizers import Tokenizer, models, pre_tokenizers

from index.text import normalise

N_WORDS = 32_000
"""Words of jieba's dictionary that are kept: the most frequent ones. More gain nothing on
development questions, and every word costs 258 bytes."""

CHINESE_SHARE = 0.08
"""Of the text that the bundled tokenizer was fitted to, roughly: its pieces are likelier
by so much in text that is all Chinese."""

UNKNOWN = "<unk>"

N_SPECIAL = 4
"""Special pieces at the start of the bundled tokenizer; `<mask>` is at its end."""


def choose_words(tokenizer: Path) -> list[tuple[str, float]]:
    """Return words and pieces in normal form with the logarithms of their shares, sorted.

    All single characters of both vocabularies, the most frequent words of jieba's
    dictionary, and of the bundled tokenizer the pieces that are Chinese or plain ASCII.

    Args:
        tokenizer: `tokenizer.json` of the bundled encoder.
    """
    pieces = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    words: dict[str, float] = {}
    for piece, score in pieces[N_SPECIAL:-1]:
        word = normalise(piece.strip("▁"))
        if word.isprintable() and (len(word) == 1 or word.isascii() or _is_chinese(word)):
            words[word] = max(score - math.log(CHINESE_SHARE), words.get(word, -math.inf))
    words.pop("", None)
    dictionary = _read_dictionary()
    total = sum(dictionary.values())
    frequent = sorted((w for w in dictionary if len(w) > 1), key=lambda w: (-dictionary[w], w))
    for word in (*frequent[:N_WORDS], *(w for w in dictionary if len(w) == 1)):
        words[word] = math.log(dictionary[word] / total)
    return sorted(words.items())


def _is_chinese(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


def _read_dictionary() -> dict[str, int]:
    """Jieba's words in normal form, how often each was seen."""
    file = Path(jieba.__file__).parent / "dict.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = (line.split() for line in lines)
    return {word: int(count) for word, count, *_ in entries if normalise(word) == word}


def make_tokenizer(words: Iterable[tuple[str, float]]) -> Tokenizer:
    """Return what cuts text in normal form into words; word n has the id n + 1, 0 is none."""
    vocabulary = [(UNKNOWN, 0.0), *((word, round(score, 2)) for word, score in words)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer
