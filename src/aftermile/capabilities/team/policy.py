"""Who may do what: decisions from the table of roles."""

from __future__ import annotations

from aftermile.capabilities.team.states import PERMISSIONS, Permission, Role


def permissions_of(role: Role | None, *, is_operator: bool) -> frozenset[Permission]:
    """Return what somebody may do at a shop; an operator of the installation may do everything, with a role or without."""
    if is_operator:
        return frozenset(Permission)
    return frozenset() if role is None else PERMISSIONS[role]


def roles_that_may(permission: Permission) -> tuple[Role, ...]:
    """Return the roles with a permission, the most powerful first: whom to ask."""
    return tuple(role for role in Role if permission in PERMISSIONS[role])


def would_orphan(owners: int, role: Role, becomes: Role | None) -> bool:
    """Tell whether a shop would be left without an owner when somebody of `role` becomes something else, or leaves (None)."""
    return role is Role.OWNER and becomes is not Role.OWNER and owners <= 1
