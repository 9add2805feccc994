"""Data retention: a shop's own days, what they would take, and that pruning goes by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from aftermile.capabilities.team.public import Role, audit_log, note
from aftermile.capabilities.team.tasks import prune_all_audit
from aftermile.doors.console.tasks import prune
from aftermile.doors.webhooks.models import Message
from aftermile.doors.webhooks.operations.announce import write_message
from aftermile.doors.webhooks.operations.keep_endpoint import make_endpoint
from aftermile.doors.webhooks.tasks import prune_all_messages
from aftermile.intake.tasks import prune_everything
from aftermile.kernel.clock import now
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.retention import Kept, kept_days, last_prunings
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db

USUAL = {"raw": "90", "events": "400", "audit": "1095", "exports": "7"}


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def at(merchant: Merchant, rest: str = "") -> str:
    return f"{base(merchant)}settings/retention/{rest}"


def days(merchant: Merchant) -> dict[Kept, int]:
    with merchant_scope(merchant.id):
        return kept_days()


def test_days_are_kept_noted_and_taken_back(
    merchant: Merchant, other_merchant: Merchant, client: Client
) -> None:
    assert client.post(at(merchant, "save/"), USUAL | {"raw": "30"}).status_code == 303
    assert (days(merchant)[Kept.RAW], days(other_merchant)[Kept.RAW]) == (30, 90)

    client.post(at(merchant, "restore/"))
    assert days(merchant)[Kept.RAW] == 90
    with merchant_scope(merchant.id):
        entries = audit_log(limit=9)
    assert [entry.act for entry in entries] == ["retention.restore", "retention.change"]
    assert entries[1].details == {"raw": {"from": 90, "to": 30}}


@pytest.mark.parametrize(
    ("typed", "said"),
    [("91", "Give 1 to 90 days."), ("0", "Give 1 to 90 days."), ("x", "Enter a whole number.")],
)
def test_no_more_than_the_installation_allows(
    merchant: Merchant, client: Client, typed: str, said: str
) -> None:
    answer = client.post(at(merchant, "save/"), USUAL | {"raw": typed})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert days(merchant)[Kept.RAW] == 90


def test_the_installation_may_allow_less_later(merchant: Merchant, client: Client, settings: object) -> None:
    client.post(at(merchant, "save/"), USUAL | {"raw": "60"})
    smaller = settings.CONFIG.model_copy(update={"retention_raw_days": 20})  # type: ignore[attr-defined]
    with override_settings(CONFIG=smaller):
        assert days(merchant)[Kept.RAW] == 20


def test_what_would_go_is_told_before_it_goes(merchant: Merchant, client: Client) -> None:
    old = now() - timedelta(days=40)
    with merchant_scope(merchant.id):
        endpoint, _ = make_endpoint(url="https://shop.example/hooks", by="staff:1", at=old)
        write_message(
            endpoint_id=endpoint.id, event_id=uuid7(old), type_="parcel.recorded", body="{}", at=old
        )
        note(act="view.keep", summary="Kept a view", by="staff:1", at=old)

    now_page = client.get(at(merchant)).content.decode()
    tried = client.get(at(merchant), USUAL | {"raw": "30", "audit": "30"}).content.decode()

    assert "1 records and messages" not in now_page
    assert [
        each in tried for each in ("1 records and messages", "1 entries", "(with 30 days; not saved)")
    ] == [True] * 3

    client.post(at(merchant, "save/"), USUAL | {"raw": "30", "audit": "30"})
    prune_everything()
    prune_all_messages()
    prune_all_audit()
    prune()
    with merchant_scope(merchant.id):
        assert (Message.rows().count(), [entry.act for entry in audit_log(limit=9)]) == (
            0,
            ["retention.change"],
        )
        assert {kept: pruned.removed for kept, pruned in last_prunings().items()} == {
            Kept.RAW: 0,
            Kept.EVENTS: 0,
            Kept.AUDIT: 1,
        }
    assert "1 entries went" in client.get(at(merchant)).content.decode()
