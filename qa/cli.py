"""The command line of Youju."""

import shlex
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from qa.cli_archive import archive_commands
from qa.cli_feedback import feedback, feedback_option
from qa.cli_options import (
    GivenPath,
    Text,
    article_filter,
    explain_errors,
    filter_options,
    index_option,
    say_nothing_found,
    say_unknown_source,
)
from qa.cli_shards import shard_commands
from qa.progress import progress_bar

# Commands import what they need when they run, so that --help and errors are quick.
if TYPE_CHECKING:
    from index import ArticleFilter
    from qa import Pipeline
    from qa.evaluation.ablation import ReaderName, Retrieval
    from qa.evaluation.command import SplitChoice

DEFAULT_REPORT = Path("youju-evaluation")
"""Where `youju evaluate` writes."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="youju")
def main() -> None:
    """Ask Chinese newspaper articles; get the newspaper's own words and the exact place."""
    # What no UTF-8 can hold is written as an escape, which is right inside JSON as well.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not the stand-ins that tests put in their place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


for _command in (*archive_commands, *shard_commands, feedback):
    main.add_command(_command)


@main.command()
@click.argument("question")
@click.option("-k", type=click.IntRange(min=1), default=10, help="How many passages [10].")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@index_option
@filter_options()
@explain_errors
def search(
    question: str,
    k: int,
    as_json: bool,
    place: Path | str | None,
    since: str | None,
    until: str | None,
    source: str | None,
    today: date | None,
) -> None:
    """Show the passages that best match QUESTION, with why each ranks."""
    from qa import InvalidQuestionError
    from qa.printing import search_text, to_json
    from qa.records import search_dict

    pipeline = _open(place, today).now()
    if understood := pipeline.understand(question):
        _say_understood(understood)
    try:
        wanted = article_filter(since, until, source)
        found = pipeline.search(understood or question, k, wanted=wanted, is_literal=True)
    except InvalidQuestionError as error:
        raise click.ClickException(str(error)) from error
    for rank, scored in enumerate(found, start=1):
        click.echo(to_json(search_dict(rank, scored)) if as_json else search_text(rank, scored))
    if not found:
        say_nothing_found(pipeline.index, "段落", wanted)


@main.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--batch",
    type=click.File(encoding="utf-8", errors="strict"),
    metavar="FILE",
    help="Questions, one a line (or - for standard input): bare, or as JSON objects with "
    "question and optionally id and history.",
)
@index_option
@filter_options()
@explain_errors
def ask(
    question: str | None,
    as_json: bool,
    batch: IO[str] | None,
    place: Path | str | None,
    since: str | None,
    until: str | None,
    source: str | None,
    today: date | None,
) -> None:
    """Answer QUESTION with the newspaper's own words.

    Exit code 0 if it was answered or refused, 1 if the input was no question.
    """
    if (question is None) == (batch is None):
        raise click.UsageError("give either a QUESTION or --batch FILE")
    from qa.printing import answer_text, to_json

    pipeline = _open(place, today).now()  # a batch is answered from one state
    wanted = article_filter(since, until, source)
    if batch is not None:
        _ask_batch(pipeline, batch, as_json, wanted)
        return
    answer = pipeline.ask(question or "", wanted=wanted, on_understood=_say_understood)
    if as_json:
        click.echo(to_json(answer.to_dict()))
    elif answer.status != "invalid":
        click.echo(answer_text(pipeline, answer))
    if answer.status == "no_answer":
        say_unknown_source(pipeline.index, wanted)
    if answer.status == "invalid":
        if not as_json:
            raise click.ClickException(str(answer.reason))
        sys.exit(1)


@main.command()
@click.argument("gold", nargs=-1, type=GivenPath(path_type=Path), metavar="[GOLD]...")
@index_option
@click.option(
    "--split",
    type=click.Choice(["dev", "test", "all"]),
    default="test",
    show_default=True,
    help="Which half to ask; questions of no half belong to test.",
)
@click.option(
    "--report",
    "folder_out",
    type=GivenPath(path_type=Path, file_okay=False),
    metavar="DIR",
    default=DEFAULT_REPORT,
    show_default=True,
    help="Where report.html, result.json and the TREC files go.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run in the report folder.")
@click.option(
    "--baseline",
    type=GivenPath(path_type=Path, dir_okay=False),
    metavar="RESULT.json",
    help="Compare with an earlier run, question by question.",
)
@click.option(
    "--fail-under",
    "floors",
    multiple=True,
    metavar="METRIC=VALUE",
    help="Exit with 1 if a figure is below this; may be given several times.",
)
@click.option(
    "--retrieval",
    type=click.Choice(["fused", "lexical", "dense"]),
    default="fused",
    show_default=True,
    help="Rank by meaning and wording, or leave one out.",
)
@click.option(
    "--reader",
    type=click.Choice(["default", "none"]),
    default="default",
    show_default=True,
    help="'none' answers with the whole first passage.",
)
@explain_errors
def evaluate(
    gold: tuple[Path, ...],
    place: Path | str | None,
    split: "SplitChoice",
    folder_out: Path,
    resume: bool,
    baseline: Path | None,
    floors: tuple[str, ...],
    retrieval: "Retrieval",
    reader: "ReaderName",
) -> None:
    """Ask the questions of GOLD files and score what comes back.

    GOLD is .jsonl (ours), .json (SQuAD 2.0, CMRC 2018) or .csv; without it, the gold
    questions on the bundled articles.
    """
    from index.places import shown
    from qa.evaluation import command

    limits = command.parse_floors(floors)
    pipeline = _open(place).now()
    with progress_bar("asking questions") as progress:
        outcome = command.evaluate(
            pipeline, gold, split, folder_out, shown(shlex.join(["youju", *sys.argv[1:]])),
            retrieval=retrieval, reader=reader, resume=resume, baseline=baseline,
            progress=progress,
        )  # fmt: skip
    command.show(outcome, folder_out)
    if missed := command.missed_floors(outcome.result, limits):
        raise click.ClickException("; ".join(missed))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--auth",
    type=Text(),
    metavar="USER:PASSWORD",
    envvar="YOUJU_AUTH",
    help="Ask for this name and password. Give it when others can reach the page.",
)
@index_option
@feedback_option
@explain_errors
def serve(
    host: str, port: int, auth: str | None, place: Path | str | None, feedback_file: Path | None
) -> None:
    """Open the chat page on this machine (the same as: python app.py)."""
    from qa.web.server import serve as serve_page

    if auth is not None and not all(auth.partition(":")):
        raise click.BadParameter("expected USER:PASSWORD", param_hint="--auth")
    if not host:  # would be every address of this machine
        raise click.BadParameter("it is empty; give an address", param_hint="--host")
    serve_page(_open(place), host, port, auth, feedback_file, announce=click.echo)


def _open(place: Path | str | None, today: date | None = None) -> "Pipeline":
    from qa import Pipeline

    with progress_bar() as progress:
        return Pipeline.open(place, progress=progress, today=today)


def _say_understood(understood: str) -> None:
    """Say on standard error what is looked up, where that is not what was typed."""
    _say(f"按“{understood}”查找")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _ask_batch(
    pipeline: "Pipeline", lines: Iterable[str], as_json: bool, wanted: "ArticleFilter"
) -> None:
    from qa.batch import answer_batch
    from qa.printing import answer_text, to_json

    answers = invalid = 0
    try:
        for answer in answer_batch(pipeline, lines, wanted, _say_understood, _say):
            answers += 1
            invalid += answer.status == "invalid"
            if as_json:
                click.echo(to_json(answer.to_dict()))
            else:
                click.echo(f"[{answer.id}] {answer.question}\n{answer_text(pipeline, answer)}\n")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"the batch is not UTF-8: {error}; save it as UTF-8") from error
    if not answers:
        _say("一行问题也没有。")
    if invalid:
        raise click.ClickException(
            f"{invalid} of the lines are no questions; their status is 'invalid'"
        )
