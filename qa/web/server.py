"""The web server: the chat page, every article under its permanent link, and the API."""

import contextlib
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline

from corpus import YoujuError
from qa.feedback import FeedbackStore, default_feedback_file
from qa.pipeline import Pipeline
from qa.web.api import api_router
from qa.web.auth import BasicAuth
from qa.web.layout import mount_page
from qa.web.pages import pages_router
from qa.web.service import Service

API_DESCRIPTION = (
    "Questions over an archive of Chinese newspaper articles, answered with the newspaper's own "
    "words. Every offset counts characters of the article's `text`."
)

WARM_UP = "谁在哪里？"
"""A question whose answer nobody waits for."""

WARM_UP_DELAY = 3.0
"""Seconds after the start; a page needs about so long to load and its reader to type."""


GRACE_SECONDS = 3
"""How long open connections are waited for when the server stops."""


class ServerError(YoujuError):
    """The page cannot be served."""


def create_app(service: Service, auth: str | None = None) -> FastAPI:
    """Return the application.

    Args:
        service: What is served.
        auth: "user:password" if every request must carry them.
    """
    # Swagger's page with its own copy of Swagger: no request leaves the machine.
    app = FastAPIOffline(
        title="Youju 有据",
        description=API_DESCRIPTION,
        version=version("youju"),
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/docs-static",
    )
    app.add_exception_handler(RequestValidationError, _describe_invalid)
    app.include_router(api_router(service))
    app.include_router(pages_router(service))
    app.mount("/youju-static", StaticFiles(directory=Path(__file__).parent / "static"))

    mount_page(app, service)
    if auth is not None:
        app.add_middleware(BasicAuth, auth=auth)
    return app


def _describe_invalid(_: Request, error: Exception) -> Response:
    """Say what is wrong with a request, without repeating it: not all that is sent is text."""
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    detail = [{key: problem[key] for key in ("type", "loc", "msg")} for problem in problems]
    return Response(json.dumps({"detail": detail}), 422, media_type="application/json")


def serve(
    pipeline: Pipeline,
    host: str,
    port: int,
    auth: str | None = None,
    feedback: Path | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page until interrupted.

    Args:
        pipeline: What answers.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        auth: As in `create_app`.
        feedback: Where readers' judgements go; by default in the user's data folder.
        announce: Told the address of the page once it can be opened.

    Raises:
        ServerError: If the address cannot be listened on.
        FeedbackError: If the feedback file that is given cannot be written.
    """
    with _listen(host, port) as listener:
        store = FeedbackStore(feedback or default_feedback_file())
        if feedback is not None:  # a wrong one is said now, not to the first reader
            store.prepare()
        service = Service.of(pipeline, store)
        app = create_app(service, auth)
        # The first question loads the dictionary of words; ask one before anybody waits for it,
        # but let the page load first.
        warm_up = threading.Timer(WARM_UP_DELAY, pipeline.ask, [WARM_UP])
        warm_up.daemon = True
        warm_up.start()
        shown = f"[{host}]" if ":" in host else host
        announce(f"有据 Youju: http://{shown}:{listener.getsockname()[1]}  (Ctrl+C 停止)")
        with contextlib.suppress(KeyboardInterrupt):
            if threading.current_thread() is threading.main_thread():
                # What stops a service must not end it before uploads are deleted.
                signal.signal(signal.SIGTERM, signal.default_int_handler)
            config = uvicorn.Config(
                app, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS
            )
            uvicorn.Server(config).run(sockets=[listener])
        service.archives.drop_all()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError, TypeError, UnicodeError) as error:  # the last two: no name
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number and number > 0 else error
        raise ServerError(
            f"cannot listen on {host}:{port}: {reason}; "
            "stop what uses it or choose another with --host and --port"
        ) from error
