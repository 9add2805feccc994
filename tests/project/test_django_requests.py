"""Django behind granian's own interface: what a WSGI server owes its application."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from aftermile.project import rsgi
from tests.project.rsgi_server import answered, asked

Environ = dict[str, Any]


class Application:
    """Notes what it is asked and answers as told."""

    def __init__(self) -> None:
        self.seen: list[Environ] = []
        self.bodies: list[bytes] = []
        self.headers = [("Content-Type", "text/plain")]
        self.closed = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start_response("418 I'm a teapot", self.headers)
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"short ", b"and stout")

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Application:
    made = Application()
    monkeypatch.setattr(rsgi, "django_application", made)
    return made


def test_the_answer_is_told_whole_and_closed(application: Application) -> None:
    application.headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    (told,) = answered(asked("GET", "/x"))
    assert (told.status, told.headers, told.content) == (418, application.headers, b"short and stout")
    assert application.closed == 1


def test_a_request_is_written_as_wsgi_has_it(application: Application) -> None:
    fields = [
        ("Content-Type", "text/plain"),
        ("X-Note", "1"),
        ("X-Note", "2"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
    ]
    answered(asked("PUT", "/é/b c", b"abc", headers=fields, query="q=%C3%A9&r="))
    (environ,) = application.seen
    wanted = {
        "REQUEST_METHOD": "PUT",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/\xc3\xa9/b c",
        "QUERY_STRING": "q=%C3%A9&r=",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "3",
        "HTTP_HOST": "testserver",
        "HTTP_X_NOTE": "1,2",
        "HTTP_COOKIE": "a=1; b=2",
    }
    assert {name: value for name, value in environ.items() if not name.startswith("wsgi.")} == wanted
    assert environ["wsgi.url_scheme"] == "http"


def test_the_host_of_http_2_is_the_host(application: Application) -> None:
    scope, protocol = asked("GET", "/x")
    scope.headers.items().clear()
    scope.authority = "shop.example"
    answered((scope, protocol))
    assert application.seen[0]["HTTP_HOST"] == "shop.example"


@pytest.mark.parametrize("has_length", [True, False])
@pytest.mark.parametrize("chunks", [(), (b"abc",), (b"a" * 200_000, b"b" * 200_000, b"c")])
def test_a_body_is_read_whole(application: Application, chunks: tuple[bytes, ...], has_length: bool) -> None:
    answered(asked("POST", "/x", *chunks, has_length=has_length))
    assert application.bodies == [b"".join(chunks)]


def test_what_nobody_reads_of_a_large_body_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        start_response("413 Content Too Large", [])
        return [environ["wsgi.input"].read(3)]

    monkeypatch.setattr(rsgi, "django_application", refusing)
    (told,) = answered(asked("POST", "/x", *([b"x" * 100_000] * 5)))
    assert (told.status, told.content, told.chunks_read) == (413, b"xxx", 1)


@pytest.mark.django_db(transaction=True)
def test_django_answers() -> None:
    pages = answered(asked("GET", "/healthz"), asked("GET", "/readyz"), asked("GET", "/inside"))
    assert [page.status for page in pages] == [200, 200, 404]
    assert json.loads(pages[0].content) == {"status": "alive"}
    assert all("X-Request-ID" in dict(page.headers) for page in pages)
