"""The look-up: who knows finds, who guesses learns nothing, and not for long."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from aftermile.doors.shopper import find
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import operator_scope
from tests.doors.shopper.conftest import Sell

CLIENT = Client()


def address_of(merchant: Merchant) -> str:
    return f"/find/{public_id('mer', merchant.id)}/"


def ask(
    merchant: Merchant, number: str = "", contact: str = "", *, tracking: str = "", **said: str
) -> HttpResponse:
    typed = {"number": number, "contact": contact, "tracking": tracking}
    return CLIENT.post(address_of(merchant), {k: v for k, v in typed.items() if v}, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["7", "#7", " # 7 "])
@pytest.mark.parametrize(
    "contact",
    ["rae7@example.org", " RAE7@Example.ORG ", "28195", "28 195", "+49 151 23456789", "0151 23456789"],
)
def test_who_knows_the_order_finds_its_page(
    merchant: Merchant, sell: Sell, number: str, contact: str
) -> None:
    token = sell(merchant, number="7", phone="+4915123456789")
    set_country(merchant)
    found = ask(merchant, number, contact)
    assert (found.status_code, found["Location"]) == (303, f"/t/{token}")


def set_country(merchant: Merchant) -> None:
    with operator_scope():
        Merchant.objects.filter(id=merchant.id).update(country="DE")


def test_a_wrong_guess_reveals_nothing(merchant: Merchant, other_merchant: Merchant, sell: Sell) -> None:
    """Unknown number, wrong contact, another shop's order, a deleted one: the same page but for what was typed."""
    sell(merchant, number="7")
    sell(other_merchant, number="8")
    sell(merchant, number="9", deleted=True)
    answers = [
        ask(merchant, number, contact)
        for number, contact in (
            ("7", "rae8@example.org"),
            ("6", "rae7@example.org"),
            ("8", "rae8@example.org"),
            ("9", "rae9@example.org"),
            ("7", "%"),
            ("7", "postcode:28195"),
        )
    ]
    assert {answer.status_code for answer in answers} == {200}
    pages = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1
    assert "These two do not fit together." in pages.pop()


def test_a_wrong_guess_costs_the_same_work(merchant: Merchant, sell: Sell) -> None:
    sell(merchant, number="7")
    statements = []
    for number, contact in (("7", "nobody@example.org"), ("6", "nobody@example.org"), ("7", "10115")):
        with CaptureQueriesContext(connection) as queries:
            ask(merchant, number, contact)
        statements.append([re.sub(r"\d|'[^']*'|, %s|, \$", "", each["sql"])[:60] for each in queries])
    assert statements[0] == statements[1] == statements[2]


def test_two_orders_of_one_number_keep_their_own_shoppers(merchant: Merchant, sell: Sell) -> None:
    first = sell(merchant, number="7")
    second = sell(merchant, number="7", source="market", email="kim@example.org", postcode="99999")
    assert ask(merchant, "7", "rae7@example.org")["Location"] == f"/t/{first}"
    assert ask(merchant, "7", "kim@example.org")["Location"] == f"/t/{second}"
    assert ask(merchant, "7", "99999")["Location"] == f"/t/{second}"


def test_what_is_missing_is_asked_for_beside_its_field(merchant: Merchant) -> None:
    html = ask(merchant, "10455").content.decode()
    assert 'id="contact-error">Type your e-mail, phone number or postcode.' in html
    assert 'value="10455"' in html
    assert "number-error" not in html


def test_a_link_may_fill_the_form_and_asks_nothing(merchant: Merchant, sell: Sell) -> None:
    sell(merchant, number="7")
    page = CLIENT.get(address_of(merchant), {"number": "7", "contact": "rae7@example.org"})
    assert page.status_code == 200
    assert 'value="rae7@example.org"' in page.content.decode()


def test_a_bare_tracking_number_shows_the_parcel_and_nothing_of_the_order(
    merchant: Merchant, sell: Sell
) -> None:
    sell(merchant, number="7", title="The Long Way")
    page = ask(merchant, tracking="7parcel0")
    html = page.content.decode()
    assert page.status_code == 200
    for told in ("7PARCEL0", "Arrived at the sorting center", "GLS"):
        assert told in html
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    for secret in ("#7", "The Long Way", "Rae", "R. E.", "Lindenweg", "28195", "rae7@", "/t/t_"):
        assert secret not in html


def test_another_shops_parcel_is_not_known_here(
    merchant: Merchant, other_merchant: Merchant, sell: Sell
) -> None:
    sell(other_merchant, number="8")
    html = ask(merchant, tracking="8PARCEL0").content.decode()
    assert "No parcel with this number is known here." in html


def test_one_order_can_be_guessed_at_so_often(merchant: Merchant, sell: Sell) -> None:
    """From whichever address; then even who knows has to wait, and is told how long."""
    sell(merchant, number="7")
    for place in range(find.PER_NUMBER):
        assert (
            ask(merchant, "#7", f"{place}@example.org", REMOTE_ADDR=f"203.0.113.{place}").status_code == 200
        )
    refused = ask(merchant, "7", "rae7@example.org", REMOTE_ADDR="203.0.113.99")
    html = refused.content.decode()
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= find.NUMBER_MINUTES * 60
    assert "Please come again in 60 minutes." in html
    assert 'value="rae7@example.org"' in html
    assert "Nothing is lost" in html
    assert ask(merchant, "8", "rae7@example.org", REMOTE_ADDR="203.0.113.99").status_code == 200


def test_one_address_can_guess_so_often(merchant: Merchant) -> None:
    for place in range(find.PER_ADDRESS):
        assert ask(merchant, str(place), "x@example.org").status_code == 200
    assert ask(merchant, "100", "x@example.org").status_code == 429
    assert ask(merchant, tracking="P1").status_code == 429
    assert ask(merchant, "100", "x@example.org", REMOTE_ADDR="203.0.113.1").status_code == 200
    assert CLIENT.get(address_of(merchant)).status_code == 200


def test_who_stands_behind_a_proxy_is_told_by_the_proxy(merchant: Merchant, settings: Settings) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"trusted_proxies": 1})
    for place in range(find.PER_ADDRESS + 1):
        # What stands further left is the client's own invention and buys it nothing.
        invented = f"198.51.100.{place}, 203.0.113.5"
        last = ask(merchant, str(place), "x@example.org", HTTP_X_FORWARDED_FOR=invented)
    assert last.status_code == 429
    other = ask(merchant, "100", "x@example.org", HTTP_X_FORWARDED_FOR="203.0.113.6")
    assert other.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_answered(merchant: Merchant) -> None:
    def guess(place: int) -> int:
        try:
            answer = ask(merchant, "7", f"{place}@example.org", REMOTE_ADDR=f"203.0.113.{place}")
            return answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(guess, range(30)))
    assert statuses.count(200) == find.PER_NUMBER
    assert statuses.count(429) == 30 - find.PER_NUMBER


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/find/mer_nonsense/", "/find/ord_01jh8x7v1mf3qav9c2tnyw5zke/"])
def test_an_address_of_no_shop_is_none(address: str) -> None:
    page = CLIENT.get(address)
    assert page.status_code == 404
    assert "Nothing is lost" in page.content.decode()


@pytest.mark.django_db
def test_a_well_formed_id_of_no_shop_is_none() -> None:
    assert CLIENT.get(f"/find/{public_id('mer', uuid7())}/").status_code == 404


def test_more_than_anybody_types_is_refused_kindly(merchant: Merchant) -> None:
    page = ask(merchant, "7", "x" * 20_000)
    assert page.status_code == 413
    assert "Nothing is lost and nothing was changed." in page.content.decode()


@pytest.mark.parametrize(
    "typed", ["\x00", "7\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "'; --"]
)
def test_odd_signs_are_only_wrong(merchant: Merchant, typed: str) -> None:
    for said in ({"number": typed, "contact": typed}, {"tracking": typed}):
        assert CLIENT.post(address_of(merchant), said).status_code == 200


def test_the_form_sets_no_cookie_and_may_send_to_itself_alone(merchant: Merchant) -> None:
    page = CLIENT.get(address_of(merchant))
    assert not page.cookies
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert f'action="{address_of(merchant)}"' in page.content.decode()
