"""The three beats: whatever happens between them, nothing is lost and no offer is sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from aftermile.capabilities.exceptions.public import Kind
from aftermile.capabilities.messaging import silence
from aftermile.capabilities.messaging.events import MessageFailed, MessageSent, MessageWithheld
from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.operations.record_outcomes import NotBegun, Sent, record_outcomes
from aftermile.capabilities.messaging.operations.take_due import LEASE, renew_lease, take_due
from aftermile.capabilities.messaging.public import (
    MessagingSettings,
    Mood,
    Problem,
    Purpose,
    Rendered,
    Status,
    Unrenderable,
    change_messaging_settings,
    content,
    explain,
    suppressions,
)
from aftermile.capabilities.messaging.retrying import MOST_TRIES, PAUSES
from aftermile.capabilities.shoppers.public import Answer, record_consent
from aftermile.connectors.contracts.channels import Outcome, Result
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import (
    BY,
    NIGHT,
    NOON,
    SAID,
    a_shopper,
    after,
    answers,
    ask,
    marketing,
    now_is,
    send_with,
    service,
    statuses,
    wanted,
)
from tests.capabilities.shop import counted, log

pytestmark = pytest.mark.django_db

TAKEN = Outcome(result=Result.TAKEN, external_id="ext-1")
LATER = Outcome(result=Result.LATER, code="451", detail="come back later")
NEVER = Outcome(result=Result.NEVER, code="5.1.1", detail="no such user", address_is_dead=True)
NOBODY_KNOWS = Outcome(result=Result.UNKNOWN, detail="the line broke")


def test_a_message_is_taken_sent_and_told(merchant: object) -> None:
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        ana = a_shopper("Ana")
        (view,) = ask(wanted(ana))
        assert send_with(TAKEN, at=after(minutes=1)) == [view.id]
        sent = now_is(view)
        assert (sent.status, sent.channel, sent.address, sent.taken_at, sent.tries) == (
            Status.TAKEN,
            "outbox",
            "ana@shopper.example",
            after(minutes=1),
            1,
        )
        assert content(view.id) == SAID
        assert take_due(at=after(days=1)) is None
    assert log(merchant)[-1] == MessageSent(
        message_id=view.id,
        shopper_id=ana,
        touchpoint="confirmation",
        purpose="transactional",
        medium="email",
        channel="outbox",
        order_id=None,
        parcel_id=None,
    )


def test_nothing_goes_out_before_its_time(in_scope: object) -> None:
    ask(wanted(a_shopper("Ana"), not_before=after(hours=1)))
    assert send_with(at=after(minutes=59)) == []
    assert len(send_with(at=after(hours=1))) == 1


def test_twenty_orders_of_one_shopper_at_once_are_twenty_messages(in_scope: object) -> None:
    """Row 10 of the known failures: others sent 3 and left 17 pending for ever."""
    ana = a_shopper("Ana")
    views = ask(*(wanted(ana, order_id=uuid4(), touchpoint="dispatched") for _ in range(20)))
    assert sorted(send_with(TAKEN, at=NOON)) == sorted(view.id for view in views)
    assert statuses(in_scope) == {"taken": 20}


def test_what_was_allowed_is_looked_at_again(merchant: object) -> None:
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        ana = a_shopper("Ana", granted=["marketing"])
        (view,) = ask(marketing(ana, not_before=after(days=1)))
        refusal = Answer(medium="email", purpose="marketing", granted=False)
        record_consent(shopper_id=ana, answers=[refusal], proof="asked us", by=BY, at=after(hours=1))
        assert send_with(at=after(days=1)) == []
        assert (now_is(view).status, now_is(view).withheld_for) == (Status.WITHHELD, "consent")
    assert isinstance(log(merchant)[-1], MessageWithheld)


def test_bad_news_silences_cheer_that_was_planned_before(
    in_scope: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = a_shopper("Ana", granted=["marketing"]), a_shopper("Ben")
    offer, review, sorry, fine = ask(
        marketing(ana, mood=Mood.NEUTRAL, not_before=after(days=1)),
        service(ana, mood=Mood.CHEERFUL, not_before=after(days=1)),
        service(ana, mood=Mood.BAD_NEWS, not_before=after(days=1)),
        service(ben, mood=Mood.CHEERFUL, not_before=after(days=1)),
    )
    monkeypatch.setattr(silence, "shoppers_in_trouble", lambda ids: {ana: (Kind.LATE,)} if ana in ids else {})
    assert sorted(send_with(at=after(days=1))) == sorted([sorry.id, fine.id])
    assert [now_is(view).withheld_for for view in (offer, review)] == ["silence", "silence"]
    check = next(check for check in now_is(offer).checks if check.name == "silence")
    assert check.facts == {"trouble": ["parcel:late"]}


def test_quiet_hours_that_came_in_between_postpone(in_scope: object) -> None:
    (view,) = ask(service(a_shopper("Ana"), not_before=after(hours=8)))
    assert send_with(at=NIGHT) == []
    assert (now_is(view).status, now_is(view).due_at) == (Status.PLANNED, after(hours=19))
    assert send_with(at=after(hours=19)) == [view.id]


def test_the_cap_holds_for_what_falls_due_together(in_scope: object) -> None:
    change_messaging_settings(MessagingSettings(cap_count=50), by=BY, at=NOON)
    ana = a_shopper("Ana")
    ask(*(service(ana, not_before=after(days=1)) for _ in range(5)))
    change_messaging_settings(MessagingSettings(cap_count=2), by=BY, at=NOON)
    assert len(send_with(at=after(days=1))) == 2
    assert statuses(in_scope) == {"taken": 2, "withheld": 3}


def test_a_channel_that_is_busy_is_asked_again_and_given_up_at_last(merchant: object) -> None:
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        (view,) = ask(wanted(a_shopper("Ana")))
        at = NOON
        for tries in range(1, MOST_TRIES + 1):
            assert send_with(LATER, at=at) == [view.id]
            told = now_is(view)
            assert told.tries == tries
            if tries < MOST_TRIES:
                assert (told.status, told.due_at) == (Status.PLANNED, at + PAUSES[tries - 1])
                assert send_with(LATER, at=told.due_at - timedelta(seconds=1)) == []
                at = told.due_at
        told = now_is(view)
        assert (told.status, told.problem, told.detail) == (
            Status.FAILED,
            Problem.GIVEN_UP,
            "451 come back later",
        )
    assert log(merchant)[-1] == MessageFailed(
        message_id=view.id,
        shopper_id=view.shopper_id,
        touchpoint="confirmation",
        medium="email",
        status="failed",
        problem="given_up",
    )


def test_a_pause_the_channel_asks_for_is_kept(in_scope: object) -> None:
    (view,) = ask(wanted(a_shopper("Ana")))
    send_with(Outcome(result=Result.LATER, retry_after_seconds=3600), at=NOON)
    assert now_is(view).due_at == after(hours=1)


def test_a_dead_address_is_not_written_to_again(in_scope: object) -> None:
    ana = a_shopper("Ana")
    (view,) = ask(wanted(ana))
    send_with(NEVER, at=NOON)
    assert (now_is(view).status, now_is(view).problem) == (Status.FAILED, Problem.REFUSED)
    assert [(each.reason, each.message_id) for each in suppressions()] == [("bounced", view.id)]
    assert [each.withheld_for for each in ask(wanted(ana))] == ["suppressed"]


@pytest.mark.parametrize(
    ("purpose", "status"),
    [
        (Purpose.TRANSACTIONAL, Status.PLANNED),
        (Purpose.SERVICE, Status.PLANNED),
        (Purpose.MARKETING, Status.UNKNOWN),
    ],
)
def test_no_answer_is_tried_again_but_never_for_an_offer(
    in_scope: object, purpose: Purpose, status: Status
) -> None:
    (view,) = ask(wanted(a_shopper("Ana", granted=["marketing"]), purpose))
    send_with(NOBODY_KNOWS, at=NOON)
    assert now_is(view).status is status
    assert len(send_with(TAKEN, at=after(days=1))) == (status is Status.PLANNED)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_sender_that_dies_before_or_after_the_call_loses_nothing(
    merchant: object, purpose: Purpose
) -> None:
    """Row 11: nobody wrote down what came of it. It may have been handed over, or not."""
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        (view,) = ask(wanted(a_shopper("Ana", granted=["marketing"]), purpose))
        assert take_due(at=NOON) is not None
        assert take_due(at=NOON + LEASE - timedelta(seconds=1)) is None
        over = NOON + LEASE
        again = take_due(at=over)
        assert again is not None
        if purpose is Purpose.MARKETING:
            assert again.messages == ()
            assert (now_is(view).status, now_is(view).problem) == (Status.UNKNOWN, Problem.SENDER_DIED)
            assert send_with(at=after(days=9)) == []
        else:
            assert [each.id for each in again.messages] == [view.id]
            record_outcomes(lease=again.lease, sent=answers(again, TAKEN), at=over)
            assert (now_is(view).status, now_is(view).tries) == (Status.TAKEN, 2)
    if purpose is Purpose.MARKETING:
        assert [each.problem for each in log(merchant) if isinstance(each, MessageFailed)] == ["sender_died"]


def test_a_sender_that_lives_holds_what_it_has(in_scope: object) -> None:
    ask(marketing(a_shopper("Ana", granted=["marketing"])))
    portion = take_due(at=NOON)
    assert portion is not None
    assert renew_lease(lease=portion.lease, at=after(seconds=50)) == after(seconds=50) + LEASE
    assert take_due(at=after(seconds=100)) is None


def test_a_sender_taken_for_dead_may_still_tell_that_it_was_taken(in_scope: object) -> None:
    offer, bought = ask(
        marketing(a_shopper("Ana", granted=["marketing"])), wanted(a_shopper("Ben"), touchpoint="dispatched")
    )
    slow = take_due(at=NOON)
    assert slow is not None
    send_with(LATER, at=NOON + LEASE)
    assert (now_is(offer).status, now_is(bought).status) == (Status.UNKNOWN, Status.PLANNED)
    record_outcomes(lease=slow.lease, sent=answers(slow, TAKEN), at=after(minutes=3))
    assert (now_is(offer).status, now_is(bought).status) == (Status.TAKEN, Status.TAKEN)


def test_a_sender_taken_for_dead_is_believed_nothing_else(in_scope: object) -> None:
    (view,) = ask(wanted(a_shopper("Ana")))
    slow = take_due(at=NOON)
    assert slow is not None
    send_with(TAKEN, at=NOON + LEASE)
    for outcome in (NEVER, LATER, NOBODY_KNOWS):
        record_outcomes(lease=slow.lease, sent=answers(slow, outcome), at=after(minutes=3))
    assert now_is(view).status is Status.TAKEN


def test_what_was_not_begun_is_as_good_as_new(in_scope: object) -> None:
    (view,) = ask(marketing(a_shopper("Ana", granted=["marketing"])))
    portion = take_due(at=NOON)
    assert portion is not None
    record_outcomes(lease=portion.lease, sent=[Sent(message_id=view.id, outcome=NotBegun())], at=NOON)
    assert (now_is(view).status, now_is(view).tries) == (Status.PLANNED, 0)
    assert send_with(TAKEN, at=NOON) == [view.id]


def test_what_cannot_be_written_fails_and_says_why(in_scope: object) -> None:
    (view,) = ask(wanted(a_shopper("Ana")))
    portion = take_due(at=NOON)
    assert portion is not None
    unwritten = Sent(message_id=view.id, outcome=Unrenderable("The template ran too long."))
    record_outcomes(lease=portion.lease, sent=[unwritten], at=NOON)
    told = now_is(view)
    assert (told.status, told.problem, told.detail) == (
        Status.FAILED,
        Problem.UNRENDERABLE,
        "The template ran too long.",
    )


def test_another_shop_has_nothing_to_send(merchant: object, other_merchant: object) -> None:
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        ask(wanted(a_shopper("Ana")))
    with merchant_scope(other_merchant.id):  # type: ignore[attr-defined]
        assert take_due(at=NOON) is None


def test_the_number_of_statements_does_not_grow(in_scope: object) -> None:
    people = [a_shopper(f"S{n}", granted=["marketing"]) for n in range(30)]
    counts = []
    for first, last in ((0, 1), (1, 30)):
        ask(*(each(person) for person in people[first:last] for each in (wanted, service, marketing)))
        with counted() as queries:
            portion = take_due(at=NOON, limit=500)
            assert portion is not None
            assert len(portion.messages) == 3 * (last - first)
            record_outcomes(lease=portion.lease, sent=answers(portion, _mixed(portion.lease)), at=NOON)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 22


def _mixed(_lease: UUID) -> Outcome:
    return Outcome(result=Result.TAKEN)


def test_a_letter_that_said_much_is_kept_small(in_scope: object) -> None:
    said = Rendered(subject="S", html="<table><tr><td>word</td></tr></table>" * 1000, text="word " * 200)
    (view,) = ask(wanted(a_shopper("Ana"), content=said))
    send_with(TAKEN, at=NOON)
    assert content(view.id) == said


def test_counting_begins_when_it_was_sent(in_scope: object) -> None:
    (view,) = ask(service(a_shopper("Ana")))
    at: datetime = after(hours=2)
    send_with(TAKEN, at=at)
    assert Message.rows().get(id=view.id).counts_at == at


def test_what_would_say_nothing_is_withheld(merchant: object) -> None:
    empty = Unrenderable("There are no tips for it.", is_empty=True)
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        (asked,) = ask(service(a_shopper("Ana")))
        portion = take_due(at=NOON)
        assert portion is not None
        record_outcomes(lease=portion.lease, sent=[Sent(message_id=asked.id, outcome=empty)], at=NOON)
        found = now_is(asked)
    assert (found.status, found.withheld_for, found.detail) == (Status.WITHHELD, "content", empty.why)
    assert explain(found)[0] == "Not sent. There are no tips for it."
    (told,) = [each for each in log(merchant) if isinstance(each, MessageWithheld)]
    assert (told.message_id, told.reason) == (asked.id, "content")
