"""Roles and leaving: a shop keeps an owner, also when two act at once; who sees whose places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models

from aftermile.capabilities.team.models import Membership
from aftermile.capabilities.team.public import (
    AccountExists,
    LastOwner,
    MemberNotFound,
    Role,
    actor_of,
    add_member,
    change_role,
    create_account,
    names_of,
    person_by_email,
    remove_member,
    roles_of,
    shops_of,
    team,
)
from aftermile.kernel.tenancy import NoMerchantScope, ScopeCrossed, merchant_scope, person_scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def person(name: str, *places: tuple[Any, Role], is_operator: bool = False) -> UUID:
    made = create_account(
        email=f"{name}@example.com", name=name.title(), password=None, is_operator=is_operator, at=NOON
    )
    for merchant, role in places:
        with merchant_scope(merchant.id):
            add_member(user_id=made.id, role=role, at=NOON)
    return made.id


def test_the_team_in_the_order_of_joining(merchant: Any, other_merchant: Any) -> None:
    person("ann", (merchant, Role.OWNER))
    person("bob", (merchant, Role.CARE), (other_merchant, Role.OWNER))
    person("cem", (other_merchant, Role.CARE))

    with merchant_scope(merchant.id):
        assert [(member.person.name, member.role) for member in team()] == [
            ("Ann", Role.OWNER),
            ("Bob", Role.CARE),
        ]


def test_a_role_is_changed_and_the_one_before_told(merchant: Any) -> None:
    person("ann", (merchant, Role.OWNER))
    bob = person("bob", (merchant, Role.CARE))

    with merchant_scope(merchant.id):
        assert change_role(user_id=bob, role=Role.ANALYST) is Role.CARE
    assert roles_of(bob) == {merchant.id: Role.ANALYST}


def test_the_last_owner_stays(merchant: Any) -> None:
    ann = person("ann", (merchant, Role.OWNER))
    bob = person("bob", (merchant, Role.CARE))

    with merchant_scope(merchant.id):
        with pytest.raises(LastOwner):
            remove_member(user_id=ann)
        with pytest.raises(LastOwner):
            change_role(user_id=ann, role=Role.CARE)
        change_role(user_id=bob, role=Role.OWNER)
        assert remove_member(user_id=ann) is Role.OWNER
    assert roles_of(ann) == {}


def test_nobody_acts_on_another_shops_people(merchant: Any, other_merchant: Any) -> None:
    person("ann", (merchant, Role.OWNER))
    cem = person("cem", (other_merchant, Role.CARE))

    with merchant_scope(merchant.id):
        with pytest.raises(MemberNotFound):
            change_role(user_id=cem, role=Role.OWNER)
        with pytest.raises(MemberNotFound):
            remove_member(user_id=cem)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_leave_one(merchant: Any) -> None:
    ann = person("ann", (merchant, Role.OWNER))
    bob = person("bob", (merchant, Role.OWNER))

    def remove(user_id: UUID) -> str:
        try:
            with merchant_scope(merchant.id):
                remove_member(user_id=user_id)
            return "gone"
        except LastOwner:
            return "stays"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(remove, [ann, bob])) == ["gone", "stays"]


def test_a_person_reads_their_own_places_and_nobody_elses(merchant: Any, other_merchant: Any) -> None:
    ann = person("ann", (merchant, Role.OWNER), (other_merchant, Role.CARE))
    person("bob", (merchant, Role.CARE))

    with person_scope(ann), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, merchant_id FROM team_membership")
        assert set(cursor.fetchall()) == {(ann, merchant.id), (ann, other_merchant.id)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM team_membership")
        assert cursor.fetchone() == (0,)


def test_a_person_may_read_their_places_but_not_write_them(merchant: Any, other_merchant: Any) -> None:
    ann = person("ann", (merchant, Role.CARE))

    with person_scope(ann), connection.cursor() as cursor:
        cursor.execute("UPDATE team_membership SET role = 'owner'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM team_membership")
        assert cursor.rowcount == 0
    assert roles_of(ann) == {merchant.id: Role.CARE}


def test_in_a_shops_scope_only_its_own_places_are_there(merchant: Any, other_merchant: Any) -> None:
    ann = person("ann", (merchant, Role.OWNER), (other_merchant, Role.CARE))

    with merchant_scope(merchant.id):
        with pytest.raises(ScopeCrossed), person_scope(ann):
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT merchant_id FROM team_membership")
            assert cursor.fetchall() == [(merchant.id,)]
        assert models.QuerySet(Membership).count() == 1


def test_places_are_not_asked_for_outside_a_scope(db: None) -> None:
    with pytest.raises(NoMerchantScope):
        Membership.rows()


def test_shops_one_may_enter(merchant: Any, other_merchant: Any) -> None:
    person("ann", (merchant, Role.CARE))
    person("op", (other_merchant, Role.OWNER), is_operator=True)
    ann, op = person_by_email("ANN@example.com"), person_by_email(" op@example.com")
    assert ann is not None
    assert op is not None

    assert [(shop.name, shop.role) for shop in shops_of(ann)] == [("Lindgren Books", Role.CARE)]
    assert [(shop.name, shop.role) for shop in shops_of(op)] == [
        ("Okafor Lamps", Role.OWNER),
        ("Lindgren Books", None),
    ]
    assert [shop.name for shop in shops_of(op, find="book")] == ["Lindgren Books"]
    assert shops_of(ann, find="lamps") == []


def test_one_account_an_address(db: None) -> None:
    person("ann")

    with pytest.raises(AccountExists):
        create_account(email=" ANN@EXAMPLE.COM ", name="Ann again", password=None, at=NOON)


def test_actors_by_their_names(db: None) -> None:
    ann = actor_of(person("ann"))
    gone = actor_of(UUID(int=7))

    assert names_of([ann, gone, "api_key:key_x", "command:staff", "intake", "staff:nonsense"]) == {
        ann: "Ann",
        gone: "an account that is gone",
        "api_key:key_x": "an API key",
        "command:staff": "the command line",
        "intake": "intake",
        "staff:nonsense": "an account that is gone",
    }
