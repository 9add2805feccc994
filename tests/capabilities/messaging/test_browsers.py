"""Browsers that let a shop show messages: with which key they subscribe, which are called, and which is written to."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest

from aftermile.capabilities.messaging.composing import compose
from aftermile.capabilities.messaging.models import PushSubscription, SenderRow
from aftermile.capabilities.messaging.operations.subscribe_browser import MOST_BROWSERS
from aftermile.capabilities.messaging.operations.take_due import take_due
from aftermile.capabilities.messaging.public import (
    BrowserUnusable,
    browser_key,
    browsers_of,
    keep_sender,
    open_senders,
    subscribe_browser,
    unsubscribe_browser,
)
from aftermile.capabilities.shoppers.public import ShopperNotFound, erase_shopper
from aftermile.connectors.channels.example_messages import PUSH
from aftermile.connectors.channels.web_push import new_vapid_key
from aftermile.connectors.contracts.channels import Medium, Push, Sender
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import BY, NOON, SAID, a_shopper, after, ask, service, wanted

pytestmark = pytest.mark.django_db
CONTACT = "mailto:care@lindgren.example"


def let_in(
    shopper_id: UUID,
    endpoint: str,
    *,
    p256dh: str = PUSH.p256dh,
    auth: str = PUSH.auth,
    minutes: int = 0,
) -> None:
    subscribe_browser(
        shopper_id=shopper_id, endpoint=endpoint, p256dh=p256dh, auth=auth, at=after(minutes=minutes)
    )


def digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


class TestKey:
    def test_is_the_public_half_of_the_senders(self, in_scope: Merchant) -> None:
        private, public = new_vapid_key()
        credentials = {"private_key": private, "subject": CONTACT}
        keep_sender(medium=Medium.PUSH, channel_slug="web-push", credentials=credentials, by=BY, at=NOON)
        assert browser_key() == public

    def test_without_a_sender_for_browsers_there_is_none(self, in_scope: Merchant) -> None:
        assert browser_key() == ""
        keep_sender(medium=Medium.PUSH, channel_slug="outbox", credentials={}, by=BY, at=NOON)
        assert browser_key() == ""
        SenderRow.rows().update(channel="pigeon-post")
        assert browser_key() == ""

    @pytest.mark.parametrize(
        "key", ["lost", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
    )
    def test_one_that_cannot_be_read_is_none(self, in_scope: Merchant, key: str) -> None:
        credentials = {"private_key": key, "subject": CONTACT}
        keep_sender(medium=Medium.PUSH, channel_slug="web-push", credentials=credentials, by=BY, at=NOON)
        assert browser_key() == ""


class TestEndpoints:
    @pytest.mark.parametrize(
        "endpoint",
        [
            "https://fcm.push.example/fcm/send/eA:b",
            "https://push.example:443/1",
            "https://wns2-par02p.notify.push.example/w/?token=BQY%2f",
            "https://93.184.216.34/1",
        ],
    )
    def test_on_the_internet_are_kept(self, in_scope: Merchant, endpoint: str) -> None:
        ana = a_shopper("Ana")
        let_in(ana, endpoint)
        assert browsers_of(ana) == [digest(endpoint)]

    @pytest.mark.parametrize(
        "endpoint",
        [
            "",
            "push.example/1",
            "http://push.example/1",
            "ftp://push.example/1",
            "https://",
            "https://push.example:8443/1",
            "https://push.example:port/1",
            "https://somebody@push.example/1",
            "https://push.example/a b",
            "https://push.example/\n",
            "https://püsh.example/1",
            "https://push.example/" + "x" * 2_048,
            "https://localhost/1",
            "https://printer.local/1",
            "https://db.internal/1",
            "https://intranet/1",
            "https://127.0.0.1/1",
            "https://127.1/1",
            "https://2130706433/1",
            "https://10.0.0.7/1",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/1",
            "https://[::ffff:10.0.0.7]/1",
            "https://[fd00::1]/1",
            "https://[::1/1",
        ],
    )
    def test_anywhere_else_are_refused(self, in_scope: Merchant, endpoint: str) -> None:
        ana = a_shopper("Ana")
        with pytest.raises(BrowserUnusable) as refused:
            let_in(ana, endpoint)
        assert list(refused.value.details) == ["endpoint"]
        assert browsers_of(ana) == []

    @pytest.mark.parametrize(
        ("p256dh", "auth", "wrong"),
        [
            ("", "", ["p256dh", "auth"]),
            (PUSH.p256dh[:-4], PUSH.auth, ["p256dh"]),
            ("A" + PUSH.p256dh[1:], PUSH.auth, ["p256dh"]),
            (PUSH.p256dh, PUSH.auth + "AAAA", ["auth"]),
            (PUSH.p256dh, "not base64 at all!", ["auth"]),
            ("B" * 9_000, PUSH.auth, ["p256dh"]),
        ],
    )
    def test_need_keys_that_are_some(
        self, in_scope: Merchant, p256dh: str, auth: str, wrong: list[str]
    ) -> None:
        ana = a_shopper("Ana")
        with pytest.raises(BrowserUnusable) as refused:
            let_in(ana, "https://push.example/1", p256dh=p256dh, auth=auth)
        assert list(refused.value.details) == wrong


class TestWhose:
    def test_the_one_chosen_last_is_written_to(self, in_scope: Merchant) -> None:
        keep_sender(medium=Medium.PUSH, channel_slug="outbox", credentials={}, by=BY, at=NOON)
        ana = a_shopper("Ana")
        for minute, name in enumerate(("phone", "laptop", "phone")):
            let_in(ana, f"https://push.example/{name}", minutes=minute)
        ask(service(ana, medium=Medium.PUSH))
        portion = take_due(at=NOON)
        assert portion is not None
        assert [each.address for each in portion.messages] == ["https://push.example/phone"]

    def test_a_browser_belongs_to_whoever_let_it_in_last(self, in_scope: Merchant) -> None:
        ana, ben = a_shopper("Ana"), a_shopper("Ben")
        for who in (ana, ben):
            let_in(who, "https://push.example/family")
        assert (browsers_of(ana), browsers_of(ben)) == ([], [digest("https://push.example/family")])
        assert unsubscribe_browser(endpoint="https://push.example/family")
        assert not unsubscribe_browser(endpoint="https://push.example/family")
        assert browsers_of(ben) == []

    def test_only_so_many_are_remembered(self, in_scope: Merchant) -> None:
        ana, ben = a_shopper("Ana"), a_shopper("Ben")
        let_in(ben, "https://push.example/ben")
        for number in range(MOST_BROWSERS + 3):
            let_in(ana, f"https://push.example/{number}", minutes=number)
        expected = [digest(f"https://push.example/{number}") for number in range(3, MOST_BROWSERS + 3)]
        assert browsers_of(ana) == expected
        assert len(browsers_of(ben)) == 1

    def test_nobody_and_an_erased_shopper_have_none(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana")
        erase_shopper(shopper_id=ana, by=BY, at=NOON)
        for who in (ana, uuid7()):
            with pytest.raises(ShopperNotFound):
                let_in(who, "https://push.example/1")
            assert browsers_of(who) == []

    def test_each_shop_has_its_own(self, merchant: Merchant, other_merchant: Merchant) -> None:
        for shop in (merchant, other_merchant):
            with merchant_scope(shop.id):
                let_in(a_shopper("Ana"), "https://push.example/1")
        with merchant_scope(merchant.id):
            assert unsubscribe_browser(endpoint="https://push.example/1")
        with merchant_scope(other_merchant.id):
            assert PushSubscription.rows().count() == 1


def test_only_newer_word_of_the_same_thing_takes_a_notices_place(in_scope: Merchant) -> None:
    keep_sender(medium=Medium.PUSH, channel_slug="outbox", credentials={}, by=BY, at=NOON)
    ana = a_shopper("Ana")
    let_in(ana, "https://push.example/1")
    one, other = uuid7(), uuid7()
    ask(*(wanted(ana, medium=Medium.PUSH, order_id=each) for each in (one, one, other, None, None)))
    portion = take_due(at=NOON)
    assert portion is not None
    (sender,) = open_senders().values()
    mail_from = Sender(address="care@lindgren.example", name="Lindgren Books")
    notices = [
        compose(each, SAID, sender=sender, mail_from=mail_from, one_click_url="") for each in portion.messages
    ]
    topics = [each.topic for each in notices if isinstance(each, Push)]
    assert len(topics) == 5
    assert [topics.count(each) for each in topics] == [2, 2, 1, 1, 1]
