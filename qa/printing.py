"""What the command line prints."""

import json
from collections.abc import Mapping, Sequence

import click

from index import ScoredPassage
from qa.answers import Answer
from qa.lists import items_of
from qa.pipeline import Pipeline
from qa.wording import (
    describe_citation,
    describe_confidence,
    describe_place,
    describe_relation,
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
        f"  {describe_relation(other.relation)}：{other.answer} —— "
        f"{describe_citation(pipeline.article(other.citation.article_id), other.citation)}"
        for other in answer.alternatives
    ]
    return "\n".join(line for line in lines if line)


def search_text(rank: int, scored: ScoredPassage) -> str:
    """Return a ranked passage as it is shown in the terminal."""
    passage = scored.passage
    place = "，".join(filter(None, (passage.section, f"第{passage.paragraph}段")))
    return (
        f"{rank}. {click.style(passage.title, bold=True)}（{place}）"
        f"  综合 {scored.fused:.3f}（语义 {scored.dense:.3f}，字词 {scored.lexical:.3f}）\n"
        f"   {passage.text}"
    )
