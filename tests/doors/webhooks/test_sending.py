"""Sending: signed, on schedule, once where it is heard, and no endpoint in another's way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from standardwebhooks import Webhook

from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.webhooks import calling, tasks
from aftermile.doors.webhooks.operations.rotate_secret import rotate_secret
from aftermile.doors.webhooks.operations.send import LEASE, PORTION, Sent, proceed, take_turn
from aftermile.doors.webhooks.operations.send_again import send_again, send_test
from aftermile.doors.webhooks.policy import Outcome
from aftermile.doors.webhooks.states import Format
from aftermile.doors.webhooks.tasks import run_turn
from aftermile.kernel.clock import now
from aftermile.kernel.events import read
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.tenancy import merchant_scope, run_in_scope
from tests.conftest import NOON
from tests.doors.webhooks.conftest import Shop, webhook_id
from tests.doors.webhooks.receiver import Answer, Receiver, nobody

pytestmark = pytest.mark.django_db

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


class TestARequest:
    def test_is_verified_by_the_receivers_library(self, shop: Shop, receiver: Receiver) -> None:
        shop.at = now()
        id_, secret = shop.listens(receiver.url, headers={"Authorization": "Bearer tales"})
        shop.parcels_are_recorded()
        shop.work()
        (request,), (message,) = receiver.requests, shop.messages(id_)
        verified = Webhook(secret).verify(request.body, request.headers)
        assert verified["type"] == "parcel.recorded"
        assert request.id == webhook_id(message)
        assert request.headers["content-type"] == "application/json"
        assert request.headers["authorization"] == "Bearer tales"
        assert (message.status, message.attempts[0].status_code) == ("sent", 200)
        assert message.attempts[0].response_excerpt == "ok"

    def test_in_the_aftership_format_is_signed_as_aftership_does(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        id_, secret = shop.listens(receiver.url, format_=Format.AFTERSHIP)
        shop.scanned(("AB1", SubStatus.IN_TRANSIT))
        with merchant_scope(shop.merchant.id):
            send_test(endpoint_id=id_, at=NOON)
        shop.work()
        assert sorted(each.json["msg"]["tracking_number"] for each in receiver.requests) == [
            "AB1",
            "TEST0000000000",
        ]
        for request in receiver.requests:
            expected = base64.b64encode(
                hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
            ).decode()
            assert request.headers["aftership-hmac-sha256"] == expected
            assert request.headers["as-webhook-version"] == "2026-07"
            assert request.json["event"] == "tracking_update"

    def test_of_an_aftership_endpoint_is_signed_with_the_former_secret_until_it_lapses(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        id_, old = shop.listens(receiver.url, format_=Format.AFTERSHIP)
        with merchant_scope(shop.merchant.id):
            _, new = rotate_secret(endpoint_id=id_, overlap=HOUR, at=shop.at)
        for secret in (old, new):
            with merchant_scope(shop.merchant.id):
                send_test(endpoint_id=id_, at=shop.at)
            shop.work()
            request = receiver.requests[-1]
            expected = base64.b64encode(
                hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
            ).decode()
            assert request.headers["aftership-hmac-sha256"] == expected
            shop.at += HOUR

    def test_keeps_its_id_and_body_and_is_signed_anew_at_each_attempt(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        receiver.answers = [Answer(500), Answer(500)]
        shop.listens(receiver.url)
        shop.parcels_are_recorded()
        shop.live(until=HOUR)
        assert len(receiver.requests) == 3
        assert len(set(receiver.ids)) == 1
        assert len({request.body for request in receiver.requests}) == 1
        assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == 3
        assert len({request.headers["webhook-signature"] for request in receiver.requests}) == 3


class TestAFailure:
    def test_is_tried_again_on_the_schedule_until_the_endpoint_is_switched_off(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        receiver.usual = Answer(500, b"out of paper")
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded()
        shop.live(until=10 * DAY)
        (message,) = shop.messages(id_)
        begun = [made.begun_at for made in message.attempts]
        pauses = [later - earlier for earlier, later in pairwise(begun)]
        schedule = [
            *(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR),
            *(10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
        ]
        assert len(pauses) == len(schedule)
        for pause, published in zip(pauses, schedule, strict=True):
            assert published <= pause <= 1.1 * published + SECOND
        assert (message.status, message.next_attempt_at) == ("failed", None)
        assert {(made.status_code, made.response_excerpt) for made in message.attempts} == {
            (500, "out of paper")
        }
        endpoint = shop.endpoint(id_)
        assert (endpoint.status, endpoint.disabled_reason, endpoint.failures) == ("disabled", "exhausted", 10)
        assert endpoint.explanation == "It took no message from the first to the last attempt of one."
        assert self._said(shop) == [("exhausted", id_)]

    def test_of_an_aftership_endpoint_is_tried_fourteen_times(self, shop: Shop, receiver: Receiver) -> None:
        receiver.usual = Answer(500)
        id_, _ = shop.listens(receiver.url, format_=Format.AFTERSHIP)
        with merchant_scope(shop.merchant.id):
            send_test(endpoint_id=id_, at=shop.at)
        shop.live(until=10 * DAY)
        (message,) = shop.messages(id_)
        assert (len(message.attempts), message.status) == (14, "failed")

    def test_that_says_gone_switches_off_at_once(self, shop: Shop, receiver: Receiver) -> None:
        receiver.usual = Answer(410)
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(3)
        shop.live(until=10 * DAY)
        assert len(receiver.requests) == 1
        assert shop.endpoint(id_).disabled_reason == "gone"
        assert self._said(shop) == [("gone", id_)]

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_is_what_a_redirect_is(
        self, shop: Shop, receiver: Receiver, other_receiver: Receiver, status: int
    ) -> None:
        receiver.answers = [Answer(status, headers={"Location": other_receiver.url})]
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded()
        shop.work()
        assert other_receiver.requests == []
        (message,) = shop.messages(id_)
        assert (message.status, message.attempts[0].status_code) == ("pending", status)

    def test_waits_as_long_as_the_receiver_asks(self, shop: Shop, receiver: Receiver) -> None:
        receiver.answers = [Answer(429, headers={"Retry-After": "3600"})]
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(3)
        shop.live(until=59 * MINUTE)
        assert len(receiver.requests) == 1
        assert shop.endpoint(id_).resting_until is not None
        shop.live(until=5 * MINUTE)
        assert len(receiver.requests) == 4
        assert {message.status for message in shop.messages(id_)} == {"sent"}
        assert (shop.endpoint(id_).resting_until, shop.endpoint(id_).failures) == (None, 0)

    def test_of_one_message_does_not_hold_up_the_others(self, shop: Shop, receiver: Receiver) -> None:
        receiver.answers = [Answer(400)]
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(3)
        shop.work()
        assert [message.status for message in shop.messages(id_)] == ["pending", "sent", "sent"]

    def test_of_one_message_to_the_last_does_not_switch_off_an_endpoint_that_takes_others(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded()
        receiver.answers = [Answer(400)]
        shop.work()
        (odd,) = shop.messages(id_)
        for _ in range(9):
            shop.parcels_are_recorded()
            shop.work()
            receiver.answers = [Answer(400)]
            planned = shop.next_planned()
            while planned is not None and len(shop.messages(id_)[0].attempts) == len(odd.attempts):
                shop.at = planned
                shop.work()
                planned = shop.next_planned()
            (odd, *_) = shop.messages(id_)
        assert (odd.status, len(odd.attempts)) == ("failed", 10)
        assert shop.endpoint(id_).status == "active"

    def test_of_an_unreachable_endpoint_says_why(self, shop: Shop) -> None:
        id_, _ = shop.listens(nobody())
        shop.parcels_are_recorded(5)
        shop.work()
        attempts = [made for message in shop.messages(id_) for made in message.attempts]
        assert [(made.status_code, made.error) for made in attempts] == [(None, "unreachable")]
        assert "takes no connection" in attempts[0].detail

    def test_for_days_switches_off_a_busy_endpoint(self, shop: Shop) -> None:
        """With ever new messages each probe takes another one, and none uses up its attempts first."""
        id_, _ = shop.listens(nobody())
        shop.parcels_are_recorded(100)
        shop.live(until=2 * HOUR)
        assert max(len(message.attempts) for message in shop.messages(id_)) == 1
        shop.at = NOON + 5 * DAY - MINUTE
        shop.work()
        assert shop.endpoint(id_).status == "active"
        shop.live(until=HOUR)
        endpoint = shop.endpoint(id_)
        assert (endpoint.status, endpoint.disabled_reason) == ("disabled", "failing")
        assert endpoint.disabled_at is not None
        assert 5 * DAY <= endpoint.disabled_at - NOON <= 5 * DAY + 20 * MINUTE

    def test_is_probed_with_one_message_and_followed_by_all_when_the_endpoint_is_back(
        self, shop: Shop, receiver: Receiver
    ) -> None:
        receiver.answers = [Answer(503), Answer(503), Answer(503)]
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(30)
        shop.live(until=14 * SECOND)
        assert len(receiver.requests) == 2
        shop.live(until=4 * SECOND)
        assert len(receiver.requests) == 3
        shop.live(until=2 * MINUTE)
        assert len(receiver.requests) == 3 + 30
        assert {message.status for message in shop.messages(id_)} == {"sent"}

    def _said(self, shop: Shop) -> list[tuple[str, object]]:
        with merchant_scope(shop.merchant.id):
            return [
                (each.event.reason, each.event.endpoint_id)
                for each in read(after=0, types=["webhook_endpoint.disabled"])
            ]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_addresses_inside_the_operators_network_are_refused(
    shop: Shop, receiver: Receiver, host: str
) -> None:
    shop.client = OutboundClient(purpose="webhooks")
    port = receiver.url.split(":")[2]
    id_, _ = shop.listens(f"http://{host}:{port}")
    shop.parcels_are_recorded()
    shop.work()
    assert receiver.requests == []
    ((made,),) = (message.attempts for message in shop.messages(id_))
    assert (made.status_code, made.error) == (None, "refused")


def test_the_clouds_metadata_stays_closed_even_in_a_demonstration(shop: Shop) -> None:
    id_, _ = shop.listens("http://169.254.169.254/latest/meta-data")
    shop.parcels_are_recorded()
    shop.work()
    assert [made.error for made in shop.messages(id_)[0].attempts] == ["refused"]


def test_a_dead_endpoint_beside_a_healthy_one(shop: Shop, receiver: Receiver) -> None:
    """Row 4 of the failures of others: each event once and at once for the one, the schedule for the other."""
    dead, _ = shop.listens(nobody())
    healthy, _ = shop.listens(receiver.url)
    for day in range(6):
        for _ in range(2):
            before = len(receiver.requests)
            shop.parcels_are_recorded(5)
            shop.work()
            assert len(receiver.requests) == before + 5, f"late on day {day}"
            shop.live(until=5 * MINUTE)
            shop.at += 12 * HOUR
    assert len(receiver.requests) == len(set(receiver.ids)) == 6 * 2 * 5
    assert [len(message.attempts) for message in shop.messages(healthy)] == [1] * 60
    assert shop.endpoint(healthy).status == "active"
    assert shop.endpoint(dead).status == "disabled"
    told = [message for message in shop.messages(dead) if message.attempts]
    assert told
    assert all(
        later.begun_at - earlier.begun_at >= 5 * SECOND
        for message in told
        for earlier, later in pairwise(message.attempts)
    )


def test_messages_go_out_in_the_order_of_their_events(shop: Shop, receiver: Receiver) -> None:
    shop.listens(receiver.url)
    shop.parcels_are_recorded(2 * PORTION + 3)
    shop.work()
    numbers = [request.json["data"]["tracking_number"] for request in receiver.requests]
    assert numbers == [f"AB{number}" for number in range(2 * PORTION + 3)]
    assert receiver.most_in_flight == 1


def test_the_work_for_the_database_does_not_grow_with_a_portion(shop: Shop, receiver: Receiver) -> None:
    def cost(count: int) -> int:
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(count)
        shop.work_but_send_nothing()
        turn = run_in_scope(shop.merchant.id, lambda: take_turn(endpoint_id=id_, planned=None, at=shop.at))
        assert turn is not None
        with (
            CaptureQueriesContext(connection) as captured,
            # However slow the test's machine, outcomes are written when all are in.
            patch.object(tasks, "_WRITE_AFTER_SECONDS", 60.0),
        ):
            run_turn(turn, client=shop.client, clock=lambda: shop.at)
        return len(captured)

    assert cost(2) == cost(PORTION)


class TestASenderThatDies:
    """`kill -9` between the call and its outcome: sent again under the same id, never lost."""

    def test_leaves_its_message_to_the_next(self, shop: Shop, receiver: Receiver) -> None:
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(2)
        with (
            pytest.raises(KeyboardInterrupt),
            patch.object(calling, "Outcome", side_effect=KeyboardInterrupt),
        ):
            shop.work()
        assert len(receiver.requests) == 1
        shop.work()
        assert [message.status for message in shop.messages(id_)] == ["pending", "pending"]
        shop.live(until=LEASE)
        assert [message.status for message in shop.messages(id_)] == ["sent", "sent"]
        assert len(receiver.requests) == 3
        assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]

    def test_is_not_replaced_while_it_may_still_be_calling(self, shop: Shop, receiver: Receiver) -> None:
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded()
        shop.work_but_send_nothing()
        with merchant_scope(shop.merchant.id):
            assert take_turn(endpoint_id=id_, planned=None, at=shop.at) is not None
            assert take_turn(endpoint_id=id_, planned=None, at=shop.at + LEASE - SECOND) is None
            assert take_turn(endpoint_id=id_, planned=None, at=shop.at + LEASE) is not None

    def test_and_comes_back_to_life_writes_down_and_goes(self, shop: Shop, receiver: Receiver) -> None:
        id_, _ = shop.listens(receiver.url)
        shop.parcels_are_recorded(2)
        shop.work_but_send_nothing()
        merchant_id = shop.merchant.id
        slow = run_in_scope(merchant_id, lambda: take_turn(endpoint_id=id_, planned=None, at=shop.at))
        assert slow is not None
        portion = run_in_scope(merchant_id, lambda: proceed(slow, [], at=shop.at))
        assert portion is not None
        shop.at += 2 * LEASE
        next_ = run_in_scope(merchant_id, lambda: take_turn(endpoint_id=id_, planned=None, at=shop.at))
        assert next_ is not None
        outcome = calling.call(shop.client, portion, portion.messages[0], at=shop.at)
        sent = [Sent(portion.messages[0], outcome)]
        assert run_in_scope(merchant_id, lambda: proceed(slow, sent, at=shop.at)) is None
        assert [message.status for message in shop.messages(id_)] == ["sent", "pending"]
        run_turn(next_, client=shop.client, clock=lambda: shop.at)
        assert [message.status for message in shop.messages(id_)] == ["sent", "sent"]
        assert len(receiver.requests) == 2


def test_a_sender_told_to_stop_leaves_the_rest_in_line(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(5)
    shop.work_but_send_nothing()
    turn = run_in_scope(shop.merchant.id, lambda: take_turn(endpoint_id=id_, planned=None, at=shop.at))
    assert turn is not None
    run_turn(turn, client=shop.client, clock=lambda: shop.at, should_stop=lambda: len(receiver.requests) >= 2)
    assert len(receiver.requests) == 2
    shop.work()
    assert len(receiver.requests) == len(set(receiver.ids)) == 5


def test_a_message_sent_again_by_hand_while_it_is_on_its_way_begins_anew(
    shop: Shop, receiver: Receiver
) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work_but_send_nothing()
    (waiting,) = shop.messages(id_)

    outcomes = [Outcome(begun_at=shop.at, duration=SECOND, status_code=status) for status in (500, 200)]

    def call(*_: object, **__: object) -> Outcome:
        if len(outcomes) == 2:
            with merchant_scope(shop.merchant.id):
                send_again(endpoint_id=id_, message_id=waiting.id, at=shop.at + SECOND)
        return outcomes.pop(0)

    with patch.object(tasks, "call", call):
        shop.work()
        shop.at += SECOND
        shop.work()
    (message,) = shop.messages(id_)
    assert (message.status, message.tries, len(message.attempts)) == ("sent", 1, 2)


def test_each_wake_is_planned_once(shop: Shop, receiver: Receiver) -> None:
    """A busy endpoint leaves no trail of jobs that look after it."""
    shop.listens(receiver.url)
    for _ in range(50):
        shop.parcels_are_recorded()
        shop.work()
        shop.at += SECOND
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'webhooks.send'")
        (left,) = cursor.fetchone()
    assert left <= 2
    shop.live(until=DAY)
    assert shop.next_planned() is None
