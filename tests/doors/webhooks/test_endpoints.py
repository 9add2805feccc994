"""Endpoints: made, changed, switched, given new secrets; refused where nothing could be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from standardwebhooks import Webhook

from aftermile.doors.webhooks.models import Attempt, Endpoint, Message
from aftermile.doors.webhooks.operations.endpoint_settings import (
    EndpointUrlUnusable,
    HeadersUnusable,
    WebhookEventTypeUnknown,
)
from aftermile.doors.webhooks.operations.keep_endpoint import (
    MOST_ENDPOINTS,
    TooManyEndpoints,
    change_endpoint,
    make_endpoint,
    remove_endpoint,
)
from aftermile.doors.webhooks.operations.prune import prune_messages
from aftermile.doors.webhooks.operations.rotate_secret import rotate_secret
from aftermile.doors.webhooks.operations.send_again import EndpointIsDisabled, send_again, send_test
from aftermile.doors.webhooks.operations.switch_endpoint import disable_endpoint, enable_endpoint
from aftermile.doors.webhooks.queries import (
    EndpointNotFound,
    MessageNotFound,
    endpoint,
    list_endpoints,
    list_messages,
    message,
)
from aftermile.doors.webhooks.states import Format
from aftermile.kernel.events import read
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.webhooks.conftest import Shop
from tests.doors.webhooks.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db

URL = "https://shop.example/hooks"
HOUR = timedelta(hours=1)


def published(shop: Shop) -> list[tuple[str, str]]:
    with merchant_scope(shop.merchant.id):
        return [
            (each.type, getattr(each.event, "reason", ""))
            for each in read(after=0)
            if each.type.startswith("webhook_endpoint.")
        ]


def test_secrets_and_headers_are_nowhere_in_the_clear(shop: Shop) -> None:
    _, secret = shop.listens(URL, headers={"Authorization": "Bearer of-tales"})
    with merchant_scope(shop.merchant.id), connection.cursor() as cursor:
        cursor.execute("SELECT e::text, convert_from(sealed_secrets, 'utf8') FROM webhooks_endpoint e")
        kept = " ".join(cursor.fetchone())
    assert str(shop.merchant.id) in kept
    assert secret not in kept
    assert "of-tales" not in kept
    with merchant_scope(shop.merchant.id):
        (view,) = list_endpoints(limit=10)
    assert view.header_names == ("Authorization",)
    assert secret not in repr(view)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/hooks",
        "ftp://shop.example/",
        "https://",
        "https://user:pass@shop.example/",
        "https://shop.example:25/",
        "https://shop.example:99999/",
        "https://shop example/",
        "https://shop.example/\nX: y",
        "https://[::1/",
        "https://shop.example/" + "x" * 2000,
    ],
)
def test_an_address_nothing_can_be_sent_to_is_refused(shop: Shop, url: str) -> None:
    with pytest.raises(EndpointUrlUnusable):
        shop.listens(url)


def test_an_address_on_another_host_gets_no_header_that_was_given_for_the_former(shop: Shop) -> None:
    endpoint_id, _ = shop.listens(URL, headers={"Authorization": "Bearer of-tales"})

    def kept() -> dict[str, str]:
        return dict(box().open(bytes(Endpoint.rows().get(id=endpoint_id).sealed_headers)))

    with merchant_scope(shop.merchant.id):
        change_endpoint(endpoint_id=endpoint_id, url=URL + "/new", headers={"Authorization": None})
        assert kept() == {"Authorization": "Bearer of-tales"}
        with pytest.raises(HeadersUnusable):
            change_endpoint(
                endpoint_id=endpoint_id, url="https://elsewhere.example/", headers={"Authorization": None}
            )
        change_endpoint(
            endpoint_id=endpoint_id, url="https://elsewhere.example/", headers={"X-Shop": "north"}
        )
        assert kept() == {"X-Shop": "north"}


@pytest.mark.parametrize(
    "headers",
    [
        {f"X-{number}": "y" for number in range(6)},
        {"Webhook-Id": "mine"},
        {"aftership-hmac-sha256": "mine"},
        {"Content-Length": "5"},
        {"Host": "elsewhere.example"},
        {"X Y": "z"},
        {"X-Y": "line\nbreak"},
        {"X-Y": ""},
        {"X-Y": "ä"},
        {"X-Y": "1", "x-y": "2"},
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(shop: Shop, headers: dict[str, str]) -> None:
    with pytest.raises(HeadersUnusable):
        shop.listens(URL, headers=headers)


def test_an_event_nobody_publishes_is_refused(shop: Shop) -> None:
    with pytest.raises(WebhookEventTypeUnknown, match=r"parcel\.arrived"):
        shop.listens(URL, "parcel.arrived")
    with pytest.raises(WebhookEventTypeUnknown, match="there are edd_revise, tracking_update"):
        shop.listens(URL, "parcel.tracked", format_=Format.AFTERSHIP)


def test_there_is_an_end_to_endpoints(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        for _ in range(MOST_ENDPOINTS):
            make_endpoint(url=URL, by="staff:1", at=NOON)
        with pytest.raises(TooManyEndpoints):
            make_endpoint(url=URL, by="staff:1", at=NOON)


def test_what_waits_goes_to_the_new_address(shop: Shop, receiver: Receiver, other_receiver: Receiver) -> None:
    other_receiver.usual = Answer(503, headers={"Retry-After": "86400"})
    id_, _ = shop.listens(other_receiver.url)
    shop.parcels_are_recorded(2)
    shop.work()
    with merchant_scope(shop.merchant.id):
        changed = change_endpoint(endpoint_id=id_, url=receiver.url, event_types=["parcel.tracked"])
    assert (changed.url, changed.event_types, changed.description) == (receiver.url, ("parcel.tracked",), "")
    assert changed.resting_until is None
    shop.work()
    assert [made.status for made in shop.messages(id_)] == ["pending", "sent"]


def test_a_switched_off_endpoint_hears_nothing_until_it_is_switched_on(
    shop: Shop, receiver: Receiver
) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    for _ in "12":
        with merchant_scope(shop.merchant.id):
            view = disable_endpoint(endpoint_id=id_, by="staff:1", at=NOON)
    assert (view.status, view.disabled_reason, view.explanation, view.disabled_at) == (
        "disabled", "by_hand", "It was switched off by hand.", NOON,
    )  # fmt: skip
    shop.work()  # written by the reaction after the switch: nothing
    shop.parcels_are_recorded()
    shop.live(until=HOUR)
    assert receiver.requests == []
    for _ in "12":
        with merchant_scope(shop.merchant.id):
            view = enable_endpoint(endpoint_id=id_, by="staff:1", at=shop.at)
    assert (view.status, view.explanation) == ("active", "")
    shop.parcels_are_recorded()
    shop.work()
    assert len(receiver.requests) == 1
    assert published(shop) == [
        ("webhook_endpoint.made", ""),
        ("webhook_endpoint.disabled", "by_hand"),
        ("webhook_endpoint.enabled", ""),
    ]


def test_what_waited_when_it_was_switched_off_is_sent_when_it_is_switched_on(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.usual = Answer(500)
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(3)
    shop.work()
    with merchant_scope(shop.merchant.id):
        disable_endpoint(endpoint_id=id_, by="staff:1", at=shop.at)
    shop.live(until=HOUR)
    assert len(receiver.requests) == 3
    receiver.usual = Answer(200)
    with merchant_scope(shop.merchant.id):
        enable_endpoint(endpoint_id=id_, by="staff:1", at=shop.at)
    shop.work()
    assert receiver.ids[3:] == receiver.ids[:3]
    assert {made.status for made in shop.messages(id_)} == {"sent"}


def test_both_secrets_sign_until_the_overlap_is_over(shop: Shop, receiver: Receiver) -> None:
    id_, old = shop.listens(receiver.url)
    with merchant_scope(shop.merchant.id):
        _, new = rotate_secret(endpoint_id=id_, overlap=2 * HOUR, at=shop.at)

    def signed_with() -> list[str]:
        shop.parcels_are_recorded()
        shop.work()
        signatures = receiver.requests[-1].headers["webhook-signature"].split()
        made = {
            Webhook(secret).sign(receiver.requests[-1].id, shop.at, receiver.requests[-1].body.decode()): name
            for name, secret in (("old", old), ("new", new))
        }
        return [made[signature] for signature in signatures]

    assert signed_with() == ["new", "old"]
    shop.at += 2 * HOUR
    assert signed_with() == ["new"]


def test_a_removed_endpoint_takes_its_messages_along(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    kept, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(2)
    shop.work()
    with merchant_scope(shop.merchant.id):
        assert remove_endpoint(endpoint_id=id_, by="staff:1", at=NOON).id == id_
        assert (Endpoint.rows().count(), Message.rows().count(), Attempt.rows().count()) == (1, 2, 2)
        with pytest.raises(EndpointNotFound):
            endpoint(id_)
        with pytest.raises(EndpointNotFound):
            remove_endpoint(endpoint_id=id_, by="staff:1", at=NOON)
        assert endpoint(kept).id == kept


def test_a_message_is_sent_again_by_hand_under_its_id(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work()
    (sent,) = shop.messages(id_)
    shop.at += 24 * HOUR
    with merchant_scope(shop.merchant.id):
        again = send_again(endpoint_id=id_, message_id=sent.id, at=shop.at)
    assert (again.status, again.next_attempt_at) == ("pending", shop.at)
    shop.work()
    (message_,) = shop.messages(id_)
    assert (message_.status, message_.sent_at is not None, len(message_.attempts)) == ("sent", True, 2)
    assert len(set(receiver.ids)) == 1
    assert receiver.requests[0].body == receiver.requests[1].body


def test_by_hand_it_goes_out_even_to_an_endpoint_that_rests(shop: Shop, receiver: Receiver) -> None:
    receiver.answers = [Answer(503, headers={"Retry-After": "7200"})]
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work()
    (waiting,) = shop.messages(id_)
    with merchant_scope(shop.merchant.id):
        send_again(endpoint_id=id_, message_id=waiting.id, at=shop.at)
    shop.work()
    assert [made.status for made in shop.messages(id_)] == ["sent"]


def test_an_endpoint_is_tried_out(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    with merchant_scope(shop.merchant.id):
        tried = send_test(endpoint_id=id_, at=NOON)
    shop.work()
    (request,) = receiver.requests
    assert (tried.type, request.json["type"]) == ("webhook_endpoint.test", "webhook_endpoint.test")
    assert list(request.json) == ["type", "timestamp", "data"]
    assert [made.status for made in shop.messages(id_)] == ["sent"]


def test_nothing_is_sent_by_hand_where_nothing_is_sent(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work()
    (sent,) = shop.messages(id_)
    with merchant_scope(shop.merchant.id):
        with pytest.raises(MessageNotFound):
            send_again(endpoint_id=id_, message_id=id_, at=NOON)
        disable_endpoint(endpoint_id=id_, by="staff:1", at=NOON)
        with pytest.raises(EndpointIsDisabled):
            send_again(endpoint_id=id_, message_id=sent.id, at=NOON)
        with pytest.raises(EndpointIsDisabled):
            send_test(endpoint_id=id_, at=NOON)


def test_another_merchants_endpoints_do_not_exist(shop: Shop, other_shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work()
    (sent,) = shop.messages(id_)
    with merchant_scope(other_shop.merchant.id):
        assert list_endpoints(limit=10) == []
        assert list_messages(endpoint_id=id_, limit=10) == []
        with pytest.raises(MessageNotFound):
            message(endpoint_id=id_, message_id=sent.id)
        for act in (
            lambda: endpoint(id_),
            lambda: change_endpoint(endpoint_id=id_, url=URL),
            lambda: disable_endpoint(endpoint_id=id_, by="staff:1", at=NOON),
            lambda: enable_endpoint(endpoint_id=id_, by="staff:1", at=NOON),
            lambda: remove_endpoint(endpoint_id=id_, by="staff:1", at=NOON),
            lambda: rotate_secret(endpoint_id=id_, at=NOON),
            lambda: send_again(endpoint_id=id_, message_id=sent.id, at=NOON),
            lambda: send_test(endpoint_id=id_, at=NOON),
        ):
            with pytest.raises(EndpointNotFound):
                act()
        with connection.cursor() as cursor:
            for table in ("webhooks_endpoint", "webhooks_message", "webhooks_attempt"):
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,)
                cursor.execute(f"DELETE FROM {table} RETURNING 1")
                assert cursor.fetchall() == []
    assert [made.status for made in shop.messages(id_)] == ["sent"]
    other_shop.parcels_are_recorded()
    other_shop.work()
    assert len(receiver.requests) == 1


def test_retention_removes_the_oldest_messages_a_few_at_a_time(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(3)
    shop.work()
    with merchant_scope(shop.merchant.id):
        assert prune_messages(before=NOON) == 0
        before = NOON + timedelta(days=3650)
        assert [prune_messages(before=before, limit=2) for _ in "123"] == [2, 1, 0]
        assert Attempt.rows().count() == 0
    assert shop.messages(id_) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(
    shop: Shop, receiver: Receiver, count: int, django_assert_num_queries: object
) -> None:
    ids = [shop.listens(receiver.url)[0] for _ in range(count)]
    shop.parcels_are_recorded(count)
    shop.work()
    with merchant_scope(shop.merchant.id):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert len(list_endpoints(limit=10)) == count
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(list_messages(endpoint_id=ids[0], limit=10)) == count
