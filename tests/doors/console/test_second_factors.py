"""The second step: an app's codes, recovery codes, and what is stored of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from aftermile.capabilities.team.public import PersonView
from tests.doors.console.conftest import PASSWORD, base, signed_in

pytestmark = pytest.mark.django_db

SECURITY = "/console/account/security/"


def code_of(secret: str) -> str:
    """Compute the code an authenticator app shows now (RFC 6238 with its defaults)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def confirmed(owner: PersonView) -> Client:
    """Return the owner's browser, in which the password was asked for once more."""
    client = signed_in(owner)
    client.post("/console/account/again/", {"password": PASSWORD})
    return client


@pytest.fixture
def secret(owner: PersonView) -> str:
    """Switch the app on; return its secret."""
    client = confirmed(owner)
    page = client.get(SECURITY + "app/").content.decode()
    found = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert found is not None
    client.post(SECURITY + "app/", {"code": code_of(found[1])})
    return found[1]


def signing_in(owner: PersonView) -> Client:
    client = Client()
    response = client.post("/console/account/sign-in/", {"login": owner.email, "password": PASSWORD})
    assert response["Location"].startswith("/console/account/sign-in/code/")
    return client


def is_in(client: Client, merchant: Any) -> bool:
    return client.get(base(merchant) + "settings/").status_code == 200


def test_the_settings_of_signing_in_ask_who_it_is(owner: PersonView) -> None:
    for page in ("app/", "passkeys/add/", "recovery-codes/new/"):
        assert (
            signed_in(owner, fresh=False)
            .get(SECURITY + page)["Location"]
            .startswith("/console/account/again/")
        )


def test_the_password_alone_is_no_longer_enough(merchant: Any, owner: PersonView, secret: str) -> None:
    client = signing_in(owner)
    assert not is_in(client, merchant)

    with time_machine.travel(time.time() + 30):
        client.post("/console/account/sign-in/code/", {"code": code_of(secret)})
        assert is_in(client, merchant)


def test_a_code_works_once(merchant: Any, owner: PersonView, secret: str) -> None:
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)
        first, second = signing_in(owner), signing_in(owner)
        first.post("/console/account/sign-in/code/", {"code": code})
        second.post("/console/account/sign-in/code/", {"code": code})

        assert (is_in(first, merchant), is_in(second, merchant)) == (True, False)


def test_codes_are_not_guessed(merchant: Any, owner: PersonView, secret: str) -> None:
    client = signing_in(owner)
    right = code_of(secret)
    wrong = [f"{number:06d}" for number in range(8) if f"{number:06d}" != right]
    for code in wrong:
        response = client.post("/console/account/sign-in/code/", {"code": code})

    with time_machine.travel(time.time() + 30):
        client.post("/console/account/sign-in/code/", {"code": code_of(secret)})
        assert not is_in(client, merchant)
    assert "Too many attempts" in response.content.decode()


def test_recovery_codes_are_shown_once_and_work_once(merchant: Any, owner: PersonView, secret: str) -> None:
    client = confirmed(owner)
    client.post(SECURITY + "recovery-codes/new/")
    codes = re.findall(r"<li>(\d{8})</li>", client.get(SECURITY + "recovery-codes/").content.decode())
    assert len(codes) == 10
    assert re.findall(r"<li>(\d{8})</li>", client.get(SECURITY + "recovery-codes/").content.decode()) == []

    first, second = signing_in(owner), signing_in(owner)
    first.post("/console/account/sign-in/code/", {"code": codes[0]})
    second.post("/console/account/sign-in/code/", {"code": codes[0]})

    assert (is_in(first, merchant), is_in(second, merchant)) == (True, False)
    assert "9 left" in client.get(SECURITY).content.decode()


def test_the_secret_is_not_stored_in_the_clear(owner: PersonView, secret: str) -> None:
    stored = str(list(Authenticator.objects.values()))

    assert secret not in stored


def test_a_passkey_is_asked_for_by_our_own_scripts(client: Client, owner: PersonView) -> None:
    page = client.get("/console/account/sign-in/").content.decode()

    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert len(scripts) == 5
    for script in scripts:
        answer = client.get(script)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    options = client.get("/console/account/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"
