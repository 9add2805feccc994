"""The quote by API: what a shop's checkout asks, what it is told, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from aftermile.capabilities.shipping.public import change_table
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.shipping.shop import TABLES
from tests.capabilities.shop import BY, counted
from tests.conftest import NOON
from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db

#: A Tuesday without holidays, 10:00 in Berlin.
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def tables(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        for table, rows in TABLES.items():
            change_table(table=table, rows=rows, by=BY, at=NOON)


@pytest.fixture
def product(program: Program) -> None:
    variants = [
        {
            "external_id": f"v-{number}",
            "sku": f"MUG-{number}",
            "price": {"amount_minor": 1500, "currency": "EUR"},
            "weight_grams": 300,
        }
        for number in range(5)
    ]
    program.record("products", "p-1", {"title": "Mug", "variants": variants})


def body(**changes: Any) -> dict[str, Any]:
    return {
        "destination": {"country": "DE", "region": "BY", "postal_code": "80331"},
        "items": [{"sku": "MUG-1", "quantity": 2}],
        **changes,
    }


def quote(program: Program, **changes: Any) -> Any:
    return program.post("/promises/quote", body(**changes))


@pytest.mark.usefixtures("tables", "product")
@time_machine.travel(TUESDAY, tick=False)
def test_a_checkout_is_told_windows_prices_and_the_countdown(program: Program) -> None:
    answer = quote(program, by="2026-03-11")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    standard = found["methods"][0]
    reasons, why = standard.pop("reasons"), standard.pop("why")
    assert standard == {
        "id": "standard",
        "name": "Standard",
        "kind": "delivery",
        "carrier": "dhl",
        "service": "Paket",
        "earliest_date": "2026-03-11",
        "likely_date": "2026-03-12",
        "latest_date": "2026-03-13",
        "ships_on_date": "2026-03-10",
        "cut_off": {"order_by": "2026-03-10T14:00:00Z", "seconds_left": 5 * 3600},
        "source": "rule",
        "confidence": "medium",
        "coverage": None,
        "price": {"amount_minor": 490, "currency": "EUR"},
        "needs": [],
        "free_from": {"amount_minor": 5000, "currency": "EUR"},
        "missing_for_free": {"amount_minor": 2000, "currency": "EUR"},
        "in_time": False,
    }
    assert [reason["code"] for reason in reasons] == ["cut_off", "ships", "transit"]
    assert why.endswith("The way takes 1 to 3 business days.")
    assert found["returns"] == {"days": 30, "is_free": True, "texts": {"de": "30 Tage Zeit, kostenlos."}}


@pytest.mark.usefixtures("tables", "product")
def test_methods_are_named_in_the_language_that_is_asked_for(program: Program) -> None:
    names = {code: quote(program, language=code).json()["methods"][0]["name"] for code in ("de-AT", "fr")}
    assert names == {"de-AT": "Standardversand", "fr": "Standard"}


@pytest.mark.usefixtures("tables", "product")
@time_machine.travel(TUESDAY, tick=False)
def test_from_another_origin_its_own_cut_off_and_processing_count(program: Program) -> None:
    found = quote(program, origin={"country": "US", "region": "NY"}).json()
    standard = found["methods"][0]
    # Five in the morning there: until eleven by daylight saving time it is packed today and leaves tomorrow.
    assert (found["time_zone"], standard["ships_on_date"], standard["cut_off"]["order_by"]) == (
        "America/New_York",
        "2026-03-11",
        "2026-03-10T15:00:00Z",
    )


@pytest.mark.usefixtures("tables", "product")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"destination": {"country": "XX"}}, "quote_unreadable"),
        ({"destination": {"country": "Germany"}}, "request_invalid"),
        ({"items": [{"weight_grams": -5}]}, "request_invalid"),
        ({"items": []}, "request_invalid"),
        ({"items": [{"sku": "MUG-1"}] * 10_000}, "request_invalid"),
        ({"items": [{"quantity": 2}]}, "quote_unreadable"),
        ({"items": [{"sku": "NO-SUCH"}]}, "sku_unknown"),
        ({"at": "1900-01-01T00:00:00Z"}, "request_invalid"),
        ({"at": "1999-01-01T00:00:00Z"}, "quote_unreadable"),
        ({"by": "1900-01-01"}, "request_invalid"),
        ({"by": "1999-01-01"}, "quote_unreadable"),
        ({"value": {"amount_minor": 1, "currency": "USD"}}, "quote_unreadable"),
        ({"origin": {"country": "XX"}}, "quote_unreadable"),
        ({"destinaton": {}}, "request_invalid"),
    ],
)
def test_nonsense_is_refused_and_says_where(program: Program, changes: dict[str, Any], code: str) -> None:
    answer = quote(program, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert answer.json()["error"]["details"] != {}


@pytest.mark.usefixtures("tables", "product")
def test_it_costs_the_same_for_any_number_of_items(program: Program) -> None:
    quote(program)
    counts = []
    for items in ([{"sku": "MUG-1"}], [{"sku": f"MUG-{number}"} for number in range(5)]):
        with counted() as queries:
            assert quote(program, items=items).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_shop_without_methods_quotes_none(program: Program) -> None:
    found = quote(program, items=[{"weight_grams": 500}]).json()
    assert (found["methods"], found["not_offered"]) == ([], [])


def test_another_shops_articles_are_unknown(program: Program, other_program: Program, product: None) -> None:
    assert quote(other_program).json()["error"]["code"] == "sku_unknown"
