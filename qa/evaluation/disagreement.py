"""Whether disagreement is shown and flagged: plants second articles that tell a figure otherwise.

    python -m qa.evaluation.disagreement chronoqa/articles.jsonl chronoqa/gold.jsonl [--draw 200]

Questions whose answer is one quantity are drawn, one an article. Each gets two second articles,
see `qa.evaluation.twins`: one that gives another figure, and one that gives the same figure in
another notation. All are indexed with the originals; every question is asked three times, with
one second article, with the other, and with none, all others being hidden. Prints how often both
figures are shown and flagged as a conflict, and how often there is an alarm without one.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from corpus import Article, read_articles
from index import PassageIndex, build_index
from qa.answers import Answer
from qa.evaluation import metrics
from qa.evaluation.gold_files import read_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import list_shown
from qa.evaluation.removal import MAX_REMOVED, without_articles
from qa.evaluation.twins import Case, make_case
from qa.pipeline import N_READ, Pipeline
from qa.questions import parse_question


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back for one case, by which second article was in the archive."""

    case: Case
    changed: Answer
    restated: Answer
    untouched: Answer

    @property
    def is_found(self) -> bool:
        """Whether the figure is shown where nothing contradicts it."""
        return is_shown(self.untouched, self.case.article_id, self.case.value)

    @property
    def are_both_shown(self) -> bool:
        """Whether the figure and the other one are shown, each from its article."""
        case = self.case
        return is_shown(self.changed, case.article_id, case.value) and is_shown(
            self.changed, case.changed.id, case.changed_value
        )


def is_shown(answer: Answer, article_id: str, value: str) -> bool:
    """Whether a value is among the answers shown from an article, see `metrics.answer_right`."""
    said = [words for place, _, words in list_shown(answer) if place == article_id]
    return any(metrics.answer_right([value], words) for words in said)


def draw_cases(
    questions: Sequence[GoldQuestion], articles: Iterable[Article], n: int, seed: int = 0
) -> list[Case]:
    """Return up to n cases drawn at random, at most one an article."""
    by_id = {article.id: article for article in articles}
    random = Random(seed)
    cases: dict[str, Case] = {}
    for question in random.sample(questions, len(questions)):
        case = make_case(question, by_id, random)
        if case and case.article_id not in cases and len(cases) < n:
            cases[case.article_id] = case
    return list(cases.values())


def ask_cases(pipeline: Pipeline, cases: Sequence[Case]) -> list[Outcome]:
    """Ask every question three times; of the second articles the index must hold all."""
    planted = {twin.id for case in cases for twin in (case.changed, case.restated)}
    outcomes = []
    for case in cases:
        question = parse_question(case.question)
        found = pipeline.search(case.question, N_READ + MAX_REMOVED)
        changed, restated, untouched = (
            pipeline.answerer.answer(question, without_articles(found, planted - shown, N_READ))
            for shown in ({case.changed.id}, {case.restated.id}, set[str]())
        )
        outcomes.append(Outcome(case, changed, restated, untouched))
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the shares of the questions, in [0, 1], by what they are of; at least one question."""

    def share(holds: Callable[[Outcome], bool]) -> float:
        return round(sum(map(holds, outcomes)) / len(outcomes), 4)

    return {
        "questions": len(outcomes),
        "figure shown in the untouched archive": share(lambda o: o.is_found),
        "other figure planted: both shown": share(lambda o: o.are_both_shown),
        "other figure planted: flagged as conflict": share(lambda o: o.changed.conflict),
        "same figure planted: false alarm": share(lambda o: o.restated.conflict),
        "untouched archive: false alarm": share(lambda o: o.untouched.conflict),
    }


def main() -> None:
    """Print the shares as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--draw", type=int, default=200, help="so many questions at most")
    options = parser.parse_args()
    articles = read_articles([options.articles]).require_all().articles
    cases = draw_cases(read_gold(options.gold), articles, options.draw)
    if not cases:
        parser.error(f"{options.gold}: no question is answered by one quantity of one sentence")
    twins = [twin for case in cases for twin in (case.changed, case.restated)]
    with TemporaryDirectory() as folder:
        build_index([*articles, *twins], Path(folder) / "index")
        with closing(PassageIndex.open(Path(folder) / "index")) as index:
            outcomes = ask_cases(Pipeline(index), cases)
    print(json.dumps(summarise(outcomes), indent=1))


if __name__ == "__main__":
    main()
