"""The page as a process of its own, for what measures it."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from corpus import YoujuError

ROOT = Path(__file__).parents[2]

START_SECONDS = 300.0
"""In which the page has to answer; where nothing is cached, it makes its index first."""

STOP_SECONDS = 30.0
"""In which it has to end when it is told to."""

_PAUSE = 0.05
"""Seconds between two looks whether the page answers."""


class PageError(YoujuError):
    """The page that was started ended, or does not answer."""


def page_command(port: int) -> list[str]:
    """Return the command that starts the page."""
    return [sys.executable, "app.py", "--port", str(port)]


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextlib.contextmanager
def running_page(
    command: Sequence[str], url: str, seconds: float = START_SECONDS
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the page, give its process once `url` answers, and stop it at the end.

    Args:
        command: What starts it, see `page_command`; run in the repository.
        url: What is asked until it answers.
        seconds: How long it may take to answer.

    Raises:
        PageError: If it ends by itself, before or while it is measured, or does not answer.
    """
    page = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(page, url, seconds)
        try:
            yield page
        except httpx.TransportError:
            check_runs(page)
            raise
        check_runs(page)
    finally:
        page.terminate()
        try:
            page.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            page.kill()
            page.wait()


def check_runs(page: subprocess.Popen[bytes]) -> None:
    """Do nothing while the page runs.

    Raises:
        PageError: If it has ended.
    """
    if (code := page.poll()) is not None:
        raise PageError(
            f"the page ended by itself (exit code {code}); mend what it says above, or what "
            f"{page.args!r} says"
        )


def _wait(page: subprocess.Popen[bytes], url: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        check_runs(page)
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=max(_PAUSE, end - time.monotonic())).is_success:
                return
        time.sleep(_PAUSE)
    raise PageError(
        f"the page does not answer at {url} after {seconds:g} s; run this when the machine does "
        f"nothing else, or see what {page.args!r} waits for"
    )
