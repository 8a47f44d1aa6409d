"""What is costly to make, made once for the whole run."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from corpus import bundled_articles
from index import PassageIndex, build_index
from qa import Pipeline
from qa.feedback import FeedbackStore
from qa.web.service import Service

os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).parent.parent

# Dictionaries are loaded inside the first example, which no deadline should count.
settings.register_profile("youju", deadline=None)
settings.load_profile("youju")


@pytest.fixture(scope="session")
def bundled_index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled articles; shared, so never change it."""
    folder = tmp_path_factory.mktemp("bundled") / "index"
    build_index(bundled_articles(), folder)
    return folder


@pytest.fixture(scope="session")
def bundled_index(bundled_index_folder: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index_folder)


@pytest.fixture(scope="session")
def address(bundled_index_folder: Path) -> Iterator[str]:
    """A running server on the bundled articles."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "YOUJU_INDEX": str(bundled_index_folder),
        "YOUJU_FEEDBACK": str(bundled_index_folder.parent / "feedback.sqlite"),
    }
    server = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], cwd=ROOT, env=environment
    )
    try:
        yield _wait_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str, server: subprocess.Popen[bytes], seconds: int = 60) -> str:
    for _ in range(seconds * 5):
        assert server.poll() is None, "the server stopped"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return url
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def service(bundled_index: PassageIndex, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The bundled articles as the web serves them, with feedback of its own."""
    file = tmp_path_factory.mktemp("feedback") / "feedback.sqlite"
    return Service.of(Pipeline(bundled_index), FeedbackStore(file))
