"""What messages hold of a person: all of it is given on request, and nothing of it is left once they are erased."""

from __future__ import annotations

import json
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from aftermile.capabilities.messaging.operations.digest_receipts import digest_receipts
from aftermile.capabilities.messaging.public import (
    Dead,
    MessageView,
    Preferences,
    PreferencesLink,
    SuppressedFor,
    Told,
    change_preferences,
    export_messages,
    keep_receipts,
    preferences_token,
    record_receipts,
    subscribe_browser,
    suppress_addresses,
)
from aftermile.connectors.channels.example_messages import PUSH
from aftermile.connectors.channels.postmark.samples import record
from aftermile.connectors.contracts.channels import Fate, Medium, Outcome, Receipt, Result
from aftermile.kernel import jobs
from aftermile.kernel.ids import read_public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import NOON, SAID, ask, marketing, send_with, wanted
from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Zebedia Quillfeather", "zebedia@quillfeather.example", "+4915155566677"
ENDPOINT = "https://push.example/zebedias-browser"
WORDS = "My neighbour Zebedia took it"
#: Whatever of them might be left somewhere, in whichever way it is written.
TRACES = ("zebedia", "quillfeather", "15155566677", "zebedias-browser")


def a_shopper_with_everything(merchant: Merchant, program: Program) -> tuple[UUID, str, list[MessageView]]:
    """Fill every place of the room of messages with something of a person."""
    person = {"external_id": "z", "name": NAME, "email": EMAIL, "phone": PHONE}
    made = program.record("orders", "1", {"number": "1001", "shopper": person})
    order_id, shopper_id = read_public_id("ord", made["id"]), read_public_id("shp", made["shopper"]["id"])
    with merchant_scope(merchant.id):
        subscribe_browser(
            shopper_id=shopper_id, endpoint=ENDPOINT, p256dh=PUSH.p256dh, auth=PUSH.auth, at=NOON
        )
        change_preferences(
            shopper_id=shopper_id,
            wanted=Preferences(language="de", quiet_from=time(20), quiet_until=time(8)),
            by="shopper",
            at=NOON,
        )
        views = ask(
            wanted(
                shopper_id,
                order_id=order_id,
                values={"for": NAME},
                about={"for": EMAIL},
                cause={"because": f"{NAME} ordered"},
                content=SAID,
            ),
            marketing(shopper_id, values={"for": NAME}),
            wanted(shopper_id, not_before=NOON.replace(year=2027), values={"for": PHONE}),
        )
        send_with(Outcome(result=Result.TAKEN, external_id="ext-z", detail=f"for {EMAIL}"), at=NOON)
        told = Receipt(
            fate=Fate.REPLIED,
            occurred_at=NOON,
            identity="1",
            reference=str(views[0].id),
            text=WORDS,
            detail=f"from {EMAIL}",
            address=EMAIL,
        )
        record_receipts(receipts=[told], source="channel:postmark", at=NOON)
        delivered = record("Delivery", DeliveredAt="2026-03-02T10:00:00Z", Recipient=EMAIL)
        keep_receipts(Told(channel="postmark", body=delivered), at=NOON)
        dead = Dead(medium=Medium.EMAIL, address=EMAIL, reason=SuppressedFor.BOUNCED, message_id=views[0].id)
        suppress_addresses(dead=[dead], by="system", at=NOON)
    digest_receipts(merchant.id, at=NOON)
    link = PreferencesLink(merchant_id=merchant.id, shopper_id=shopper_id)
    Client().post(f"/preferences/{preferences_token(link)}", {"do": "only"})
    return shopper_id, made["shopper"]["id"], views


def traces(merchant: Merchant, only: str = "") -> dict[str, set[str]]:
    """Look for the person in every column of every table, of the shop and of nobody, bytes included."""
    found: dict[str, set[str]] = {}
    with merchant_scope(merchant.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND table_name LIKE %s",
            [f"{only}%"],
        )
        for (table,) in cursor.fetchall():
            for trace in TRACES:
                in_bytes = trace.encode().hex()
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE lower(t::text) LIKE %s OR t::text LIKE %s",
                    [f"%{trace}%", f"%{in_bytes}%"],
                )
                if cursor.fetchone()[0]:
                    found.setdefault(table, set()).add(trace)
    return found


def run_waiting() -> None:
    """Do what waits, as the worker does, until nothing does."""
    for _ in range(20):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pgqueuer RETURNING entrypoint, payload")
            waiting = [(name, bytes(payload)) for name, payload in cursor.fetchall()]
        if not waiting:
            return
        for name, payload in waiting:
            if name not in {"messaging.send", "webhooks.send"}:
                jobs.run(name, payload)


def test_everything_of_messages_is_given_on_request(merchant: Merchant, program: Program) -> None:
    _, public, _ = a_shopper_with_everything(merchant, program)
    export = program.get(f"/shoppers/{public}/export").json()
    first = export["messages"][0]
    assert (first["address"], first["subject"], first["text"]) == (EMAIL, SAID.subject, SAID.text)
    assert [each["text"] for each in first["told"] if each["text"]] == [WORDS]
    assert [each["status"] for each in export["messages"]] == ["taken", "withheld", "planned"]
    assert export["preferences"] | {"changed_at": ""} == {
        "browsers": [ENDPOINT],
        "media": [],
        "language": "de",
        "time_zone": "",
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "changed_at": "",
    }


def test_nothing_of_them_is_left_once_they_are_erased(merchant: Merchant, program: Program) -> None:
    """Not a word of them, in any column of any table: what could leak was there before."""
    shopper_id, public, views = a_shopper_with_everything(merchant, program)
    run_waiting()
    assert traces(merchant, "messaging_").keys() >= {
        "messaging_message",
        "messaging_receipt",
        "messaging_receipt_record",
        "messaging_push_subscription",
    }
    answer = program.post(f"/shoppers/{public}/erasure")
    assert answer.status_code == 200
    run_waiting()
    assert traces(merchant, "messaging_") == {}
    assert traces(merchant) == {}
    with merchant_scope(merchant.id):
        kept = export_messages(shopper_id=shopper_id)
    assert [each["status"] for each in kept] == ["taken", "withheld", "withheld"]
    assert len(kept) == len(views)
    assert not set(TRACES) & set(json.dumps(kept).lower().split())


def test_their_export_holds_nothing_of_others(
    merchant: Merchant, other_merchant: Merchant, program: Program, other_program: Program
) -> None:
    _, public, _ = a_shopper_with_everything(merchant, program)
    other = program.record("orders", "2", {"number": "1002", "shopper": {"email": "o@o.example"}})
    export: Any = program.get(f"/shoppers/{other['shopper']['id']}/export").json()
    assert (export["messages"], export["preferences"]) == ([], {})
    assert other_program.get(f"/shoppers/{public}/export").status_code == 404
