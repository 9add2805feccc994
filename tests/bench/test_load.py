"""The load generator, against a server that answers as told."""

from __future__ import annotations

import socketserver
import time
from collections.abc import Iterator
from threading import Lock, Thread

import pytest
from bench.database import literal, scoped
from bench.load import LoadFailed, closed_loop, open_loop, request_bytes
from bench.machine import Meter, tree_memory_bytes

ANSWERS = {
    "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/chunked": b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "/away": b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
    "/odd": b"HTTP/1.1 200 OK\r\n\r\n",
}


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    slow_seconds = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[str] = []
        self.lock = Lock()


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        while line := self.rfile.readline():
            length = 0
            while (header := self.rfile.readline()) != b"\r\n":
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            body = self.rfile.read(length)
            with self.server.lock:
                self.server.heard.append(f"{line.decode().split(' ')[1]} {body.decode()}")
            time.sleep(self.server.slow_seconds)
            whole = ANSWERS[line.decode().split(" ")[1]]
            for part in (whole[:20], whole[20:]):  # as the network may cut it
                self.wfile.write(part)
                self.wfile.flush()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def posts(path: str) -> object:
    return lambda number: request_bytes("POST", path, {}, str(number).encode())


@pytest.mark.parametrize(("path", "status"), [("/length", 200), ("/chunked", 201)])
def test_each_request_is_sent_once_and_its_answer_awaited(server: Server, path: str, status: int) -> None:
    load = closed_loop(server.server_address, posts(path), clients=3, count=20, first=5)
    assert (load.count, dict(load.statuses)) == (20, {status: 20})
    assert sorted(server.heard) == sorted(f"{path} {number}" for number in range(5, 25))
    assert sorted(load.latencies) == sorted(load.answered_at) == list(range(5, 25))
    assert load.latency(50) <= load.latency(99) <= load.seconds


def test_a_server_that_falls_behind_cannot_hide_it(server: Server) -> None:
    """Ten requests due within 50 ms, one at a time, 20 ms each: the last one waits for the nine before it."""
    server.slow_seconds = 0.02
    load = open_loop(server.server_address, posts("/length"), per_second=200, seconds=0.05, clients=1)
    assert load.count == 10
    assert load.latencies[9] > load.latencies[0] + 0.1


def test_unexpected_answers_fail(server: Server) -> None:
    load = closed_loop(server.server_address, posts("/away"), clients=1, count=3)
    with pytest.raises(LoadFailed, match="503: 3"):
        load.expect(200)
    with pytest.raises(LoadFailed, match="unknown length"):
        closed_loop(server.server_address, posts("/odd"), clients=1, count=1)


def test_cpu_and_memory_of_a_tree_are_measured() -> None:
    import os

    meter = Meter.start([os.getpid()])
    began = time.process_time()
    while time.process_time() - began < 0.1:
        pass
    meter.stop()
    assert meter.cpu_seconds == pytest.approx(0.1, abs=0.05)
    total, by_name = tree_memory_bytes([os.getpid()])
    assert total == sum(by_name.values()) > 10_000_000


def test_values_pass_pgbench_unchanged() -> None:
    assert literal(b"\x00:") == "'\\x003a'"
    assert literal('it\'s {"a": 1}\\n') == "E'it''s {\"a\"\\x3a 1}\\\\n'"
    import uuid

    one = uuid.UUID(int=1)
    assert scoped(one, "SELECT 1;\n") == f"BEGIN;\nSET LOCAL app.merchant_id = '{one}';\nSELECT 1;\nCOMMIT;\n"
