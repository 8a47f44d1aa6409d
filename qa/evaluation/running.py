"""Asks all gold questions; every judgement is written as it comes."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus import YoujuError
from index import SearchIndex
from qa.evaluation.gold_files import GoldError
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import Judgement, judge
from qa.pipeline import Pipeline
from qa.questions import InvalidQuestionError, parse_question

SETTINGS, JUDGEMENTS, RESULT = "settings.json", "judgements.jsonl", "result.json"
"""Files of a report folder; `RESULT` is there once the run is complete."""

N_CHECKED = 50
"""How many gold questions are compared with the index before a run starts."""


class RunError(YoujuError):
    """A run cannot start or go on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was made of; two runs of the same settings give the same judgements.

    Attributes:
        commit: Of the code, with "+changes" if files differ from it; None outside a checkout.
        version: Of Youju.
        encoder: Name of the encoder.
        model_hash: Fingerprint of its weights.
        corpus_hash: SHA-256 of the ids and texts of all articles.
        n_articles, n_passages: How many there are in the index.
        gold: Gold files with the SHA-256 of their content.
        split: The half that was asked.
        retrieval, reader: See `ablation.ablate`.
    """

    commit: str | None
    version: str
    encoder: str
    model_hash: str
    corpus_hash: str
    n_articles: int
    n_passages: int
    gold: dict[str, str]
    split: str
    retrieval: str
    reader: str


def run(
    pipeline: Pipeline,
    questions: Sequence[GoldQuestion],
    folder: Path,
    settings: Settings,
    *,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Judgement]:
    """Ask all questions and return the judgements, in the order of the questions.

    Args:
        pipeline: Answers.
        questions: What to ask; ids must differ.
        folder: Where the judgements are written as they come; made if it does not exist.
        settings: Written beside them.
        resume: Go on with the interrupted run in `folder`.
        progress: Told how many questions are asked, of how many.

    Raises:
        RunError: If the folder holds an interrupted run and `resume` is false, or one of
            other settings and it is true.
        GoldError: If the gold questions are not about the articles of the index.
    """
    check_gold_fits(pipeline.index, questions)
    done = _prepare(folder, settings, len(questions), resume=resume)
    pipeline.ask("预热")  # the first question of a process loads dictionaries
    with (folder / JUDGEMENTS).open("a", encoding="utf-8") as file:
        for number, question in enumerate(questions, 1):
            if question.id not in done:
                done[question.id] = judge(pipeline, question)
                file.write(json.dumps(done[question.id].to_dict(), ensure_ascii=False) + "\n")
                file.flush()
            if progress:
                progress(number, len(questions))
    return [done[question.id] for question in questions]


def check_gold_fits(index: SearchIndex, questions: Sequence[GoldQuestion]) -> None:
    """Check that the questions can be asked, and are about the articles of an index.

    Raises:
        GoldError: If one is no question, an article they name is not there, or none of the
            first `N_CHECKED` answerable ones has its evidence in the articles.
    """
    articles = set(index.article_ids())
    for question in questions:
        try:
            parse_question(question.question)
        except InvalidQuestionError as error:
            raise GoldError(f"gold question '{question.id}' is no question: {error}") from error
        for named in {question.article_id, *(e.article_id for e in question.evidence)} - {None}:
            if named not in articles:
                raise GoldError(
                    f"gold question '{question.id}' names article '{named}', which is not in the "
                    "index; give the --index that was built from its articles"
                )
    known = [q for q in questions if q.answers][:N_CHECKED]
    texts = [e.text for q in known for e in q.evidence] or [a for q in known for a in q.answers]
    if texts and not any(_is_in(index, article_id, texts) for article_id in articles):
        raise GoldError(
            f"nothing of the evidence of the first {len(known)} answerable gold questions is in "
            "the index; give the --index that was built from its articles"
        )


def _is_in(index: SearchIndex, article_id: str, texts: Sequence[str]) -> bool:
    article = index.article(article_id).text
    return any(text in article for text in texts)


def hash_corpus(index: SearchIndex) -> str:
    """Return the SHA-256 of the ids and texts of all articles, in the order of the index."""
    digest = hashlib.sha256()
    for article_id in index.article_ids():
        digest.update(f"{article_id}\0{index.article(article_id).text}\0".encode())
    return digest.hexdigest()


def current_commit() -> str | None:
    """Return the commit of the code that runs, with "+changes" if files differ from it."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "--short=12", "HEAD")
        is_tracked = _git(folder, "ls-files", Path(__file__).name)
        changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return None  # no git, or not a checkout
    return (commit + ("+changes" if changes else "")) if is_tracked else None


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _prepare(
    folder: Path, settings: Settings, n_questions: int, *, resume: bool
) -> dict[str, Judgement]:
    """Return what an interrupted run has done already, and write the settings."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / JUDGEMENTS
    is_interrupted = unfinished.exists() and not (folder / RESULT).exists()
    if is_interrupted and not resume:
        n_done = sum(1 for _ in _complete_lines(unfinished))
        raise RunError(
            f"{folder} holds an interrupted run ({n_done} of {n_questions} questions); "
            f"go on with --resume, or delete {unfinished}"
        )
    if is_interrupted:
        _check_settings(folder, settings)
        lines = list(_complete_lines(unfinished))
        unfinished.write_text("".join(lines), encoding="utf-8")
        try:
            judgements = [Judgement.from_dict(json.loads(line)) for line in lines]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise RunError(f"{unfinished} cannot be read ({error}); delete it") from error
        return {judgement.id: judgement for judgement in judgements}
    for name in (RESULT, JUDGEMENTS):
        (folder / name).unlink(missing_ok=True)
    (folder / SETTINGS).write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")
    return {}


def _check_settings(folder: Path, settings: Settings) -> None:
    try:
        found = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(
            f"{folder / SETTINGS} cannot be read; delete {folder / JUDGEMENTS}"
        ) from error
    wanted = asdict(settings)
    changed = [
        key for key in wanted if not isinstance(found, dict) or found.get(key) != wanted[key]
    ]
    if changed:
        raise RunError(
            f"the interrupted run in {folder} had another {', '.join(changed)}; "
            f"finish it as it was begun, or delete {folder / JUDGEMENTS}"
        )


def _complete_lines(file: Path) -> Iterator[str]:
    """The lines of a file, without a last one that was cut off."""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        yield from (line for line in lines if line.endswith("\n"))
