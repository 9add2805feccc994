"""A load generator: keep-alive connections on raw sockets, one event loop, nothing parsed that need not be.

Costs some 30 microseconds of CPU a request, which is told beside every figure. Where the web server and the
load generator share cores, the generator's share makes the figure worse, never better.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

_PATIENCE_SECONDS = 30.0

#: Gives the bytes of the nth request.
Requests = Callable[[int], bytes]


class LoadFailed(RuntimeError):
    """The server closed a connection, did not answer in time, or answered what was not expected."""


@dataclass(slots=True)
class Load:
    """What was sent and answered."""

    seconds: float
    #: Of each answered request, in order of its number: seconds from when it was due until its answer.
    latencies: dict[int, float] = field(default_factory=dict)
    #: When each was answered, by `time.time`.
    answered_at: dict[int, float] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def latency(self, percent: float) -> float:
        """Return a percentile of the latencies in seconds, by nearest rank."""
        ordered = sorted(self.latencies.values())
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    def expect(self, *statuses: int) -> Load:
        """Return the load itself.

        :raises LoadFailed: something else was answered.
        """
        odd = {status: count for status, count in self.statuses.items() if status not in statuses}
        if odd:
            raise LoadFailed(f"unexpected answers, as status and count: {odd}")
        return self


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write an HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
    if body or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def closed_loop(
    address: tuple[str, int],
    requests: Requests,
    *,
    clients: int,
    seconds: float = 0.0,
    count: int = 0,
    first: int = 0,
) -> Load:
    """Send as fast as answers come: each client its next request when it has its answer.

    :param seconds: for how long; or else
    :param count: how many in all.
    :param first: the number of the first request.
    """
    with _Driver(address, clients) as driver:
        return _close_loop(driver, requests, seconds=seconds, count=count, first=first)


def _close_loop(driver: _Driver, requests: Requests, *, seconds: float, count: int, first: int) -> Load:
    began = time.perf_counter()
    end = began + seconds if seconds else float("inf")
    number, last = first, first + count if count else -1
    for client in driver.clients:
        if number != last:
            client.send(number, requests(number), time.perf_counter())
            number += 1
    while driver.busy:
        for client in driver.answered():
            if number != last and time.perf_counter() < end:
                client.send(number, requests(number), time.perf_counter())
                number += 1
    return driver.load(began)


def open_loop(
    address: tuple[str, int],
    requests: Requests,
    *,
    per_second: float,
    seconds: float,
    clients: int,
    first: int = 0,
) -> Load:
    """Send at a fixed rate, whatever the answers do.

    Latency counts from the moment a request was due, so a server that falls behind cannot hide it.
    """
    with _Driver(address, clients) as driver:
        return _open_loop(driver, requests, per_second=per_second, seconds=seconds, first=first)


def _open_loop(driver: _Driver, requests: Requests, *, per_second: float, seconds: float, first: int) -> Load:
    idle = deque(driver.clients)
    began = time.perf_counter()
    number, total = 0, int(per_second * seconds)
    while number < total or driver.busy:
        now = time.perf_counter()
        while idle and number < total and began + number / per_second <= now:
            client = idle.popleft()
            client.send(first + number, requests(first + number), began + number / per_second)
            number += 1
        wait = began + number / per_second - time.perf_counter() if number < total and idle else None
        idle.extend(driver.answered(wait))
    return driver.load(began)


class _Driver:
    def __init__(self, address: tuple[str, int], clients: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._load = Load(0.0)
        self._last_answer = 0.0
        self.busy = 0
        self.clients = [_Client(self, address) for _ in range(clients)]
        for client in self.clients:
            self._selector.register(client.socket, selectors.EVENT_READ, client)

    def answered(self, wait: float | None = None) -> list[_Client]:
        """Wait for answers; return the clients that have theirs."""
        patience = _PATIENCE_SECONDS if wait is None else max(0.0, wait)
        ready = self._selector.select(patience)
        if not ready and wait is None and self.busy:
            raise LoadFailed(f"no answer within {_PATIENCE_SECONDS:.0f} seconds")
        return [key.data for key, _ in ready if key.data.read()]

    def note(self, number: int, status: int, due: float) -> None:
        self._last_answer = time.perf_counter()
        self._load.latencies[number] = self._last_answer - due
        self._load.answered_at[number] = time.time()
        self._load.statuses[status] += 1
        self.busy -= 1

    def load(self, began: float) -> Load:
        self._load.seconds = self._last_answer - began
        return self._load

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.socket.close()
        self._selector.close()


class _Client:
    def __init__(self, driver: _Driver, address: tuple[str, int]) -> None:
        self._driver = driver
        self.socket = socket.create_connection(address, timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._number = -1
        self._due = 0.0

    def send(self, number: int, request: bytes, due: float) -> None:
        self._number, self._due = number, due
        self._driver.busy += 1
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take in what came; True when the answer is complete."""
        received = self.socket.recv(262_144)
        if not received:
            raise LoadFailed("the server closed a connection")
        self._received += received
        head, mark, body = self._received.partition(b"\r\n\r\n")
        if not mark:
            return False
        if not _is_complete(head.lower(), body):
            return False
        self._received = b""
        self._driver.note(self._number, int(head[9:12]), self._due)
        return True


def _is_complete(head: bytes, body: bytes) -> bool:
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        return len(body) >= int(head[at + 17 :].split(b"\r\n", 1)[0])
    if b"\r\ntransfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    raise LoadFailed(f"an answer of unknown length: {head[:300]!r}")
