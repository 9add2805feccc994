"""Which doors a host name has: a shop's own domain, the installation's names, and names that are nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from aftermile.capabilities.brands.operations.domains import record_check
from aftermile.capabilities.brands.public import claim_domain, normal_host, release_domain, set_logo
from aftermile.connectors.contracts.facts import OrderFact
from aftermile.doors.shopper.brand_files import logo_address
from aftermile.kernel.ids import public_id
from aftermile.project.hosts import REMEMBERED_SECONDS, forget_hosts, shop_of
from tests.capabilities.content.articles import put_out
from tests.capabilities.shop import BY, counted, scope, tell_orders
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

HOST = "track.lindgren.example"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    forget_hosts()
    yield
    forget_hosts()


@pytest.fixture
def domain(merchant: Any) -> str:
    """Lindgren's domain, verified."""
    with scope(merchant):
        claim_domain(host=HOST, by=BY, at=NOON)
        record_check(host=HOST, problem="", tries=0, at=NOON)
    return HOST


def get(path: str, host: str = HOST) -> Any:
    return Client().get(path, headers={"Host": host})


def page_of(merchant: Any) -> str:
    [recorded] = tell_orders(merchant, OrderFact(external_id="1", number="1001"))
    return f"/t/{recorded.page_token}"


def test_at_the_root_orders_are_looked_up(domain: str) -> None:
    response = get("/")
    assert response.status_code == 200
    assert b"Lindgren Books" in response.content
    assert b'action="/"' in response.content


@pytest.mark.parametrize("host", [f"{HOST}:8443", HOST.upper(), f"{HOST}."])
def test_the_name_may_be_written_in_any_way(domain: str, host: str) -> None:
    assert get("/", host).status_code == 200


def test_its_own_orders_are_there(domain: str, merchant: Any) -> None:
    response = get(page_of(merchant))
    assert response.status_code == 200
    assert b"Lindgren Books" in response.content


def test_another_shops_things_are_not(domain: str, other_merchant: Any) -> None:
    path = page_of(other_merchant)
    with scope(other_merchant):
        logo = logo_address(set_logo(content=DRAWING, by=BY, at=NOON), other_merchant.id)
    elsewhere = public_id("mer", other_merchant.id)
    # Each is there on the installation's own host, and only there.
    for address in (path, f"{path}/calendar.ics", logo, f"/find/{elsewhere}/"):
        response = get(address)
        assert response.status_code == 404, address
        assert b"Okafor" not in response.content
    assert {get(address, "testserver").status_code for address in (path, logo, f"/find/{elsewhere}/")} == {
        200
    }


@pytest.mark.parametrize(
    "path", ["/console/", "/api/v1/orders", "/docs", "/tracking/2025-07/trackings", "/none", "/in/x"]
)
def test_the_other_doors_do_not_exist_there(domain: str, path: str) -> None:
    response = get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert "sessionid" not in response.cookies


def test_its_help_pages_are_there_and_no_other_shops(domain: str, merchant: Any, other_merchant: Any) -> None:
    own, other = public_id("mer", merchant.id), public_id("mer", other_merchant.id)
    put_out(merchant, title="Read in the bath")
    put_out(other_merchant, title="Hang a lamp")
    for path in ("/help/", f"/help/{own}/"):
        assert f'href="/help/{own}/read-in-the-bath"' in get(path).content.decode()
    assert get(f"/help/{own}/read-in-the-bath").status_code == 200
    assert get(f"/help/{other}/").status_code == 404
    assert get(f"/help/{other}/hang-a-lamp").status_code == 404


@pytest.mark.parametrize(
    "host", ["track.nobody.example", "evil.example:80", "", "a b", "[::1", "x" * 300, "\u00e9"]
)
@pytest.mark.parametrize("path", ["/", "/console/", "/api/v1/orders"])
def test_a_name_that_is_nobodys_gets_a_kind_page(db: None, host: str, path: str) -> None:
    response = get(path, host) if host else Client(SERVER_NAME="").get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.cookies == {}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_ask_under_whatever_name(db: None, path: str) -> None:
    assert get(path, "10.0.0.7:8000").status_code == 200


def test_a_domain_that_is_only_claimed_is_nobodys(merchant: Any) -> None:
    with scope(merchant):
        claim_domain(host=HOST, by=BY, at=NOON)
    assert get("/").status_code == 404


def test_a_released_one_is_nobodys_again(domain: str, merchant: Any) -> None:
    assert get("/").status_code == 200
    with scope(merchant):
        release_domain(by=BY, at=NOON)
    forget_hosts()
    assert get("/").status_code == 404


def test_the_installations_own_names_ask_no_database_about_hosts(db: None) -> None:
    with counted() as queries:
        Client().get("/none")
    assert [query["sql"] for query in queries.captured_queries if "brands_domain" in query["sql"]] == []


def test_a_name_is_remembered_for_a_while(
    domain: str, merchant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 100.0
    monkeypatch.setattr("aftermile.project.hosts.time.monotonic", lambda: moment)
    for host, shop in ((HOST, merchant.id), ("nobody.example", None)):
        assert shop_of(host) == shop
        with counted() as queries:
            assert shop_of(host) == shop
        assert len(queries) == 0
    moment += REMEMBERED_SECONDS
    with counted() as queries:
        shop_of(HOST)
    assert len(queries) == 1


def test_while_the_database_is_away_it_is_said_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(host: str) -> None:
        raise OperationalError

    monkeypatch.setattr("aftermile.project.hosts.merchant_of_host", away)
    response = get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_a_shops_domain_is_the_shops_where_any_name_is_let_in(domain: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert b"Lindgren Books" in get("/").content
    assert get("/console/").status_code == 404
    assert get("/healthz", "any.example").status_code == 200


def test_any_host_proves_where_it_leads(merchant: Any) -> None:
    shop = public_id("mer", merchant.id)
    response = get(f"/.well-known/aftermile?shop={shop}&nonce={'0' * 32}")
    assert response.status_code == 200
    assert response.json()["host"] == HOST
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["", "?shop=x&nonce=0", "?nonce=" + "0" * 32])
def test_a_question_that_is_none_gets_no_proof(db: None, query: str) -> None:
    assert get(f"/.well-known/aftermile{query}").status_code == 404


def test_normal_names_of_requests() -> None:
    assert [normal_host(raw) for raw in ("A.example:80", "[::1]:80", "a.example:x", "", "-")] == [
        "a.example", "", "", "", "",
    ]  # fmt: skip
