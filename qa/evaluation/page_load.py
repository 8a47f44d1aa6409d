"""How the page holds out under many readers, and how soon an answer is painted.

    python -m qa.evaluation.page_load [--users 20] [--minutes 2] [--chromium /usr/bin/chromium]

Starts the page on the bundled articles. First one reader in a real browser (if named): seconds
from start until a question can be typed, and milliseconds from Enter until the answer is
painted. Then many readers, who ask over the page's own protocol every few seconds. Prints JSON.
"""

import argparse
import asyncio
import contextlib
import json
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np

from corpus import YoujuError
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.page_process import check_runs, free_port, page_command, running_page

SECONDS_BETWEEN = 5.0
"""Between two questions of one reader."""

N_PAINTED = 40
"""Questions whose painting is timed."""


def questions() -> list[str]:
    """Return the development questions in random, but always the same, order."""
    asked = [question.question for question in bundled_gold("dev")]
    random.Random(0).shuffle(asked)
    return asked


@contextlib.contextmanager
def running_browser(chromium: str | None) -> Iterator[Any]:
    """Start a browser before the clock does; None if none is named."""
    if chromium is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


def time_painting(browser: Any, address: str, started: float) -> dict[str, float]:  # noqa: ANN401
    """Open the page in a browser; return seconds to typing and milliseconds to the answer."""
    with contextlib.closing(browser.new_page()) as page:
        page.goto(address)
        page.wait_for_selector("#youju-question textarea")
        interactive = time.perf_counter() - started
        painted = []
        for number, question in enumerate(questions()[: N_PAINTED + 1]):
            page.fill("#youju-question textarea", question)
            since = time.perf_counter()
            page.press("#youju-question textarea", "Enter")
            page.wait_for_function(f"document.querySelectorAll('.youju-answer').length > {number}")
            painted.append(1000 * (time.perf_counter() - since))
            page.wait_for_timeout(1500)  # a reader reads; what to ask next is found meanwhile
    warm = painted[1:]
    return {
        "interactive_s": interactive,
        "painted_p50_ms": float(np.median(warm)),
        "painted_p95_ms": float(np.quantile(warm, 0.95)),
    }


EVERYTHING = (None, "", "", "")
"""What the page sends where no articles are chosen: archive, source, since and until."""


async def ask_as_page(client: httpx.AsyncClient, event: int, question: str) -> float:
    """Ask as the page does; return the seconds until the answer.

    Raises:
        RuntimeError: If the page reports an error.
    """
    session = secrets.token_hex(6)
    body = {"fn_index": event, "session_hash": session, "data": [question, [], *EVERYTHING]}
    since = time.perf_counter()
    (await client.post("/gradio_api/queue/join", json=body)).raise_for_status()
    path = f"/gradio_api/queue/data?session_hash={session}"
    async with client.stream("GET", path) as stream:
        async for line in stream.aiter_lines():
            message: dict[str, Any] = json.loads(line[6:]) if line.startswith("data: ") else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise RuntimeError(message["output"])
                return time.perf_counter() - since
    raise RuntimeError("the page hung up")


async def load(
    page: subprocess.Popen[bytes], address: str, users: int, minutes: float
) -> dict[str, float]:
    """Let many readers ask at once; return how many answers came, errors, and times.

    Raises:
        PageError: If the page ends meanwhile.
        RuntimeError: If no answer came.
    """
    asked, times, errors = questions(), [], []
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        config = (await client.get("/config")).json()
        box = next(c["id"] for c in config["components"]
                   if c["props"].get("elem_id") == "youju-question")  # fmt: skip
        event = next(d["id"] for d in config["dependencies"] if [box, "submit"] in d["targets"])
        end = time.perf_counter() + 60 * minutes

        async def reader(number: int) -> None:
            await asyncio.sleep(SECONDS_BETWEEN * number / users)
            while time.perf_counter() < end:
                check_runs(page)
                begun = time.perf_counter()
                try:
                    times.append(await ask_as_page(client, event, random.choice(asked)))
                except (httpx.HTTPError, RuntimeError) as error:
                    errors.append(repr(error))
                await asyncio.sleep(max(0.0, SECONDS_BETWEEN - (time.perf_counter() - begun)))

        await asyncio.gather(*(reader(number) for number in range(users)))
    if not times:
        raise RuntimeError(f"no answer came; {len(errors)} errors, the first: {errors[:1]}")
    return {
        "users": users,
        "answers": len(times),
        "errors": len(errors),
        "p50_s": float(np.median(times)),
        "p95_s": float(np.quantile(times, 0.95)),
        "max_s": max(times),
    }


def main() -> None:
    """Start the page, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--chromium", help="a browser to paint in; without it that is left out")
    options = parser.parse_args()
    try:
        with running_browser(options.chromium) as browser:
            figures = measure(browser, options.users, options.minutes)
    except YoujuError as error:
        sys.exit(str(error))
    print(json.dumps(figures, indent=1))


def measure(browser: Any, users: int, minutes: float) -> dict[str, Any]:  # noqa: ANN401
    """Start the page, measure, stop it."""
    port = free_port()
    address, started = f"http://127.0.0.1:{port}", time.perf_counter()
    with running_page(page_command(port), f"{address}/healthz") as page:
        figures: dict[str, Any] = {}
        if browser:
            figures["one reader"] = time_painting(browser, address, started)
        # In a thread of its own: Playwright keeps an event loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            work = thread.submit(lambda: asyncio.run(load(page, address, users, minutes)))
            figures["many readers"] = work.result()
        return figures


if __name__ == "__main__":
    main()
