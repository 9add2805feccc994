"""Signing in: who gets in, what guessing costs, what a session is, and how it ends."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings

from aftermile.capabilities.team.public import PersonView, Role
from aftermile.doors.console.accounts import adapter
from aftermile.doors.console.accounts.adapter import PER_ACCOUNT
from aftermile.doors.console.middleware import LONGEST_SESSION_SECONDS
from tests.doors.console.conftest import PASSWORD, base, make_person, signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "/console/account/sign-in/"
WRONG = "not the one"


def attempt(client: Client, email: str, password: str, address: str = "203.0.113.7") -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=address)


def page_of(response: Any) -> str:
    """Return a page without what differs from one rendering to the next."""
    lines = response.content.decode().splitlines()
    return "\n".join(line for line in lines if "csrf" not in line.lower())


def test_with_the_password_one_is_in(client: Client, merchant: Any, owner: PersonView) -> None:
    response = attempt(client, "Astrid@Example.com", PASSWORD)

    assert response.status_code == 302
    assert client.get(base(merchant) + "settings/").status_code == 200


def test_afterwards_one_is_where_one_wanted_to_go(client: Client, merchant: Any, owner: PersonView) -> None:
    wanted = base(merchant) + "settings/audit/?about=inv_1"

    asked = client.get(wanted)
    response = client.post(asked["Location"], {"login": owner.email, "password": PASSWORD, "next": wanted})

    assert response["Location"] == wanted


def test_nobody_is_sent_to_another_site(client: Client, owner: PersonView) -> None:
    response = client.post(
        SIGN_IN, {"login": owner.email, "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert response["Location"] == "/console/"


def test_a_wrong_password_and_no_account_look_the_same(client: Client, owner: PersonView) -> None:
    wrong = attempt(client, owner.email, WRONG)
    nobody = attempt(Client(), "nobody@example.com", WRONG)

    assert (wrong.status_code, nobody.status_code) == (200, 200)
    assert page_of(wrong).replace(owner.email, "X") == page_of(nobody).replace("nobody@example.com", "X")
    assert "is not right" in page_of(wrong)


def test_a_wrong_password_and_no_account_cost_the_same_work(owner: PersonView) -> None:
    """One hash each: counted, because a stopwatch would tell of the machine."""
    hashes = {}
    for email in (owner.email, "nobody@example.com"):
        began = time.process_time()
        attempt(Client(), email, WRONG, address=f"203.0.113.{len(hashes) + 10}")
        hashes[email] = time.process_time() - began
    # A hash is most of the work of an answer; without it the answer would take a tenth.
    assert min(hashes.values()) > 0.3 * max(hashes.values())


def test_a_forgotten_password_is_answered_alike(client: Client, owner: PersonView) -> None:
    answers = [
        client.post("/console/account/password/forgotten/", {"email": email})
        for email in (owner.email, "nobody@example.com")
    ]

    assert [(each.status_code, each["Location"]) for each in answers] == [
        (302, "/console/account/password/forgotten/asked/")
    ] * 2


def test_an_account_that_is_guessed_at_is_held_off_even_with_the_right_password(owner: PersonView) -> None:
    for index in range(PER_ACCOUNT):
        attempt(Client(), owner.email, WRONG, address=f"203.0.113.{index}")

    response = attempt(Client(), owner.email, PASSWORD, address="198.51.100.1")

    assert response.status_code == 200
    assert "Too many attempts" in page_of(response)


def test_being_held_off_does_not_tell_whether_there_is_an_account(owner: PersonView) -> None:
    def last(email: str, network: str) -> str:
        for index in range(PER_ACCOUNT + 1):
            response = attempt(Client(), email, WRONG, address=f"{network}.{index}")
        return page_of(response).replace(email, "X")

    assert last(owner.email, "203.0.113") == last("nobody@example.com", "198.51.100")


def test_an_address_that_guesses_at_many_accounts_is_held_off(
    owner: PersonView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PER_ADDRESS", 3)
    for index in range(3):
        attempt(Client(), f"person{index}@example.com", WRONG)

    assert "Too many attempts" in page_of(attempt(Client(), owner.email, PASSWORD))
    assert attempt(Client(), owner.email, PASSWORD, address="198.51.100.9").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_count_as_many(owner: PersonView) -> None:
    def guess(index: int) -> bool:
        try:
            response = attempt(Client(), owner.email, WRONG, address=f"203.0.113.{index}")
            return "Too many attempts" in page_of(response)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        held_off = list(threads.map(guess, range(PER_ACCOUNT + 14)))

    assert held_off.count(False) == PER_ACCOUNT


def test_a_session_is_a_new_one_after_signing_in(client: Client, owner: PersonView) -> None:
    client.get(SIGN_IN)
    client.post("/console/account/again/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["aftermile_session"] = session.session_key or ""

    attempt(client, owner.email, PASSWORD)

    fresh = client.cookies["aftermile_session"].value
    assert fresh != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_cookie_is_the_consoles_alone(client: Client, owner: PersonView) -> None:
    attempt(client, owner.email, PASSWORD)

    cookie = client.cookies["aftermile_session"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/console/", True, "Lax")
    assert client.cookies["aftermile_csrf"]["path"] == "/console/"


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_over_tls_the_cookie_stays_there(client: Client, owner: PersonView) -> None:
    client.post(SIGN_IN, {"login": owner.email, "password": PASSWORD}, secure=True)

    assert client.cookies["aftermile_session"]["secure"] is True


def test_a_form_from_elsewhere_is_refused(merchant: Any, owner: PersonView) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(id=owner.id))

    answers = [
        client.post(SIGN_IN, {"login": owner.email, "password": PASSWORD}),
        client.post(base(merchant) + "settings/team/invitations/", {"email": "a@b.example", "role": "owner"}),
        client.post("/console/account/sign-out/"),
    ]

    assert [response.status_code for response in answers] == [403, 403, 403]
    assert "Nothing was changed" in answers[1].content.decode()


def test_a_session_ends_twelve_hours_after_the_last_click(merchant: Any, owner: PersonView) -> None:
    page = base(merchant) + "settings/"
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        client = signed_in(owner)
        for _ in range(3):
            assert client.get(page).status_code == 200
            clock.shift(timedelta(hours=11))
        assert client.get(page).status_code == 200
        clock.shift(timedelta(hours=12, minutes=6))
        assert client.get(page).status_code == 302


def test_a_session_ends_after_two_weeks_however_busy(merchant: Any, owner: PersonView) -> None:
    page = base(merchant) + "settings/"
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        client = signed_in(owner)
        for _ in range(LONGEST_SESSION_SECONDS // (11 * 3600)):
            assert client.get(page).status_code == 200
            clock.shift(timedelta(hours=11))
        clock.shift(timedelta(hours=6))
        assert client.get(page).status_code == 302


def test_reading_pages_writes_no_session(merchant: Any, owner: PersonView) -> None:
    client = signed_in(owner)
    page = base(merchant) + "settings/"
    client.get(page)
    before = Session.objects.get()

    response = client.get(page)

    assert Session.objects.get().expire_date == before.expire_date
    assert "aftermile_session" not in response.cookies


def test_another_password_ends_the_other_sessions(client: Client, merchant: Any, owner: PersonView) -> None:
    elsewhere = signed_in(owner)
    attempt(client, owner.email, PASSWORD)
    page = base(merchant) + "settings/"

    client.post(
        "/console/account/password/",
        {"oldpassword": PASSWORD, "password1": "nine loud kettles", "password2": "nine loud kettles"},
    )

    assert elsewhere.get(page).status_code == 302
    assert client.get(page).status_code == 200


def test_signing_out_everywhere_else(client: Client, merchant: Any, owner: PersonView) -> None:
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/605"})
    attempt(elsewhere, owner.email, PASSWORD)
    attempt(client, owner.email, PASSWORD)
    listed = client.get("/console/account/sessions/").content.decode()
    assert "Safari on iPhone" in listed

    client.post("/console/account/sessions/")

    page = base(merchant) + "settings/"
    assert elsewhere.get(page).status_code == 302
    assert client.get(page).status_code == 200


def test_an_account_that_is_switched_off_is_out(client: Client, merchant: Any, owner: PersonView) -> None:
    attempt(client, owner.email, PASSWORD)
    get_user_model().objects.update(is_active=False)

    assert client.get(base(merchant) + "settings/").status_code == 302
    assert attempt(Client(), owner.email, PASSWORD)["Location"] == "/console/account/switched-off/"


def test_which_shop_one_comes_to(merchant: Any, other_merchant: Any) -> None:
    one = signed_in(make_person("One", (merchant, Role.CARE)))
    two = signed_in(make_person("Two", (merchant, Role.CARE), (other_merchant, Role.CARE)))
    none = signed_in(make_person("None"))

    assert one.get("/console/")["Location"] == base(merchant)
    assert two.get("/console/")["Location"] == "/console/shops/"
    assert none.get("/console/")["Location"] == "/console/shops/"
    assert "No shop yet" in none.get("/console/shops/").content.decode()
    two.get(base(other_merchant) + "settings/")
    assert two.get("/console/")["Location"] == base(other_merchant)


def test_the_shop_one_was_taken_out_of_is_forgotten(merchant: Any, owner: PersonView) -> None:
    clerk = make_person("Bo", (merchant, Role.CARE))
    client = signed_in(clerk)
    client.get(base(merchant) + "settings/")
    from aftermile.capabilities.team.public import remove_member
    from aftermile.kernel.tenancy import merchant_scope

    with merchant_scope(merchant.id):
        remove_member(user_id=clerk.id)

    assert client.get("/console/")["Location"] == "/console/shops/"
