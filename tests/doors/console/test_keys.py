"""API keys in the console: made, shown once, used, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.team.public import PersonView, Role, audit_log
from aftermile.kernel import access
from aftermile.kernel.access import authenticate, create_key, list_keys
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.console.conftest import base, signed_in

pytestmark = pytest.mark.django_db


def at(merchant: Merchant, rest: str = "") -> str:
    return f"{base(merchant)}settings/keys/{rest}"


def notes(merchant: Merchant) -> list[tuple[str, str]]:
    with merchant_scope(merchant.id):
        return [(each.act, each.subject) for each in audit_log(limit=50)]


def test_a_key_is_made_and_its_text_shown_once(merchant: Merchant, owner: PersonView) -> None:
    client = signed_in(owner)

    made = client.post(at(merchant, "make/"), {"name": "ERP", "scopes": ["orders:read", "parcels:read"]})
    assert made.status_code == 422
    assert "parcels:read is nothing a key may do" in made.content.decode()

    made = client.post(at(merchant, "make/"), {"name": "ERP", "scopes": ["orders:read", "orders:write"]})
    page = made.content.decode()
    (text,) = re.findall(r'<code class="secret" id="key">([^<]+)</code>', page)
    assert authenticate(text).scopes == {"orders:read", "orders:write"}
    assert f"Bearer {text}" in page.replace("&#x27;", "'")

    listed = client.get(at(merchant)).content.decode()
    assert ("ERP" in listed, text in listed, "read orders and their refunds" in listed) == (True, False, True)
    with merchant_scope(merchant.id):
        (key,) = list_keys(limit=10)
    assert notes(merchant) == [("api_key.make", public_id("key", key.id))]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "scopes": ["orders:read"]}, "This field is required."),
        ({"name": "ERP"}, "Choose at least one thing the key may do."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    merchant: Merchant, owner: PersonView, given: dict[str, object], said: str
) -> None:
    answer = signed_in(owner).post(at(merchant, "make/"), given)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert ("checked" in page) == ("scopes" in given)


def test_a_revoked_key_is_out_of_use(merchant: Merchant, owner: PersonView) -> None:
    with merchant_scope(merchant.id):
        view, text = create_key(name="old", scopes=["orders:read"], at=NOON)
    key, client = public_id("key", view.id), signed_in(owner)

    for _ in range(2):
        assert client.post(at(merchant, f"{key}/revocation/")).status_code == 303

    with pytest.raises(access.KeyUnusable):
        authenticate(text)
    assert notes(merchant) == [("api_key.revoke", key)]
    assert "Revoked" in client.get(at(merchant)).content.decode()


def test_another_shops_key_is_not_there(
    merchant: Merchant, other_merchant: Merchant, owner: PersonView
) -> None:
    with merchant_scope(other_merchant.id):
        view, text = create_key(name="theirs", scopes=["orders:read"], at=NOON)

    signed_in(owner).post(at(merchant, f"{public_id('key', view.id)}/revocation/"))

    assert authenticate(text).key_id == view.id
    assert notes(merchant) == []


def test_when_a_key_was_used_is_noted_once_an_hour(
    merchant: Merchant, owner: PersonView, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with merchant_scope(merchant.id):
        _, text = create_key(name="ERP", scopes=["orders:read"], at=NOON)

    def used(moment: datetime) -> datetime | None:
        with time_machine.travel(moment, tick=False):
            access._remembered.clear()
            authenticate(text)
        with merchant_scope(merchant.id):
            return list_keys(limit=1)[0].last_used_at

    first = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    assert [used(first), used(first + timedelta(minutes=59)), used(first + timedelta(minutes=61))] == [
        first,
        first,
        first + timedelta(minutes=61),
    ]
    with time_machine.travel(first + timedelta(minutes=90), tick=False):
        assert "Within the hour" in signed_in(owner).get(at(merchant)).content.decode()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_queries_do_not_grow(
    merchant: Merchant,
    desk_client: Callable[[Role], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    with merchant_scope(merchant.id):
        for index in range(count):
            create_key(name=f"key {index}", scopes=["orders:read"], at=NOON)
    client = desk_client(Role.OWNER)
    client.get(at(merchant))
    with django_assert_max_num_queries(22):
        page = client.get(at(merchant)).content.decode()
    assert len(re.findall(r'<tr><th scope="row">', page)) == count


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_make_keys(merchant: Merchant, desk_client: Callable[[Role], Client], role: Role) -> None:
    client = desk_client(role)
    answers = [
        client.get(at(merchant)).status_code,
        client.post(at(merchant, "make/"), {"name": "x", "scopes": ["orders:read"]}).status_code,
    ]
    assert answers == [403, 403]
    with merchant_scope(merchant.id):
        assert list_keys(limit=1) == []


def test_making_a_key_asks_who_one_is_again(merchant: Merchant, owner: PersonView) -> None:
    answer = signed_in(owner, fresh=False).post(
        at(merchant, "make/"), {"name": "ERP", "scopes": ["orders:read"]}
    )
    assert answer.status_code == 302
    with merchant_scope(merchant.id):
        assert list_keys(limit=1) == []
