"""Make a person's account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from aftermile.capabilities.team.models import User
from aftermile.capabilities.team.problems import AccountExists, EmailUnusable, NameMissing, PasswordUnusable
from aftermile.capabilities.team.queries import PersonView, person_view


def read_email(text: str) -> str:
    """Return an e-mail address as accounts keep it: in lower case.

    :raises EmailUnusable: it is none.
    """
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise EmailUnusable from None
    return email


def create_account(
    *,
    email: str,
    name: str,
    password: str | None,
    language: str = "en",
    is_operator: bool = False,
    at: datetime,
) -> PersonView:
    """Make an account; without a password it is opened by a reset link (`aftermile staff reset-link`).

    Whoever calls vouches that the address is the person's: by an invitation's link, or at the terminal.

    :raises AccountExists: the address has one.
    :raises EmailUnusable: it is no address.
    :raises NameMissing: no name.
    :raises PasswordUnusable: too short, too common, or too much like the name or address.
    """
    email, name = read_email(email), name.strip()
    if not name:
        raise NameMissing
    user = User(email=email, name=name[:200], language=language, is_operator=is_operator, created_at=at)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user)
        user.set_password(password)
    with transaction.atomic():
        # Locked by the address, so that two at once are two answers and not a broken constraint.
        if User.objects.select_for_update().filter(email=email).exists():
            raise AccountExists
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return person_view(user)


def rename(*, user_id: UUID, name: str) -> PersonView:
    """Call a person something else.

    :raises NameMissing: no name.
    """
    if not name.strip():
        raise NameMissing
    user = User.objects.get(id=user_id)
    user.name = name.strip()[:200]
    user.save(update_fields=["name"])
    return person_view(user)


def check_password(password: str, user: User) -> None:
    """Refuse a password that would be guessed.

    :raises PasswordUnusable: says what is wrong with it.
    """
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise PasswordUnusable(" ".join(problem.messages)) from None
