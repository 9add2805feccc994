"""Copies of product pictures: wanted once, fetched from anywhere, kept small, tried again, and let go."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from aftermile.capabilities.catalog.models import Picture
from aftermile.capabilities.catalog.operations.want_pictures import (
    FETCH,
    LEASE,
    PORTION,
    keep_pictures,
    prune_pictures,
    take_wanted,
)
from aftermile.capabilities.catalog.pictures import PAUSES, Fetched, Wanted, usable_urls
from aftermile.capabilities.catalog.public import (
    PictureNotFound,
    PictureState,
    picture_content,
    picture_counts,
    pictures,
    product_images,
    record_products,
    want_pictures,
)
from aftermile.capabilities.catalog.tasks import fetch_again, fetch_all, prune_all_pictures
from aftermile.connectors.contracts.facts import OrderFact, OrderLineFact, ProductFact
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.events import react
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.ids import uuid7
from tests.capabilities.shop import BY, counted, later, position, scope, tell_orders
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

URL = "https://cdn.lindgren.example/bird.jpg"


def want(merchant: Any, *urls: str, at: datetime = NOON) -> int:
    with scope(merchant):
        return want_pictures(urls=urls, at=at)


def take(merchant: Any, at: datetime = NOON) -> list[Wanted]:
    with scope(merchant):
        return take_wanted(at=at)


def keep(merchant: Any, *fetched: Fetched, at: datetime = NOON) -> None:
    with scope(merchant):
        keep_pictures(fetched=fetched, at=at)


def copied(picture: Wanted, content: bytes = b"a copy") -> Fetched:
    return Fetched(picture=picture, content=content, content_type="image/webp", width=160, height=90)


def row(merchant: Any, url: str = URL) -> Picture:
    with scope(merchant):
        return Picture.rows().get(url=url)


def queued() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer WHERE entrypoint = %s ORDER BY id", [FETCH])
        return [json.loads(bytes(payload)) for (payload,) in cursor.fetchall()]


def test_one_statement_wants_many_and_one_job_fetches_them(in_scope: Any) -> None:
    urls = [f"https://cdn.example/{number}.jpg" for number in range(50)]
    with counted() as queries:
        assert want_pictures(urls=urls, at=NOON) == 50
    assert sum("catalog_picture" in query["sql"] for query in queries.captured_queries) == 1
    assert len(queued()) == 1
    assert want_pictures(urls=urls, at=NOON) == 0
    assert len(queued()) == 1


@pytest.mark.parametrize(
    ("given", "usable"),
    [
        ("//cdn.example/a.jpg", ["https://cdn.example/a.jpg"]),
        (" https://cdn.example/a.jpg ", ["https://cdn.example/a.jpg"]),
        ("", []),
        ("/a.jpg", []),
        ("ftp://cdn.example/a.jpg", []),
        ("data:image/png;base64,AAAA", []),
        ("javascript:alert(1)", []),
        ("https://cdn.example/a b.jpg", []),
        ("https://cdn.example/" + "x" * 2000, []),
    ],
)
def test_only_addresses_that_can_be_asked_are_wanted(given: str, usable: list[str]) -> None:
    assert usable_urls([given]) == usable


def test_a_picture_is_given_to_one_and_to_another_when_that_one_died(merchant: Any) -> None:
    want(merchant, URL)
    first = take(merchant)
    assert [picture.url for picture in first] == [URL]
    assert take(merchant) == []
    assert take(merchant, at=NOON + LEASE) == first


def test_what_is_kept_is_found_by_its_address(merchant: Any, other_merchant: Any) -> None:
    want(merchant, URL)
    [picture] = take(merchant)
    keep(merchant, copied(picture))
    with scope(merchant):
        [(url, found)] = pictures([URL, "https://cdn.example/other.jpg"]).items()
        assert (url, found.content_type, found.width, found.height) == (URL, "image/webp", 160, 90)
        assert picture_content(found.digest) == (b"a copy", "image/webp")
        assert picture_counts() == {PictureState.KEPT: 1}
    with scope(other_merchant):
        assert pictures([URL]) == {}
        with pytest.raises(PictureNotFound):
            picture_content(found.digest)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_finding_them_is_one_query_however_many(in_scope: Any, count: int) -> None:
    urls = [f"https://cdn.example/{number}.jpg" for number in range(count)]
    want_pictures(urls=urls, at=NOON)
    with counted() as queries:
        pictures(urls)
    assert len(queries) == 1


def test_nothing_is_found_without_a_query_where_nothing_is_asked(in_scope: Any) -> None:
    with counted() as queries:
        assert pictures([]) == {}
        assert product_images("shop", []) == {}
    assert len(queries) == 0


def test_a_failure_that_may_pass_is_tried_again_with_growing_pauses(merchant: Any) -> None:
    want(merchant, URL)
    at = NOON
    for pause in PAUSES:
        [picture] = take(merchant, at=at)
        keep(merchant, Fetched(picture=picture, problem="It took too long.", again=True), at=at)
        assert take(merchant, at=at + pause - timedelta(seconds=1)) == []
        at += pause
    [picture] = take(merchant, at=at)
    assert picture.tries == len(PAUSES)
    keep(merchant, Fetched(picture=picture, problem="It took too long.", again=True), at=at)
    found = row(merchant)
    assert (found.state, found.reason, found.next_try_at) == ("failed", "It took too long.", None)


def test_one_that_was_not_asked_has_lost_no_try(merchant: Any) -> None:
    want(merchant, URL)
    [picture] = take(merchant)
    keep(merchant, Fetched(picture=picture, problem="Later.", again=True, was_asked=False))
    assert (row(merchant).tries, row(merchant).state) == (0, "waiting")


def test_one_that_was_given_up_is_forgiven_when_named_again_after_a_week(merchant: Any) -> None:
    want(merchant, URL)
    keep(merchant, Fetched(picture=take(merchant)[0], problem="It is no picture."))
    assert want(merchant, URL, at=later(days=6)) == 0
    assert row(merchant).state == "failed"
    assert want(merchant, URL, at=later(days=8)) == 1
    assert [picture.tries for picture in take(merchant, at=later(days=8))] == [0]


def test_one_that_is_kept_is_not_fetched_again_when_named_again(merchant: Any) -> None:
    want(merchant, URL)
    keep(merchant, copied(take(merchant)[0]))
    assert want(merchant, URL, at=later(days=30)) == 0
    assert (row(merchant).state, row(merchant).wanted_at) == ("kept", later(days=30))


def test_one_that_nothing_names_any_more_is_let_go(merchant: Any) -> None:
    want(merchant, URL, "https://cdn.example/still.jpg")
    want(merchant, "https://cdn.example/still.jpg", at=later(days=20))
    with scope(merchant):
        assert prune_pictures(before=later(days=10)) == 1
        assert [picture.url for picture in Picture.rows()] == ["https://cdn.example/still.jpg"]


def test_the_daily_round_lets_go_of_the_old(merchant: Any) -> None:
    want(merchant, URL, at=now() - timedelta(days=401))
    want(merchant, "https://cdn.example/still.jpg", at=now())
    prune_all_pictures()
    with scope(merchant):
        assert [picture.url for picture in Picture.rows()] == ["https://cdn.example/still.jpg"]


def reactions_to(merchant: Any, name: str) -> None:
    react(merchant.id, {"reaction": name, "first": 1, "last": position(merchant)})


def test_pictures_of_products_are_wanted_when_they_are_told(merchant: Any) -> None:
    with scope(merchant):
        record_products(
            facts=[ProductFact(external_id="1", image_url=URL), ProductFact(external_id="2", title="bare")],
            source="shop",
            by=BY,
            at=NOON,
        )
        assert product_images("shop", ["1", "2", "3"]) == {"1": URL}
    reactions_to(merchant, "capabilities.catalog.copy_pictures_of_products")
    assert [picture.url for picture in take(merchant)] == [URL]


def test_pictures_of_orders_are_wanted_when_they_are_told(merchant: Any) -> None:
    lines = tuple(
        OrderLineFact(external_id=str(number), title="A bird", quantity=1, image_url=url)
        for number, url in enumerate((URL, URL, ""))
    )
    tell_orders(merchant, OrderFact(external_id="1", lines=lines))
    reactions_to(merchant, "capabilities.orders.copy_pictures_of_lines")
    assert [picture.url for picture in take(merchant)] == [URL]


@dataclass
class Cdn:
    """A server of pictures."""

    url: str = ""
    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    described = Cdn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            described.asked.append(self.path)
            status, body = described.files.get(self.path, (404, b"not here"))
            self.send_response(status)
            self.send_header("Content-Type", "text/html")  # what they say does not count
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    described.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield described
    server.shutdown()
    thread.join()
    server.server_close()


def photograph(size: tuple[int, int] = (1200, 900)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def fetch(cdn: Cdn, *paths: str, client: OutboundClient | None = None, tries: int = 0) -> list[Fetched]:
    client = client or OutboundClient(allow_private=True, sleep=lambda _: None)
    return fetch_all(client, [Wanted(uuid7(), cdn.url + path, tries) for path in paths])


def test_a_photograph_becomes_a_small_copy(cdn: Cdn) -> None:
    cdn.files["/bird.jpg"] = (200, photograph())
    [found] = fetch(cdn, "/bird.jpg")
    assert (found.problem, found.content_type, found.width, found.height) == ("", "image/webp", 160, 120)
    assert len(found.content) <= 12_000


def test_a_drawing_stays_one(cdn: Cdn) -> None:
    cdn.files["/bird.svg"] = (200, DRAWING)
    [found] = fetch(cdn, "/bird.svg")
    assert (found.problem, found.content_type) == ("", "image/svg+xml")


def test_it_follows_where_the_picture_moved(cdn: Cdn) -> None:
    cdn.files |= {"/old.jpg": (302, b"/new.jpg"), "/new.jpg": (200, photograph())}
    assert fetch(cdn, "/old.jpg")[0].problem == ""


@pytest.mark.parametrize(
    ("status", "body", "again", "words"),
    [
        (404, b"", True, "answers 404"),
        (500, b"", True, "answers 500"),
        (302, b"/loop", True, "answers 302"),
        (200, b"<html>hello</html>", False, "not a picture"),
        (200, DRAWING.replace(b"<path", b"<script/><path"), False, "script"),
        (200, b"\x89PNG\r\n\x1a\n" + b"\0" * 100, False, "not a picture"),
        (200, b"x" * 12_000_001, False, "more than"),
        (200, b"", False, "not a picture"),
    ],
)
def test_what_is_no_picture_is_told_in_words(
    cdn: Cdn, status: int, body: bytes, again: bool, words: str
) -> None:
    cdn.files["/loop"] = (status, body)
    [found] = fetch(cdn, "/loop")
    assert words in found.problem
    assert found.again is again
    assert found.content == b""


def test_what_is_not_there_twice_is_not_there(cdn: Cdn) -> None:
    assert fetch(cdn, "/none.jpg", tries=1)[0].again is False


def test_nothing_inside_the_operators_network_is_asked(cdn: Cdn) -> None:
    cdn.files["/bird.jpg"] = (200, photograph())
    [found] = fetch(cdn, "/bird.jpg", client=OutboundClient(sleep=lambda _: None))
    assert (cdn.asked, found.again) == ([], False)


def test_a_server_that_fails_is_left_alone(cdn: Cdn) -> None:
    cdn.files |= {f"/{number}.jpg": (503, b"") for number in range(5)}
    found = fetch(cdn, *cdn.files)
    assert [each.was_asked for each in found] == [True, True, False, False, False]
    assert len(cdn.asked) == 2


def test_a_job_that_takes_long_gives_way(cdn: Cdn) -> None:
    cdn.files |= {"/0.jpg": (200, DRAWING), "/1.jpg": (200, DRAWING)}
    moments = iter([0.0, 10.0, 40.0])
    wanted = [Wanted(uuid7(), cdn.url + path, 0) for path in cdn.files]
    found = fetch_all(OutboundClient(allow_private=True), wanted, clock=lambda: next(moments))
    assert [each.was_asked for each in found] == [True, False]


def test_the_job_does_all_three_beats_and_goes_on(
    cdn: Cdn, merchant: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "aftermile.capabilities.catalog.tasks.outbound_client", lambda _: OutboundClient(allow_private=True)
    )
    cdn.files |= {f"/{number}.svg": (200, DRAWING) for number in range(PORTION + 1)}
    want(merchant, *(cdn.url + path for path in cdn.files), at=now())
    assert [payload["turn"] for payload in queued()] == [0]
    jobs.run(FETCH, jobs.encode(merchant.id, {"turn": 0}))
    with scope(merchant):
        assert picture_counts() == {PictureState.KEPT: PORTION, PictureState.WAITING: 1}
    assert [payload["turn"] for payload in queued()] == [0, 1]
    jobs.run(FETCH, jobs.encode(merchant.id, {"turn": 1}))
    with scope(merchant):
        assert picture_counts() == {PictureState.KEPT: PORTION + 1}
    assert sorted(cdn.asked) == sorted(cdn.files)
    assert len(queued()) == 2


def test_each_minute_what_is_due_once_more_is_queued(merchant: Any, other_merchant: Any) -> None:
    want(merchant, URL, at=now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")
    fetch_again()
    assert len(queued()) == 1
    take(merchant, at=now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")
    fetch_again()
    assert queued() == []
