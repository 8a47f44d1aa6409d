"""Compares readers on the development questions: what each would answer if it refused nothing.

    python -m qa.training.reader.compare qa/bundled_reader run/export [--forms keywords homophone]

Exported folders; each is compared with the first. Of the development half of the gold set and of
`papers.jsonl`: the share of answerable questions whose best span is right, how many the reader wins
from the first and loses to it, and the area under the ROC curve of answerable against unanswerable
questions by the best span's score. With --forms only the gold set, typed otherwise as well.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from qa.bundled import open_bundled_index
from qa.evaluation.ablation import NEVER_REFUSE
from qa.evaluation.typed_forms import FORMS, type_as
from qa.pipeline import Pipeline
from qa.reader_model import ReaderModel
from qa.trained_reader import TrainedReader
from qa.training.calibrate import Case, Table, paper_cases, tabulate


def cases_by_name(forms: Sequence[str]) -> dict[str, list[Case]]:
    """Return the questions of each set: gold and papers, or gold as written and in each form."""
    cases = list(paper_cases())
    gold = [case for case in cases if case.group == "gold"]
    if not forms:
        return {"gold": gold, "papers": [case for case in cases if case.group == "papers"]}
    typed = {
        form: [replace(case, question=type_as(form, case.question)) for case in gold]
        for form in forms
    }
    return {"gold": gold, **typed}


def describe(table: Table, first: NDArray[np.bool_] | None) -> str:
    """Return the figures of a reader in a line.

    Args:
        table: What `tabulate` says of it.
        first: Which best spans of the first reader are right; None for the first itself.
    """
    there = table.is_answerable
    right = table.is_right
    scores = table.features[:, table.names.index("score")]
    line = f"n {there.sum()}, right {right[there].mean():.3f}"
    if not there.all():
        line += f", area {roc_auc_score(there, scores):.3f}"
    if first is not None:
        line += f", won {(right & ~first).sum()}, lost {(first & ~right).sum()}"
    return line


def main() -> None:
    """Print a line a reader and set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("readers", nargs="+", type=Path, help="folders of exported readers")
    parser.add_argument("--forms", nargs="+", choices=list(FORMS), default=[])
    options = parser.parse_args()
    index = open_bundled_index()
    cases = cases_by_name(options.forms)
    first: dict[str, dict[str, bool]] = {}
    for folder in options.readers:
        reader = TrainedReader(ReaderModel(folder))
        pipeline = Pipeline(index, reader, confidence=NEVER_REFUSE)
        for name, asked in cases.items():
            table = tabulate(pipeline, asked)
            right = dict(zip((c.question for c in table.cases), table.is_right, strict=True))
            before = first.setdefault(name, right)
            is_first = folder == options.readers[0]
            was_right = np.array([before.get(case.question, False) for case in table.cases])
            print(folder, name, describe(table, None if is_first else was_right), flush=True)


if __name__ == "__main__":
    main()
