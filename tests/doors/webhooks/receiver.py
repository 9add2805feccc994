"""A merchant's server under the test's control."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    #: Waited for before the answer.
    until: threading.Event | None = None


@dataclass
class Receiver:
    """Gives `answers` in turn, then `usual`, and keeps all requests."""

    usual: Answer = field(default_factory=Answer)
    answers: list[Answer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        receiver, lock = self, threading.Lock()
        self._arrived = arrived = threading.Condition(lock)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with lock:
                    receiver.in_flight += 1
                    receiver.most_in_flight = max(receiver.most_in_flight, receiver.in_flight)
                    receiver.requests.append(Request(self.path, headers, body))
                    answer = receiver.answers.pop(0) if receiver.answers else receiver.usual
                    arrived.notify_all()
                try:
                    if answer.until is not None:
                        answer.until.wait(30)
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    self.close_connection = True
                finally:
                    with lock:
                        receiver.in_flight -= 1

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks"

    def wait_for(self, count: int, *, seconds: float = 30.0) -> bool:
        """Wait until so many requests have arrived; False when they do not."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= count, timeout=seconds)

    @property
    def ids(self) -> list[str]:
        return [request.id for request in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def nobody() -> str:
    """Return an address of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/hooks"
