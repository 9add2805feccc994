"""Two walls between merchants: the scope in Python, row-level security in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, transaction

from aftermile.kernel.models import ApiKey, Merchant
from aftermile.kernel.tenancy import (
    NoMerchantScope,
    ScopeCrossed,
    current_merchant_id,
    current_scope,
    merchant_scope,
    operator_scope,
    travel_and_commit,
)
from aftermile.kernel.trips import Query
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def make_key(name: str) -> ApiKey:
    return ApiKey.objects.create(name=name, digest=name.encode(), hint="", created_at=NOON)


@pytest.fixture
def keys(merchant: Merchant, other_merchant: Merchant) -> None:
    """One key each, so that a leak could show."""
    for shop, name in ((merchant, "books"), (other_merchant, "lamps")):
        with merchant_scope(shop.id):
            make_key(name)


def names_seen_by_raw_sql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kernel_api_key ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


def test_without_a_scope_nothing_is_read_and_nothing_written(keys: None) -> None:
    with pytest.raises(NoMerchantScope):
        ApiKey.objects.count()
    with pytest.raises(NoMerchantScope):
        make_key("nobody's")
    assert names_seen_by_raw_sql() == []


def test_a_scope_sees_its_own_rows_only(keys: None, merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        assert list(ApiKey.rows().values_list("name", flat=True)) == ["books"]
        assert names_seen_by_raw_sql() == ["books"]


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO kernel_api_key (merchant_id, id, name, digest, hint, scopes, created_at)"
            " VALUES (%s, gen_random_uuid(), 'x', 'x', '', '[]', now())"
        ),
        "UPDATE kernel_api_key SET merchant_id = %s",
    ],
)
def test_raw_sql_cannot_write_across(
    keys: None, merchant: Merchant, other_merchant: Merchant, statement: str
) -> None:
    with (
        merchant_scope(merchant.id),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement, [other_merchant.id])
    with merchant_scope(other_merchant.id):
        assert names_seen_by_raw_sql() == ["lamps"]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM kernel_api_key", "UPDATE kernel_api_key SET name = 'stolen'"]
)
def test_raw_sql_cannot_touch_another_merchants_rows(
    keys: None, merchant: Merchant, other_merchant: Merchant, statement: str
) -> None:
    with merchant_scope(merchant.id):
        cursor = connection.cursor()
        cursor.execute(statement)
        assert cursor.rowcount == 1
    with merchant_scope(other_merchant.id):
        assert names_seen_by_raw_sql() == ["lamps"]


def test_the_list_of_merchants_is_walled_too(merchant: Merchant, other_merchant: Merchant) -> None:
    def visible() -> set[str]:
        return set(Merchant.objects.values_list("name", flat=True))

    assert visible() == set()
    with merchant_scope(merchant.id):
        assert visible() == {merchant.name}
    with operator_scope():
        assert {merchant.name, other_merchant.name} <= visible()
        assert names_seen_by_raw_sql() == []
    assert visible() == set()


def test_scopes_do_not_cross(merchant: Merchant, other_merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        with merchant_scope(merchant.id):
            assert current_merchant_id() == merchant.id
        opens: list[Callable[[], object]] = [lambda: merchant_scope(other_merchant.id), operator_scope]
        for opened in opens:
            with pytest.raises(ScopeCrossed), opened():  # type: ignore[attr-defined]
                pass
        assert current_merchant_id() == merchant.id
    with pytest.raises(NoMerchantScope):
        current_merchant_id()


def test_an_error_rolls_the_scope_back(merchant: Merchant) -> None:
    def fail() -> None:
        with merchant_scope(merchant.id):
            make_key("half")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    with merchant_scope(merchant.id):
        assert ApiKey.rows().count() == 0


_COUNT: Query = ("SELECT count(*) FROM kernel_api_key", ())


@pytest.mark.django_db(transaction=True)
class TestCommittingWithTheLastTrip:
    def test_what_was_written_stays(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            make_key("shelf")
            assert travel_and_commit([_COUNT]) == [[(1,)]]
            assert not connection.connection.info.transaction_status
        with merchant_scope(merchant.id):
            assert names_seen_by_raw_sql() == ["shelf"]

    def test_behind_it_no_row_is_there_to_be_seen(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            make_key("shelf")
            travel_and_commit([_COUNT])
            assert names_seen_by_raw_sql() == []

    def test_a_mistake_in_it_rolls_everything_back(self, merchant: Merchant) -> None:
        with pytest.raises(ProgrammingError):
            self.in_scope(
                merchant,
                lambda: make_key("shelf"),
                lambda: travel_and_commit([("SELECT * FROM nowhere", ())]),
            )
        with merchant_scope(merchant.id):
            assert names_seen_by_raw_sql() == []

    def test_within_another_scope_that_one_commits(self, merchant: Merchant) -> None:
        def fails() -> None:
            self.in_scope(merchant, lambda: make_key("shelf"), lambda: travel_and_commit([_COUNT]))
            raise LookupError

        with pytest.raises(LookupError):
            self.in_scope(merchant, fails)
        with merchant_scope(merchant.id):
            assert names_seen_by_raw_sql() == []

    def test_events_are_not_left_behind(self, merchant: Merchant) -> None:
        with pytest.raises(RuntimeError):
            self.in_scope(
                merchant,
                lambda: current_scope().closing.append(lambda: None),
                lambda: travel_and_commit([_COUNT]),
            )

    def test_a_scope_ends_once(self, merchant: Merchant) -> None:
        ends = lambda: travel_and_commit([_COUNT])  # noqa: E731
        with pytest.raises(RuntimeError):
            self.in_scope(merchant, ends, ends)

    @staticmethod
    def in_scope(merchant: Merchant, *acts: Callable[[], object]) -> None:
        with merchant_scope(merchant.id):
            for act in acts:
                act()
