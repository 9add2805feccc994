"""Messages on a shopper's own device: offered where the shop sends them, kept under the address of their choices."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from aftermile.capabilities.brands.models import Domain
from aftermile.capabilities.brands.public import DomainState
from aftermile.capabilities.messaging.models import PushSubscription
from aftermile.capabilities.messaging.public import (
    PreferencesLink,
    browsers_of,
    keep_sender,
    preferences_token,
    remove_sender,
)
from aftermile.capabilities.shoppers.public import erase_shopper, reach
from aftermile.connectors.channels.example_messages import PUSH
from aftermile.connectors.channels.web_push import new_vapid_key
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.shopper import message_links
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.hosts import forget_hosts
from tests.capabilities.messaging.stories import BY, NOON, a_shopper

pytestmark = pytest.mark.django_db
#: No cookies, and forms that are forged would be refused.
CLIENT = Client(enforce_csrf_checks=True)
PRIVATE, PUBLIC = new_vapid_key()
ON = {"do": "on", "endpoint": "https://push.example/1", "p256dh": PUSH.p256dh, "auth": PUSH.auth}
OFF = {"do": "off", "endpoint": "https://push.example/1"}


def pushes(merchant: Merchant) -> None:
    credentials = {"private_key": PRIVATE, "subject": "mailto:care@lindgren.example"}
    with merchant_scope(merchant.id):
        keep_sender(medium=Medium.PUSH, channel_slug="web-push", credentials=credentials, by=BY, at=NOON)


def choices(merchant: Merchant, shopper_id: UUID) -> str:
    link = PreferencesLink(merchant_id=merchant.id, shopper_id=shopper_id)
    return f"/preferences/{preferences_token(link)}"


def known(merchant: Merchant, shopper_id: UUID) -> int:
    with merchant_scope(merchant.id):
        return len(browsers_of(shopper_id))


@pytest.fixture
def ana(merchant: Merchant) -> UUID:
    with merchant_scope(merchant.id):
        return a_shopper("Ana")


def test_it_is_offered_only_where_the_shop_sends_to_devices(merchant: Merchant, ana: UUID) -> None:
    page = CLIENT.get(choices(merchant, ana))
    assert 'id="device"' not in page.content.decode()
    assert "script" not in page["Content-Security-Policy"]
    pushes(merchant)
    page = CLIENT.get(choices(merchant, ana))
    html = page.content.decode()
    card = re.search(r'<section [^>]*id="device"[^>]*>', html)
    assert card
    assert dict(re.findall(r'data-(\w+)="([^"]*)"', card[0])) == {
        "worker": f"/device/{public_id('mer', merchant.id)}/worker.js",
        "key": PUBLIC,
        "known": "",
        "action": f"{choices(merchant, ana)}/device",
    }
    # Without a script it does not show; with one, only our own runs, and speaks to nobody but us.
    assert " hidden " in card[0]
    assert len(re.findall("<script", html)) == 1
    assert "script-src 'self'; connect-src 'self'; base-uri 'none'" in page["Content-Security-Policy"]
    assert "PRIVATE KEY" not in html


def test_on_and_off_again(merchant: Merchant, ana: UUID) -> None:
    pushes(merchant)
    address = f"{choices(merchant, ana)}/device"
    for _ in range(2):
        answer = CLIENT.post(address, ON)
        assert (answer.status_code, answer.content, answer.cookies.output()) == (204, b"", "")
    with merchant_scope(merchant.id):
        (row,) = PushSubscription.rows()
        (digest,) = browsers_of(ana)
        assert (row.shopper_id, row.endpoint, row.p256dh, row.auth) == (ana, *list(ON.values())[1:])
    page = CLIENT.get(choices(merchant, ana)).content.decode()
    assert f'data-known="{digest}"' in page
    assert ON["endpoint"] not in page
    for _ in range(2):
        assert CLIENT.post(address, OFF).status_code == 204
    assert known(merchant, ana) == 0


def test_letting_a_device_show_messages_agrees_to_nothing_more(merchant: Merchant, ana: UUID) -> None:
    pushes(merchant)
    CLIENT.post(f"{choices(merchant, ana)}/device", ON)
    page = CLIENT.get(choices(merchant, ana)).content.decode()
    assert 'name="push-service" checked' in page
    assert 'name="push-marketing">' in page
    with merchant_scope(merchant.id):
        assert reach([ana])[ana].consents == {}


@pytest.mark.parametrize("only", [False, True])
def test_what_the_page_did_not_ask_is_not_refused(merchant: Merchant, ana: UUID, only: bool) -> None:
    """The form was opened before the device was let in, and has no tick for it."""
    pushes(merchant)
    CLIENT.post(f"{choices(merchant, ana)}/device", ON)
    sent = {"do": "only" if only else "keep", "shown": ["email"], "email-service": "on", "quiet": "shop"}
    assert CLIENT.post(choices(merchant, ana), sent).status_code == 200
    with merchant_scope(merchant.id):
        told = dict(reach([ana])[ana].consents)
    # Who wants only what belongs to orders wants it everywhere.
    assert told == ({("email", "service"): False, ("push", "service"): False} if only else {})


@pytest.mark.parametrize(
    "change",
    [
        {"do": "maybe"},
        {"do": ""},
        {"endpoint": "http://push.example/1"},
        {"endpoint": "https://192.168.0.1/1"},
        {"endpoint": "https://push.example/\x00"},
        {"p256dh": "x"},
        {"auth": ""},
    ],
)
def test_what_cannot_be_reached_is_refused(merchant: Merchant, ana: UUID, change: dict[str, str]) -> None:
    pushes(merchant)
    answer = CLIENT.post(f"{choices(merchant, ana)}/device", ON | change)
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain")
    assert known(merchant, ana) == 0


def test_a_shop_that_sends_none_takes_none_and_lets_go(merchant: Merchant, ana: UUID) -> None:
    pushes(merchant)
    address = f"{choices(merchant, ana)}/device"
    CLIENT.post(address, ON)
    with merchant_scope(merchant.id):
        remove_sender(medium=Medium.PUSH, by=BY, at=NOON)
    assert CLIENT.post(address, ON | {"endpoint": "https://push.example/2"}).status_code == 422
    assert CLIENT.post(address, OFF).status_code == 204
    assert known(merchant, ana) == 0


def test_only_so_often_and_only_so_much(merchant: Merchant, ana: UUID) -> None:
    pushes(merchant)
    address = f"{choices(merchant, ana)}/device"
    assert CLIENT.post(address, ON | {"auth": "x" * 20_000}).status_code == 413
    for _ in range(message_links.PER_SHOPPER):
        assert CLIENT.post(address, OFF).status_code == 204
    refused = CLIENT.post(address, ON)
    assert (refused.status_code, known(merchant, ana)) == (429, 0)
    assert 0 < int(refused["Retry-After"]) <= message_links.MINUTES * 60


def test_only_by_post_and_only_under_a_whole_address(merchant: Merchant, ana: UUID) -> None:
    pushes(merchant)
    address = choices(merchant, ana)
    assert CLIENT.get(f"{address}/device").status_code == 405
    assert CLIENT.post(f"{address[:-2]}/device", ON).status_code == 404
    with merchant_scope(merchant.id):
        erase_shopper(shopper_id=ana, by=BY, at=NOON)
    assert CLIENT.post(f"{address}/device", ON).status_code == 404
    with merchant_scope(merchant.id):
        assert PushSubscription.rows().count() == 0


def test_at_a_shops_own_domain_there_is_its_own_alone(
    merchant: Merchant, other_merchant: Merchant, ana: UUID, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    pushes(merchant)
    for shop, host in ((merchant, "post.lindgren.example"), (other_merchant, "post.okafor.example")):
        with merchant_scope(shop.id):
            Domain.objects.create(host=host, state=DomainState.VERIFIED, claimed_at=NOON)
    forget_hosts()
    device = f"{choices(merchant, ana)}/device"
    worker = f"/device/{public_id('mer', merchant.id)}/worker.js"
    assert CLIENT.post(device, ON, HTTP_HOST="post.okafor.example").status_code == 404
    assert CLIENT.get(worker, HTTP_HOST="post.okafor.example").status_code == 404
    assert known(merchant, ana) == 0
    assert CLIENT.post(device, ON, HTTP_HOST="post.lindgren.example").status_code == 204
    assert CLIENT.get(worker, HTTP_HOST="post.lindgren.example").status_code == 200
    assert known(merchant, ana) == 1
    forget_hosts()


def test_the_worker_is_a_script_that_may_load_nothing(merchant: Merchant) -> None:
    answer = CLIENT.get(f"/device/{public_id('mer', merchant.id)}/worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    # Its address stays, so what it is must be asked for anew; its folder is as far as it reaches.
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer
    for wrong in ("/device/mer_1/worker.js", "/device/worker.js"):
        assert CLIENT.get(wrong).status_code == 404
