"""What the command line prints."""

import json
from collections.abc import Iterator, Mapping, Sequence

import click

from index import ScoredPassage
from qa.answers import Answer, Citation
from qa.beside import sort_alternatives
from qa.lists import items_of
from qa.pipeline import Pipeline
from qa.wording import (
    chinese_days,
    describe_citation,
    describe_confidence,
    describe_place,
    split_evidence,
)


def to_json(value: Mapping[str, object] | Sequence[object]) -> str:
    """Return a value as one line of JSON, Chinese unescaped."""
    return json.dumps(value, ensure_ascii=False)


def answer_text(pipeline: Pipeline, answer: Answer) -> str:
    """Return an answer as it is shown in the terminal, several lines."""
    if answer.citation is None or answer.evidence is None:
        return str(answer.reason)
    article = pipeline.article(answer.citation.article_id)
    before, quote, after = split_evidence(article, answer)
    lines = [
        click.style(quote, bold=True) if quote != answer.evidence else "",
        f"  {before}{click.style(quote, underline=True)}{after}",
        f"  —— {describe_citation(article, answer.citation)}",
        f"  {describe_confidence(answer.confidence)}",
    ]
    lines += [
        f"    {number}. {item.quote}（{describe_place(item)}）"
        for number, item in enumerate(items_of(answer), 1)
    ]
    lines += [
        f"  {words}：{said} —— {describe_citation(pipeline.article(cited.article_id), cited)}"
        for words, said, cited in _beside(answer)
    ]
    return "\n".join(line for line in lines if line)


def _beside(answer: Answer) -> Iterator[tuple[str, str, Citation]]:
    """Yield what is shown beside an answer: how it goes with it, its words, and where."""
    beside = sort_alternatives(answer, answer.question)
    for part in beside.parts:
        yield "另一问", part.answer, part.citation
    for figure in beside.timeline:
        if figure.citation != answer.citation:
            when = chinese_days(figure.days) if figure.days else "日期不详"
            yield f"另一时间（{when}）写道", figure.answer, figure.citation
    for words, others in (
        ("说法不一，另一处写道", beside.conflicts),
        ("另有一处同样写道", beside.same + beside.reprints),
        ("另一种可能", beside.others),
    ):
        for other in others:
            yield words, other.answer, other.citation


def search_text(rank: int, scored: ScoredPassage) -> str:
    """Return a ranked passage as it is shown in the terminal."""
    passage = scored.passage
    place = "，".join(filter(None, (passage.section, f"第{passage.paragraph}段")))
    return (
        f"{rank}. {click.style(passage.title, bold=True)}（{place}）"
        f"  综合 {scored.fused:.3f}（语义 {scored.dense:.3f}，字词 {scored.lexical:.3f}）\n"
        f"   {passage.text}"
    )
