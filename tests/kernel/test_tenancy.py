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
    merchant_scope,
    operator_scope,
)
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
