"""What measures the page notices when the page is gone; no page is started here."""

import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from qa.evaluation import page_load, page_process, speed
from qa.evaluation.page_process import PageError, check_runs, free_port, page_command, running_page

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-c", "raise SystemExit(3)"]
ENDED = r"the page ended by itself \(exit code 3\); mend what it says above"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"components": [{"id": 1, "props": {"elem_id": "youju-question"}}], ' + (
            b'"dependencies": [{"id": 2, "targets": [[1, "submit"]]}]}'
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering():
    """The address of something that answers as the page does when it is asked for its parts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def closed():
    """An address where nobody answers."""
    return f"http://127.0.0.1:{free_port()}/"


def measure_a_page_that_ends(address, then=lambda page: None):
    with running_page(SLEEP, address) as page:
        page.kill()
        page.wait()
        then(page)


def test_a_page_that_ends_before_it_answers_is_an_error_and_not_waited_for(closed):
    with pytest.raises(PageError, match=ENDED), running_page(DIE, closed):
        pass


def test_a_page_that_never_answers_is_given_up_and_stopped(closed, monkeypatch):
    started = []
    monkeypatch.setattr(page_process, "check_runs", started.append)
    message = rf"does not answer at {closed} after 0\.2 s; run this when"
    with pytest.raises(PageError, match=message), running_page(SLEEP, closed, seconds=0.2):
        pass
    assert started[0].poll() is not None


def test_a_page_that_answers_is_given_and_stopped_at_the_end(answering):
    with running_page(SLEEP, answering) as page:
        check_runs(page)
    assert page.poll() is not None


def test_a_page_that_ends_while_it_is_measured_is_an_error(answering, closed):
    with pytest.raises(PageError, match="ended by itself"):
        measure_a_page_that_ends(answering)
    with pytest.raises(PageError, match="ended by itself"):
        measure_a_page_that_ends(answering, lambda page: httpx.get(closed))


def test_readers_stop_asking_a_page_that_ended(answering, monkeypatch):
    monkeypatch.setattr(page_load, "SECONDS_BETWEEN", 0.01)

    def ask(page):
        asyncio.run(page_load.load(page, answering, users=2, minutes=5))

    with pytest.raises(PageError, match="ended by itself"):
        measure_a_page_that_ends(answering, ask)


@pytest.mark.parametrize("measuring", [page_load, speed])
def test_the_commands_end_with_one_line(measuring, monkeypatch):
    monkeypatch.setattr(measuring, "page_command", lambda port: DIE)
    monkeypatch.setattr(sys, "argv", ["command"])
    monkeypatch.setattr("qa.pipeline.Pipeline.open", lambda: None)
    for name in ("measure_ask", "measure_build"):
        monkeypatch.setattr(measuring, name, lambda runs: None, raising=False)
    with pytest.raises(SystemExit, match=ENDED):
        measuring.main()


def test_a_command_that_fails_is_named_with_what_it_said():
    message = r"youju ask ended with exit code 2: (?s:.*)QUESTION"
    with pytest.raises(speed.CommandError, match=message):
        speed.run("ask")


def test_the_page_is_started_on_a_port_of_its_own():
    assert page_command(80)[1:] == ["app.py", "--port", "80"]
