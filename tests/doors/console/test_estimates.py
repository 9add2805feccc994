"""Estimates and incidents in the console: settings that are saved and taken back, models with their cards, one page a
thing that stands still."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from aftermile.capabilities.exceptions.models import Incident, IncidentParcel
from aftermile.capabilities.promises.operations.model_life import keep_model
from aftermile.capabilities.promises.public import Source, estimate_settings, models
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day, scan, tell_scans
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def at(merchant: Merchant, rest: str = "") -> str:
    return f"{base(merchant)}settings/estimates/{rest}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_whom_the_shop_trusts_is_saved_and_taken_back(merchant: Merchant, client: Client) -> None:
    wanted = {"order": "model carrier rule", "delay_percent": "75", "delay_days": "2"}
    assert client.post(at(merchant, "save/"), wanted).status_code == 303
    with merchant_scope(merchant.id):
        held = estimate_settings()
        assert (held.order[0], held.delay_percent, held.delay_days) == (Source.MODEL, 75, 2)
        (entry,) = audit_log(limit=9, act="estimates.change")
        assert entry.details["order"] == "model carrier rule"
    assert '<option value="model carrier rule" selected>' in text(client, at(merchant))
    client.post(at(merchant, "restore/"))
    with merchant_scope(merchant.id):
        assert estimate_settings().order[0] is Source.CARRIER


def test_a_number_out_of_bounds_is_said_beside_its_field(merchant: Merchant, client: Client) -> None:
    answer = client.post(
        at(merchant, "save/"), {"order": "accuracy", "delay_percent": "3", "delay_days": "1"}
    )
    assert answer.status_code == 422
    assert "Give 30 to 99 percent." in answer.content.decode()


def test_models_have_their_cards_and_are_turned_on_and_off(merchant: Merchant, client: Client) -> None:
    score = {
        "deliveries": 60,
        "error_days": 1.25,
        "covered_80": 0.81,
        "covered_90": 0.9,
        "naive_days": {"all": 2.0},
    }
    with merchant_scope(merchant.id):
        for verdict in ("The first.", "Nearer."):
            keep_model(
                content=b"x", card={"stages": {"in_transit": score}}, deliveries=60, window=None, goes_live=True,
                verdict=verdict, at=now(),
            )  # fmt: skip
    shown = text(client, at(merchant))
    assert shown.count("1.25") == 2
    assert "In transit" in shown
    client.post(at(merchant, "models/1/use/"))
    with merchant_scope(merchant.id):
        assert [one.state for one in models()] == ["retired", "live"]
    client.post(at(merchant, "models/1/retire/"))
    with merchant_scope(merchant.id):
        assert [one.state for one in models()] == ["retired", "retired"]
    assert client.post(at(merchant, "train/")).status_code == 303


def test_who_may_not_change_settings_does_not_see_them(
    merchant: Merchant, desk_client: Callable[[Role], Client]
) -> None:
    assert desk_client(Role.READ_ONLY).get(at(merchant)).status_code == 403


def test_an_incident_is_told_once_with_those_it_concerns(merchant: Merchant, client: Client) -> None:
    assert "Nothing stands still" in text(client, f"{base(merchant)}incidents/")
    with merchant_scope(merchant.id):
        one = Incident(
            scope="lane", carrier="gls", origin_country="DE", destination_country="ES", place="NEUENSTEIN, DE",
            since_at=day(0), opened_at=day(1), standing=2, concerned=2, watched=3,
        )  # fmt: skip
        one.save(force_insert=True)
        for number in ("N1", "N2"):
            IncidentParcel(
                incident=one, parcel_id=tell_scans(number, scan(0)), last_scan_at=day(0), joined_at=day(1)
            ).save(force_insert=True)
    key = public_id("inc", one.id)
    title = "GLS stands still, Germany to Spain"
    for address in ("", "incidents/"):
        shown = text(client, f"{base(merchant)}{address}")
        assert title in shown
        assert f"incidents/{key}/" in shown
    shown = text(client, f"{base(merchant)}incidents/{key}/")
    assert [number in shown for number in ("N1", "N2", "Neuenstein, DE")] == [True, True, True]
    assert client.get(f"{base(merchant)}incidents/inc_nothing/").status_code == 404
