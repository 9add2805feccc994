"""States of pages that no link leads to: something was typed, pressed, opened, or is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

from tests.browser.demonstration import Demonstration

#: Brings a page into a state. Whoever is signed in is an owner.
Reach = Callable[[Page, Demonstration], None]

_NOTHING = "qqqqqq"


def _look_up(page: Page, demo: Demonstration, number: str, contact: str) -> None:
    page.goto(f"/find/{demo.merchant}/?lang=en")
    page.get_by_label("Order number").fill(number)
    page.get_by_label("E-mail, phone number or postcode").fill(contact)
    page.get_by_role("button", name="Show my order").click()


def _does_not_fit(page: Page, demo: Demonstration) -> None:
    _look_up(page, demo, "#1001", "nobody@example.com")
    expect(page.get_by_role("alert")).to_be_visible()


def _nothing_typed(page: Page, demo: Demonstration) -> None:
    _look_up(page, demo, "", "")
    expect(page.locator(".error").first).to_be_visible()


def _parcel_alone(page: Page, demo: Demonstration) -> None:
    page.goto(f"/find/{demo.merchant}/?lang=en")
    page.get_by_label("Only a tracking number?").fill(demo.order("Late").parcels[0].tracking_number)
    page.get_by_role("button", name="Show the parcel").click()


def _delivered(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}orders/?standing=delivered")
    page.goto(page.locator("a[data-open]").first.get_attribute("href") or "")
    page.goto(page.get_by_role("link", name=re.compile("^See as")).get_attribute("href") or "")


def _languages(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.stories['Just ordered']}?lang=en")
    page.locator(".languages summary").click()


def _wrong_password(page: Page, demo: Demonstration) -> None:
    page.context.clear_cookies()
    page.goto("/console/account/sign-in/")
    page.get_by_label("E-mail address").fill("mina@fjell-and-field.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def _signed_out(path: str) -> Reach:
    def reach(page: Page, demo: Demonstration) -> None:
        page.context.clear_cookies()
        page.goto(path)

    return reach


def _invitation(page: Page, demo: Demonstration) -> None:
    _invited(page, demo)
    link = page.locator("#link").inner_text()
    page.context.clear_cookies()
    page.goto(link)


def _at(place: str) -> Reach:
    return lambda page, demo: void(page.goto(f"{demo.console}{place}"))


def void(answer: object) -> None:
    """Take an answer that nobody needs."""


def _menu(page: Page, demo: Demonstration) -> None:
    page.goto(demo.console)
    menu = page.get_by_role("button", name="Open the menu")
    if menu.is_visible():
        menu.click()


def _working(page: Page, demo: Demonstration) -> None:
    page.goto(demo.console)
    page.locator(".todo a.btn").first.click()
    expect(page.locator(".panel")).to_be_visible()


def _chosen(page: Page, demo: Demonstration) -> None:
    page.goto(demo.console)
    page.locator(".todo .tick input").first.check()
    page.locator(".todo .tick input").nth(1).check()


def _undo(page: Page, demo: Demonstration) -> None:
    _chosen(page, demo)
    page.locator("#bulk").get_by_role("button", name="Put off").click()
    expect(page.locator(".toast")).to_be_visible()


def _orders_chosen(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}orders/?standing=exception")
    for box in page.locator("input[name=chosen]").all()[:3]:
        box.check()


def _view_to_keep(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}orders/?standing=exception")
    page.get_by_role("button", name="Keep this view").click()


def _exporting(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}orders/?country=FR")
    page.get_by_role("button", name="Export as CSV").click()
    expect(page.get_by_role("link", name="Download").first).to_be_visible(timeout=30_000)


def _key_made(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/keys/")
    page.get_by_label("Name").fill("ERP export")
    page.get_by_role("checkbox", name="Read orders and their refunds").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#key")).to_be_visible()


def _key_without_a_name(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/keys/")
    page.locator("#new form").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(page.locator(".problem").first).to_be_visible()


def _revoking(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/keys/")
    page.get_by_role("button", name=re.compile("^Revoke ")).first.click()


def _invited(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/team/")
    page.get_by_label("E-mail address").fill("ines@fjell-and-field.example")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.locator("#link")).to_be_visible()


def _endpoint_made(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/webhooks/new/")
    # Nobody listens there: what is sent waits, and says why.
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:65535/hooks")
    page.get_by_label("What it is for").fill("The warehouse")
    page.get_by_role("button", name="Make the endpoint").click()
    expect(page.locator("#secret")).to_be_visible()


def _message_failed(page: Page, demo: Demonstration) -> None:
    _endpoint_made(page, demo)
    page.get_by_role("button", name="Send a test message").click()
    expect(page.locator("tbody")).to_be_visible(timeout=15_000)


def _endpoint_failing(page: Page, demo: Demonstration) -> None:
    _message_failed(page, demo)
    page.get_by_role("link", name="The warehouse").first.click()


def _source_waiting(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}connections/new/shopify/")
    page.get_by_label("Name").fill("The outlet")
    page.get_by_label("Shop domain").fill("outlet.myshopify.com")
    page.get_by_label("API secret key", exact=True).fill("what Shopify shows")
    page.get_by_role("button", name="Connect Shopify").click()
    expect(page.locator("#arrival")).to_contain_text("Waiting.")


def _read_again(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}records/?status=quarantined")
    page.locator("input[name=chosen]").first.check()
    page.locator(".bulk button").first.click()
    expect(page.locator("main")).to_contain_text("went back to quarantine", timeout=15_000)


def _tried(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/thresholds/")
    page.get_by_label("Silent, within the country").fill("1")
    page.get_by_role("button", name="Try today").click()
    expect(page.locator("#effect tbody")).to_be_visible()


def _shoppers_data(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}settings/privacy/")
    page.get_by_label("E-mail address, phone number or order number").fill(demo.order("Late").name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=demo.order("Late").shopper.email).click()
    expect(page.get_by_role("button", name="Erase this shopper")).to_be_visible()


def _article_incomplete(page: Page, demo: Demonstration) -> None:
    page.goto(f"{demo.console}content/")
    page.get_by_role("link", name="Can you repair it?").click()
    page.get_by_label("Text", exact=True).fill("<b>Yes</b>")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert").first).to_be_visible()


def _not_for_this_role(page: Page, demo: Demonstration) -> None:
    page.context.clear_cookies()
    demo.sign_in(page, "Analyst")
    page.goto(f"{demo.console}settings/brand/")
    page.context.clear_cookies()


#: By the names of their pictures. Some sign out: whoever goes through them keeps signed in.
STATES: Mapping[str, Reach] = {
    "shopper/look-up-does-not-fit": _does_not_fit,
    "shopper/look-up-nothing-typed": _nothing_typed,
    "shopper/parcel-alone": _parcel_alone,
    "shopper/delivered": _delivered,
    "shopper/languages": _languages,
    "shopper/look-up-on-another-site": lambda page, demo: void(page.goto(f"/w/{demo.merchant}/demo/")),
    "shopper/help-nothing": lambda page, demo: void(page.goto(f"/help/{demo.merchant}/?q={_NOTHING}")),
    "console/menu": _menu,
    "console/home-working": _working,
    "console/home-chosen": _chosen,
    "console/home-undo": _undo,
    "console/home-put-off": _at("?tab=put_off"),
    "console/home-done": _at("?tab=done"),
    "console/orders-chosen": _orders_chosen,
    "console/orders-narrowed": _at("orders/?standing=exception&country=DE"),
    "console/orders-nothing": _at(f"orders/?words={_NOTHING}"),
    "console/orders-keep-view": _view_to_keep,
    "console/shoppers-nothing": _at(f"shoppers/?words={_NOTHING}"),
    "console/content-nothing": _at(f"content/?words={_NOTHING}"),
    "console/article-incomplete": _article_incomplete,
    "console/exports-ready": _exporting,
    "console/source-waiting": _source_waiting,
    "console/records-nothing": _at(f"records/?about={_NOTHING}"),
    "console/records-read-again": _read_again,
    "console/key-made": _key_made,
    "console/key-without-a-name": _key_without_a_name,
    "console/key-revoking": _revoking,
    "console/team-invited": _invited,
    "console/webhook-made": _endpoint_made,
    "console/webhook-message-failed": _message_failed,
    "console/webhook-failing": _endpoint_failing,
    "console/thresholds-tried": _tried,
    "console/estimates": _at("settings/estimates/"),
    "console/incidents": _at("incidents/"),
    "console/privacy-shopper": _shoppers_data,
    "console/account": lambda page, demo: void(page.goto("/console/account/")),
    "console/account-security": lambda page, demo: void(page.goto("/console/account/security/")),
    "console/account-app": lambda page, demo: void(page.goto("/console/account/security/app/")),
    "console/account-password": lambda page, demo: void(page.goto("/console/account/password/")),
    "console/account-sessions": lambda page, demo: void(page.goto("/console/account/sessions/")),
    "console/missing": _at("orders/ord_nonsense/"),
    "console/no-such-page": _at("nowhere/"),
    "console/forms-only": _at("exceptions/act/"),
    "console/not-for-this-role": _not_for_this_role,
    "console/invitation": _invitation,
    "console/invitation-unusable": _signed_out("/console/invitation/iv_none/"),
    "console/sign-in": _signed_out("/console/account/sign-in/"),
    "console/sign-in-wrong": _wrong_password,
    "console/password-forgotten": _signed_out("/console/account/password/forgotten/"),
}
