"""Outgoing webhooks in the console: made, tried, followed, sent again, switched, and blanked with a shopper."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.team.public import Role, audit_log
from aftermile.doors.webhooks.models import Attempt, Endpoint, Message, Resending
from aftermile.doors.webhooks.operations.announce import write_message
from aftermile.doors.webhooks.operations.keep_endpoint import make_endpoint
from aftermile.doors.webhooks.operations.send_all_again import AT_ONCE
from aftermile.doors.webhooks.operations.switch_endpoint import disable_endpoint
from aftermile.doors.webhooks.tasks import resend_failed
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OPERATIONS)


def at(merchant: Merchant, rest: str = "") -> str:
    return f"{base(merchant)}settings/webhooks/{rest}"


def endpoint_of(merchant: Merchant) -> UUID:
    with merchant_scope(merchant.id):
        view, _ = make_endpoint(url="https://shop.example/hooks", description="ERP", by="staff:1", at=NOON)
    return view.id


def messages(merchant: Merchant, endpoint_id: UUID, count: int, *, status: str = "failed") -> list[UUID]:
    with merchant_scope(merchant.id):
        ids = [
            write_message(
                endpoint_id=endpoint_id, event_id=uuid7(), type_="parcel.recorded", body='{"n": 1}', at=NOON
            )
            for _ in range(count)
        ]
        Message.rows().filter(id__in=ids).update(status=status)
        for message_id in ids:
            Attempt(
                message_id=message_id,
                begun_at=NOON,
                duration_ms=1234,
                status_code=503,
                response_excerpt="<b>Away</b>",
            ).save(force_insert=True)
    return ids


def acts(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.id):
        return [entry.act for entry in audit_log(limit=20)]


def test_an_endpoint_is_made_and_its_secret_shown_once(merchant: Merchant, client: Client) -> None:
    made = client.post(
        at(merchant, "make/"),
        {
            "url": " https://shop.example/hooks ",
            "description": "ERP",
            "shape": "standard",
            "events": ["order.placed"],
        },
    )
    (secret,) = re.findall(r'id="secret">(whsec_[^<]+)<', made.content.decode())
    with merchant_scope(merchant.id):
        row = Endpoint.rows().get()
    assert (row.url, row.event_types) == ("https://shop.example/hooks", ["order.placed"])

    page = client.get(at(merchant, f"{public_id('whe', row.id)}/")).content.decode()
    assert ("Nothing sent yet" in page, secret in page, "1 kind of events" in page) == (True, False, True)
    assert acts(merchant) == ["webhook.make"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": ""}, "This field is required."),
        ({"url": "ftp://shop.example"}, "must begin with https://"),
        ({"url": "https://me:pw@shop.example"}, "send them in a header instead"),
        (
            {"url": "https://shop.example", "events": ["order.eaten"]},
            "order.eaten is not one of the available",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    merchant: Merchant, client: Client, given: dict[str, object], said: str
) -> None:
    answer = client.post(at(merchant, "make/"), {"shape": "standard"} | given)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    with merchant_scope(merchant.id):
        assert Endpoint.rows().count() == 0


def test_settings_are_changed_and_taken_back(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    key = public_id("whe", endpoint_id)
    assert 'value="https://shop.example/hooks"' in client.get(at(merchant, f"{key}/edit/")).content.decode()

    client.post(at(merchant, f"{key}/save/"), {"url": "https://new.example/", "events": ["order.placed"]})
    with merchant_scope(merchant.id):
        row = Endpoint.rows().get()
        assert (row.url, row.description, row.event_types) == ("https://new.example/", "", ["order.placed"])

    toast = client.get(at(merchant, f"{key}/")).content.decode()
    assert 'name="url" value="https://shop.example/hooks"' in toast


def kept_headers(merchant: Merchant) -> dict[str, str]:
    with merchant_scope(merchant.id):
        return dict(box().open(bytes(Endpoint.rows().get().sealed_headers)))


def test_headers_are_kept_sealed_and_not_shown_again(merchant: Merchant, client: Client) -> None:
    url = "https://shop.example/hooks"
    pairs = {"header_name": ["authorization", "x-shop", ""], "header_value": ["Bearer s3cret", "north", ""]}
    client.post(at(merchant, "make/"), {"url": url, "shape": "standard", **pairs})
    assert kept_headers(merchant) == {"authorization": "Bearer s3cret", "x-shop": "north"}
    with merchant_scope(merchant.id):
        row = Endpoint.rows().get()
    assert b"s3cret" not in bytes(row.sealed_headers)
    key = public_id("whe", row.id)
    form = client.get(at(merchant, f"{key}/edit/")).content.decode()
    assert ('value="authorization"' in form, "kept; type to replace" in form) == (True, True)
    assert ("s3cret" in form, "north" in form) == (False, False)

    changed = client.post(
        at(merchant, f"{key}/save/"),
        {"url": url, "header_name": ["Authorization", "x-new"], "header_value": ["", "south"]},
        follow=True,
    ).content.decode()
    assert kept_headers(merchant) == {"Authorization": "Bearer s3cret", "x-new": "south"}
    assert ("Saved." in changed, "Undo" in changed) == (True, False)
    client.post(at(merchant, f"{key}/save/"), {"url": "https://shop.example/other"})
    assert kept_headers(merchant) == {"Authorization": "Bearer s3cret", "x-new": "south"}
    client.post(at(merchant, f"{key}/save/"), {"url": "https://new.example/"})
    assert kept_headers(merchant) == {}
    with merchant_scope(merchant.id):
        noted = [entry.details for entry in audit_log(limit=5) if entry.act == "webhook.change"]
    assert "s3cret" not in str(noted)
    assert "south" not in str(noted)
    assert noted[-1] == {
        "headers": {"from": ["authorization", "x-shop"], "to": ["Authorization", "x-new"]},
        "header_values": ["x-new"],
    }


@pytest.mark.parametrize(
    ("names", "values", "said"),
    [
        (["x-new"], [""], "The value of x-new must have"),
        ([""], ["lost"], "A header needs a name."),
        (["x-a", "x-a"], ["1", "2"], "One header is named twice."),
        (["content-type"], ["text/html"], "is set by us"),
    ],
)
def test_headers_that_cannot_be_are_said_beside_them(
    merchant: Merchant, client: Client, names: list[str], values: list[str], said: str
) -> None:
    key = public_id("whe", endpoint_of(merchant))
    given = {"url": "https://shop.example/hooks", "header_name": names, "header_value": values}
    for address in (f"{key}/save/", "make/"):
        answer = client.post(at(merchant, address), {"shape": "standard"} | given)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert kept_headers(merchant) == {}


def test_a_rotated_secret_is_shown_once(merchant: Merchant, client: Client) -> None:
    key = public_id("whe", endpoint_of(merchant))
    page = client.post(at(merchant, f"{key}/secret/"), {"overlap": "168"}).content.decode()
    assert ("whsec_" in page, "The former secret still signs until" in page) == (True, True)
    assert acts(merchant) == ["webhook.rotate_secret"]


def test_off_and_on_again(merchant: Merchant, client: Client) -> None:
    key = public_id("whe", endpoint_of(merchant))
    client.post(at(merchant, f"{key}/off/"))
    page = client.get(at(merchant, f"{key}/")).content.decode()
    assert ("It was switched off by hand." in page, f"{key}/on/" in page) == (True, True)

    client.post(at(merchant, f"{key}/on/"))
    with merchant_scope(merchant.id):
        assert Endpoint.rows().get().status == "active"
    assert acts(merchant) == ["webhook.switch_on", "webhook.switch_off"]


def test_a_message_with_its_attempts(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    (message_id,) = messages(merchant, endpoint_id, 1)
    address = at(merchant, f"{public_id('whe', endpoint_id)}/messages/{public_id('msg', message_id)}/")
    page = client.get(address).content.decode()
    assert [
        each in page for each in ("HTTP 503", "1.23 s", "&lt;b&gt;Away&lt;/b&gt;", "&quot;n&quot;: 1")
    ] == [True] * 4

    assert client.post(address + "resending/").headers["Location"] == address
    assert "Waits" in client.get(address).content.decode()


def test_messages_by_state(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    messages(merchant, endpoint_id, 2)
    messages(merchant, endpoint_id, 1, status="sent")
    here = at(merchant, f"{public_id('whe', endpoint_id)}/")
    counted = [
        client.get(here + query).content.decode().count('class="row mono"')
        for query in ("", "?status=failed", "?status=sent", "?status=pending", "?status=nonsense")
    ]
    assert counted == [3, 2, 1, 0, 3]


def test_all_failed_are_sent_again_in_the_background(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    failed = messages(merchant, endpoint_id, AT_ONCE + 3)
    (erased, *rest) = failed
    here = at(merchant, f"{public_id('whe', endpoint_id)}/")
    with merchant_scope(merchant.id):
        Message.rows().filter(id=erased).update(body="")

    client.post(here + "resending/")
    client.post(here + "resending/")  # again while it is under way: the same
    page = client.get(here).content.decode()
    assert f"0 of {len(rest)} failed messages are back in line" in page

    with merchant_scope(merchant.id):
        run = Resending.rows().get()
    for _ in range(2):
        resend_failed(merchant.id, {"resending": str(run.id)})
    with merchant_scope(merchant.id):
        states = dict(Message.rows().values_list("id", "status"))
    assert states == {erased: "failed"} | dict.fromkeys(rest, "pending")
    assert f"{len(rest)} failed messages were put back in line" in client.get(here).content.decode()


def test_an_endpoint_switched_off_ends_the_resending_and_says_so(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    messages(merchant, endpoint_id, 2)
    here = at(merchant, f"{public_id('whe', endpoint_id)}/")
    client.post(here + "resending/")
    with merchant_scope(merchant.id):
        disable_endpoint(endpoint_id=endpoint_id, by="staff:1", at=NOON)
        run = Resending.rows().get()

    resend_failed(merchant.id, {"resending": str(run.id)})

    page = client.get(here).content.decode()
    assert "0 of 2 failed messages went back in line. The endpoint was switched off in the meantime." in page


def test_removing_takes_the_messages_along(merchant: Merchant, client: Client) -> None:
    endpoint_id = endpoint_of(merchant)
    messages(merchant, endpoint_id, 1)
    client.post(at(merchant, f"{public_id('whe', endpoint_id)}/removal/"))
    with merchant_scope(merchant.id):
        assert (Endpoint.rows().count(), Message.rows().count()) == (0, 0)
    assert acts(merchant) == ["webhook.remove"]


def test_another_shops_endpoint_is_not_there(
    merchant: Merchant, other_merchant: Merchant, client: Client
) -> None:
    theirs = public_id("whe", endpoint_of(other_merchant))
    assert client.get(at(merchant, f"{theirs}/")).status_code == 404
    client.post(at(merchant, f"{theirs}/removal/"))
    with merchant_scope(other_merchant.id):
        assert Endpoint.rows().count() == 1


@pytest.mark.parametrize("count", [1, 3, 50])
def test_queries_do_not_grow(
    merchant: Merchant, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        endpoint_id = endpoint_of(merchant)
    messages(merchant, endpoint_id, count)
    for address in ("", f"{public_id('whe', endpoint_id)}/"):
        client.get(at(merchant, address))
        with django_assert_max_num_queries(24):
            page = client.get(at(merchant, address)).content.decode()
        assert page.count('class="row') - page.count('class="rows') == count


@pytest.mark.parametrize("role", [Role.CARE, Role.MARKETING, Role.WAREHOUSE, Role.ANALYST, Role.READ_ONLY])
def test_others_may_not(merchant: Merchant, desk_client: Callable[[Role], Client], role: Role) -> None:
    key = public_id("whe", endpoint_of(merchant))
    client = desk_client(role)
    assert client.get(at(merchant)).status_code == 403
    assert client.post(at(merchant, f"{key}/off/")).status_code == 403
    with merchant_scope(merchant.id):
        assert Endpoint.rows().get().status == "active"
