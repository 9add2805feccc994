"""The team's pages and acts: what is shown once, what is noted, how a refusal is told, and the way back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.team.public import (
    PersonView,
    Role,
    audit_log,
    invite,
    open_invitations,
    roles_of,
)
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import PASSWORD, base, counted, make_person, signed_in

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://[^<\s]+(/console/invitation/iv_[0-9A-Za-z]+/)")


def noted(merchant: Any) -> list[tuple[str, str, str]]:
    with merchant_scope(merchant.id):
        return [(entry.actor, entry.act, entry.summary) for entry in audit_log(limit=50)]


def link_in(response: Any) -> str:
    found = LINK.search(response.content.decode())
    assert found is not None
    return found[1]


@pytest.fixture
def team_page(merchant: Any) -> str:
    return base(merchant) + "settings/team/"


def test_an_invitation_from_the_page_to_the_desk(merchant: Any, owner: PersonView, team_page: str) -> None:
    client = signed_in(owner)

    made = client.post(team_page + "invitations/", {"email": "Ann@Example.com", "role": "warehouse"})
    link = link_in(made)
    assert LINK.search(client.get(team_page).content.decode()) is None

    ann = Client()
    offered = ann.get(link).content.decode()
    assert "Join Lindgren Books" in offered
    assert "<b>warehouse</b>" in offered
    joined = ann.post(link, {"name": "Ann Lee", "password": PASSWORD})
    assert joined["Location"] == base(merchant)
    assert ann.get(base(merchant) + "settings/").status_code == 200
    assert ann.get(team_page).status_code == 403
    assert ann.get(link).status_code == 404

    with merchant_scope(merchant.id):
        joiner = audit_log(limit=1)[0].actor
    assert noted(merchant) == [
        (joiner, "team.join", "Joined as warehouse"),
        (owner.by, "team.invite", "Invited ann@example.com as warehouse"),
    ]
    assert joiner != owner.by


def test_who_has_an_account_signs_in_to_join(merchant: Any, other_merchant: Any, owner: PersonView) -> None:
    bo = make_person("Bo", (other_merchant, Role.CARE), password=PASSWORD)
    with merchant_scope(merchant.id):
        offer = invite(email=bo.email, role=Role.ANALYST, by=owner.by, at=now())
    link = f"/console/invitation/{offer.token}/"

    stranger = Client()
    page = stranger.get(link).content.decode()
    assert f"Sign in as {bo.email} to join" in page
    assert stranger.post(link, {"name": "Evil", "password": PASSWORD}).status_code == 409

    joined = signed_in(bo).post(link)
    assert joined["Location"] == base(merchant)
    assert roles_of(bo.id) == {other_merchant.id: Role.CARE, merchant.id: Role.ANALYST}


def test_somebody_elses_invitation_is_explained(merchant: Any, owner: PersonView) -> None:
    with merchant_scope(merchant.id):
        offer = invite(email="ann@example.com", role=Role.CARE, by=owner.by, at=now())
    client, link = signed_in(owner), f"/console/invitation/{offer.token}/"

    assert "This invitation is for <b>ann@example.com</b>" in client.get(link).content.decode()
    assert client.post(link).status_code == 409


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": "", "password": PASSWORD}, "This field is required."),
        ({"name": "Ann", "password": "password1234"}, "too common"),
        ({"name": "Ann", "password": "short"}, "at least 12 characters"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_rest_is_kept(
    merchant: Any, owner: PersonView, typed: dict[str, str], problem: str
) -> None:
    with merchant_scope(merchant.id):
        offer = invite(email="ann@example.com", role=Role.CARE, by=owner.by, at=now())

    response = Client().post(f"/console/invitation/{offer.token}/", typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert problem in page
    assert 'aria-invalid="true"' in page
    assert f'value="{typed["name"]}"' in page or typed["name"] == ""
    assert f'value="{typed["password"]}"' not in page


def test_an_invitation_to_no_address_keeps_what_was_typed(owner: PersonView, team_page: str) -> None:
    response = signed_in(owner).post(team_page + "invitations/", {"email": "ann@", "role": "analyst"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="ann@"' in page
    assert '<option value="analyst" selected>' in page


def test_a_new_link_and_a_withdrawal(merchant: Any, owner: PersonView, team_page: str) -> None:
    client = signed_in(owner)
    first = link_in(client.post(team_page + "invitations/", {"email": "ann@example.com", "role": "care"}))
    with merchant_scope(merchant.id):
        key = public_id("inv", open_invitations()[0].id)

    second = link_in(client.post(f"{team_page}invitations/{key}/again/"))
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    withdrawn = client.post(f"{team_page}invitations/{key}/withdrawal/", follow=True)

    assert Client().get(second).status_code == 404
    assert "is withdrawn; its link no longer works" in withdrawn.content.decode()
    assert [act for _, act, _ in noted(merchant)] == ["team.withdraw", "team.invite_again", "team.invite"]


def test_another_role_and_back(merchant: Any, owner: PersonView, team_page: str) -> None:
    bo = make_person("Bo", (merchant, Role.CARE))
    client, address = signed_in(owner), f"{team_page}{public_id('usr', bo.id)}/role/"

    told = client.post(address, {"role": "analyst"}, follow=True).content.decode()

    assert "Bo is analyst now." in told
    assert f'action="{address}"' in told
    assert '<input type="hidden" name="role" value="care">' in told
    client.post(address, {"role": "care"})
    assert roles_of(bo.id) == {merchant.id: Role.CARE}
    assert [summary for _, _, summary in noted(merchant)] == [
        "Made Bo care; was analyst",
        "Made Bo analyst; was care",
    ]


def test_a_notice_is_told_once(merchant: Any, owner: PersonView, team_page: str) -> None:
    bo = make_person("Bo", (merchant, Role.CARE))
    client = signed_in(owner)

    client.post(f"{team_page}{public_id('usr', bo.id)}/role/", {"role": "analyst"})

    assert "Bo is analyst now." in client.get(team_page).content.decode()
    assert "Bo is analyst now." not in client.get(team_page).content.decode()


def test_a_refusal_changes_nothing_and_is_told_where_one_was(
    merchant: Any, owner: PersonView, team_page: str
) -> None:
    client, address = signed_in(owner), f"{team_page}{public_id('usr', owner.id)}/removal/"

    response = client.post(address, headers={"Referer": "http://testserver" + team_page})

    assert response.status_code == 303
    assert response["Location"] == team_page
    assert "A shop needs at least one owner" in client.get(team_page).content.decode()
    assert roles_of(owner.id) == {merchant.id: Role.OWNER}
    assert noted(merchant) == []


@pytest.mark.parametrize(
    "referer", ["https://evil.example/console/", "http://testserver/t/x", "javascript:alert(1)", ""]
)
def test_a_refusal_sends_nobody_out_of_the_shop(
    merchant: Any, owner: PersonView, team_page: str, referer: str
) -> None:
    response = signed_in(owner).post(
        f"{team_page}{public_id('usr', owner.id)}/removal/",
        {"back": "//evil.example/"},
        headers={"Referer": referer},
    )

    assert response["Location"] == base(merchant)


def test_a_refusal_told_to_htmx_is_a_notice_alone(owner: PersonView, team_page: str) -> None:
    response = signed_in(owner).post(
        f"{team_page}{public_id('usr', owner.id)}/role/", {"role": "care"}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert (response.status_code, response["HX-Reswap"]) == (409, "none")
    assert 'hx-swap-oob="beforeend"' in page
    assert "<html" not in page


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_there_is_not(merchant: Any, owner: PersonView, team_page: str, role: str) -> None:
    bo = make_person("Bo", (merchant, Role.CARE))

    signed_in(owner).post(f"{team_page}{public_id('usr', bo.id)}/role/", {"role": role})

    assert roles_of(bo.id) == {merchant.id: Role.CARE}


def test_what_is_dangerous_asks_who_it_is(merchant: Any, owner: PersonView, team_page: str) -> None:
    client = signed_in(owner, fresh=False)
    invitation = {"email": "ann@example.com", "role": "care"}

    asked = client.post(team_page + "invitations/", invitation)
    assert asked["Location"].startswith("/console/account/again/?next=")
    with merchant_scope(merchant.id):
        assert open_invitations() == []

    # What was typed is not lost: it goes on after the password.
    wrong = client.post(asked["Location"], {"password": "not the one"})
    assert "This is not your password." in wrong.content.decode()
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert link_in(done)
    with merchant_scope(merchant.id):
        assert [each.email for each in open_invitations()] == ["ann@example.com"]


def test_leaving_a_shop(merchant: Any, owner: PersonView, team_page: str) -> None:
    make_person("Bo", (merchant, Role.OWNER))
    client = signed_in(owner)

    response = client.post(f"{team_page}{public_id('usr', owner.id)}/removal/")

    assert response["Location"] == "/console/shops/"
    assert "You left Lindgren Books." in client.get("/console/shops/").content.decode()


def test_an_expired_invitation_is_shown_as_such(merchant: Any, owner: PersonView, team_page: str) -> None:
    with merchant_scope(merchant.id):
        invite(email="ann@example.com", role=Role.CARE, by=owner.by, at=now() - timedelta(days=8))

    assert "no longer works" in signed_in(owner).get(team_page).content.decode()


def test_the_team_costs_the_same_for_one_and_for_many(
    merchant: Any, owner: PersonView, team_page: str
) -> None:
    client = signed_in(owner)
    client.get(team_page)
    costs = []
    for index in range(50):
        make_person(f"Person{index}", (merchant, Role.CARE))
        with merchant_scope(merchant.id):
            invite(email=f"waiting{index}@example.com", role=Role.CARE, by=owner.by, at=now())
        if index + 1 in {1, 3, 50}:
            page, cost = counted(client, team_page)
            assert page.count('popovertarget="remove-') == 2 * (index + 2)
            costs.append(cost)

    assert costs[0] == costs[1] == costs[2]
