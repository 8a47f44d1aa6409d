"""Turns a public question set into articles to index and a gold file to ask.

    python -m qa.evaluation.public_sets passages.jsonl questions.jsonl cmrc
    python -m qa.evaluation.public_sets cmrc2018_dev.json cmrc
    youju build cmrc/articles.jsonl --index cmrc/index
    youju evaluate cmrc/gold.jsonl --index cmrc/index --report cmrc/report

The set is either a file of passages ({id, title, text}) with one of questions ({id, question,
answers, passage_id, …}), one JSON object a line, or SQuAD JSON. Every passage is an article.
Questions none of whose answers stands in their passage are left out, and counted; in SQuAD
JSON that is an error.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.sentences import split_sentences
from qa.evaluation.squad import squad_contexts, squad_records

Record = dict[str, Any]


def convert_passages(
    passages: Iterable[Record], questions: Iterable[Record]
) -> tuple[list[Record], list[Record]]:
    """Return articles and gold questions of passages with the questions that name them.

    Where a question names more passages (`gold_ids`), those that hold an answer are evidence
    as well.
    """
    articles = {passage["id"]: _article(**passage) for passage in passages}
    gold = []
    for question in questions:
        named = dict.fromkeys([question["passage_id"], *question.get("gold_ids", ())])
        evidence = [
            {"article_id": name, "text": sentence}
            for name in named
            for sentence in dict.fromkeys(
                _sentences_with(articles[name]["text"], question["answers"])
            )
        ]
        if evidence:
            gold.append(
                {
                    "id": question["id"],
                    "question": question["question"],
                    "answers": question["answers"],
                    "article_id": question["passage_id"],
                    "evidence": evidence,
                    "type": question.get("answer_type"),
                    "meta": {
                        key: question[key]
                        for key in ("question_date", "temporal_type")
                        if key in question
                    },
                }
            )
    return list(articles.values()), gold


def convert_squad(document: Any) -> tuple[list[Record], list[Record]]:  # noqa: ANN401
    """Return articles and gold questions of SQuAD JSON; every context is an article.

    Raises:
        SquadError: If the document is not of this form.
    """
    articles = [
        _article(str(i), title, context)
        for i, (title, context) in enumerate(squad_contexts(document))
    ]
    return articles, [record for _, record in squad_records(document)]


def _article(id: str, title: str, text: str) -> Record:
    return {"id": id, "title": title.strip() or id, "text": text}


def _sentences_with(text: str, answers: Iterable[str]) -> Iterator[str]:
    """The sentences that hold an answer; an answer over several sentences is its own."""
    for answer in answers:
        if answer not in text:
            continue
        sentences = [line[start:end] for line in text.splitlines()
                     for start, end in split_sentences(line)]  # fmt: skip
        yield from [s for s in sentences if answer in s] or [answer]


def _read_lines(file: Path) -> Iterator[Record]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _write_lines(file: Path, records: Iterable[Record]) -> None:
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    file.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Convert what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", nargs="+", type=Path, help="passages and questions, or SQuAD")
    parser.add_argument("output", type=Path, help="folder for articles.jsonl and gold.jsonl")
    arguments = parser.parse_args()
    if len(arguments.source) == 2:
        passages, questions = (list(_read_lines(file)) for file in arguments.source)
        articles, gold = convert_passages(passages, questions)
        n_asked = len(questions)
    elif len(arguments.source) == 1:
        document = json.loads(arguments.source[0].read_text(encoding="utf-8"))
        articles, gold = convert_squad(document)
        n_asked = len(gold)
    else:
        parser.error("give one SQuAD file, or passages.jsonl and questions.jsonl")
    arguments.output.mkdir(parents=True, exist_ok=True)
    _write_lines(arguments.output / "articles.jsonl", articles)
    _write_lines(arguments.output / "gold.jsonl", gold)
    print(
        f"{len(articles)} articles, {len(gold)} questions in {arguments.output}; "
        f"{n_asked - len(gold)} left out"
    )


if __name__ == "__main__":
    main()
