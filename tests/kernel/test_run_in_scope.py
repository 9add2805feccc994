"""A merchant's transaction that runs anew when another was in its way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from aftermile.kernel.access import create_key
from aftermile.kernel.models import ApiKey
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope, run_in_scope
from tests.conftest import NOON


def in_the_way(kind: type[psycopg.Error]) -> OperationalError:
    error = OperationalError("in the way")
    error.__cause__ = kind("in the way")
    return error


@pytest.mark.django_db
class TestAnew:
    @pytest.mark.parametrize("kind", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure])
    def test_an_act_another_was_in_the_way_of_runs_anew(
        self, merchant: Any, kind: type[psycopg.Error]
    ) -> None:
        ran = []

        def act() -> str:
            ran.append(current_merchant_id())
            if len(ran) < 3:
                raise in_the_way(kind)
            return "done"

        assert run_in_scope(merchant.id, act) == "done"
        assert ran == [merchant.id] * 3

    def test_it_gives_up_after_the_last_attempt(self, merchant: Any) -> None:
        ran = []

        def act() -> None:
            ran.append(1)
            raise in_the_way(psycopg.errors.DeadlockDetected)

        with pytest.raises(OperationalError):
            run_in_scope(merchant.id, act, attempts=2)
        assert len(ran) == 2

    def test_what_an_attempt_wrote_is_gone_before_the_next(self, merchant: Any) -> None:
        seen = []

        def act() -> None:
            seen.append(ApiKey.rows().count())
            create_key(name="a", scopes=["orders:read"], at=NOON)
            if len(seen) == 1:
                raise in_the_way(psycopg.errors.SerializationFailure)

        run_in_scope(merchant.id, act)
        assert seen == [0, 0]

    def test_an_outage_is_not_waited_for(self, merchant: Any) -> None:
        ran = []

        def act() -> None:
            ran.append(1)
            raise OperationalError("the server is gone")

        with pytest.raises(OperationalError):
            run_in_scope(merchant.id, act)
        assert len(ran) == 1

    def test_inside_an_open_scope_it_runs_once(self, merchant: Any) -> None:
        ran = []

        def act() -> None:
            ran.append(1)
            raise in_the_way(psycopg.errors.DeadlockDetected)

        with pytest.raises(OperationalError), merchant_scope(merchant.id):
            run_in_scope(merchant.id, act)
        assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_lock_two_rows_in_opposite_order_both_get_through(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        keys = [create_key(name="a", scopes=["orders:read"], at=NOON)[0].id for _ in "12"]
    barrier = Barrier(2)
    attempts = []

    def run(order: list[Any]) -> None:
        met = []

        def act() -> None:
            attempts.append(1)
            ApiKey.rows().filter(id=order[0]).update(name="b")
            if not met:
                met.append(1)
                barrier.wait()
            ApiKey.rows().filter(id=order[1]).update(name="b")

        try:
            run_in_scope(merchant.id, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [keys, keys[::-1]]))
    assert len(attempts) >= 3  # PostgreSQL ended one of the two, on a busy machine again


@pytest.mark.django_db
def test_a_key_that_stays_taken_is_told(merchant: Any) -> None:
    def act() -> None:
        for _ in "12":
            ApiKey.objects.create(name="a", digest=b"same", hint="a", created_at=NOON)

    with pytest.raises(IntegrityError):
        run_in_scope(merchant.id, act)
