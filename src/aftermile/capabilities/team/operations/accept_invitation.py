"""Take up an offered place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.team.models import Invitation, Membership, User
from aftermile.capabilities.team.operations.create_account import create_account
from aftermile.capabilities.team.problems import InvitationUnusable, OtherPersonsInvitation
from aftermile.capabilities.team.queries import PersonView, person_view
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.tokens import BadToken, read_token


def accept_as_new(*, token: str, name: str, password: str, at: datetime) -> tuple[UUID, PersonView]:
    """Make the account an invitation is for, and give it its place. Returns the shop and the person.

    The link proves the address: whoever has it was given it by the shop.

    :raises InvitationUnusable: withdrawn, used, replaced or expired.
    :raises AccountExists: sign in and use `accept_as` instead.
    :raises NameMissing: no name.
    :raises PasswordUnusable: too easily guessed.
    """
    merchant_id, digest = _named(token)
    with merchant_scope(merchant_id):
        row = _usable(digest, at)
        person = create_account(email=row.email, name=name, password=password, at=at)
        _give_place(row, person.id, at)
    return merchant_id, person


def accept_as(*, token: str, user_id: UUID, at: datetime) -> tuple[UUID, PersonView]:
    """Give an existing account the place an invitation offers it. Returns the shop and the person.

    :raises InvitationUnusable: withdrawn, used, replaced or expired.
    :raises OtherPersonsInvitation: it names another address.
    """
    merchant_id, digest = _named(token)
    with merchant_scope(merchant_id):
        row = _usable(digest, at)
        user = User.objects.get(id=user_id)
        if user.email != row.email:
            raise OtherPersonsInvitation
        _give_place(row, user.id, at)
    return merchant_id, person_view(user)


def _named(token: str) -> tuple[UUID, bytes]:
    try:
        named = read_token("iv", token)
    except BadToken:
        raise InvitationUnusable from None
    return named.merchant_id, named.digest


def _usable(digest: bytes, at: datetime) -> Invitation:
    row = Invitation.rows().select_for_update().filter(digest=digest, accepted_at=None).first()
    if row is None or row.expires_at <= at:
        raise InvitationUnusable
    return row


def _give_place(row: Invitation, user_id: UUID, at: datetime) -> None:
    Membership.objects.get_or_create(user_id=user_id, defaults={"role": row.role, "created_at": at})
    row.accepted_at = at
    row.save(update_fields=["accepted_at"])
