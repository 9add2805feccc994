"""The promise on a shop's own site: its script, its answers in words, the page without script, and its languages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
import time_machine
from babel.messages.pofile import read_po
from django.test import Client

from aftermile.capabilities.brands.public import change_brand
from aftermile.capabilities.shipping.public import change_table
from aftermile.doors.widgets.promise import views
from aftermile.doors.widgets.promise.phrases import PHRASES
from aftermile.kernel.ids import public_id
from aftermile.kernel.languages import LANGUAGES
from tests.capabilities.shipping.shop import TABLES
from tests.capabilities.shop import BY, counted, scope
from tests.conftest import NOON
from tests.phrases import GAP, Phrase, phrases_of

PACKAGE = "aftermile.doors.widgets.promise"
#: A Tuesday without holidays, 10:00 in Berlin.
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def address(merchant: Any, what: str) -> str:
    return f"/w/{public_id('mer', merchant.id)}/{what}"


@pytest.fixture
def shop(merchant: Any) -> Any:
    with scope(merchant):
        for table, rows in TABLES.items():
            change_table(table=table, rows=rows, by=BY, at=NOON)
    return merchant


def ask(shop: Any, **query: str) -> Any:
    given = {"country": "DE", "postal_code": "80331", "weight_grams": "800", "value": "30", **query}
    with time_machine.travel(TUESDAY, tick=False):
        return Client().get(
            address(shop, "promise.json"), {name: value for name, value in given.items() if value}
        )


@pytest.mark.django_db
def test_a_product_page_is_told_in_words(shop: Any) -> None:
    answer = ask(shop, lang="en")
    assert answer.status_code == 200
    found = answer.json()
    assert found["offers"][found["first"]] == {
        "id": "standard",
        "name": "Standard",
        "days": "Arriving Wed, Mar 11\u2009–\u2009Fri, Mar 13",
        "likely": "Most likely Thursday, March 12",
        "price": "€4.90",
        "missing": "€20.00 more for free shipping",
        "seconds_left": 5 * 3600,
    }
    assert (found["to"], found["within"]) == ("Delivery to Germany 80331", "Order within {left}")
    assert found["returns"] == "Free returns for 30 days"


@pytest.mark.django_db
def test_the_shops_own_words_go_first_and_right_to_left_stays_so(shop: Any) -> None:
    german = ask(shop, lang="de").json()
    assert (german["returns"], german["offers"][0]["name"]) == ("30 Tage Zeit, kostenlos.", "Standardversand")
    arabic = ask(shop, lang="ar").json()
    assert (arabic["dir"], arabic["lang"]) == ("rtl", "ar")
    assert "{left}" in arabic["within"]


@pytest.mark.django_db
def test_any_site_may_ask_and_nothing_is_kept(shop: Any) -> None:
    answer = ask(shop)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"country": "XX"},
        {"weight_grams": "-5"},
        {"weight_grams": ""},
        {"items": "NO-SUCH:2"},
        {"items": ",".join(["A"] * 51)},
        {"value": "much"},
        {"postal_code": "9" * 50},
    ],
)
def test_nonsense_is_answered_with_a_problem(shop: Any, query: dict[str, str]) -> None:
    answer = ask(shop, **query)
    assert answer.status_code == 422
    assert answer.json()["problem"] == "This cannot be answered. Check country and postcode."
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_who_asks_too_often_waits(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PER_ADDRESS", 2)
    assert [ask(shop).status_code for _ in range(3)] == [200, 200, 429]
    assert int(ask(shop).headers["Retry-After"]) > 0


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["promise.js", "promise.json", "promise/", "promise/demo/"])
def test_of_no_shop_there_is_none(db: None, what: str) -> None:
    for shop in ("mer_x", "mer_00000000000000000000000000"):
        assert Client().get(f"/w/{shop}/{what}").status_code == 404


@pytest.mark.django_db
def test_the_script_is_the_shops_small_and_known_by_its_tag(shop: Any) -> None:
    with scope(shop):
        change_brand(accent="#993366", languages=["de", "ar", "en"], by=BY, at=NOON)
    answer = Client().get(address(shop, "promise.js"), headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 6_000
    script = Client().get(address(shop, "promise.js")).content.decode()
    [told] = re.findall(r"const told = (\{.*\});\n", script)
    settings = json.loads(told)
    assert settings["path"] == address(shop, "promise.json")
    assert "--accent:#993366;" in settings["sheet"]
    assert list(settings["words"]) == ["en", "de", "ar"]
    assert [
        word
        for word in ("XMLHttpRequest", "cookie", "localStorage", "eval(", "innerHTML", ".style.")
        if word in script.replace("no cookie", "")
    ] == []
    again = Client().get(address(shop, "promise.js"), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_without_script_a_page_of_ours_tells_the_same(shop: Any) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        answer = Client().get(
            address(shop, "promise/"),
            {"weight_grams": "800", "value": "30", "country": "DE", "postal_code": "80331"},
        )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Arriving Wed, Mar 11\u2009–\u2009Fri, Mar 13" in page
    assert '<input type="hidden" name="weight_grams" value="800">' in page
    assert '<option value="DE" selected>' in page
    assert Client().get(address(shop, "promise/"), {"items": "NO-SUCH"}).status_code == 422


@pytest.mark.django_db
def test_the_demonstration_is_as_strict_as_a_page_can_be(shop: Any) -> None:
    answer = Client().get(address(shop, "promise/demo/?items=%22%3E%3Cscript%3E"))
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert answer.content.count(b"<script") == 1
    assert answer.content.count(b"<aftermile-promise ") == 3


@pytest.mark.django_db
def test_it_costs_the_same_for_any_number_of_methods(shop: Any) -> None:
    ask(shop)
    counts = []
    for country in ("US", "DE"):
        with counted() as queries:
            assert ask(shop, country=country).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_is_translated_and_fills_the_same_gaps(code: str) -> None:
    with resources.files(PACKAGE).joinpath("locale", f"{code}.po").open("rb") as source:
        catalog = read_po(source, locale=code)
    said = {Phrase(*each.id) if each.pluralizable else Phrase(each.id): each for each in catalog if each.id}
    assert said.keys() == phrases_of(PACKAGE).keys()
    for phrase, each in said.items():
        forms = each.string if each.pluralizable else (each.string,)
        assert len(forms) == (catalog.num_plurals if each.pluralizable else 1)
        for form in forms:
            assert form.strip() == form != ""
            # A form for one or two may say the number in a word.
            assert (
                set(GAP.findall(phrase.one)) - {"n"} <= set(GAP.findall(form)) <= set(GAP.findall(phrase.one))
            )


def test_all_languages_are_there() -> None:
    assert PHRASES.languages == tuple(LANGUAGES)
