"""The job and its crew, as they run in the worker: nobody waits for a peer but the thread that called it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from aftermile.doors.webhooks import tasks
from aftermile.doors.webhooks.operations.send_again import send_test
from aftermile.doors.webhooks.queries import list_messages
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.webhooks.conftest import Shop, queued
from tests.doors.webhooks.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sends_here(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connection.cursor().execute("DELETE FROM pgqueuer")
    monkeypatch.setattr(tasks, "outbound_client", lambda purpose: shop.client)
    shop.at = now()
    yield
    assert tasks.proven.wait_until_quiet(seconds=30)
    assert tasks.unproven.wait_until_quiet(seconds=30)


def run_jobs() -> None:
    """Run what is queued for now, as a worker with one thread would."""
    while due := [job for job in queued() if b'"planned": "' not in job[2]]:
        for number, name, payload in due:
            connection.cursor().execute("DELETE FROM pgqueuer WHERE id = %s", [number])
            jobs.run(name, payload)


def test_endpoints_that_hang_hold_up_neither_the_worker_nor_a_healthy_one(
    shop: Shop, receiver: Receiver, other_receiver: Receiver
) -> None:
    healthy, _ = shop.listens(receiver.url)
    with merchant_scope(shop.merchant.id):
        send_test(endpoint_id=healthy, at=now())
    run_jobs()
    assert tasks.unproven.wait_until_quiet(seconds=30)
    release = threading.Event()
    other_receiver.usual = Answer(until=release)
    for _ in range(2 * tasks.UNPROVEN_THREADS):
        shop.listens(other_receiver.url)
    shop.parcels_are_recorded(3)
    run_jobs()
    assert receiver.wait_for(1 + 3)
    assert tasks.proven.wait_until_quiet(seconds=30)
    assert other_receiver.wait_for(tasks.UNPROVEN_THREADS)
    # Those that hang have had one call each, as many at a time as there are threads for them.
    assert len(other_receiver.requests) == tasks.UNPROVEN_THREADS
    assert [each.status for each in shop.messages(healthy)] == ["sent"] * 4
    release.set()
    assert other_receiver.wait_for(3 * 2 * tasks.UNPROVEN_THREADS)
    assert len(set(other_receiver.ids)) == len(other_receiver.ids)


def test_many_jobs_at_once_send_everything_once(shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    for _ in range(20):
        shop.parcels_are_recorded(5)
    threads = [threading.Thread(target=_run_jobs_here) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_jobs()
    assert receiver.wait_for(100)
    assert tasks.unproven.wait_until_quiet(seconds=30)
    assert tasks.proven.wait_until_quiet(seconds=30)
    assert len(receiver.ids) == len(set(receiver.ids)) == 100
    assert receiver.most_in_flight == 1
    with merchant_scope(shop.merchant.id):
        assert {each.status for each in list_messages(endpoint_id=id_, limit=200)} == {"sent"}


def _run_jobs_here() -> None:
    try:
        for _number, name, payload in queued():
            jobs.run(name, payload)  # each several times, which must do no harm
    finally:
        connection.close()
