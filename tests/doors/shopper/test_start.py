"""The page at the root."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from pytest_django import Settings

from aftermile.capabilities.orders.public import orders_by_external, record_orders
from aftermile.connectors.contracts.facts import OrderFact
from aftermile.doors.shopper import start
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project import urls
from aftermile.project.demo import views

urlpatterns = [
    path("demo/pictures/<slug:name>.svg", views.show_picture, name="demo-picture"),
    *urls.urlpatterns,
]
handler404, handler500 = urls.handler404, urls.handler500

CLIENT = Client(headers={"host": "localhost"})
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    """The data folder of a demonstration that has not written anything yet."""
    settings.CONFIG = settings.CONFIG.model_copy(
        update={"demo": True, "data_dir": tmp_path, "host": "127.0.0.1"}
    )
    settings.ROOT_URLCONF = __name__
    return tmp_path


def told(folder: Path, merchant: Merchant, **more: Any) -> None:
    known = {
        "merchant_id": str(merchant.id),
        "shop": "Fjell & Field",
        "api_key": "am_key",
        "days": 60,
        "days_told": 60,
        "is_settled": True,
        "tales": [],
        "staff": [{"role": "read_only", "name": "Thomas Vogel", "email": "t@x.example", "about": "Looks."}],
    }
    (folder / "demo.json").write_text(json.dumps(known | more))


def content() -> str:
    answer = CLIENT.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_demonstration_it_only_says_what_runs() -> None:
    page = content()
    assert "Aftermile runs here" in page
    assert "/demo/" not in page


def test_before_anything_is_there_it_says_so_and_comes_anew(demo: Path) -> None:
    answer = CLIENT.get("/")
    assert "Its history begins in a moment" in answer.content.decode()
    assert answer["Refresh"] == "3"


def test_while_the_history_is_told_it_says_how_far(demo: Path, merchant: Merchant) -> None:
    told(demo, merchant, days_told=23, is_settled=False)
    page = content()
    assert "Day 23 of 60 has been told." in page
    assert '<progress max="60" value="23"' in page
    assert "/demo/time" not in page
    # The console and the API may be used before all is there.
    assert 'name="role" value="read_only"' in page


def test_a_story_says_what_its_page_says_now(demo: Path, merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        record_orders(
            facts=[OrderFact(external_id="1", number="#1001", placed_at=MORNING)],
            source="con_1",
            by="test",
            at=MORNING,
        )
        order = orders_by_external("con_1", ["1"])["1"]
    tale = {
        "title": "Just ordered",
        "about": "Nothing to see yet.",
        "path": f"/t/{order.page_token}",
        "order": public_id("ord", order.id),
        "name": "#1001",
        "email": "rae@shopper.example",
        "country": "DE",
        "picture": "ridge-28",
    }
    told(demo, merchant, tales=[tale, {**tale, "title": "Lost", "picture": "mug"}])
    answer = CLIENT.get("/")
    page = answer.content.decode()
    assert "Refresh" not in answer
    assert page.count("Your order is being prepared") == 2
    assert page.count(f'href="/t/{order.page_token}"') == 2
    # The featured ones have their picture, the others stand in a list.
    assert page.count("/demo/pictures/") == 1
    assert CLIENT.get("/demo/pictures/mug.svg").status_code == 200


def test_it_hands_out_keys_and_accounts_on_this_machine(demo: Path, merchant: Merchant) -> None:
    told(demo, merchant)
    page = content()
    assert "Bearer am_key" in page
    assert "Read-only" in page


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5"])
def test_beyond_this_machine_it_hands_out_neither(
    demo: Path, merchant: Merchant, settings: Settings, host: str
) -> None:
    told(demo, merchant)
    settings.CONFIG = settings.CONFIG.model_copy(update={"host": host})
    page = content()
    assert "am_key" not in page
    assert "Bearer $KEY" in page
    assert 'name="role"' not in page


def test_asked_by_another_name_it_hands_out_neither(
    demo: Path, merchant: Merchant, settings: Settings
) -> None:
    told(demo, merchant)
    settings.ALLOWED_HOSTS = ["rebound.example"]
    page = Client(headers={"host": "rebound.example"}).get("/").content.decode()
    assert "am_key" not in page
    assert 'name="role"' not in page


def test_it_loads_nothing_of_others_and_sets_no_cookie(demo: Path, merchant: Merchant) -> None:
    told(demo, merchant)
    answer = CLIENT.get("/")
    assert "script" not in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert "<script" not in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_a_path_that_no_door_has_gets_the_kind_page() -> None:
    page = CLIENT.get("/no/such/page")
    assert page.status_code == 404
    assert "Nothing is lost" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_a_mistake_of_ours_says_that_nothing_is_lost(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(start, "told", broken)
    page = Client(raise_request_exception=False, headers={"host": "localhost"}).get("/")
    assert page.status_code == 500
    assert "nothing is lost" in page.content.decode()
