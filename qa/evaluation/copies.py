"""What counting copies once is worth, and what finding them costs.

    python -m qa.evaluation.copies [--articles FILE --size 4000]

Prints, as JSON: which edits of a passage still make it a copy; and, for the bundled articles
alone, with three edited copies of each that count by themselves, and with the same copies
counted as one, how the answerable development questions go. With --articles, instead, the
processor seconds and the memory that finding the copies of so many articles takes.
"""

import argparse
import json
import re
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from corpus import Article, bundled_articles, read_articles, split_article, split_sentences
from index import build_index, load_encoder
from index.copies import MIN_LENGTH, copies_among
from index.segmentation import split_words
from qa.evaluation import metrics
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import Judgement, judge
from qa.pipeline import N_READ, Pipeline

N_ENCODED = 256
"""Passages whose encoding is timed; the time of all is taken from theirs."""


def _add_dateline(text: str) -> str:
    return f"本报甲城4月1日电（记者 王五）{text}"


def _add_sentence(text: str) -> str:
    return f"{text}更多内容请继续关注本报报道。"


def _cut_sentence(text: str) -> str:
    """Without the last sentence, if there are several."""
    return text[: split_sentences(text)[-1][0]].rstrip() or text


def _change_typography(text: str) -> str:
    return text.replace("，", ",").replace("（", "(").replace("）", ")").replace("“", "「")


def _change_number(text: str) -> str:
    return re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), text, count=1)


def _change_word(text: str) -> str:
    """With another word in place of the first that has two Chinese characters or more."""
    words = split_words(text)
    place = next(n for n, word in enumerate(words) if re.fullmatch(r"[\u4e00-\u9fff]{2,}", word))
    return "".join([*words[:place], "某某", *words[place + 1 :]])


def _change_nothing(text: str) -> str:
    return text


Edit = Callable[[str], str]

EDITS: dict[str, Edit] = {
    "nothing": _change_nothing,
    "typography": _change_typography,
    "dateline added": _add_dateline,
    "sentence added": _add_sentence,
    "last sentence cut": _cut_sentence,
    "number changed": _change_number,
    "word changed": _change_word,
}
"""What other papers do to a passage. The last two must not pass for copies."""

PAPERS: dict[str, Edit] = {
    "甲城晚报": _add_dateline,
    "乙城日报": _add_sentence,
    "丙城新闻网": _cut_sentence,
}
"""Invented papers, and what they do to every paragraph."""


def share_found(edit: Edit, passages: Sequence[str]) -> float | None:
    """Return the share of edited passages that count as copies; None if none is changed."""
    changed = [(text, edit(text)) for text in passages]
    pairs = [pair for pair in changed if pair[0] != pair[1] or edit is _change_nothing]
    return fmean(bool(copies_among(pair)) for pair in pairs) if pairs else None


def reprint(article: Article, paper: str) -> Article:
    """Return an article as another paper prints it."""
    sections = tuple(
        replace(section, paragraphs=tuple(map(PAPERS[paper], section.paragraphs)))
        for section in article.sections
    )
    return replace(article, id=f"{article.id} {paper}", source=paper, sections=sections)


def with_reprints(question: GoldQuestion) -> GoldQuestion:
    """Return a question that is right from every paper that prints its evidence."""
    evidence = [
        replace(one, article_id=f"{one.article_id}{paper}")
        for one in question.evidence
        for paper in ("", *(f" {name}" for name in PAPERS))
    ]
    return replace(question, evidence=tuple(evidence))


def ask_all(
    articles: Sequence[Article], questions: Sequence[GoldQuestion], *, fold_copies: bool
) -> list[Judgement]:
    """Index articles and ask all questions."""
    with tempfile.TemporaryDirectory() as folder:
        build_index(articles, Path(folder) / "index", fold_copies=fold_copies)
        pipeline = Pipeline.open(Path(folder) / "index")
        return [judge(pipeline, question) for question in questions]


def summarise(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Return the figures that copies can change."""
    ranked = [judgement for judgement in judgements if judgement.relevant]
    return {
        "answer_right": fmean(judgement.answer_right for judgement in judgements),
        f"success@{N_READ}": fmean(metrics.success(one.ranks, N_READ) for one in ranked),
        "confidence": fmean(judgement.confidence for judgement in judgements),
    }


def measure_answers() -> dict[str, dict[str, float]]:
    """Ask the answerable development questions without and with copies in the archive."""
    articles = bundled_articles()
    printed = [*articles, *(reprint(one, paper) for one in articles for paper in PAPERS)]
    questions = [question for question in bundled_gold("dev") if question.kind == "answerable"]
    widened = [with_reprints(question) for question in questions]
    return {
        "no copies": summarise(ask_all(articles, questions, fold_copies=True)),
        "copies by themselves": summarise(ask_all(printed, widened, fold_copies=False)),
        "copies as one": summarise(ask_all(printed, widened, fold_copies=True)),
    }


def measure_cost(articles: Sequence[Article]) -> dict[str, float]:
    """Return what finding the copies among articles takes, beside encoding them."""
    texts = [passage.text for article in articles for passage in split_article(article)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    copies = copies_among(texts)
    finding = time.process_time() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sample = texts[:: max(1, len(texts) // N_ENCODED)]
    started = time.process_time()
    load_encoder().encode_passages(sample)
    encoding = (time.process_time() - started) / len(sample) * len(texts)
    return {
        "articles": len(articles),
        "passages": len(texts),
        "copies": len(copies),
        "seconds": finding,
        "share of encoding": finding / encoding,
        "megabytes": grown / 1024,
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=Path, help="time the search for copies in this file")
    parser.add_argument("--size", type=int, default=4000, help="so many of them")
    options = parser.parse_args()
    figures: Mapping[str, object]
    if options.articles:
        figures = measure_cost(read_articles([options.articles]).articles[: options.size])
    else:
        passages = [p.text for article in bundled_articles() for p in split_article(article)]
        long = [text for text in passages if len(text) > 1.5 * MIN_LENGTH]
        shares = {name: share_found(edit, long) for name, edit in EDITS.items()}
        figures = {"found": shares, "answers": measure_answers()}
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
