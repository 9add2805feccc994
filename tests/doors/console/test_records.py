"""Inbound records: found by what they tell of, shown safely, explained in quarantine, read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.intake.models import InboundRecord, ReplayRun
from aftermile.intake.operations.replay_runs import continue_replay
from aftermile.intake.public import Arrival, ConnectionView, RecordStatus, digest, keep_all, list_records
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base
from tests.intake.shop import body_of, connect_aftership, connect_shopify, fulfilment, order, tracking

pytestmark = pytest.mark.django_db
DeskClient = Callable[[Role], Client]
UPS = "1Z999AA10123456784"


def keep(
    merchant: Any, view: ConnectionView, kind: str, body: bytes, external_id: str, **headers: str
) -> None:
    arrival = Arrival(
        merchant_id=merchant.id,
        connection_id=view.id,
        origin="webhook",
        kind=kind,
        external_id=external_id,
        headers=headers,
        body=body,
        received_at=now(),
    )
    keep_all(merchant.id, [arrival])


def orders(merchant: Any, view: ConnectionView, numbers: range) -> None:
    for number in numbers:
        keep(merchant, view, "orders/create", body_of(order(number)), f"o{number}")


def rows(client: Client, url: str) -> int:
    page: str = client.get(url).content.decode()
    return page.count('class="row mono"')


@pytest.fixture
def told(merchant: Any) -> ConnectionView:
    """Two orders, one of them handed to UPS, whose scans an aggregator tells."""
    shop, scans = connect_shopify(merchant), connect_aftership(merchant)
    orders(merchant, shop, range(1, 3))
    keep(merchant, shop, "fulfillments/create", body_of(fulfilment(1, UPS)), "f1")
    keep(
        merchant,
        scans,
        "",
        body_of(tracking(UPS, ("2026-03-03T10:00:00Z", "InTransit", "InTransit_001"))),
        "t1",
    )
    digest(merchant.id)
    return shop


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OPERATIONS, 200), (Role.ANALYST, 200), (Role.CARE, 403), (Role.READ_ONLY, 403)]
)
def test_who_may_see_records(merchant: Any, desk_client: DeskClient, role: Role, status: int) -> None:
    assert desk_client(role).get(f"{base(merchant)}records/").status_code == status


def test_an_order_finds_all_that_told_of_it(
    merchant: Any, desk_client: DeskClient, told: ConnectionView
) -> None:
    client, here = desk_client(Role.ANALYST), f"{base(merchant)}records/"
    with merchant_scope(merchant.id):
        (first,) = list_orders(number="#1")

    assert rows(client, here) == 4
    # The order, its hand-over, and the scans of its parcel, which came from somebody else.
    assert rows(client, f"{here}?about={public_id('ord', first.id)}") == 3
    assert rows(client, f"{here}?about=%231") == 1
    assert rows(client, f"{here}?about=1001") == 2
    assert rows(client, f"{here}?about=1z999aa1 0123456784") == 2
    assert rows(client, f"{here}?about=1Z000") == 0
    assert rows(client, f"{here}?about=ord_00000000000000000000000000") == 0


def test_another_shops_records_are_not_there(
    merchant: Any, other_merchant: Any, desk_client: DeskClient, told: ConnectionView
) -> None:
    other = connect_shopify(other_merchant)
    orders(other_merchant, other, range(1, 2))
    digest(other_merchant.id)
    with merchant_scope(other_merchant.id):
        (theirs,) = list_records(limit=9)
    client, here = desk_client(Role.OWNER), f"{base(merchant)}records/"

    assert rows(client, f"{here}?about=1001") == 2
    assert client.get(f"{here}{public_id('rec', theirs.id)}/").status_code == 404
    client.post(f"{here}replays/", {"chosen": public_id("rec", theirs.id)})
    with merchant_scope(other_merchant.id):
        assert list_records(limit=9)[0].status == RecordStatus.DIGESTED


def test_filters_narrow_and_odd_ones_do_not_break(
    merchant: Any, desk_client: DeskClient, told: ConnectionView
) -> None:
    client, here = desk_client(Role.ANALYST), f"{base(merchant)}records/"

    assert rows(client, f"{here}?connection={public_id('con', told.id)}") == 3
    assert rows(client, f"{here}?kind=orders/create") == 2
    assert rows(client, f"{here}?status=quarantined") == 0
    assert rows(client, f"{here}?since={now():%Y-%m-%d}") >= 0
    assert rows(client, f"{here}?until=2020-01-01") == 0
    assert rows(client, f"{here}?since=tomorrow&status=lost") == 4
    assert client.get(f"{here}?connection=con_1").status_code == 404
    assert client.get(f"{here}?after=rec_1").status_code == 404


def test_the_list_asks_the_same_questions_however_long(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    client.get(f"{base(merchant)}records/")  # the first visit notes which shop it was
    counts, shown = [], []
    for numbers in (range(1, 2), range(2, 4), range(4, 61)):
        orders(merchant, view, numbers)
        digest(merchant.id)
        with CaptureQueriesContext(database) as asked:
            shown.append(rows(client, f"{base(merchant)}records/?about=&status=digested"))
        counts.append(len(asked))

    assert shown == [1, 3, 50]
    assert counts == [counts[0]] * 3


def test_pages_go_on_where_the_last_one_ended(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    orders(merchant, view, range(1, 61))

    first = client.get(f"{base(merchant)}records/?status=pending").content.decode()
    next_url = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert "status=pending" in next_url
    assert rows(client, next_url) == 10


def test_a_record_is_shown_as_it_came_and_nothing_in_it_runs(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OPERATIONS)
    body = json.dumps(order(5) | {"note": "<script>alert(1)</script>"}).encode()
    keep(
        merchant,
        view,
        "orders/create",
        body,
        "x5",
        **{"x-shopify-hmac-sha256": "AbC=", "x-shopify-topic": "orders/create"},
    )
    digest(merchant.id)
    with merchant_scope(merchant.id):
        key = public_id("rec", list_records(limit=1)[0].id)

    page = client.get(f"{base(merchant)}records/{key}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "AbC=" not in page
    assert "#5</a>" in page  # what it says, linked to the order
    sent = client.get(f"{base(merchant)}records/{key}/file/")
    assert sent.content == body
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["Content-Disposition"] == f'attachment; filename="{key}.json"'


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>Bad Gateway</html>", "It is not JSON, or cut off"),
        (b'{"note": "hello"}', "It does not say which order or parcel it is about."),
    ],
)
def test_quarantine_says_why_and_what_to_do(
    merchant: Any, desk_client: DeskClient, body: bytes, says: str
) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    keep(merchant, view, "orders/create", body, "odd")
    digest(merchant.id)

    page = client.get(f"{base(merchant)}records/?status=quarantined").content.decode()
    assert says in page
    with merchant_scope(merchant.id):
        key = public_id("rec", list_records(limit=1)[0].id)
    assert says in client.get(f"{base(merchant)}records/{key}/").content.decode()


def test_reading_again_shows_what_came_of_it(merchant: Any, desk_client: DeskClient) -> None:
    view, client = connect_shopify(merchant), desk_client(Role.OPERATIONS)
    orders(merchant, view, range(1, 4))
    keep(merchant, view, "orders/create", b"not json", "odd")
    digest(merchant.id)
    with merchant_scope(merchant.id):
        mended = InboundRecord.rows().order_by("-id")[0]
        keys = [public_id("rec", row.id) for row in InboundRecord.rows()]

    begun = client.post(f"{base(merchant)}records/replays/", {"chosen": keys})
    progress = begun["Location"]
    assert "0 of 4 read again" in client.get(progress).content.decode()

    with merchant_scope(merchant.id):
        run = ReplayRun.rows().get().id
    continue_replay(merchant.id, run)

    piece = client.get(progress, headers={"HX-Request": "true", "HX-Target": "replay"}).content.decode()
    assert "3 of 4 read and taken in." in piece
    assert "1 went back to quarantine" in piece
    assert "hx-trigger" not in piece

    with merchant_scope(merchant.id):
        InboundRecord.rows().filter(id=mended.id).update(body=body_of(order(4)))
    client.post(f"{base(merchant)}records/replays/all/", {"query": "?status=quarantined"})
    with merchant_scope(merchant.id):
        run = ReplayRun.rows().order_by("-id")[0].id
    continue_replay(merchant.id, run)
    with merchant_scope(merchant.id):
        assert {row.status for row in InboundRecord.rows()} == {RecordStatus.DIGESTED}
        assert len(list_orders()) == 4
        assert [entry.summary for entry in audit_log(limit=9)] == [
            "Had 1 record read again",
            "Had 4 records read again",
        ]


def test_many_are_read_again_in_steps(
    merchant: Any, desk_client: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftermile.intake.operations.replay_runs.STEP", 2)
    view, client = connect_shopify(merchant), desk_client(Role.OWNER)
    orders(merchant, view, range(1, 6))
    digest(merchant.id)
    client.post(
        f"{base(merchant)}records/replays/all/", {"query": f"?connection={public_id('con', view.id)}"}
    )
    with merchant_scope(merchant.id):
        run = ReplayRun.rows().get().id
    reads = []
    for _ in range(3):
        continue_replay(merchant.id, run)
        with merchant_scope(merchant.id):
            reads.append(ReplayRun.rows().get().read)

    assert reads == [2, 4, 5]
    with merchant_scope(merchant.id):
        assert ReplayRun.rows().get().finished_at is not None


def test_who_only_reads_cannot_have_records_read_again(
    merchant: Any, desk_client: DeskClient, told: ConnectionView
) -> None:
    client = desk_client(Role.ANALYST)
    with merchant_scope(merchant.id):
        key = public_id("rec", list_records(limit=1)[0].id)

    assert client.post(f"{base(merchant)}records/replays/", {"chosen": key}).status_code == 403
    assert client.post(f"{base(merchant)}records/replays/all/", {"query": ""}).status_code == 403
    assert "Read again" not in client.get(f"{base(merchant)}records/{key}/").content.decode()


def test_who_reads_no_shopper_sees_no_body(merchant: Any, desk_client: Any) -> None:
    source = connect_shopify(merchant)
    with merchant_scope(merchant.id):
        row = InboundRecord(
            connection_id=source.id, origin="webhook", body=b'{"email": "ada@example.com"}', received_at=now()
        )
        row.save(force_insert=True)
    address = f"{base(merchant)}records/{public_id('rec', row.id)}/"
    analyst, operations = desk_client(Role.ANALYST), desk_client(Role.OPERATIONS)
    assert [b"ada@example.com" in each.get(address).content for each in (analyst, operations)] == [
        False,
        True,
    ]
    assert [each.get(f"{address}file/").status_code for each in (analyst, operations)] == [403, 200]
