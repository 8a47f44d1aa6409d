"""Fits how sure an answer is, and sets the threshold below which a question is refused.

    python -m qa.training.calibrate [--output qa/bundled_reader/confidence.json]

On the development half of the gold set over the bundled articles, on the held-back tenth of our
training news over all of them, and on questions that have nothing to do with either. Prints
what the features are worth and writes the weights only if --output is given.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from corpus import Article, Section
from index import PassageIndex, build_index
from qa import refusal
from qa.answering import possible_readings
from qa.bundled import open_bundled_index
from qa.evaluation import metrics
from qa.evaluation.ablation import NEVER_REFUSE
from qa.evaluation.gold_files import bundled_gold, read_gold
from qa.pipeline import N_READ, Pipeline
from qa.question_times import times_asked
from qa.questions import parse_question
from qa.refusal import Confidence, Logistic
from qa.training.examples import NEWS, PAPERS, is_held_back, read_lines

OFF_TOPIC = Path(__file__).with_name("off_topic.txt")
COVERAGE = 0.95
"""Share of the answerable gold questions that the threshold lets through."""

N_NEWS = 600
"""Held-back news questions that are asked, drawn at random; all of them take long."""

NEWS_WEIGHT_RIGHT, NEWS_WEIGHT_ANSWERABLE = 0.05, 1.0
"""What the invented news weighs against all questions on papers in either regression: it tells as
well when to refuse, but the reader is less often right on it."""

STRENGTH = 0.1
"""Inverse of the penalty on the weights (scikit-learn's C)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its accepted answers (none: it has no answer), and what sort it is of."""

    question: str
    answers: tuple[str, ...]
    article_id: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Table:
    """Features, shape (n, d); whether the best reading is right; the cases."""

    names: list[str]
    features: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    cases: list[Case]

    @property
    def is_answerable(self) -> NDArray[np.bool_]:
        """Whether the archive answers, shape (n,)."""
        return np.array([bool(case.answers) for case in self.cases])


def paper_cases() -> Iterator[Case]:
    """The plain questions of the development half, and those written for this."""
    for group, questions in (("gold", bundled_gold("dev")), ("papers", read_gold(PAPERS))):
        for question in questions:
            if question.kind in ("answerable", "unanswerable"):
                # Some facts of `papers` stand in other articles too.
                article_id = question.article_id if group == "gold" else None
                yield Case(question.question, question.answers, article_id, group)


def news_cases() -> list[Case]:
    """Questions on the held-back news."""
    cases = [
        Case(question["question"], tuple(question["answers"]), article["id"], "news")
        for article in read_lines(NEWS)
        if is_held_back(article["id"])
        for question in article["questions"]
    ]
    return random.Random(0).sample(cases, N_NEWS)


def off_topic_cases() -> Iterator[Case]:
    """Questions about other things."""
    for question in OFF_TOPIC.read_text(encoding="utf-8").split():
        yield Case(question, (), None, "off topic")


def news_articles() -> list[Article]:
    """All training news as articles."""
    return [
        Article(
            id=article["id"],
            title=article["title"],
            sections=tuple(
                Section(paragraph["section"], (paragraph["text"],))
                for paragraph in article["paragraphs"]
            ),
            source=article["source"],
            date=article["date"],
        )
        for article in read_lines(NEWS)
    ]


def tabulate(pipeline: Pipeline, cases: Iterable[Case]) -> Table:
    """Ask every case and note the features of the best reading, and whether it is right."""
    rows, right, kept = [], [], []
    for case in cases:
        question = parse_question(case.question)
        found = pipeline.search(question.text, N_READ, is_literal=True)
        asked = times_asked(question, pipeline.today)
        readings = possible_readings(
            question, pipeline.reader.read(question, found), asked, pipeline.article
        )
        if not readings:
            continue
        best = readings[0]
        is_there = case.article_id in (None, best.passage.article_id)
        rows.append(refusal.features(found, readings, 0, pipeline.index.noise))
        right.append(
            bool(case.answers)
            and is_there
            and metrics.answer_right(case.answers, best.answer_text) == 1
        )
        kept.append(case)
    names = list(rows[0])
    return Table(names, np.array([[row[n] for n in names] for row in rows]), np.array(right), kept)


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights, and the probabilities that cross-validation gives, shape (n,)."""

    right: Logistic
    answerable: Logistic
    says_right: NDArray[np.float64]
    says_answerable: NDArray[np.float64]


def fit(table: Table) -> Fit:
    """Fit the weights of both probabilities."""
    right, says_right = _regress(table, table.is_right, NEWS_WEIGHT_RIGHT)
    answerable, says_answerable = _regress(table, table.is_answerable, NEWS_WEIGHT_ANSWERABLE)
    return Fit(right, answerable, says_right, says_answerable)


def find_threshold(table: Table, fitted: Fit) -> float:
    """Return what lets `COVERAGE` of the answerable questions on real papers through."""
    real = np.array([case.group in ("gold", "papers") for case in table.cases])
    return float(np.quantile(fitted.says_answerable[real & table.is_answerable], 1 - COVERAGE))


def _regress(
    table: Table, target: NDArray[np.bool_], news_weight: float
) -> tuple[Logistic, NDArray[np.float64]]:
    is_news = np.array([case.group == "news" for case in table.cases])
    shares = np.where(is_news, news_weight / is_news.sum(), 1 / (~is_news).sum())
    shares *= len(is_news) / 2
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH))
    weighed = {"logisticregression__sample_weight": shares}
    predicted = cross_val_predict(
        model, table.features, target, cv=5, method="predict_proba", params=weighed
    )[:, 1]
    model.fit(table.features, target, **weighed)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return Logistic(dict(zip(table.names, map(float, weights), strict=True)), bias), predicted


def describe(table: Table, fitted: Fit, threshold: float) -> None:
    """Print what the features are worth alone and together, and what is refused."""
    for name, column in zip(table.names, table.features.T, strict=True):
        right, answerable = (
            roc_auc_score(target, column) for target in (table.is_right, table.is_answerable)
        )
        print(f"{name:12} area under ROC: right {right:.3f}, answerable {answerable:.3f}")
    groups = np.array([case.group for case in table.cases])
    print(f"right: {_separation(fitted.says_right, table.is_right)}")
    print(f"answerable: {_separation(fitted.says_answerable, table.is_answerable)}")
    print(f"threshold {threshold:.3f}")
    for group in dict.fromkeys(groups):
        chosen = groups == group
        if table.is_right[chosen].any():
            print(f"{group}: {_separation(fitted.says_right[chosen], table.is_right[chosen])}")
        for has_answer in (True, False):
            of_kind = chosen & (table.is_answerable == has_answer)
            if of_kind.any():
                right = table.is_right[of_kind].mean()
                refused = (fitted.says_answerable[of_kind] < threshold).mean()
                kind = "answerable" if has_answer else "unanswerable"
                print(f"  {kind}: {of_kind.sum()}, right {right:.3f}, refused {refused:.3f}")


def _separation(predicted: NDArray[np.float64], is_right: NDArray[np.bool_]) -> str:
    error = metrics.expected_calibration_error(predicted.tolist(), is_right.tolist())
    area = roc_auc_score(is_right, predicted)
    return f"area under ROC {area:.3f}, calibration error {error:.3f}"


def _join(tables: Sequence[Table]) -> Table:
    return Table(
        tables[0].names,
        np.concatenate([table.features for table in tables]),
        np.concatenate([table.is_right for table in tables]),
        [case for table in tables for case in table.cases],
    )


def main() -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    # Nothing is refused here, and no earlier file is needed.
    papers = Pipeline(open_bundled_index(), confidence=NEVER_REFUSE)
    tables = [tabulate(papers, [*paper_cases(), *off_topic_cases()])]
    with tempfile.TemporaryDirectory() as folder:
        build_index(news_articles(), Path(folder) / "index")
        news = Pipeline(PassageIndex.open(Path(folder) / "index"), confidence=NEVER_REFUSE)
        tables.append(tabulate(news, [*news_cases(), *off_topic_cases()]))
        news.index.close()
    table = _join(tables)
    fitted = fit(table)
    threshold = find_threshold(table, fitted)
    describe(table, fitted, threshold)
    if options.output:
        confidence = Confidence(fitted.right, fitted.answerable, threshold)
        text = json.dumps(asdict(confidence), indent=1)
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
