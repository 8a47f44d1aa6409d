from corpus import Passage
from index.phrases import find_holding

TEXTS = ["甲乙丙", "乙甲", "Ａ甲乙", "甲 乙"]


def read(numbers):
    return [Passage("x", "题", None, 1, 0, len(TEXTS[n]), TEXTS[n]) for n in numbers]


def held(numbers, phrases):
    return list(find_holding(numbers, phrases, read))


def test_characters_in_another_order_or_apart_are_no_phrase():
    assert held([3, 2, 1, 0], ["甲乙"]) == [2, 0]


def test_all_phrases_must_be_held_in_any_width():
    assert held([0, 1, 2, 3], ["甲乙", "a"]) == [2]


def test_passages_are_read_no_further_than_needed():
    asked = []

    def note(numbers):
        asked.extend(numbers)
        return read(numbers)

    assert next(find_holding([2, 0] * 300, ["甲乙"], note)) == 2
    assert len(asked) < 600
    assert held([1] * 300 + [0], ["甲乙"]) == [0]
