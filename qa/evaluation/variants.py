"""Whether it matters how a question is typed: asks gold questions in other forms.

    python -m qa.evaluation.variants [GOLD] [--index DIR] [--split dev]

Every form is compared with the same questions as written, over those that it changes. Prints a
table; see `typed_forms` for the forms.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.evaluation import metrics
from qa.evaluation.gold_files import BUNDLED_GOLD, read_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import Judgement, judge
from qa.evaluation.typed_forms import FORMS, type_as
from qa.pipeline import Pipeline

COLUMNS = ("success@1", "success@10", "answer right", "answered")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same questions as written and in another form.

    Attributes:
        form: Its name.
        n_questions: How many it changes.
        written, typed: Means of `COLUMNS`, each in [0, 1].
    """

    form: str
    n_questions: int
    written: tuple[float, ...]
    typed: tuple[float, ...]


def compare_forms(
    pipeline: Pipeline, questions: Sequence[GoldQuestion], forms: Sequence[str] = tuple(FORMS)
) -> Iterator[Comparison]:
    """Ask questions as written, then each form of those that it changes.

    Args:
        pipeline: Answers.
        questions: Answerable by one passage.
        forms: Keys of `FORMS`.

    Yields:
        One comparison a form; a form that changes nothing is left out.
    """
    written = [judge(pipeline, question) for question in questions]
    for form in forms:
        texts = [type_as(form, question.question) for question in questions]
        changed = [n for n, text in enumerate(texts) if text != questions[n].question]
        typed = [judge(pipeline, replace(questions[n], question=texts[n])) for n in changed]
        if changed:
            before = _means([written[n] for n in changed])
            yield Comparison(form, len(changed), before, _means(typed))


def table_row(comparison: Comparison) -> str:
    """Return a comparison as a line: "written → typed" for each of `COLUMNS`."""
    pairs = zip(comparison.written, comparison.typed, strict=True)
    cells = "".join(f"{f'{before:.3f} → {after:.3f}':>18}" for before, after in pairs)
    return f"{comparison.form:<12}{comparison.n_questions:>5}{cells}"


def _means(judgements: Sequence[Judgement]) -> tuple[float, ...]:
    scores = [
        (
            metrics.success(j.ranks, 1),
            metrics.success(j.ranks, 10),
            j.answer_right,
            float(not j.is_refused),
        )
        for j in judgements
    ]
    return tuple(sum(column) / len(scores) for column in zip(*scores, strict=True))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path, nargs="?", default=BUNDLED_GOLD)
    parser.add_argument("--index", type=Path, help="default: the bundled articles")
    parser.add_argument("--split", choices=["dev", "test", "all"], default="dev")
    parser.add_argument("--forms", nargs="+", choices=list(FORMS), default=list(FORMS))
    options = parser.parse_args()
    questions = [
        question
        for question in read_gold(options.gold)
        if question.kind == "answerable" and options.split in ("all", question.split or "test")
    ]
    print(f"{'form':<12}{'n':>5}" + "".join(f"{column:>18}" for column in COLUMNS))
    for comparison in compare_forms(Pipeline.open(options.index), questions, options.forms):
        print(table_row(comparison), flush=True)


if __name__ == "__main__":
    main()
