"""API keys: made once, looked up inside their merchant's walls, remembered for a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.kernel import access
from aftermile.kernel.access import (
    EVERYTHING,
    KeyNotFound,
    KeyUnusable,
    ScopesUnusable,
    authenticate,
    create_key,
    list_keys,
    revoke_key,
)
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.models import ApiKey
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.tokens import BadToken, mint_token
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def key_of(merchant: Any, *scopes: str) -> tuple[Any, str]:
    with merchant_scope(merchant.id):
        return create_key(name="Till", scopes=scopes, at=NOON)


def test_a_key_tells_whose_it_is_and_what_it_may(merchant: Any) -> None:
    view, text = key_of(merchant, "orders:read", "parcels:write")
    caller = authenticate(text)
    assert (caller.merchant_id, caller.key_id) == (merchant.id, view.id)
    assert caller.name == f"api_key:{public_id('key', view.id)}"
    assert [caller.may(scope) for scope in ("orders:read", "parcels:write", "orders:write")] == [
        True,
        True,
        False,
    ]


def test_a_key_for_everything_may_what_is_not_invented_yet(merchant: Any) -> None:
    _, text = key_of(merchant, EVERYTHING)
    assert authenticate(text).may("moon:landing")


def test_the_text_of_a_key_is_stored_nowhere(merchant: Any) -> None:
    view, text = key_of(merchant, "orders:read")
    with merchant_scope(merchant.id):
        (row,) = ApiKey.rows().values()
    assert text not in str(row)
    assert text.removeprefix("am_")[:20] not in str(row)
    assert view.hint == text[-4:]


@pytest.mark.parametrize("scopes", [(), ("orders",), ("Orders:Read",), ("orders:read", "")])
def test_scopes_that_are_none_are_refused(merchant: Any, scopes: tuple[str, ...]) -> None:
    with pytest.raises(ScopesUnusable):
        key_of(merchant, *scopes)


def test_a_made_up_key_of_a_merchant_is_refused(merchant: Any) -> None:
    with pytest.raises(KeyUnusable):
        authenticate(mint_token("am", merchant.id).text)
    with pytest.raises(BadToken):
        authenticate("am_nonsense")


def test_a_key_is_found_within_its_merchants_walls_only(merchant: Any, other_merchant: Any) -> None:
    view, _ = key_of(merchant, "orders:read")
    with merchant_scope(other_merchant.id):
        assert list_keys(limit=10) == []
        with pytest.raises(KeyNotFound):
            revoke_key(key_id=view.id, at=NOON)


def test_a_key_is_remembered_and_forgotten_after_five_seconds(
    merchant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [1000.0]
    monkeypatch.setattr(access.time, "monotonic", lambda: seconds[0])
    view, text = key_of(merchant, "orders:read")
    authenticate(text)
    with CaptureQueriesContext(connection) as captured:
        authenticate(text)
    assert len(captured) == 0
    with merchant_scope(merchant.id):  # as another process would
        ApiKey.rows().filter(id=view.id).update(revoked_at=NOON)
    assert authenticate(text).key_id == view.id
    seconds[0] += access.REMEMBERED_SECONDS + 1
    with pytest.raises(KeyUnusable):
        authenticate(text)


def test_a_revoked_key_is_refused_at_once_and_stays_revoked(merchant: Any) -> None:
    view, text = key_of(merchant, "orders:read")
    authenticate(text)
    with merchant_scope(merchant.id):
        first = revoke_key(key_id=view.id, at=NOON)
        again = revoke_key(key_id=view.id, at=NOON + timedelta(days=1))
    assert first == again
    with pytest.raises(KeyUnusable):
        authenticate(text)


def test_revoking_what_is_not_there_is_told(merchant: Any) -> None:
    with merchant_scope(merchant.id), pytest.raises(KeyNotFound):
        revoke_key(key_id=uuid7(), at=NOON)
