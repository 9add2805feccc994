"""The way into the console in real Chromium: an invitation, the axe on each page, and a passkey that signs in alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import SCHEMES, View, look, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def here(demo: Demonstration) -> str:
    """The demonstration by name: a passkey belongs to a name, never to an address."""
    return demo.url.replace("127.0.0.1", "localhost")


def invitation(demo: Demonstration, email: str) -> str:
    said = demo.installation.command("staff", "create", email, "--role", "owner", "--merchant", demo.merchant)
    found = re.search(r"/console/invitation/\S+", said)
    assert found is not None
    return found[0]


def joined(page: Page, demo: Demonstration, email: str) -> None:
    page.goto(invitation(demo, email))
    page.get_by_label("Your name").fill("Kim Sato")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account and join").click()
    page.wait_for_url("**/console/mer_*/")


def sign_out(page: Page) -> None:
    page.goto("/console/account/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_from_an_invitation_to_a_passkey(demo: Demonstration, browser: Browser, here: str) -> None:
    context = look(browser, View(), base_url=here)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    joined(page, demo, "kim@example.com")

    page.goto("/console/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Signs in alone")).to_be_visible()
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console/mer_*/")
    context.close()


def test_at_a_number_passkeys_are_not_offered(demo: Demonstration, opens: Opens, here: str) -> None:
    page = opens("/console/account/sign-in/")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    assert violations(page) == []
    instead = page.get_by_role("link", name="localhost")
    expect(instead).to_have_attribute("href", f"{here}/console/account/sign-in/")


def test_without_a_script_the_password_is_enough(demo: Demonstration, browser: Browser, here: str) -> None:
    context = look(browser, View(script=False), base_url=here)
    page = context.new_page()
    joined(page, demo, "lou@example.com")
    sign_out(page)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()

    page.get_by_label("E-mail address").fill("lou@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/console/mer_*/")
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_before_the_desk_are_for_everybody(
    demo: Demonstration, browser: Browser, here: str, width: int, scheme: str
) -> None:
    context = look(browser, View(width=width, scheme=scheme), base_url=here)
    page = context.new_page()
    for path in (
        "/console/account/sign-in/",
        "/console/account/password/forgotten/",
        "/console/account/password/forgotten/asked/",
        "/console/invitation/iv_none/",
        invitation(demo, "mo@example.com"),
        "/console/nowhere/",
    ):
        page.goto(path)
        assert violations(page) == [], path
    context.close()
