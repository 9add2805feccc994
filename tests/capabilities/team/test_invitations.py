"""The life of an invitation: made, replaced, withdrawn, expired, accepted once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from aftermile.capabilities.team.models import Invitation
from aftermile.capabilities.team.public import (
    AccountExists,
    AlreadyMember,
    EmailUnusable,
    InvitationNotFound,
    InvitationUnusable,
    NameMissing,
    Offer,
    OtherPersonsInvitation,
    PasswordUnusable,
    Role,
    accept_as,
    accept_as_new,
    create_account,
    invite,
    invite_again,
    open_invitation,
    open_invitations,
    roles_of,
    withdraw_invitation,
)
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON

PASSWORD = "seven quiet lanterns"
SOON, LATER = NOON + timedelta(hours=1), NOON + timedelta(days=7)

pytestmark = pytest.mark.django_db


def invited(merchant: Any, email: str = "Ann@Example.com", role: Role = Role.CARE) -> Offer:
    with merchant_scope(merchant.id):
        return invite(email=email, role=role, by="staff:usr_x", at=NOON)


def test_a_new_person_makes_an_account_and_joins(merchant: Any) -> None:
    offer = invited(merchant)

    opened = open_invitation(offer.token, at=SOON)
    merchant_id, person = accept_as_new(token=offer.token, name=" Ann Lee ", password=PASSWORD, at=SOON)

    assert (opened.merchant_name, opened.email, opened.role, opened.has_account) == (
        "Lindgren Books",
        "ann@example.com",
        Role.CARE,
        False,
    )
    assert (merchant_id, person.email, person.name) == (merchant.id, "ann@example.com", "Ann Lee")
    assert roles_of(person.id) == {merchant.id: Role.CARE}
    assert (
        get_user_model()
        .objects.get(id=person.id)
        .password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    )


def test_it_works_once(merchant: Any) -> None:
    offer = invited(merchant)
    _, person = accept_as_new(token=offer.token, name="Ann", password=PASSWORD, at=SOON)

    with pytest.raises(InvitationUnusable):
        open_invitation(offer.token, at=SOON)
    with pytest.raises(InvitationUnusable):
        accept_as(token=offer.token, user_id=person.id, at=SOON)


def test_its_link_is_not_stored(merchant: Any) -> None:
    offer = invited(merchant)

    with merchant_scope(merchant.id):
        stored = Invitation.rows().values().get()

    assert offer.token not in str(stored)
    assert offer.token not in repr(offer)


def test_after_seven_days_it_is_over_and_can_be_renewed(merchant: Any) -> None:
    offer = invited(merchant)

    assert offer.invitation.expires_at == LATER
    with pytest.raises(InvitationUnusable):
        accept_as_new(token=offer.token, name="Ann", password=PASSWORD, at=LATER)
    with merchant_scope(merchant.id):
        fresh = invite_again(invitation_id=offer.invitation.id, by="staff:usr_y", at=LATER)
    accept_as_new(token=fresh.token, name="Ann", password=PASSWORD, at=LATER)


def test_a_second_invitation_to_an_address_replaces_the_first(merchant: Any) -> None:
    first, second = invited(merchant), invited(merchant, "ann@example.com", Role.ANALYST)

    with merchant_scope(merchant.id):
        waiting = open_invitations()

    assert [(each.email, each.role) for each in waiting] == [("ann@example.com", Role.ANALYST)]
    with pytest.raises(InvitationUnusable):
        open_invitation(first.token, at=SOON)
    assert open_invitation(second.token, at=SOON).role is Role.ANALYST


def test_withdrawn_it_opens_nothing(merchant: Any) -> None:
    offer = invited(merchant)

    with merchant_scope(merchant.id):
        withdraw_invitation(invitation_id=offer.invitation.id)
        with pytest.raises(InvitationNotFound):
            withdraw_invitation(invitation_id=offer.invitation.id)
        with pytest.raises(InvitationNotFound):
            invite_again(invitation_id=offer.invitation.id, by="staff:usr_x", at=SOON)

    with pytest.raises(InvitationUnusable):
        accept_as_new(token=offer.token, name="Ann", password=PASSWORD, at=SOON)


def test_another_shop_can_neither_see_nor_withdraw_it(merchant: Any, other_merchant: Any) -> None:
    offer = invited(merchant)

    with merchant_scope(other_merchant.id):
        assert open_invitations() == []
        with pytest.raises(InvitationNotFound):
            withdraw_invitation(invitation_id=offer.invitation.id)


def test_who_has_an_account_joins_with_it(merchant: Any, other_merchant: Any) -> None:
    ann = create_account(email="ann@example.com", name="Ann", password=PASSWORD, at=NOON)
    here, there = invited(merchant), invited(other_merchant, role=Role.OWNER)

    with pytest.raises(AccountExists):
        accept_as_new(token=here.token, name="Not Ann", password=PASSWORD, at=SOON)
    accept_as(token=here.token, user_id=ann.id, at=SOON)
    accept_as(token=there.token, user_id=ann.id, at=SOON)

    assert roles_of(ann.id) == {merchant.id: Role.CARE, other_merchant.id: Role.OWNER}


def test_nobody_takes_up_somebody_elses(merchant: Any) -> None:
    bob = create_account(email="bob@example.com", name="Bob", password=PASSWORD, at=NOON)
    offer = invited(merchant)

    with pytest.raises(OtherPersonsInvitation):
        accept_as(token=offer.token, user_id=bob.id, at=SOON)
    assert roles_of(bob.id) == {}


def test_who_works_here_is_not_invited_again(merchant: Any) -> None:
    offer = invited(merchant)
    accept_as_new(token=offer.token, name="Ann", password=PASSWORD, at=SOON)

    with pytest.raises(AlreadyMember):
        invited(merchant)


@pytest.mark.parametrize("email", ["", "ann", "ann@", "a b@example.com"])
def test_what_is_no_address_is_told(merchant: Any, email: str) -> None:
    with pytest.raises(EmailUnusable):
        invited(merchant, email)


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "ann@example.com"])
def test_a_password_that_would_be_guessed_makes_no_account(merchant: Any, password: str) -> None:
    offer = invited(merchant)

    with pytest.raises(PasswordUnusable):
        accept_as_new(token=offer.token, name="Ann", password=password, at=SOON)
    with pytest.raises(NameMissing):
        accept_as_new(token=offer.token, name="  ", password=PASSWORD, at=SOON)

    assert not get_user_model().objects.filter(email="ann@example.com").exists()
    assert open_invitation(offer.token, at=SOON).email == "ann@example.com"


@pytest.mark.parametrize("token", ["", "iv_", "iv_" + "A" * 54, "am_" + "A" * 54])
def test_made_up_links_open_nothing(db: None, token: str) -> None:
    with pytest.raises(InvitationUnusable):
        open_invitation(token, at=NOON)
