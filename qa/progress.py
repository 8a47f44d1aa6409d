"""A progress bar on standard error."""

import contextlib
import time
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress_bar(
    task: str = "indexing passages", after: float = 0
) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that appears with the first step, if there is one.

    Args:
        task: What is being done.
        after: Seconds in which no bar appears: less time than they is not worth one.
    """
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        advance: Callable[[int, int], None] | None = None

        def step(done: int, total: int) -> None:
            nonlocal advance
            if advance is None:
                if time.monotonic() - started < after:
                    return
                advance = stack.enter_context(_rich_bar(task))
            advance(done, total)

        yield step


@contextlib.contextmanager
def _rich_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        "{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console,
    ) as bar:  # fmt: skip
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
