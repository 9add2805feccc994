"""Webhooks are posted again while the server is away, and to their own address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aftermile.project.demo.posting import NotTaken, Post
from aftermile.project.demo.webhook import Sender, Webhook


class Door(ThreadingHTTPServer):
    """Answers with the statuses it was given, then with 200, and keeps what came."""

    statuses: list[int]
    came: list[tuple[str, str, bytes]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.server.came.append((self.path, self.headers["X-Mark"], body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr("aftermile.project.demo.posting.time.sleep", lambda _: None)
    server = Door(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.statuses, server.came = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def post_to(door: Door) -> Post:
    return Post("127.0.0.1", door.server_port, {Sender.STOREFRONT: "in_shop", Sender.CARRIERS: "in_carriers"})


def webhook(sender: Sender, mark: str) -> Webhook:
    return Webhook(sender, {"X-Mark": mark}, mark.encode())


def test_each_sender_has_its_address(door: Door) -> None:
    post = post_to(door)
    posted = [webhook(Sender.STOREFRONT, "a"), webhook(Sender.CARRIERS, "b")]
    assert list(post.send_all(posted)) == [2]
    post.close()
    assert sorted(door.came) == [("/in/in_carriers", "b", b"b"), ("/in/in_shop", "a", b"a")]


def test_a_server_that_is_away_is_asked_again(door: Door) -> None:
    door.statuses = [503, 500]
    post = post_to(door)
    assert post.send(webhook(Sender.STOREFRONT, "a")) == 200
    post.close()
    assert [mark for _, mark, _ in door.came] == ["a", "a", "a"]


def test_a_refusal_is_an_answer(door: Door) -> None:
    door.statuses = [401]
    post = post_to(door)
    assert post.send(webhook(Sender.STOREFRONT, "a")) == 401
    post.close()
    assert len(door.came) == 1


def test_who_never_answers_is_given_up(door: Door) -> None:
    door.statuses = [503] * 100
    post = post_to(door)
    with pytest.raises(NotTaken):
        post.send(webhook(Sender.STOREFRONT, "a"))
    post.close()
