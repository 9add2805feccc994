"""`aftermile staff`: the way in where nobody can be invited by a page yet."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from aftermile.capabilities.team.public import Role, audit_log, person_by_email, roles_of
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.staff_command import create_with_password, invite_to, reset_link
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

PASSWORD = "seven quiet lanterns"


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_an_invitation_that_works(merchant: Any) -> None:
    from aftermile.kernel.clock import now

    link = invite_to(merchant.id, email="Nadia@Example.com", role="owner", at=now())

    assert "Join Lindgren Books" in Client().get(path_of(link)).content.decode()
    with merchant_scope(merchant.id):
        assert [(entry.actor, entry.summary) for entry in audit_log(limit=9)] == [
            ("command:staff", "Invited nadia@example.com as owner")
        ]


def test_an_account_with_a_password(merchant: Any) -> None:
    create_with_password(
        email="nadia@example.com", name="Nadia Brandt", password=PASSWORD, merchant_id=merchant.id,
        role="care", is_operator=False, at=NOON,
    )  # fmt: skip

    nadia = person_by_email("nadia@example.com")
    assert nadia is not None
    assert roles_of(nadia.id) == {merchant.id: Role.CARE}
    assert not nadia.is_operator


def test_an_operator_has_no_place_and_enters_all(merchant: Any) -> None:
    create_with_password(
        email="olga@example.com", name="Olga", password=PASSWORD, merchant_id=None, role="owner",
        is_operator=True, at=NOON,
    )  # fmt: skip

    olga = person_by_email("olga@example.com")
    assert olga is not None
    assert (olga.is_operator, roles_of(olga.id)) == (True, {})


def test_a_new_password_by_a_link_that_works_once(merchant: Any) -> None:
    create_with_password(
        email="nadia@example.com", name="Nadia", password=PASSWORD, merchant_id=merchant.id,
        role="care", is_operator=False, at=NOON,
    )  # fmt: skip
    link = reset_link(" NADIA@example.com")
    assert link is not None

    client = Client()
    form = client.get(path_of(link), follow=True)
    fresh = {"password1": "nine loud kettles", "password2": "nine loud kettles"}
    done = client.post(form.request["PATH_INFO"], fresh, follow=True)
    assert "Your password is set" in done.content.decode()
    signed_in = Client().post(
        "/console/account/sign-in/", {"login": "nadia@example.com", "password": "nine loud kettles"}
    )

    assert signed_in.status_code == 302
    assert "This link no longer works" in Client().get(path_of(link), follow=True).content.decode()


def test_nobody_has_the_address(db: None) -> None:
    assert reset_link("nobody@example.com") is None
