"""Spans of a kind in a sentence: numbers, dates, people, places, organisations, names.

By patterns and jieba's parts of speech (ICTCLAS tags). Offsets are into the text as it stands.
"""

from collections.abc import Callable, Iterator

from index.segmentation import TaggedWord, tag
from qa import span_patterns as patterns
from qa.answer_kinds import AnswerKind
from qa.reader import Span

MAX_PLACE_NAME = 4
"""Characters before 县, 镇, ... in a name."""

_PERSON_TAGS = ("nr", "nrt", "nrfg")
_PLACE_TAGS = ("ns", "nt", "s")
_NEVER_IN_PLACES = ("p", "c", "uj", "ul", "v", "m", "d", "r", "f", "u", "x", "mq", "q")


def find_spans(text: str, kind: AnswerKind) -> list[Span]:
    """Return the spans of `kind` in `text`, in order of their start, half-open.

    Spans may overlap where the text can be read two ways. Of kind SENTENCE there are none.
    """
    return sorted(set(_FINDERS[kind](text))) if kind in _FINDERS else []


def _find_dates(text: str) -> Iterator[Span]:
    return (match.span() for match in patterns.DATE.finditer(text))


def _find_quantities(text: str) -> Iterator[Span]:
    dates = list(_find_dates(text))
    for start, end in (match.span() for match in patterns.NUMBER.finditer(text)):
        if not any(first < end and start < last for first, last in dates):
            yield start, end


def _find_people(text: str) -> Iterator[Span]:
    yield from (match.span(1) for match in patterns.TITLED_NAME.finditer(text))
    tagged = tag(text)
    for i, word in enumerate(tagged):
        # jieba takes other unknown words for people too: without a surname, only titled names.
        if word.tag in _PERSON_TAGS and word.text[0] in patterns.SURNAMES:
            start, end = _grow_name(text, tagged, i)
            if end - start > 1:
                yield start, end


def _grow_name(text: str, tagged: list[TaggedWord], i: int) -> Span:
    """Jieba often splits a name after the surname: 徐/nr 新峰/ns."""
    start, end = tagged[i].start, tagged[i].end
    following = tagged[i + 1] if i + 1 < len(tagged) else None
    if (
        end - start == 1
        and following is not None
        and patterns.FULL_NAME.fullmatch(text[start : following.end])
    ):
        return start, following.end
    return start, end


def _find_places(text: str) -> Iterator[Span]:
    tagged = tag(text)
    yield from _administrative_places(text, tagged)
    run: list[TaggedWord] = []
    for word in [*tagged, TaggedWord("", "", len(text), len(text))]:
        if word.tag in _PLACE_TAGS or (run and patterns.PLACE_SUFFIX.fullmatch(word.text)):
            run.append(word)
        elif run:
            yield run[0].start, run[-1].end
            yield from ((w.start, w.end) for w in run[:-1] if len(w.text) > 1)
            run = []


def _administrative_places(text: str, tagged: list[TaggedWord]) -> Iterator[Span]:
    """Names that end in 县, 镇, ... and begin where a word begins: 措勤|县, 大|陈镇."""
    starts = {word.start for word in tagged if word.tag not in _NEVER_IN_PLACES}
    ends = {word.end for word in tagged}
    for match in patterns.ADMINISTRATIVE_SUFFIX.finditer(text):
        if match.end() not in ends:  # 县 in 县城, 村 in 村民
            continue
        for start in range(max(0, match.start() - MAX_PLACE_NAME), match.start() - 1):
            if start in starts and patterns.PLACE_NAME.fullmatch(text[start : match.end()]):
                yield start, match.end()


def _find_organisations(text: str) -> Iterator[Span]:
    for match in patterns.ORGANISATION.finditer(text):
        skipped = patterns.BEFORE_ORGANISATION.match(match[0])
        yield match.start() + (skipped.end() if skipped else 0), match.end()
    yield from ((word.start, word.end) for word in tag(text) if word.tag == "nt")


def _find_names(text: str) -> Iterator[Span]:
    return (match.span(1) for match in patterns.QUOTED.finditer(text))


_FINDERS: dict[AnswerKind, Callable[[str], Iterator[Span]]] = {
    AnswerKind.DATE: _find_dates,
    AnswerKind.QUANTITY: _find_quantities,
    AnswerKind.PERSON: _find_people,
    AnswerKind.PLACE: _find_places,
    AnswerKind.ORGANISATION: _find_organisations,
    AnswerKind.NAME: _find_names,
}
