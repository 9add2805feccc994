"""Whole turns against a mail server on loopback: what it does to a letter decides what becomes of the message."""

from __future__ import annotations

import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from aftermile.capabilities.messaging import rendering, tasks
from aftermile.capabilities.messaging.operations.take_due import LEASE
from aftermile.capabilities.messaging.public import (
    Lines,
    Problem,
    Purpose,
    Rendered,
    Status,
    ToRender,
    Unrenderable,
    keep_sender,
    read_unsubscribe_token,
    render_with,
    run_turn,
)
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.smtp import Patience, SmtpPools
from aftermile.kernel.smtp_server import SmtpServer
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import (
    BY,
    NOON,
    SAID,
    a_shopper,
    after,
    ask,
    marketing,
    now_is,
    service,
    statuses,
    wanted,
)
from tests.kernel.mail_server import Inbox, mail_server

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def posting(merchant: Any, inbox: Inbox) -> Iterator[Lines]:
    """Let a shop's mail go to an inbox."""
    pools = SmtpPools(allow_private=True, patience=Patience(connect=5, reply=5, send=5, taken=5))
    with mail_server(inbox) as server:
        with merchant_scope(merchant.id):
            use(server)
        yield Lines(OutboundClient(), pools)
        pools.close()


def use(server: SmtpServer) -> None:
    keep_sender(
        medium=Medium.EMAIL,
        channel_slug="smtp",
        credentials={"host": server.host, "port": str(server.port), "security": "none"},
        address="care@shop.example",
        by=BY,
        at=NOON,
    )


def turn(merchant: Any, lines: Lines, at: datetime = NOON, **how: Any) -> int:
    return run_turn(merchant.id, lines=lines, clock=lambda: at, **how)


def test_everything_due_goes_out_once(merchant: Any) -> None:
    inbox = Inbox()
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            people = [a_shopper(f"S{n}", granted=["marketing"]) for n in range(20)]
            views = ask(*(each(one) for one in people for each in (wanted, service, marketing)))
        assert turn(merchant, lines) == 60
        assert turn(merchant, lines) == 0
    assert statuses(merchant) == {"taken": 60}
    ids = [email.message_from_bytes(letter)["message-id"] for _, _, letter in inbox.letters]
    assert sorted(ids) == sorted(f"<{view.id.hex}@shop.example>" for view in views)


def test_one_click_is_for_what_is_not_part_of_the_purchase(merchant: Any, settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"public_url": "https://shop.example"})
    inbox = Inbox()
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", granted=["marketing"])
            ask(wanted(ana), marketing(ana))
        turn(merchant, lines)
    letters = [email.message_from_bytes(letter) for _, _, letter in inbox.letters]
    ways = sorted(str(letter["list-unsubscribe"]) for letter in letters)
    assert ways[1] == "None"
    link = read_unsubscribe_token(ways[0].strip("<>").removeprefix("https://shop.example/unsubscribe/"))
    assert (link.merchant_id, link.shopper_id, link.purpose) == (merchant.id, ana, Purpose.MARKETING)


def test_refusals_of_the_server(merchant: Any) -> None:
    words = {"gone": "550 5.1.1 no such user", "busy": "451 4.3.0 later"}
    inbox = Inbox(at_recipient=lambda address: words.get(address.partition("@")[0], ""))
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            gone, busy, fine = ask(*(wanted(a_shopper(name)) for name in ("Gone", "Busy", "Fine")))
        turn(merchant, lines)
    with merchant_scope(merchant.id):
        assert [now_is(view).status for view in (gone, busy, fine)] == [
            Status.FAILED,
            Status.PLANNED,
            Status.TAKEN,
        ]
        assert now_is(gone).problem is Problem.REFUSED
        assert [view.withheld_for for view in ask(wanted(gone.shopper_id))] == ["suppressed"]
        assert "gone@" not in now_is(gone).detail


def test_a_server_that_is_not_there_loses_nothing(merchant: Any) -> None:
    with posting(merchant, Inbox()) as lines:
        pass
    with merchant_scope(merchant.id):
        ana = a_shopper("Ana", granted=["marketing"])
        bought, offer = ask(wanted(ana), marketing(ana))
    turn(merchant, lines)
    inbox = Inbox()
    with merchant_scope(merchant.id):
        assert [now_is(view).status for view in (bought, offer)] == [Status.PLANNED, Status.PLANNED]
    with posting(merchant, inbox) as lines:
        turn(merchant, lines, at=after(minutes=1))
    assert len(inbox.letters) == 2
    assert statuses(merchant) == {"taken": 2}


def test_a_turn_told_to_stop_leaves_the_rest_as_it_was(merchant: Any) -> None:
    stop = threading.Event()

    def at_data(_: bytes) -> str:
        stop.set()
        return ""

    inbox = Inbox(at_data=at_data)
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            people = [a_shopper(f"S{n}", granted=["marketing"]) for n in range(40)]
            ask(*(marketing(one) for one in people))
        turn(merchant, lines, should_stop=stop.is_set)
        sent = len(inbox.letters)
        assert 1 <= sent < 40
        assert statuses(merchant) == {"taken": sent, "planned": 40 - sent}
        turn(merchant, lines)
    assert len(inbox.letters) == 40


class Killed(BaseException):
    """What ends a process here."""


@pytest.mark.parametrize("beat", ["take_due", "_write", "send", "record_outcomes"])
def test_killed_at_any_beat_nothing_is_lost_and_no_offer_goes_twice(
    merchant: Any, monkeypatch: pytest.MonkeyPatch, beat: str
) -> None:
    """Row 11 of the known failures: before the taking commits, before the call, after it, before its outcome is kept."""
    inbox = Inbox()
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", granted=["marketing"])
            bought, offer = ask(wanted(ana), marketing(ana))
        with monkeypatch.context() as broken:
            _kill_behind(broken, beat)
            with pytest.raises(Killed):
                turn(merchant, lines)
        turn(merchant, lines, at=NOON + LEASE)
        turn(merchant, lines, at=NOON + 2 * LEASE)
    ids = [email.message_from_bytes(letter)["message-id"].strip("<>") for _, _, letter in inbox.letters]
    assert ids.count(f"{bought.id.hex}@shop.example") in (1, 2)
    assert ids.count(f"{offer.id.hex}@shop.example") <= 1
    with merchant_scope(merchant.id):
        assert now_is(bought).status is Status.TAKEN
        if beat == "take_due":
            assert now_is(offer).status is Status.TAKEN
        else:
            assert (now_is(offer).status, now_is(offer).problem) == (Status.UNKNOWN, Problem.SENDER_DIED)


def _kill_behind(broken: pytest.MonkeyPatch, beat: str) -> None:
    from aftermile.capabilities.messaging import sending

    whole = getattr(sending, beat)

    def killed(*given: Any, **named: Any) -> Any:
        whole(*given, **named)
        raise Killed

    broken.setattr(sending, beat, killed)


def test_a_slow_server_keeps_its_messages_leased(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from aftermile.capabilities.messaging import sending

    monkeypatch.setattr(sending, "WRITE_AFTER_SECONDS", 0.05)
    go_on, moment = threading.Event(), [NOON]

    def at_data(content: bytes) -> str:
        go_on.wait(10)
        return ""

    inbox = Inbox(at_data=at_data)
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            ask(*(marketing(a_shopper(f"S{n}", granted=["marketing"])) for n in range(2)))
        sender = threading.Thread(
            target=run_turn, args=(merchant.id,), kwargs={"lines": lines, "clock": lambda: moment[0]}
        )
        sender.start()
        # Time passes three leases long, and another sender finds nothing to take or to give up.
        for _ in range(8):
            moment[0] += LEASE / 3
            threading.Event().wait(0.15)
            run_turn(merchant.id, lines=lines, clock=lambda: moment[0], should_stop=lambda: False)
        assert set(statuses(merchant)) == {"sending"}
        go_on.set()
        sender.join(20)
    assert statuses(merchant) == {"taken": 2}
    assert len(inbox.letters) == 2


def test_templates_write_what_was_not_brought_along(merchant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_renderer", [])
    asked: list[ToRender] = []

    def renderer(messages: Any) -> dict[Any, Rendered | Unrenderable]:
        asked.extend(messages)
        return {
            each.message_id: Rendered(subject=f"Hello {each.values['name']}", text="Hello")
            if each.touchpoint == "confirmation"
            else Unrenderable("It calls itself.")
            for each in messages
        }

    render_with(renderer)
    inbox = Inbox()
    with posting(merchant, inbox) as lines:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", country="JP")
            good, bad, ready = ask(
                wanted(ana, content=None, values={"name": "Ana"}),
                wanted(ana, content=None, touchpoint="odd", values={"name": "Ana"}),
                wanted(ana, content=SAID),
            )
        turn(merchant, lines)
    with merchant_scope(merchant.id):
        assert [now_is(view).status for view in (good, bad, ready)] == [
            Status.TAKEN,
            Status.FAILED,
            Status.TAKEN,
        ]
        assert now_is(bad).detail == "It calls itself."
    assert {each.touchpoint for each in asked} == {"confirmation", "odd"}
    assert {(each.shopper_name, each.time_zone, each.languages) for each in asked} == {
        ("Ana", "Asia/Tokyo", ("en",))
    }
    subjects = sorted(email.message_from_bytes(letter)["subject"] for _, _, letter in inbox.letters)
    assert subjects == ["A word", "Hello Ana"]


def test_without_a_template_a_message_fails_and_says_so(merchant: Any) -> None:
    with posting(merchant, Inbox()) as lines:
        with merchant_scope(merchant.id):
            (view,) = ask(wanted(a_shopper("Ana"), content=None, touchpoint="nobody_wrote_it"))
        turn(merchant, lines)
    with merchant_scope(merchant.id):
        assert (now_is(view).status, now_is(view).problem) == (Status.FAILED, Problem.UNRENDERABLE)


def test_the_job_hands_its_merchant_to_the_crew(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        views = ask(*(wanted(a_shopper(f"S{n}")) for n in range(3)), at=now())
    queued = _queued()
    assert [name for name, _ in queued] == ["messaging.send"]
    for name, payload in queued * 3:  # asked again while it runs: served by the same turn
        jobs.run(name, payload)
    assert tasks.crew.wait_until_quiet(seconds=30)
    assert statuses(merchant) == {"taken": len(views)}  # the shop has no sender: its outbox keeps them


def test_what_was_left_is_found_within_the_minute(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        ask(wanted(a_shopper("Ana"), not_before=now() - timedelta(minutes=1)), at=now())
    connection.cursor().execute("DELETE FROM pgqueuer")
    tasks.look()
    assert [name for name, _ in _queued()] == ["messaging.send"]


def _queued() -> list[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entrypoint, payload FROM pgqueuer WHERE entrypoint = 'messaging.send' ORDER BY id"
        )
        return [(name, bytes(payload)) for name, payload in cursor.fetchall()]
