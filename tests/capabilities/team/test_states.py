"""The table of roles, said once more by hand: a permission nobody meant to give shows here."""

from __future__ import annotations

import pytest

from aftermile.capabilities.team.policy import permissions_of, roles_that_may, would_orphan
from aftermile.capabilities.team.states import ABOUT, MEANING, PERMISSIONS, Permission, Role

P = Permission
EVERYBODY = set(Role)
WHO = {
    P.ORDERS_READ: EVERYBODY,
    P.ORDERS_ACT: {Role.OWNER, Role.OPERATIONS, Role.CARE},
    P.SHIPMENTS_ACT: {Role.OWNER, Role.OPERATIONS, Role.CARE, Role.WAREHOUSE},
    P.EXCEPTIONS_ACT: {Role.OWNER, Role.OPERATIONS, Role.CARE, Role.WAREHOUSE},
    P.SHOPPERS_READ: EVERYBODY - {Role.WAREHOUSE, Role.ANALYST},
    P.SHOPPERS_ERASE: {Role.OWNER},
    P.EXPORTS_MAKE: {Role.OWNER, Role.OPERATIONS, Role.MARKETING, Role.ANALYST},
    P.INSIGHTS_READ: EVERYBODY - {Role.CARE, Role.WAREHOUSE},
    P.CONNECTIONS_READ: {Role.OWNER, Role.OPERATIONS, Role.ANALYST},
    P.CONNECTIONS_MANAGE: {Role.OWNER, Role.OPERATIONS},
    P.WEBHOOKS_MANAGE: {Role.OWNER, Role.OPERATIONS},
    P.BRAND_MANAGE: {Role.OWNER, Role.OPERATIONS, Role.MARKETING},
    P.MESSAGES_MANAGE: {Role.OWNER, Role.OPERATIONS, Role.MARKETING},
    P.CONTENT_MANAGE: {Role.OWNER, Role.OPERATIONS, Role.MARKETING, Role.CARE},
    P.SETTINGS_MANAGE: {Role.OWNER, Role.OPERATIONS},
    P.API_KEYS_MANAGE: {Role.OWNER},
    P.TEAM_MANAGE: {Role.OWNER},
    P.AUDIT_READ: {Role.OWNER, Role.OPERATIONS, Role.ANALYST},
}


@pytest.mark.parametrize("permission", Permission)
def test_who_may(permission: Permission) -> None:
    assert {role for role in Role if permission in PERMISSIONS[role]} == WHO[permission]


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_permissions_and_no_more(role: Role) -> None:
    assert permissions_of(role, is_operator=False) == {p for p, roles in WHO.items() if role in roles}


def test_an_operator_may_everything_and_a_stranger_nothing() -> None:
    assert permissions_of(None, is_operator=True) == set(Permission)
    assert permissions_of(Role.WAREHOUSE, is_operator=True) == set(Permission)
    assert permissions_of(None, is_operator=False) == set()


def test_whom_to_ask() -> None:
    assert roles_that_may(P.TEAM_MANAGE) == (Role.OWNER,)
    assert roles_that_may(P.AUDIT_READ) == (Role.OWNER, Role.OPERATIONS, Role.ANALYST)


def test_every_role_and_permission_is_said_in_words() -> None:
    assert set(ABOUT) == set(Role)
    assert set(MEANING) == set(Permission)


@pytest.mark.parametrize(
    ("owners", "role", "becomes", "orphans"),
    [
        (1, Role.OWNER, None, True),
        (1, Role.OWNER, Role.CARE, True),
        (1, Role.OWNER, Role.OWNER, False),
        (2, Role.OWNER, None, False),
        (1, Role.CARE, None, False),
        (1, Role.CARE, Role.OWNER, False),
    ],
)
def test_a_shop_keeps_an_owner(owners: int, role: Role, becomes: Role | None, orphans: bool) -> None:
    assert would_orphan(owners, role, becomes) is orphans
