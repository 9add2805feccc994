"""Invite somebody to a shop's team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.capabilities.team.models import Invitation, Membership, User
from aftermile.capabilities.team.operations.create_account import read_email
from aftermile.capabilities.team.problems import AlreadyMember, InvitationNotFound
from aftermile.capabilities.team.queries import InvitationView, invitation_view
from aftermile.capabilities.team.states import INVITATION_DAYS, Role
from aftermile.kernel.tenancy import current_merchant_id
from aftermile.kernel.tokens import mint_token


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation with the text of its link, which is shown once."""

    invitation: InvitationView
    token: str = field(repr=False)


def invite(*, email: str, role: Role, by: str, at: datetime) -> Offer:
    """Offer a place to an e-mail address for seven days. A second one to the same address replaces the first.

    :raises EmailUnusable: no address.
    :raises AlreadyMember: the person works here.
    """
    email = read_email(email)
    users = User.objects.filter(email=email).values_list("id", flat=True)
    if Membership.rows().filter(user_id__in=list(users)).exists():
        raise AlreadyMember
    row = Invitation.rows().select_for_update().filter(email=email, accepted_at=None).first()
    if row is None:
        row = Invitation(email=email)
    return _offer(row, role=role, by=by, at=at)


def invite_again(*, invitation_id: UUID, by: str, at: datetime) -> Offer:
    """Make a fresh link for an open or expired invitation; the old link stops working.

    :raises InvitationNotFound: accepted, withdrawn, or never made.
    """
    row = _open(invitation_id)
    return _offer(row, role=Role(row.role), by=by, at=at)


def withdraw_invitation(*, invitation_id: UUID) -> InvitationView:
    """Take an invitation back; its link stops working.

    :raises InvitationNotFound: accepted, withdrawn, or never made.
    """
    row = _open(invitation_id)
    view = invitation_view(row)
    row.delete()
    return view


def _open(invitation_id: UUID) -> Invitation:
    row = Invitation.rows().select_for_update().filter(id=invitation_id, accepted_at=None).first()
    if row is None:
        raise InvitationNotFound
    return row


def _offer(row: Invitation, *, role: Role, by: str, at: datetime) -> Offer:
    token = mint_token("iv", current_merchant_id())
    row.role, row.digest, row.by = role, token.digest, by
    row.created_at, row.expires_at = at, at + timedelta(days=INVITATION_DAYS)
    row.save()
    return Offer(invitation_view(row), token.text)
