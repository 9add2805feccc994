"""Counting tries: exactly so many are granted, whoever asks from wherever at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from aftermile.kernel.allowance import forgive, prune_allowances, spend
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope

AN_HOUR = timedelta(hours=1)


def _passes(hours: int) -> None:
    """Let time pass for every bucket."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_allowance SET ends_at = ends_at - make_interval(hours => %s)", [hours])


@pytest.mark.django_db
def test_so_many_are_granted_and_no_more() -> None:
    granted = [spend("find", "203.0.113.7", limit=3, per=AN_HOUR) for _ in range(5)]
    assert [(each.is_granted, each.left) for each in granted] == [
        (True, 2), (True, 1), (True, 0), (False, 0), (False, 0),
    ]  # fmt: skip
    assert [each.retry_after for each in granted[:3]] == [0, 0, 0]
    assert 3595 <= granted[4].retry_after <= 3600


@pytest.mark.django_db
def test_buckets_are_apart() -> None:
    assert spend("find", "a", limit=1, per=AN_HOUR).is_granted
    assert spend("find", "b", limit=1, per=AN_HOUR).is_granted
    assert spend("fin", "da", limit=1, per=AN_HOUR).is_granted
    assert not spend("find", "a", limit=1, per=AN_HOUR).is_granted


@pytest.mark.django_db
def test_after_a_while_it_is_full_again_and_refused_tries_prolong_nothing() -> None:
    for _ in range(3):
        spend("find", limit=2, per=AN_HOUR)
    _passes(hours=2)
    assert spend("find", limit=2, per=AN_HOUR).left == 1


@pytest.mark.django_db
def test_who_proved_to_be_no_guesser_is_forgiven() -> None:
    spend("sign-in", "rae", limit=1, per=AN_HOUR)
    forgive("sign-in", "rae")
    assert spend("sign-in", "rae", limit=1, per=AN_HOUR).is_granted


@pytest.mark.django_db
def test_full_buckets_are_forgotten() -> None:
    spend("old", limit=1, per=AN_HOUR)
    _passes(hours=2)
    spend("new", limit=1, per=AN_HOUR)
    assert (prune_allowances(), prune_allowances()) == (1, 0)
    assert not spend("new", limit=1, per=AN_HOUR).is_granted


@pytest.mark.django_db
def test_the_table_tells_nobody_who_tried(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        spend("find", "rae@example.org", limit=1, per=AN_HOUR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT bucket FROM kernel_allowance")
        (bucket,) = cursor.fetchone()
    assert len(bytes(bucket)) == 16
    assert b"rae" not in bytes(bucket)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_the_allowance_is_granted() -> None:
    def attempt(_: int) -> bool:
        try:
            return spend("crowd", limit=7, per=AN_HOUR).is_granted
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 7
