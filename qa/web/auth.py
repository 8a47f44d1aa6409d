"""Asking for a name and a password."""

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi.responses import HTMLResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

OPEN_PATH = "/healthz"
"""Says only whether the server lives; those who watch over it have no password."""


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
        is_closed = scope["type"] == "http" and scope["path"] != OPEN_PATH
        if is_closed and not self._is_allowed(dict(scope["headers"])):
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
