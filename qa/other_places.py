"""The places that a question names, and the readings of articles on others."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate

from corpus import Article
from corpus.gazetteer import Place, find_places, names_of
from index.segmentation import split_words
from index.text import normalise
from qa.questions import Question
from qa.reader import Reading

_CLAUSE_END = re.compile(r"[,;。?!]")
_AND = re.compile("[、和与跟及或比]|还是")


def without_other_places(
    question: Question, readings: Sequence[Reading], article: Callable[[str], Article]
) -> list[Reading]:
    """Leave out readings of articles that tell of other places than the question only.

    Asked for 东阳, an article that names 义乌 and neither 东阳 nor a place in it does not answer.
    One that names no place as exact as that may: 我市 can be any.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
        article: Returns an article by its id.
    """
    asked = _places_by_clause(question.normalised)

    @cache
    def is_of_others(article_id: str) -> bool:
        return bool(_missing(asked, article(article_id)))

    return [reading for reading in readings if not is_of_others(reading.passage.article_id)]


def places_missing(question: Question, article: Article) -> list[str]:
    """Return the places of a question that an article does not tell of, while it does of others.

    Of places named together (义乌和东阳, 义乌的收入和东阳的) one is enough, and so is one clause
    of those that name places: the others may be told of elsewhere.

    Returns:
        As the question, in normal form, names them; of its first clause that names any.
    """
    missing = _missing(_places_by_clause(question.normalised), article)
    return [question.normalised[place.start : place.end] for place in missing]


def _missing(clauses: list[list[list[Place]]], article: Article) -> list[Place]:
    if not clauses:
        return []
    around = (article.source, article.byline, article.kicker, article.title, article.subtitle)
    text = normalise("\n".join(filter(None, (*around, article.text))))
    missing = [
        [
            place
            for together in clause
            if all(_tells_of_others(text, place) for place in together)
            for place in together
        ]
        for clause in clauses
    ]
    return missing[0] if all(missing) else []


def _places_by_clause(text: str) -> list[list[list[Place]]]:
    """The places that a question names in whole words: no 得荣 in 获得荣誉.

    Those of a clause are one list, in which those named together are one.
    """
    edges = {0, *accumulate(map(len, split_words(text)))}
    clauses: list[list[list[Place]]] = []
    last: Place | None = None
    for place in find_places(text):
        if place.start not in edges or place.end not in edges:
            continue
        between = text[last.end : place.start] if last else ""
        if last is None or _CLAUSE_END.search(between):
            clauses.append([[place]])
        elif _AND.search(between):
            clauses[-1][-1].append(place)
        else:
            clauses[-1].append([place])
        last = place
    return clauses


def _tells_of_others(text: str, asked: Place) -> bool:
    if any(name in text for name in names_of(asked.lineages)):
        return False
    named = list(find_places(text))
    if any(place.may_be_in(asked) for place in named):
        return False
    return any(place.level >= asked.level for place in named if not asked.may_be_in(place))
