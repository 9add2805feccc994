"""Give somebody another role, or let them go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.team.models import Membership
from aftermile.capabilities.team.policy import would_orphan
from aftermile.capabilities.team.problems import LastOwner, MemberNotFound
from aftermile.capabilities.team.states import Role


def add_member(*, user_id: UUID, role: Role, at: datetime) -> Role:
    """Give an account a place in the open shop, without an invitation: for the terminal and the demonstration.

    Somebody who has a place keeps it, with the role they have, which is returned.
    """
    row, _ = Membership.objects.get_or_create(user_id=user_id, defaults={"role": role, "created_at": at})
    return Role(row.role)


def change_role(*, user_id: UUID, role: Role) -> Role:
    """Give somebody of the team another role; returns the one before.

    :raises MemberNotFound: not in the team.
    :raises LastOwner: nobody else owns the shop.
    """
    row, owners = _locked(user_id)
    before = Role(row.role)
    if would_orphan(owners, before, role):
        raise LastOwner
    row.role = role
    row.save(update_fields=["role"])
    return before


def remove_member(*, user_id: UUID) -> Role:
    """Take somebody out of the team; returns the role they had. Their account remains, and what they did.

    :raises MemberNotFound: not in the team.
    :raises LastOwner: nobody else owns the shop.
    """
    row, owners = _locked(user_id)
    before = Role(row.role)
    if would_orphan(owners, before, None):
        raise LastOwner
    row.delete()
    return before


def _locked(user_id: UUID) -> tuple[Membership, int]:
    """Lock the team in one order: two owners who remove each other must not both succeed."""
    # The whole team: it is small, and whom a concurrent act makes an owner must be waited for.
    rows = list(Membership.rows().select_for_update().order_by("id"))
    found = next((row for row in rows if row.user_id == user_id), None)
    if found is None:
        raise MemberNotFound
    return found, sum(row.role == Role.OWNER for row in rows)
