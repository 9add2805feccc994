"""Messages on a shopper's device, in real Chromium: what is offered, what runs, and what a message looks like there.

Pushing itself takes a company's servers; here the browser's own part of it is played.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from aftermile.connectors.channels.example_messages import PUSH
from aftermile.kernel.ids import public_id
from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.message_links import message_pages

#: What a browser's company would make of a subscription: remembered as long as the page lives.
_PLAYED = """
(() => {
  let held = null;
  const made = (endpoint, key) => ({
    endpoint, options: { applicationServerKey: key }, unsubscribe: async () => { held = null; return true; },
    toJSON: () => ({ endpoint, keys: { p256dh: "P256DH", auth: "AUTH" } }),
  });
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (window.hangs) { document.documentElement.dataset.asked = ""; await new Promise(() => {}); }
    if (window.fails) throw new DOMException("no service", "AbortError");
    window.askedWith = applicationServerKey.length;
    return held = made("https://push.example/of-this-browser", applicationServerKey);
  };
})();
""".replace("P256DH", PUSH.p256dh).replace("AUTH", PUSH.auth)


@pytest.fixture
def shop_pushes(demo: Demonstration, opens: Opens) -> Iterator[None]:
    """The owner sets up web push in the console, and removes it again."""
    page = opens("/", signed_in_as="Owner")
    page.goto(f"{demo.console}settings/senders/push/web-push/")
    page.get_by_label("Contact").fill("mailto:care@fjell.example")
    page.locator("main form button").first.click()
    expect(page.locator("body")).to_contain_text("goes out by Web push from now on")
    yield
    page.goto(f"{demo.console}settings/senders/")
    page.locator("[popovertarget=remove-push]").first.click()
    page.locator("#remove-push button.danger").click()
    expect(page.locator("body")).to_contain_text("is gone, its secrets with it")


def let_in(page: Page) -> None:
    page.locator("#device").get_by_role("button", name="Show messages on this device").click()
    expect(page.get_by_text("This device shows what")).to_be_visible()


def choices(demo: Demonstration, opens: Opens, *, permission: str = "granted", **how: Any) -> Page:
    """Open a shopper's choices in a browser whose company is played."""
    page = opens("/healthz", **how)
    if permission == "granted":
        page.context.grant_permissions(["notifications"])
    page.add_init_script(_PLAYED)
    page.add_init_script(
        f"Object.defineProperty(Notification, 'permission', {{get: () => '{permission}'}});"
        f"Notification.requestPermission = async () => '{permission}';"
    )
    page.goto(message_pages(demo, "On time")["Choices"] + "?lang=en")
    return page


@pytest.mark.usefixtures("shop_pushes")
def test_on_off_and_what_is_said(demo: Demonstration, opens: Opens) -> None:
    page = choices(demo, opens, width=360)
    card = page.locator("#device")
    expect(page.get_by_text("Fjell & Field can show messages on this device")).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], 0)
    let_in(page)
    expect(card.get_by_role("button")).to_have_text("Show no more on this device")
    expect(card.get_by_role("button")).to_be_focused()
    assert page.evaluate("window.askedWith") == 65
    # The choices above learn of it without the page being opened anew.
    expect(page.locator("input[name=push-service]")).to_be_checked()
    expect(page.locator("input[name=push-marketing]")).not_to_be_checked()
    assert (violations(page), too_wide(page)) == ([], 0)
    scopes = page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((each) => new URL(each.scope).pathname))"
    )
    assert scopes == [f"/device/{public_id('mer', UUID(demo.told['merchant_id']))}/"]
    card.get_by_role("button").click()
    expect(card.get_by_role("button")).to_have_text("Show messages on this device")
    expect(page.locator("input[name=push-service]")).to_have_count(0)


@pytest.mark.usefixtures("shop_pushes")
def test_what_was_begun_above_is_left_alone(demo: Demonstration, opens: Opens) -> None:
    page = choices(demo, opens)
    page.locator("input[type=radio][name=quiet][value=none]").check()
    let_in(page)
    expect(page.locator("input[type=radio][name=quiet][value=none]")).to_be_checked()
    expect(page.locator("input[name=push-service]")).to_have_count(0)
    page.get_by_role("button", name="Show no more on this device").click()
    expect(page.get_by_role("button", name="Show messages on this device")).to_be_visible()
    expect(page.locator("input[type=radio][name=quiet][value=none]")).to_be_checked()


@pytest.mark.usefixtures("shop_pushes")
def test_refused_and_failed(demo: Demonstration, opens: Opens) -> None:
    page = choices(demo, opens, permission="denied")
    card = page.locator("#device")
    expect(page.get_by_text("This browser was told not to show messages from here.")).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)
    page = choices(demo, opens, scheme="dark")
    page.evaluate("window.fails = true")
    page.locator("#device").get_by_role("button").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    expect(page.locator("#device").get_by_role("button")).to_have_text("Show messages on this device")
    assert (violations(page), too_wide(page)) == ([], 0)


@pytest.mark.usefixtures("shop_pushes")
def test_a_browser_that_reaches_nobody_says_so(demo: Demonstration, opens: Opens) -> None:
    page = choices(demo, opens)
    page.clock.install()
    page.reload()
    page.evaluate("window.hangs = true")
    page.locator("#device").get_by_role("button").click()
    expect(page.locator("#device").get_by_role("button")).to_be_disabled()
    # A busy machine starts the worker slowly; the pages forbid what `wait_for_function` does (eval).
    expect(page.locator("html[data-asked]")).to_have_count(1, timeout=60_000)
    page.clock.run_for(60_000)
    expect(page.get_by_text("That did not work.")).to_be_visible(timeout=15_000)
    expect(page.locator("#device").get_by_role("button")).to_be_enabled()


@pytest.mark.usefixtures("shop_pushes")
def test_without_a_script_nothing_is_offered(demo: Demonstration, opens: Opens) -> None:
    page = opens(message_pages(demo)["Choices"] + "?lang=en", script=False)
    expect(page.locator("#device")).to_be_hidden()


@pytest.mark.usefixtures("shop_pushes")
def test_the_worker_shows_title_text_and_where_it_leads(demo: Demonstration, opens: Opens) -> None:
    page = choices(demo, opens)
    let_in(page)
    devtools = page.context.new_cdp_session(page)
    registered: list[dict[str, Any]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: registered.extend(told["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    (one,) = registered[:1]
    for data in (
        '{"title": "It is on its way", "body": "Parcel 1 of 1", "url": "https://a.example/t/1", "tag": "sent"}',
        "odd",
    ):
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": demo.url, "registrationId": one["registrationId"], "data": data},
        )
    shown = page.evaluate(
        """async () => {
          const [registration] = await navigator.serviceWorker.getRegistrations();
          for (let turn = 0; turn < 100; turn++) {
            const all = await registration.getNotifications();
            if (all.length >= 2) return all.map(({ title, body, tag, data }) => ({ title, body, tag, ...data }));
            await new Promise((done) => setTimeout(done, 50));
          }
          return [];
        }"""
    )
    host = demo.url.partition("://")[2]
    assert sorted(shown, key=lambda each: each["title"] == host) == [
        {"title": "It is on its way", "body": "Parcel 1 of 1", "tag": "sent", "url": "https://a.example/t/1"},
        {"title": host, "body": "", "tag": "", "url": ""},
    ]
