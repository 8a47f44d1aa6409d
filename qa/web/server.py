"""The web server: the chat page, and every article under its permanent link."""

import base64
import binascii
import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from corpus import YoujuError
from qa.pipeline import Pipeline
from qa.web.page import mount_page
from qa.web.views import render_article, render_message

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WARM_UP = "谁在哪里？"
"""A question whose answer nobody waits for."""

_NO_SCRIPTS = {
    # Article pages hold text from outside; nothing in them may run or be fetched elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}


class ServerError(YoujuError):
    """The page cannot be served."""


class BasicAuth:
    """Lets requests through that carry the right name and password (RFC 7617)."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], auth: str) -> None:
        self._app = app
        self._expected = auth.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and not self._is_allowed(dict(scope["headers"])):
            challenge = {"WWW-Authenticate": 'Basic realm="Youju", charset="UTF-8"'}
            response = HTMLResponse("请输入用户名和密码。", status_code=401, headers=challenge)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_allowed(self, headers: dict[bytes, bytes]) -> bool:
        scheme, _, value = headers.get(b"authorization", b"").partition(b" ")
        try:
            given = base64.b64decode(value, validate=True)
        except binascii.Error:
            return False
        return scheme.lower() == b"basic" and secrets.compare_digest(given, self._expected)


def create_app(pipeline: Pipeline, auth: str | None = None) -> FastAPI:
    """Return the application.

    Args:
        pipeline: What answers.
        auth: "user:password" if every request must carry them.
    """
    app = FastAPI(title="Youju 有据", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/youju-static", StaticFiles(directory=Path(__file__).parent / "static"))

    @app.get("/article/{article_id:path}")
    def show_article(article_id: str, start: int = 0, end: int = 0) -> HTMLResponse:
        try:
            article = pipeline.article(article_id)
        except KeyError:
            message = f"文库里没有编号为“{article_id}”的报道。"
            return HTMLResponse(render_message(message), 404, headers=_NO_SCRIPTS)
        return HTMLResponse(render_article(article, start, end), headers=_NO_SCRIPTS)

    @app.get("/welcome")
    def show_welcome() -> HTMLResponse:
        return HTMLResponse(
            render_message("提问之后，被引用的报道会在这里打开。"), headers=_NO_SCRIPTS
        )

    mount_page(app, pipeline)
    if auth is not None:
        app.add_middleware(BasicAuth, auth=auth)
    return app


def serve(
    pipeline: Pipeline,
    host: str,
    port: int,
    auth: str | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve the page until interrupted.

    Args:
        pipeline: What answers.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        auth: As in `create_app`.
        announce: Told the address of the page once it can be opened.

    Raises:
        ServerError: If the address cannot be listened on.
    """
    with _listen(host, port) as listener:
        app = create_app(pipeline, auth)
        # The first question loads the dictionary of words; ask one before anybody waits for it.
        threading.Thread(target=pipeline.ask, args=(WARM_UP,), daemon=True).start()
        shown = f"[{host}]" if ":" in host else host
        announce(f"有据 Youju: http://{shown}:{listener.getsockname()[1]}  (Ctrl+C 停止)")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number and number > 0 else error
        raise ServerError(
            f"cannot listen on {host}:{port}: {reason}; "
            "stop what uses it or choose another with --host and --port"
        ) from error
