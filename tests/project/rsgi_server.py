"""A stand-in for granian: what it gives an application of a request, and what it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aftermile.project import rsgi


class Headers:
    """Header names are lower case; one may stand there twice."""

    def __init__(self, *fields: tuple[str, str]) -> None:
        self._fields = [(name.lower(), value) for name, value in fields]

    def items(self) -> list[tuple[str, str]]:
        return self._fields

    def __contains__(self, name: str) -> bool:
        return name in dict(self._fields)


@dataclass
class Scope:
    method: str
    path: str
    query_string: str
    headers: Headers
    proto: str = "http"
    http_version: str = "1.1"
    client: str = "127.0.0.1:50000"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    authority: str | None = None


@dataclass
class Protocol:
    chunks: Sequence[bytes]
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""
    chunks_read: int = 0

    async def __call__(self) -> bytes:
        return b"".join([chunk async for chunk in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.chunks_read += 1
            yield chunk

    def response_bytes(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        assert not self.status, "answered twice"
        self.status, self.headers, self.content = status, headers, content


def asked(
    method: str,
    path: str,
    *chunks: bytes,
    headers: Sequence[tuple[str, str]] = (),
    query: str = "",
    has_length: bool = True,
) -> tuple[Scope, Protocol]:
    """Make a request whose body arrives in chunks, with a `Content-Length` or, as HTTP has it, without."""
    size = sum(map(len, chunks))
    length = ("content-length", str(size)) if has_length else ("transfer-encoding", "chunked")
    fields = (("host", "testserver"), *headers, *([length] if chunks else []))
    return Scope(method, path, query, Headers(*fields)), Protocol(chunks)


def answered(*requests: tuple[Scope, Protocol]) -> list[Protocol]:
    """Give requests to the application, all at the same time."""

    async def all_of_them() -> None:
        application: Any = rsgi.application
        await asyncio.gather(*(application(scope, protocol) for scope, protocol in requests))

    asyncio.run(all_of_them())
    return [protocol for _, protocol in requests]
