"""A job comes into the queue with the caller's transaction, once for each key, and no worker is woken for nothing."""

from __future__ import annotations

import pytest
from django.db import connection

from aftermile.kernel import jobs
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(jobs._jobs, "tests.wait", jobs.Job("tests.wait", lambda *_: None, 1))
    return "tests.wait"


def payloads() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer ORDER BY id")
        return [bytes(payload) for (payload,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_payload_comes_back_as_it_was_given(merchant: Merchant, kind: str) -> None:
    odd: jobs.Payload = {"text": 'a "quoted" ü\x00\n\\', "number": 1.5, "nothing": None}
    jobs.defer_many([jobs.Deferred(name=kind, merchant_id=merchant.id, payload=each) for each in (odd, {})])
    assert payloads() == [jobs.encode(merchant.id, odd), jobs.encode(merchant.id, {})]


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_already_wakes_no_worker(merchant: Merchant, kind: str) -> None:
    def times_told(*keys: str | None) -> int:
        with merchant_scope(merchant.id):
            jobs.defer_many(
                jobs.Deferred(name=kind, merchant_id=merchant.id, payload={}, only_one=key) for key in keys
            )
        return len(list(connection.connection.notifies(timeout=0.1)))

    with connection.cursor() as cursor:
        cursor.execute("LISTEN ch_pgqueuer")
        assert times_told("one", "one") == 1
        assert times_told("one") == 0
        assert times_told("one", "two") == 1
        assert times_told(None, None) == 1
        assert len(payloads()) == 4
        cursor.execute("UPDATE pgqueuer SET status = 'picked' WHERE dedupe_key = 'one'")
        assert times_told("one") == 0
        cursor.execute("DELETE FROM pgqueuer")
        list(connection.connection.notifies(timeout=0.1))
        assert times_told("one") == 1
        cursor.execute("UNLISTEN *")
    assert len(payloads()) == 1
