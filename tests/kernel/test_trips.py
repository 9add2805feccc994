"""Statements that travel together, and those that wait for the next trip."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from aftermile.kernel.models import ApiKey
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope
from aftermile.kernel.trips import Query, travel, travel_later
from tests.conftest import NOON

NAMES: Query = ("SELECT name FROM kernel_api_key ORDER BY name", ())
LARGE = "x" * 3_000_000  # more than the buffers of a socket hold


INSERT = (
    "INSERT INTO kernel_api_key (merchant_id, id, name, digest, hint, scopes, created_at)"
    " VALUES (%s, gen_random_uuid(), %s, %s, '', '[]', %s)"
)


def key(name: str) -> Query:
    return INSERT, [current_merchant_id(), name, name.encode(), NOON]


@pytest.mark.django_db
class TestTogether:
    def test_each_gives_its_rows_and_sees_those_before_it(self, in_scope: object) -> None:
        assert travel([NAMES, key("a"), NAMES, ("SELECT %s::text, %s::int", ["b", 2])]) == [
            [], [], [("a",)], [("b", 2)],
        ]  # fmt: skip

    def test_they_are_prepared_and_go_on(self, in_scope: object) -> None:
        assert [travel([("SELECT %s::int", [n])]) for n in range(6)] == [[[(n,)]] for n in range(6)]

    def test_large_ones_do_not_block_each_other(self, in_scope: object) -> None:
        found = travel([("SELECT %s::text", [LARGE])] * 3)
        assert [len(row) for ((row,),) in found] == [len(LARGE)] * 3

    @pytest.mark.parametrize("prepare_threshold", [0, 5])
    def test_behind_one_that_fails_none_runs(self, in_scope: object, prepare_threshold: int) -> None:
        connection.connection.prepare_threshold, usual = (
            prepare_threshold,
            connection.connection.prepare_threshold,
        )
        try:
            with pytest.raises(ProgrammingError, match="nowhere"), transaction.atomic():
                travel([key("a"), ("SELECT %s FROM nowhere", [1]), key("b")])
        finally:
            connection.connection.prepare_threshold = usual
        assert travel([NAMES]) == [[]]

    def test_one_that_cannot_be_written_sends_nothing(self, in_scope: object) -> None:
        with pytest.raises(ProgrammingError, match="cannot adapt"):
            travel([key("a"), ("SELECT %s", [object()])])
        assert travel([NAMES]) == [[]]

    def test_a_pipeline_of_the_drivers_is_left_first(self, in_scope: object) -> None:
        with connection.connection.pipeline(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            with pytest.raises(RuntimeError, match="under way"):
                travel([NAMES])
            assert cursor.fetchone() == (1,)


@pytest.mark.django_db
class TestLater:
    def test_what_is_asked_afterwards_finds_it(self, in_scope: object) -> None:
        travel_later([key("a")])
        assert travel([NAMES]) == [[("a",)]]
        travel_later([key("b")])
        assert ApiKey.rows().count() == 2

    def test_it_is_written_when_the_scope_closes(self, merchant: Any) -> None:
        with merchant_scope(merchant.id):
            travel_later([key("a")])
        with merchant_scope(merchant.id):
            assert travel([NAMES]) == [[("a",)]]

    def test_it_never_happened_when_the_scope_fails(self, merchant: Any) -> None:
        def fail() -> None:
            with merchant_scope(merchant.id):
                travel_later([key("a")])
                raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            fail()
        with merchant_scope(merchant.id):
            assert travel([NAMES]) == [[]]


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_what_waits_is_committed_with_the_scope(self, merchant: Any) -> None:
        with merchant_scope(merchant.id):
            travel_later([key("a")])
        connection.close()
        with merchant_scope(merchant.id):
            assert travel([NAMES]) == [[("a",)]]

    def test_a_failure_at_the_end_keeps_nothing_and_is_told(self, merchant: Any) -> None:
        def fail() -> None:
            with merchant_scope(merchant.id):
                travel([key("a")])
                travel_later([key("b"), key("b")])

        with pytest.raises(IntegrityError):
            fail()
        with merchant_scope(merchant.id):
            assert travel([NAMES]) == [[]]

    def test_they_begin_the_transaction_they_belong_to(self, merchant: Any) -> None:
        with merchant_scope(merchant.id), pytest.raises(IntegrityError), transaction.atomic():
            travel([key("a"), key("a")])
        with merchant_scope(merchant.id):
            assert travel([NAMES]) == [[]]

    def test_without_a_merchant_there_is_no_row(self, merchant: Any) -> None:
        with merchant_scope(merchant.id):
            travel([key("a")])
        assert travel([NAMES]) == [[]]
