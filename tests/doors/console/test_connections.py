"""Connections: who may, what is shown, and a set-up that ends with the first event."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.team.public import Role, audit_log
from aftermile.intake.models import Connection, Refusal
from aftermile.intake.operations.tally import Arrived, tally
from aftermile.intake.public import connect, connection, count_refusal, digest, summaries
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base, make_person, signed_in
from tests.intake.shop import (
    SECRET,
    aftership_headers,
    body_of,
    connect_aftership,
    connect_shopify,
    order,
    shopify_headers,
    tracking,
)

pytestmark = pytest.mark.django_db
DeskClient = Callable[[Role], Client]


def as_sent(headers: dict[str, str]) -> dict[str, str]:
    return {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in headers.items()
        if name != "content-type"
    }


def deliver(client: Client, address: str, body: bytes, headers: dict[str, str]) -> Any:
    return client.post(address, body, content_type="application/json", **as_sent(headers))


def plugged(merchant: Any, count: int) -> None:
    at = now()
    with merchant_scope(merchant.id):
        for number in range(count):
            view = connect(
                connector="aftership",
                name=f"Tracking {number}",
                credentials={"webhook_secret": "x"},
                by="staff:1",
                at=at,
            )
            tally([Arrived(view.id, at, number % 3 == 0)] * 4)
            count_refusal(
                connection_id=view.id, why="no aftership-hmac-sha256 header", at=at - timedelta(hours=1)
            )


# -- who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.OPERATIONS, 200),
        (Role.ANALYST, 200),
        (Role.CARE, 403),
        (Role.MARKETING, 403),
        (Role.WAREHOUSE, 403),
        (Role.READ_ONLY, 403),
    ],
)
def test_who_may_see_the_connections(merchant: Any, desk_client: DeskClient, role: Role, status: int) -> None:
    assert desk_client(role).get(f"{base(merchant)}connections/").status_code == status


def test_who_only_reads_finds_no_act_and_may_do_none(merchant: Any, desk_client: DeskClient) -> None:
    view = connect_shopify(merchant)
    key, client = public_id("con", view.id), desk_client(Role.ANALYST)

    page = client.get(f"{base(merchant)}connections/{key}/").content.decode()

    assert "Switch off" not in page
    assert [
        client.post(f"{base(merchant)}connections/{key}/{act}/").status_code
        for act in ("off", "on", "name", "address", "webhooks", "history", "credentials/replace")
    ] == [403] * 7
    assert client.get(f"{base(merchant)}connections/{key}/setup/").status_code == 403
    with merchant_scope(merchant.id):
        assert connection(view.id).disabled_at is None


def test_a_connection_of_another_shop_is_not_there(
    merchant: Any, other_merchant: Any, desk_client: DeskClient
) -> None:
    key, client = public_id("con", connect_shopify(other_merchant).id), desk_client(Role.OWNER)

    assert client.get(f"{base(merchant)}connections/{key}/").status_code == 404
    client.post(f"{base(merchant)}connections/{key}/off/")
    with merchant_scope(other_merchant.id):
        assert [each.disabled_at for each in summaries()] == [None]


def test_secrets_are_asked_for_only_after_the_password(merchant: Any) -> None:
    client = signed_in(
        make_person("Stale", (merchant, Role.OWNER), password="seven quiet lanterns"), fresh=False
    )

    answer = client.get(f"{base(merchant)}connections/new/shopify/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/account/again/")


# -- the list ----------------------------------------------------------------------------------------


def test_the_empty_list_teaches_the_next_step(merchant: Any, desk_client: DeskClient) -> None:
    page = desk_client(Role.OWNER).get(f"{base(merchant)}connections/").content.decode()

    assert "Nothing is connected yet" in page
    assert "connections/new/" in page


def test_the_list_asks_the_same_questions_however_long(merchant: Any, desk_client: DeskClient) -> None:
    client, counts = desk_client(Role.OWNER), []
    for more in (1, 2, 47):
        plugged(merchant, more)
        client.get(f"{base(merchant)}connections/")
        with CaptureQueriesContext(
            database,
        ) as asked:
            client.get(f"{base(merchant)}connections/")
        counts.append(len(asked))

    assert counts == [counts[0]] * 3


def test_the_foot_of_every_page_says_how_the_sources_fare(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_aftership(merchant), desk_client(Role.OWNER)
    page = client.get(f"{base(merchant)}records/").content.decode()
    assert "1 source waits for a first event." in page

    with merchant_scope(merchant.id):
        tally([Arrived(view.id, now() - timedelta(seconds=9), False)] * 3)
    page = client.get(f"{base(merchant)}records/").content.decode()
    assert re.search(r"The source is arriving\. Last event \d+ seconds ago\.", page)

    with merchant_scope(merchant.id):
        Connection.rows().update(created_at=now() - timedelta(days=30))
        tally([Arrived(view.id, now() - timedelta(days=9), False)] * 300)
        database.cursor().execute("UPDATE intake_tally SET last_at = last_at - interval '2 days'")
    page = client.get(f"{base(merchant)}records/").content.decode()
    assert "1 of 1 source is silent longer than usual." in page


def test_the_first_event_is_seen_by_a_clock_that_runs_ahead(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_aftership(merchant), desk_client(Role.OWNER)
    with merchant_scope(merchant.id):
        # As in a demonstration whose days were played: what was just made is of tomorrow.
        Connection.rows().update(created_at=now() + timedelta(days=1))
    body = body_of(tracking("1Z999AA10123456784", ("2026-03-02T10:00:00Z", "InTransit", "InTransit_001")))
    assert deliver(client, f"/in/{view.address}", body, aftership_headers(body)).status_code == 200

    page = client.get(f"{base(merchant)}connections/{public_id('con', view.id)}/setup/").content.decode()
    assert "We have received your first event." in page


def test_requests_turned_away_make_a_connection_fail_and_say_what_to_do(
    merchant: Any, desk_client: DeskClient
) -> None:
    view, client = connect_aftership(merchant), desk_client(Role.OWNER)
    body = body_of(tracking("1Z999AA10123456784", ("2026-03-02T10:00:00Z", "InTransit", "InTransit_001")))

    assert (
        deliver(client, f"/in/{view.address}", body, aftership_headers(body, secret="another")).status_code
        == 401
    )

    page = client.get(f"{base(merchant)}connections/").content.decode()
    assert "Failing" in page
    assert "signed with another secret than the one kept here" in page
    assert "Replace the secret" in page


# -- from choosing to the first event ----------------------------------------------------------------


def test_setting_up_ends_with_the_first_event(merchant: Any, desk_client: DeskClient) -> None:
    client, here = desk_client(Role.OPERATIONS), base(merchant)
    assert "Shopify" in client.get(f"{here}connections/new/").content.decode()
    assert "API secret key" in client.get(f"{here}connections/new/shopify/").content.decode()

    made = client.post(
        f"{here}connections/new/shopify/make/",
        {"name": "Web shop", "shop_domain": "lindgren.example", "secret": SECRET},
    )
    setup = made["Location"]
    page = client.get(setup).content.decode()
    address = re.search(r'id="address">[^<]*(/in/[^<]+)</code>', page)
    assert address is not None
    assert "Waiting." in page
    assert 'hx-trigger="every 2s"' in page
    assert SECRET not in page

    body = body_of(order(7))
    assert deliver(client, address[1], body, shopify_headers("orders/create", body, "w-1")).status_code == 200
    digest(merchant.id)

    piece = client.get(setup, headers={"HX-Request": "true", "HX-Target": "arrival"}).content.decode()
    assert "We have received your first event." in piece
    assert "orders/create" in piece
    assert "<html" not in piece
    assert "Working" in client.get(f"{here}connections/").content.decode()
    with merchant_scope(merchant.id):
        assert [entry.act for entry in audit_log(limit=10)] == ["connection.make"]


def test_what_is_missing_is_said_beside_its_field(merchant: Any, desk_client: DeskClient) -> None:
    answer = desk_client(Role.OWNER).post(
        f"{base(merchant)}connections/new/shopify/make/", {"name": "Web", "shop_domain": "lindgren.example"}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Shopify cannot be connected without it." in page
    assert "lindgren.example" in page


def test_a_secret_of_ours_is_shown_once(merchant: Any, desk_client: DeskClient) -> None:
    client, here = desk_client(Role.OWNER), base(merchant)
    form = client.get(f"{here}connections/new/woocommerce/").content.decode()
    made_up = re.search(r'name="secret" value="([a-z2-9]{32})"', form)
    assert made_up is not None

    shown = client.post(f"{here}connections/new/woocommerce/make/", {"secret": made_up[1]}).content.decode()
    assert made_up[1] in shown

    with merchant_scope(merchant.id):
        key = public_id("con", summaries()[0].id)
    for page in ("", "setup/", "credentials/"):
        assert made_up[1] not in client.get(f"{here}connections/{key}/{page}").content.decode()


# -- changing one ------------------------------------------------------------------------------------


def test_a_replaced_secret_counts_at_once_and_the_rest_stays(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    key = public_id("con", view.id)

    answer = client.post(
        f"{base(merchant)}connections/{key}/credentials/replace/",
        {"shop_domain": "lindgren.example", "secret": "the-new-one"},
    )

    assert answer.status_code == 303
    body = body_of(order(8))
    signed = shopify_headers("orders/create", body, "w-2", secret="the-new-one")
    assert deliver(client, f"/in/{view.address}", body, signed).status_code == 200
    old = shopify_headers("orders/create", body, "w-3")
    assert deliver(client, f"/in/{view.address}", body, old).status_code == 401
    with merchant_scope(merchant.id):
        (entry,) = audit_log(limit=10)
    assert entry.act == "connection.replace_credentials"
    assert "the-new-one" not in str(entry)


def test_a_secret_left_empty_stays(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)

    client.post(
        f"{base(merchant)}connections/{public_id('con', view.id)}/credentials/replace/",
        {"shop_domain": "lindgren.example", "currency": "SEK", "secret": ""},
    )

    body = body_of(order(9))
    headers = shopify_headers("orders/create", body, "w-4")
    assert deliver(client, f"/in/{view.address}", body, headers).status_code == 200
    with merchant_scope(merchant.id):
        assert connection(view.id).settings == {"shop_domain": "lindgren.example", "currency": "SEK"}


def test_a_kept_secret_is_not_told_to_another_shop(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    address = f"{base(merchant)}connections/{public_id('con', view.id)}/credentials/replace/"

    answer = client.post(address, {"shop_domain": "elsewhere.example", "secret": ""})

    assert answer.status_code == 422
    assert "was given for another address; with a new one, give secret again" in answer.content.decode()
    with merchant_scope(merchant.id):
        assert connection(view.id).settings == {"shop_domain": "lindgren.example"}


def test_switching_off_renaming_and_their_undo(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    here = f"{base(merchant)}connections/{public_id('con', view.id)}/"

    toast = client.post(f"{here}off/", follow=True).content.decode()
    assert f'action="{here}on/"' in toast
    assert "Off" in toast
    with merchant_scope(merchant.id):
        assert connection(view.id).disabled_at is not None
    client.post(f"{here}on/")
    client.post(f"{here}name/", {"name": "The web shop"})

    with merchant_scope(merchant.id):
        kept = connection(view.id)
        assert (kept.disabled_at, kept.name, kept.address) == (None, "The web shop", view.address)
        assert [entry.act for entry in audit_log(limit=10)] == [
            "connection.rename",
            "connection.switch_on",
            "connection.switch_off",
        ]


def test_a_new_address_kills_the_old_one(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)

    client.post(f"{base(merchant)}connections/{public_id('con', view.id)}/address/")

    with merchant_scope(merchant.id):
        fresh = connection(view.id).address
    body = body_of(order(10))
    headers = shopify_headers("orders/create", body, "w-5")
    assert deliver(client, f"/in/{view.address}", body, headers).status_code == 404
    assert deliver(client, f"/in/{fresh}", body, headers).status_code == 200


def test_history_is_offered_only_with_a_key(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    here = f"{base(merchant)}connections/{public_id('con', view.id)}/"
    assert "Add the key" in client.get(f"{here}setup/").content.decode()
    client.post(f"{here}history/", {"days": "90"})
    with merchant_scope(merchant.id):
        assert Connection.rows().get().history == {}

    client.post(f"{here}credentials/replace/", {"shop_domain": "lindgren.example", "access_token": "shpat_1"})
    client.post(f"{here}history/", {"days": "90"})

    assert "0 records on 0 pages so far" in client.get(f"{here}setup/").content.decode()


def test_one_connection_shows_its_days_and_what_went_wrong(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_aftership(merchant), desk_client(Role.ANALYST)
    with merchant_scope(merchant.id):
        tally([Arrived(view.id, now(), False)] * 12 + [Arrived(view.id, now(), True)])
        count_refusal(connection_id=view.id, why="no aftership-hmac-sha256 header", at=now())
        assert Refusal.rows().count() == 1

    page = client.get(f"{base(merchant)}connections/{public_id('con', view.id)}/").content.decode()

    assert "13 kept, 1 turned away" in page
    assert "What arrives is not signed" in page
    assert page.count("<tr>") >= 15  # the table behind the drawing
    assert read_public_id("con", public_id("con", view.id)) == view.id
