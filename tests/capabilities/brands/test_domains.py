"""Domains of shops: who may claim what, what proves it, and who cannot take whose."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.brands.challenge import PATH, answer, read_answer
from aftermile.capabilities.brands.hosts import read_host
from aftermile.capabilities.brands.models import Domain
from aftermile.capabilities.brands.operations.domains import CHECK, CONTESTED, record_check
from aftermile.capabilities.brands.public import (
    DomainNotFound,
    DomainState,
    DomainTaken,
    DomainUnusable,
    DomainView,
    brand,
    claim_domain,
    domain,
    merchant_of_host,
    normal_host,
    release_domain,
)
from aftermile.capabilities.brands.tasks import ask, check_verified_domains
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.ids import read_public_id
from tests.capabilities.shop import later, log, scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

BY = "staff:usr_test"
HOST = "track.lindgren.example"


def claim(merchant: Any, host: str = HOST, at: datetime = NOON) -> DomainView:
    with scope(merchant):
        return claim_domain(host=host, by=BY, at=at)


def check(merchant: Any, problem: str = "", at: datetime = NOON, host: str = HOST) -> DomainView | None:
    with scope(merchant):
        return record_check(host=host, problem=problem, tries=0, at=at)


def held(merchant: Any) -> DomainView | None:
    with scope(merchant):
        return domain()


def queued() -> list[tuple[str, int]]:
    """The hosts that will be asked, with the seconds until then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload, extract(epoch FROM execute_after - created)::float8 FROM pgqueuer"
            " WHERE entrypoint = %s ORDER BY id",
            [CHECK],
        )
        return [
            (json.loads(bytes(payload))["host"], round(seconds)) for payload, seconds in cursor.fetchall()
        ]


def test_a_claim_waits_and_is_asked_about_at_once(merchant: Any) -> None:
    found = claim(merchant)
    assert (found.host, found.state, found.reason) == (HOST, DomainState.WAITING, "")
    assert queued() == [(HOST, 0)]
    assert merchant_of_host(HOST) is None


def test_a_good_answer_verifies_it_for_pages_and_requests(merchant: Any) -> None:
    claim(merchant)
    found = check(merchant, at=later(minutes=1))
    assert found is not None
    assert (found.state, found.verified_at) == (DomainState.VERIFIED, later(minutes=1))
    assert merchant_of_host(HOST) == merchant.id
    with scope(merchant):
        assert brand().host == HOST
    assert [event.changed for event in log(merchant)] == [("host",)]


def test_without_one_it_goes_on_waiting_and_says_why(merchant: Any) -> None:
    claim(merchant)
    found = check(merchant, "Not yet.", at=later(seconds=5))
    assert found is not None
    assert (found.state, found.reason) == (DomainState.WAITING, "Not yet.")
    assert len(queued()) == 2


def test_after_three_days_without_one_it_is_over_until_claimed_again(merchant: Any) -> None:
    claim(merchant)
    found = check(merchant, "Not yet.", at=later(days=3))
    assert found is not None
    assert found.state is DomainState.FAILED
    assert found.reason.startswith("Not yet. Nothing answered for three days")
    assert len(queued()) == 1
    assert claim(merchant, at=later(days=4)).state is DomainState.WAITING
    assert len(queued()) == 2


def test_a_verified_one_is_borne_with_for_three_days(merchant: Any) -> None:
    claim(merchant)
    check(merchant)
    for day in (1, 2, 3):
        found = check(merchant, "Its certificate ran out.", at=later(days=day))
        assert found is not None
        assert (found.state, found.reason) == (DomainState.VERIFIED, "Its certificate ran out.")
    recovered = check(merchant, at=later(days=3, hours=1))
    assert recovered is not None
    assert recovered.reason == ""
    check(merchant, "Gone.", at=later(days=5))
    given_up = check(merchant, "Gone.", at=later(days=8))
    assert given_up is not None
    assert given_up.state is DomainState.FAILED
    assert merchant_of_host(HOST) is None
    with scope(merchant):
        assert brand().host == ""


def test_claiming_a_verified_one_again_changes_nothing(merchant: Any) -> None:
    claim(merchant)
    verified = check(merchant)
    assert claim(merchant, "HTTPS://Track.Lindgren.Example/hello", at=later(hours=1)) == verified


def test_another_name_takes_the_place_of_the_first(merchant: Any) -> None:
    claim(merchant)
    check(merchant)
    claim(merchant, "parcels.lindgren.example")
    assert merchant_of_host(HOST) is None
    with scope(merchant):
        assert brand().host == ""
    # An answer for the first comes too late.
    assert check(merchant) is None
    assert Domain.objects.count() == 1


def test_it_can_be_let_go(merchant: Any) -> None:
    claim(merchant)
    check(merchant)
    with scope(merchant):
        release_domain(by=BY, at=later(hours=1))
        assert (domain(), brand().host) == (None, "")
        with pytest.raises(DomainNotFound):
            release_domain(by=BY, at=later(hours=2))
    assert merchant_of_host(HOST) is None


def test_nobody_takes_a_verified_name(merchant: Any, other_merchant: Any) -> None:
    claim(merchant)
    check(merchant)
    with pytest.raises(DomainTaken):
        claim(other_merchant)
    assert held(other_merchant) is None
    assert merchant_of_host(HOST) == merchant.id


def test_a_squatter_gets_nothing_where_both_claim(merchant: Any, other_merchant: Any) -> None:
    claim(other_merchant)
    claim(merchant, at=later(hours=1))
    for shop in (other_merchant, merchant):
        found = check(shop, at=later(hours=2))
        assert found is not None
        assert (found.state, found.reason) == (DomainState.WAITING, CONTESTED)
    assert merchant_of_host(HOST) is None
    with scope(other_merchant):
        release_domain(by=BY, at=later(hours=3))
    check(merchant, at=later(hours=4))
    assert merchant_of_host(HOST) == merchant.id


def test_a_claim_nobody_answered_keeps_nobody_out(merchant: Any, other_merchant: Any) -> None:
    claim(other_merchant)
    claim(merchant, at=later(days=3, hours=1))
    found = check(merchant, at=later(days=3, hours=2))
    assert found is not None
    assert found.state is DomainState.VERIFIED


def test_the_database_itself_lets_one_shop_have_a_name(merchant: Any, other_merchant: Any) -> None:
    claim(merchant)
    check(merchant)
    with scope(other_merchant), pytest.raises(DatabaseError), transaction.atomic():
        Domain.objects.create(
            merchant_id=other_merchant.id, host=HOST, state=DomainState.VERIFIED, claimed_at=NOON
        )


def test_the_database_itself_lets_nobody_write_anothers_claim(merchant: Any, other_merchant: Any) -> None:
    claim(merchant)
    with scope(other_merchant):
        assert Domain.objects.filter(host=HOST).count() == 1
        assert Domain.objects.filter(host=HOST).update(state=DomainState.FAILED) == 0
        assert Domain.objects.filter(host=HOST).delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Domain.objects.create(merchant_id=merchant.id, host="x.example", claimed_at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Domain.objects.create(merchant_id=merchant.id, host="x.example", claimed_at=NOON)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("Track.Lindgren.Example", "track.lindgren.example"),
        (" https://track.lindgren.example:443/path?x=1 ", "track.lindgren.example"),
        ("track.lindgren.example.", "track.lindgren.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("ＴＲＡＣＫ.example", "track.example"),
    ],
)
def test_a_name_is_read_as_people_write_it(typed: str, host: str) -> None:
    assert read_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "", "lindgren", "localhost", "a.localhost", "printer.local", "db.internal", "127.0.0.1", "[::1]", "10.1",
        "*.example.com", "-a.example", "a..example", "a b.example", "a_b.example", "x" * 64 + ".example",
        "user@shop.example", "shop.example:http", "a." * 130 + "example", "x.onion", "1.2.3.4.in-addr.arpa",
    ],
)  # fmt: skip
def test_what_is_no_name_on_the_internet_is_refused(typed: str) -> None:
    with pytest.raises(DomainUnusable):
        read_host(typed)


@given(st.text(max_size=80))
def test_whatever_a_request_says_is_a_normal_name_or_none(raw: str) -> None:
    name = normal_host(raw)
    assert normal_host(name) == name
    assert name == name.lower()
    assert ":" not in name


@pytest.mark.parametrize("own", ["post.agency.example", "POST.agency.example.", "sub.wild.example"])
def test_the_installations_own_names_are_nobodys(merchant: Any, settings: Any, own: str) -> None:
    settings.ALLOWED_HOSTS = ["post.agency.example", ".wild.example", "*"]
    settings.CONFIG = SimpleNamespace(public_url="https://post.agency.example")
    with pytest.raises(DomainUnusable, match="own name"):
        claim(merchant, own)


def test_a_copied_answer_proves_nothing(merchant: Any, other_merchant: Any) -> None:
    good = answer(host=HOST, merchant_id=merchant.id, nonce="0" * 32).encode()
    assert read_answer(good, merchant_id=merchant.id, nonce="0" * 32).is_ours
    assert not read_answer(good, merchant_id=merchant.id, nonce="1" * 32).is_ours
    assert not read_answer(good, merchant_id=other_merchant.id, nonce="0" * 32).is_ours
    renamed = good.replace(HOST.encode(), b"evil.example")
    assert not read_answer(renamed, merchant_id=merchant.id, nonce="0" * 32).is_ours


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b'{"host": 1, "seal": []}', b"\xff", b"[" * 4000]
)
def test_any_answer_at_all_may_come(merchant: Any, body: bytes) -> None:
    assert not read_answer(body, merchant_id=merchant.id, nonce="0" * 32).is_ours


@dataclass
class Host:
    """A server that a claimed name leads to."""

    port: int = 0
    status: int = 200
    body: bytes = b""
    #: As what it passes the request on, when it is a proxy before us; "": as it came.
    proxies_as: str | None = None
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def host() -> Iterator[Host]:
    described = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            described.asked.append(self.path.partition("?")[0])
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = described.body
            if described.proxies_as is not None:
                name = described.proxies_as or normal_host(self.headers["Host"])
                shop = read_public_id("mer", query["shop"])
                body = answer(host=name, merchant_id=shop, nonce=query["nonce"]).encode()
            self.send_response(described.status)
            self.send_header("Content-Length", str(len(body)))
            if described.status == 302:
                self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    described.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield described
    server.shutdown()
    thread.join()
    server.server_close()


def asking(host: Host, merchant: Any, settings: Any, name: str = "localhost") -> str:
    settings.CONFIG = SimpleNamespace(public_url=f"http://127.0.0.1:{host.port}")
    return ask(OutboundClient(allow_private=True, sleep=lambda _: None), name, merchant.id)


def test_a_host_that_leads_here_is_believed(host: Host, merchant: Any, settings: Any) -> None:
    host.proxies_as = ""
    assert asking(host, merchant, settings) == ""
    assert host.asked == [PATH]


@pytest.mark.parametrize(
    ("status", "body", "proxies_as", "words"),
    [
        (200, b"<h1>Parked</h1>", None, "leads to another server"),
        (404, b"", None, "leads to another server (it answers 404)"),
        (302, b"", None, "sends visitors on to another address"),
        (200, b"", "inside.example", "has to pass on the Host header"),
        (200, b"x" * 5000, None, "Check where its DNS record leads"),
    ],
)
def test_one_that_does_not_is_told_why(
    host: Host, merchant: Any, settings: Any, status: int, body: bytes, proxies_as: str | None, words: str
) -> None:
    host.status, host.body, host.proxies_as = status, body, proxies_as
    assert words in asking(host, merchant, settings)


def test_a_name_nobody_knows_is_told_so(host: Host, merchant: Any, settings: Any) -> None:
    assert "does not know" in asking(host, merchant, settings, "no-such-host.invalid")


def test_one_that_leads_inside_is_not_followed(host: Host, merchant: Any, settings: Any) -> None:
    settings.CONFIG = SimpleNamespace(public_url=f"http://post.example:{host.port}")
    told = ask(OutboundClient(sleep=lambda _: None), "localhost", merchant.id)
    assert "private network" in told
    assert host.asked == []


def test_the_job_asks_and_keeps_what_came(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    claim(merchant, at=now())
    monkeypatch.setattr("aftermile.capabilities.brands.tasks.ask", lambda *_: "Not yet.")
    jobs.run(CHECK, jobs.encode(merchant.id, {"host": HOST, "tries": 0}))
    found = held(merchant)
    assert found is not None
    assert found.reason == "Not yet."
    assert [host for host, _ in queued()] == [HOST, HOST]


def test_the_job_of_a_released_name_asks_nobody(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftermile.capabilities.brands.tasks.ask", lambda *_: pytest.fail("asked"))
    jobs.run(CHECK, jobs.encode(merchant.id, {"host": HOST, "tries": 0}))
    assert held(merchant) is None


def test_the_daily_round_asks_about_verified_ones(
    merchant: Any, other_merchant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(merchant)
    check(merchant)
    claim(other_merchant, "lamps.okafor.example")
    asked: list[str] = []
    monkeypatch.setattr(
        "aftermile.capabilities.brands.tasks.ask", lambda _, host, __: asked.append(host) or "Gone."
    )
    check_verified_domains()
    assert asked == [HOST]
    found = held(merchant)
    assert found is not None
    assert (found.state, found.reason) == (DomainState.VERIFIED, "Gone.")


def test_pauses_grow(merchant: Any) -> None:
    claim(merchant, at=now())
    for tries in range(9):
        with scope(merchant):
            record_check(host=HOST, problem="Not yet.", tries=tries, at=now())
    pauses = [seconds for _, seconds in queued()[1:]]
    assert pauses == sorted(pauses)
    assert 10 <= pauses[0] <= 15
    assert pauses[-1] <= timedelta(minutes=15).total_seconds()
