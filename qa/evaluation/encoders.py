"""What an encoder is worth in retrieval: alone, and with wording beside it.

    python -m qa.evaluation.encoders [--encoder bundled --encoder fast] [--weight .2 ...]
    python -m qa.evaluation.encoders cmrc/articles.jsonl cmrc/gold.jsonl [--questions 400]

Indexes the articles once with each encoder and prints how many answerable questions find their
evidence first, and among ten, by how much meaning counts against wording. Without files: the
bundled articles with the development half of the gold set.
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus import Article, bundled_articles, read_articles
from index import PassageIndex, build_index, load_encoder
from index.encoders import BUNDLED
from index.fast_encoder import FAST
from qa.evaluation import metrics
from qa.evaluation.gold_files import bundled_gold, read_gold
from qa.evaluation.gold_questions import GoldQuestion

CUTOFFS = (1, 10)


def measure_ranks(
    index: PassageIndex, questions: Sequence[GoldQuestion], dense_weight: float
) -> list[list[int]]:
    """Return, for each question, the ranks from 1 at which passages with evidence are found."""
    return [
        [
            rank
            for rank, scored in enumerate(
                index.search(question.question, max(CUTOFFS), dense_weight=dense_weight), 1
            )
            if question.is_answered_by(scored.passage)
        ]
        for question in questions
    ]


def report(
    articles: Sequence[Article],
    questions: Sequence[GoldQuestion],
    encoder: str,
    weights: Sequence[float],
) -> None:
    """Print a line for each weight of meaning; 0 is wording alone, 1 meaning alone."""
    chosen = load_encoder(encoder).dense_weight
    with tempfile.TemporaryDirectory() as folder:
        build_index(articles, Path(folder) / "index", encoder)
        index = PassageIndex.open(Path(folder) / "index")
        for weight in sorted({*weights, chosen}):
            ranks = measure_ranks(index, questions, weight)
            shares = "  ".join(
                f"success@{k} {np.mean([metrics.success(found, k) for found in ranks]):.3f}"
                for k in CUTOFFS
            )
            mark = "  (its own weight)" if weight == chosen else ""
            print(f"{encoder:8} dense weight {weight:4}  {shares}{mark}", flush=True)
        index.close()


def main() -> None:
    """Print the table of each encoder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="articles, then gold questions")
    parser.add_argument("--encoder", action="append", help="default: bundled and fast")
    parser.add_argument("--weight", action="append", type=float, help="default: 0 and 1")
    parser.add_argument("--questions", type=int, help="so many, drawn at random; else all")
    options = parser.parse_args()
    if len(options.files) not in (0, 2):
        parser.error(
            f"expected a file of articles and one of questions, or none; got {len(options.files)}"
        )
    if options.files:
        articles, gold = read_articles(options.files[:1]).articles, read_gold(options.files[1])
    else:
        articles, gold = tuple(bundled_articles()), bundled_gold("dev")
    questions = [question for question in gold if question.kind == "answerable"]
    if options.questions and options.questions < len(questions):
        questions = random.Random(0).sample(questions, options.questions)
    print(f"{len(articles)} articles, {len(questions)} questions")
    for encoder in options.encoder or (BUNDLED, FAST):
        report(articles, questions, encoder, options.weight or (0.0, 1.0))


if __name__ == "__main__":
    main()
