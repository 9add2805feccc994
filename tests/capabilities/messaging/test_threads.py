"""Many at once: every message has one sender, every key one message, and the cap holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection

from aftermile.capabilities.messaging.operations.take_due import take_due
from aftermile.capabilities.messaging.public import MessagingSettings, change_messaging_settings
from aftermile.kernel.tenancy import merchant_scope, run_in_scope
from tests.capabilities.messaging.stories import (
    BY,
    NOON,
    a_shopper,
    after,
    ask,
    send_with,
    service,
    statuses,
    wanted,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
T = TypeVar("T")


def at_once(merchant: Any, act: Callable[[], T], count: int = THREADS) -> list[T]:
    """Run an act in as many threads, each in a transaction of its own, all beginning together."""
    barrier = Barrier(count)

    def run(_: int) -> T:
        barrier.wait(30)
        try:
            return run_in_scope(merchant.id, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_senders_take_different_messages(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        people = [a_shopper(f"S{n}") for n in range(20)]
        views = ask(*(each(person) for person in people for each in (wanted, service)))
    portions = at_once(merchant, lambda: take_due(at=NOON, limit=10))
    taken = Counter(message.id for portion in portions if portion for message in portion.messages)
    assert set(taken.values()) == {1}
    # One may have looked while all that was left was locked by others.
    with merchant_scope(merchant.id):
        while (portion := take_due(at=NOON)) is not None:
            taken.update(message.id for message in portion.messages)
    assert taken == Counter(view.id for view in views)


def test_one_key_asked_for_by_many_is_one_message(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        ana = a_shopper("Ana")
    for round_ in range(5):
        wishes = [wanted(ana, once_key=f"round {round_}, {n}") for n in range(3)]
        given = at_once(merchant, lambda wishes=wishes: ask(*wishes))  # type: ignore[misc]
        assert len({tuple(view.id for view in views) for views in given}) == 1
    assert statuses(merchant) == {"planned": 15}


def test_the_cap_holds_however_many_send(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        change_messaging_settings(MessagingSettings(cap_count=50), by=BY, at=NOON)
        ana = a_shopper("Ana")
        ask(*(service(ana, not_before=after(hours=1)) for _ in range(16)))
        change_messaging_settings(MessagingSettings(cap_count=3), by=BY, at=NOON)
    portions = at_once(merchant, lambda: take_due(at=after(hours=1), limit=2))
    count = sum(len(portion.messages) for portion in portions if portion)
    with merchant_scope(merchant.id):
        count += len(send_with(at=after(hours=1)))
    assert count == 3
    assert statuses(merchant)["withheld"] == 13
