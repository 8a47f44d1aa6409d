"""Measures Youju and its peers on the same passages, questions and encoder.

    python -m qa.evaluation.peers [--split dev|test|all] [--questions N] [--output FILE.json]

Each peer is installed into a virtual environment of its own the first time. Prints a table and
the same table in Markdown. Run it alone: other work on the machine counts.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from corpus import bundled_articles, split_article
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import passage_name
from qa.evaluation.peers.catalogue import PEERS, YOUJU, Setting, System
from qa.evaluation.peers.environments import default_folder, ensure_environment
from qa.evaluation.peers.errors import PeerError
from qa.evaluation.peers.protocol import Outcome, run_worker, write_inputs
from qa.evaluation.peers.scoring import Row, only, score
from qa.evaluation.peers.tables import markdown_table, terminal_table, versions_line
from qa.evaluation.running import current_commit

Report = Outcome | PeerError


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; see `parse`."""

    split: str
    questions: int | None
    output: Path | None
    environments: Path
    peers: tuple[str, ...]
    runs: int
    reader: Path | None


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.evaluation.peers", description=(__doc__ or "").splitlines()[0]
    )
    names = [peer.name for peer in PEERS]
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--questions", type=_positive, help="only the first N of the split")
    parser.add_argument("--output", type=Path, help="write all figures to this JSON file")
    parser.add_argument(
        "--environments", type=Path, default=default_folder(), help="default: %(default)s"
    )
    parser.add_argument("--peers", nargs="*", choices=names, default=names)
    parser.add_argument("--runs", type=_positive, default=3, help="times all questions are asked")
    parser.add_argument(
        "--reader", type=Path, help="folder of an extractive reader that transformers loads"
    )
    return Options(**vars(parser.parse_args(arguments)))


def settings_of(system: System, reader: Path | None) -> tuple[Setting, ...]:
    """Return the settings to measure: those that answer only with a reader to answer with."""
    return (*system.settings, system.answer) if reader and system.answer else system.settings


def measure(options: Options, folder: Path, console: Console) -> Iterator[tuple[str, str, Report]]:
    """Run every setting of every system, one after the other.

    Args:
        options: Which peers, how often, with what reader.
        folder: What `write_inputs` filled.
        console: Told what is being done.

    Yields:
        Title of the system, label of the setting, and what its worker reported or why it failed.
    """
    for system in (YOUJU, *(peer for peer in PEERS if peer.name in options.peers)):
        installed: Path | PeerError
        try:
            console.log(f"{system.title}: environment")
            installed = (
                Path(sys.executable)
                if system is YOUJU
                else ensure_environment(system, options.environments)
            )
        except PeerError as error:
            installed = error
        for setting in settings_of(system, options.reader):
            console.log(f"{system.title}: {setting.label}")
            yield system.title, setting.label, _run(installed, system, setting, folder, options)


def _run(
    installed: Path | PeerError, system: System, setting: Setting, folder: Path, options: Options
) -> Report:
    if isinstance(installed, PeerError):
        return installed
    try:
        return run_worker(installed, system, setting, folder, options.runs, options.reader)
    except PeerError as error:
        return error


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and print the tables."""
    options = parse(arguments)
    console, progress = Console(), Console(stderr=True)
    asked = bundled_gold(None if options.split == "all" else options.split)  # type: ignore[arg-type]
    questions = [q for q in asked if q.kind == "answerable"][: options.questions]
    passages = [passage for article in bundled_articles() for passage in split_article(article)]
    by_id = {passage_name(passage): passage for passage in passages}
    with tempfile.TemporaryDirectory(prefix="youju-peers-") as folder:
        write_inputs(Path(folder), passages, questions)
        reports = list(measure(options, Path(folder), progress))
    facts = _facts(arguments, options, len(passages))
    tables = {}
    for split in ("dev", "test"):
        chosen = [question.split == split for question in questions]
        if any(chosen):
            picked = [q for q, is_chosen in zip(questions, chosen, strict=True) if is_chosen]
            rows = [
                Row(title, label, failure=str(report))
                if isinstance(report, PeerError)
                else score(title, label, only(report, chosen), picked, by_id)
                for title, label, report in reports
            ]
            tables[split] = _as_json(picked, rows)
            _show(
                console, f"{split}: {len(picked)} questions, {len(passages)} passages", rows, facts
            )
    if options.output:
        text = json.dumps(facts | {"splits": tables}, ensure_ascii=False, indent=1)
        options.output.write_text(text + "\n", encoding="utf-8")


def _show(console: Console, title: str, rows: Sequence[Row], facts: dict[str, str]) -> None:
    console.print(terminal_table(title, rows))
    lines = ["", f"{title}.", "", markdown_table(rows), "", f"{versions_line(rows)}."]
    lines.append("; ".join(f"{name} {value}" for name, value in facts.items()) + ".")
    # Unwrapped, so that it can be copied into the README.
    console.print(escape("\n".join(lines)), soft_wrap=True, highlight=False)


def _as_json(questions: Sequence[GoldQuestion], rows: Sequence[Row]) -> dict[str, object]:
    return {"questions": [q.id for q in questions], "rows": [asdict(row) for row in rows]}


def _facts(arguments: Sequence[str] | None, options: Options, n_passages: int) -> dict[str, str]:
    """Return what one must know to repeat the run."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": current_commit() or "not a checkout",
        "command": " ".join(["python -m qa.evaluation.peers", *given]),
        "runs": str(options.runs),
        "passages": str(n_passages),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return number


if __name__ == "__main__":
    main()
