"""Typing errors in a question, set right by the words that the archive holds.

A pinyin input method offers characters of the right sound: 义屋 for 义乌. A piece of the question
that neither the archive nor the dictionary knows as a word is replaced by a word of the
archive that sounds the same, or that has the same characters with two of them swapped, or one
inside more or less. Other letters in the same place are no reason: 冯旭东 is not 冯旭斌.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from index.lexical import LexicalIndex
from index.pinyin import readings, sounds
from index.segmentation import Segmenter, frequency
from index.text import content_of, simplify

SHORTEST, LONGEST = 2, 6
"""Characters of a piece that may be replaced."""

SHORTEST_EDITED = 3
"""Characters of a piece from which swapped, missing and extra ones are looked for."""

EVERYDAY = 30_000
"""A word of one character that stands so often in the texts of jieba's dictionary, as 以, 时 and
为, is meant as it stands, and next to one other character it is no name: 为食 is two words."""

_WELL_KNOWN = 3
"""Passages that hold a name of two characters, or it is taken for nothing else."""

_SAME, _SIMILAR, _EDITED = 1.0, 1.5, 2.0
"""Costs: a character of the same sound, of nearly the same, and one swapped, missing or extra.
Beyond the first, only names that jieba's dictionary lacks are taken for meant."""

_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True, order=True)
class _Correction:
    """A word for a piece; the least is the best.

    Attributes:
        cost: How far it is from the piece.
        n_holders: How many passages hold the word, negative.
        word: The word.
    """

    cost: float
    n_holders: int
    word: str


class Speller:
    """Corrects questions to one archive."""

    def __init__(
        self, lexical: LexicalIndex, segmenter: Segmenter, is_held: Callable[[str], bool]
    ) -> None:
        """Correct to the words of an index; nothing is computed before the first question.

        Args:
            lexical: Holds the words.
            segmenter: Cut them.
            is_held: Whether a passage holds these characters in a row.
        """
        self._lexical = lexical
        self._segmenter = segmenter
        self._is_held = is_held

    def correct(self, question: str) -> str | None:
        """Return a question with its typing errors set right, in simplified characters.

        Returns:
            None if there is nothing to set right.
        """
        text = simplify(question)
        corrected, start = "", 0
        for run in _HAN.finditer(text):
            corrected += text[start : run.start()] + self._correct_run(run.group())
            start = run.end()
        corrected += text[start:]
        return corrected if corrected != text else None

    def _correct_run(self, text: str) -> str:
        """Correct Chinese characters without anything between them."""
        for start, end in self._doubtful(text):
            piece = text[start:end]
            best = min(self._corrections(piece), default=None)
            if best and not self._is_held(piece):
                return self._correct_run(text[:start]) + best.word + self._correct_run(text[end:])
        return text

    def _doubtful(self, text: str) -> list[tuple[int, int]]:
        """Places of pieces that are no word here or elsewhere, the longest first.

        Each holds what jieba took for a word and none knows, and may go on over its
        neighbours, because jieba cuts what is wrongly typed in wrong places.
        """
        places, unknown, start = list[tuple[int, int]](), set[int](), 0
        for piece in self._segmenter.pieces(text):
            places.append((start, start + len(piece)))
            if len(piece) > 1 and not self._is_known(piece):
                unknown.add(start)
            start += len(piece)
        doubtful = [
            (first, last)
            for n, (first, _) in enumerate(places)
            for _, last in places[n:]
            if SHORTEST <= last - first <= LONGEST
            and not unknown.isdisjoint(range(first, last))
            and content_of(text[first:last]) == text[first:last]
            and not self._is_known(text[first:last])
        ]
        return sorted(doubtful, key=lambda place: place[0] - place[1])

    def _is_known(self, word: str) -> bool:
        return self._segmenter.is_word(word) or self._lexical.count(word) > 0

    def _is_near(self, piece: str, word: str, cost: float) -> bool:
        """Whether a word of the archive may be meant: the less is known of it, the nearer."""
        changed = piece if len(piece) == SHORTEST else set(piece) - set(word)
        if any(frequency(character) >= EVERYDAY for character in changed):
            return False
        if len(piece) == SHORTEST and not frequency(word):
            return cost == _SAME and self._lexical.count(word) >= _WELL_KNOWN
        return cost == _SAME or not frequency(word)

    def _corrections(self, piece: str) -> Iterator[_Correction]:
        for word, cost in chain(self._heard(piece), self._edited(piece)):
            n_holders = self._lexical.count(word)
            if n_holders and self._is_near(piece, word, cost):
                yield _Correction(cost, -n_holders, word)

    def _heard(self, piece: str) -> Iterator[tuple[str, float]]:
        """What sounds like a piece, one character changed, with its cost."""
        for place, typed in enumerate(piece):
            exact = readings(typed)[:1]
            for sound in sounds(typed):
                for meant in self._by_sound.get(sound, ()):
                    cost = _SAME if readings(meant)[:1] == exact else _SIMILAR
                    yield piece[:place] + meant + piece[place + 1 :], cost

    def _edited(self, piece: str) -> Iterator[tuple[str, float]]:
        """A piece with two characters swapped, one more inside, or one less, with its cost."""
        if len(piece) < SHORTEST_EDITED:
            return
        for i in range(len(piece) - 1):
            yield piece[:i] + piece[i + 1] + piece[i] + piece[i + 2 :], _EDITED
        for i in range(1, len(piece)):
            if i < len(piece) - 1 and len(piece) > SHORTEST_EDITED:
                yield piece[:i] + piece[i + 1 :], _EDITED
            for letter in self._letters:
                yield piece[:i] + letter + piece[i:], _EDITED

    @cached_property
    def _letters(self) -> list[str]:
        return [letter for letter in self._lexical.characters() if readings(letter)]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        by_sound: dict[str, list[str]] = {}
        for character in self._letters:
            for sound in sounds(character):
                by_sound.setdefault(sound, []).append(character)
        return by_sound
