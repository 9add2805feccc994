"""The commands `aftermile staff ...`: accounts where nobody can be invited by a page yet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime

#: The command line as actor of an act.
BY = "command:staff"


def invite_to(merchant_id: UUID, *, email: str, role: str, at: datetime) -> str:
    """Invite somebody to a shop; return the link."""
    from django.urls import reverse

    from aftermile.capabilities.team.public import Role, invite, note
    from aftermile.doors.console.answers import public_url
    from aftermile.kernel.ids import public_id
    from aftermile.kernel.tenancy import merchant_scope

    with merchant_scope(merchant_id):
        offer = invite(email=email, role=Role(role), by=BY, at=at)
        note(
            act="team.invite",
            subject=public_id("inv", offer.invitation.id),
            summary=f"Invited {offer.invitation.email} as {role}",
            by=BY,
            at=at,
        )
    return public_url(reverse("console-invitation", args=[offer.token]))


def create_with_password(
    *,
    email: str,
    name: str,
    password: str,
    merchant_id: UUID | None,
    role: str,
    is_operator: bool,
    at: datetime,
) -> str:
    """Make an account with a password, and give it its place; return its public id."""
    from aftermile.capabilities.team.public import Role, add_member, create_account, note
    from aftermile.kernel.ids import public_id
    from aftermile.kernel.tenancy import merchant_scope

    person = create_account(email=email, name=name, password=password, is_operator=is_operator, at=at)
    key = public_id("usr", person.id)
    if merchant_id is not None:
        with merchant_scope(merchant_id):
            add_member(user_id=person.id, role=Role(role), at=at)
            note(act="team.add", subject=key, summary=f"Added {person.name} as {role}", by=BY, at=at)
    return key


def reset_link(email: str) -> str | None:
    """Make a link that sets a new password, good for one hour; nothing when nobody has the address."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.contrib.auth import get_user_model
    from django.urls import reverse

    from aftermile.doors.console.answers import public_url

    user = get_user_model().objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return None
    key = default_token_generator.make_token(user)
    return public_url(
        reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    )
