"""Commands for what readers said of answers."""

from pathlib import Path

import click

from qa.cli_options import GivenPath, explain_errors, output_option

feedback_option = click.option(
    "--feedback",
    "feedback_file",
    type=GivenPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    envvar="YOUJU_FEEDBACK",
    help="Where readers' feedback is kept. Default: in the user's data folder.",
)


@click.group()
def feedback() -> None:
    """What readers said of answers on the page."""


@feedback.command()
@feedback_option
@output_option
@explain_errors
def export(feedback_file: Path | None, output: Path | None) -> None:
    """Write feedback as gold questions, one JSON object a line, for a person to check."""
    from qa.feedback import FeedbackStore, default_feedback_file, gold_candidates
    from qa.printing import to_json

    file = feedback_file or default_feedback_file()
    entries = FeedbackStore(file).read()
    if not entries:
        raise click.ClickException(f"no feedback in {file}")
    candidates = gold_candidates(entries)
    lines = "".join(to_json(candidate) + "\n" for candidate in candidates)
    if output:
        output.write_text(lines, encoding="utf-8")
    else:
        click.echo(lines, nl=False)
    n_questions = len({entry.answer["question"] for entry in entries})
    click.echo(
        f"{len(candidates)} questions; {n_questions - len(candidates)} of {n_questions} left out: "
        "called wrong, and no right answer given",
        err=True,
    )
