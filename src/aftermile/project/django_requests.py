"""Django behind granian's own interface: each request in a thread of a bounded pool."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

T = TypeVar("T")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Bodies up to here are read before a thread is asked, larger ones by the thread as it needs them.
_READ_AHEAD_BYTES = 262_144


class Threads:
    """Runs in threads what may wait for the database."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="request")

    async def __call__(self, act: Callable[[], T], /) -> T:
        """Run an act in one of the threads, and give its connection to the database back."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _then_give_back, act)


def _then_give_back(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connection.close()  # back to the pool


async def answer_with_django(
    scope: Scope, protocol: HTTPProtocol, *, application: Wsgi, in_thread: Threads
) -> None:
    """Answer one request with a WSGI application."""
    environ = _environ(scope)
    length = environ.get("CONTENT_LENGTH", "")
    if "transfer-encoding" in scope.headers or (length.isdigit() and int(length) > _READ_AHEAD_BYTES):
        chunks = protocol.__aiter__()
        environ["wsgi.input"] = io.BufferedReader(_Body(chunks, asyncio.get_running_loop()))
    else:
        environ["wsgi.input"] = io.BytesIO(await protocol() if length else b"")
    status, headers, content = await in_thread(lambda: _run(application, environ))
    protocol.response_bytes(status, headers, content)


def _run(application: Wsgi, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    told: list[Any] = []
    response = application(environ, lambda status, headers, *_: told.extend((status, headers)))
    try:
        content = b"".join(response)
    finally:
        if close := getattr(response, "close", None):
            close()
    return int(told[0].split(" ", 1)[0]), told[1], content


def _environ(scope: Scope) -> dict[str, Any]:
    """Write a request as PEP 3333 has it: text is bytes read as Latin-1."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    if scope.authority and "host" not in scope.headers:
        environ["HTTP_HOST"] = scope.authority  # HTTP/2 says it apart
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        held = environ.get(key)
        environ[key] = value if held is None else f"{held}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    return environ


class _Body(io.RawIOBase):
    """A body that arrives on the event loop, read from a thread."""

    def __init__(self, chunks: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop) -> None:
        self._chunks = chunks
        self._loop = loop
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            self._rest = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    async def _next(self) -> bytes:
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            self._ended = True
            return b""
