"""The pages behind a message's own addresses: unsubscribe, choices, and why it came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from aftermile.capabilities.brands.models import Domain
from aftermile.capabilities.brands.public import DomainState
from aftermile.capabilities.messaging.events import ShopperUnsubscribed
from aftermile.capabilities.messaging.operations.prune import prune_messages
from aftermile.capabilities.messaging.public import (
    Dead,
    MessageLink,
    MessageView,
    Preferences,
    PreferencesLink,
    Purpose,
    SuppressedFor,
    keep_sender,
    preferences,
    preferences_token,
    suppress_addresses,
    unsubscribe_token,
    why_token,
)
from aftermile.capabilities.shoppers.public import erase_shopper, reach, shopper
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.shopper import message_links
from aftermile.kernel.clock import now
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.hosts import forget_hosts
from tests.capabilities.messaging.stories import (
    BY,
    NOON,
    a_shopper,
    after,
    ask,
    marketing,
    now_is,
    send_with,
    service,
    wanted,
)
from tests.capabilities.shop import log
from tests.doors.shopper.conftest import Sell

#: No cookies, and forms that are forged would be refused.
CLIENT = Client(enforce_csrf_checks=True)
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


def link_of(merchant: Merchant, view: MessageView) -> MessageLink:
    assert view.medium is not None
    return MessageLink(
        merchant_id=merchant.id,
        shopper_id=view.shopper_id,
        message_id=view.id,
        medium=view.medium,
        purpose=view.purpose,
    )


def a_message(merchant: Merchant, *, offer: bool = True, **told: Any) -> MessageView:
    """A message that was sent: an offer the shopper agreed to, or about what they bought."""
    with merchant_scope(merchant.id):
        ana = a_shopper("Ana", granted=["marketing"], **told)
        (view,) = ask((marketing if offer else service)(ana))
        send_with(at=NOON)
    return view


def leave(merchant: Merchant, view: MessageView) -> str:
    return f"/unsubscribe/{unsubscribe_token(link_of(merchant, view))}"


def choices(merchant: Merchant, shopper_id: UUID) -> str:
    link = PreferencesLink(merchant_id=merchant.id, shopper_id=shopper_id)
    return f"/preferences/{preferences_token(link)}"


def why(merchant: Merchant, view: MessageView) -> str:
    return f"/why/{why_token(link_of(merchant, view))}"


def allows(merchant: Merchant, shopper_id: UUID) -> Mapping[tuple[str, str], bool]:
    with merchant_scope(merchant.id):
        return reach([shopper_id])[shopper_id].consents


def said(page: HttpResponse) -> str:
    """What stands on a page, without its sheets and tags."""
    html = re.sub(r"<style>.*?</style>", "", page.content.decode(), flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def hidden(page: HttpResponse) -> dict[str, list[str]]:
    """The hidden fields of a page's form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode()
    ):
        found.setdefault(name, []).append(unescape(value))
    return found


class TestUnsubscribe:
    @pytest.mark.parametrize("offer", [True, False])
    def test_row_12_link_scanners_unsubscribe_nobody(self, merchant: Merchant, offer: bool) -> None:
        """Whoever only opens the address changes nothing, however often; one POST is enough."""
        view = a_message(merchant, offer=offer)
        address = leave(merchant, view)
        before = allows(merchant, view.shopper_id)
        for _ in range(3):
            page = CLIENT.get(address)
            assert (page.status_code, page.content.count(b"<form")) == (200, 1)
            assert CLIENT.head(address).status_code == 200
            assert CLIENT.get(address + "?List-Unsubscribe=One-Click").status_code == 200
        assert CLIENT.put(address).status_code == 405
        assert allows(merchant, view.shopper_id) == before
        assert CLIENT.post(address, ONE_CLICK, content_type=FORM).status_code == 200
        assert allows(merchant, view.shopper_id) == (
            {("email", "marketing"): False}
            if offer
            else {("email", "marketing"): False, ("email", "service"): False}
        )

    @pytest.mark.parametrize("how", ["form", "multipart", "button"])
    def test_one_click_needs_neither_cookie_nor_token(self, merchant: Merchant, how: str) -> None:
        view = a_message(merchant)
        address = leave(merchant, view)
        if how == "form":
            answer = CLIENT.post(address, ONE_CLICK, content_type=FORM)
        else:
            answer = CLIENT.post(address, {"List-Unsubscribe": "One-Click"} if how == "multipart" else {})
        assert (answer.status_code, answer.cookies.output()) == (200, "")
        assert "sends you no more offers and news." in said(answer)
        with merchant_scope(merchant.id):
            assert [
                each.withheld_for for each in ask(marketing(view.shopper_id), wanted(view.shopper_id))
            ] == [
                "consent",
                "",
            ]

    def test_again_changes_nothing_and_is_told_once(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        for _ in range(3):
            CLIENT.post(leave(merchant, view), ONE_CLICK, content_type=FORM)
        assert len([each for each in log(merchant) if isinstance(each, ShopperUnsubscribed)]) == 1
        assert "You are unsubscribed" in said(CLIENT.get(leave(merchant, view)))

    def test_undo_gives_back_what_was_taken_and_nothing_more(self, merchant: Merchant) -> None:
        """Who never agreed to offers does not do so by taking back that they refused all."""
        with merchant_scope(merchant.id):
            ben = a_shopper("Ben")
            (view,) = ask(service(ben))
        done = CLIENT.post(leave(merchant, view))
        assert allows(merchant, ben) == {("email", "marketing"): False, ("email", "service"): False}
        back = CLIENT.post(leave(merchant, view), hidden(done))
        assert "All is as before" in said(back)
        assert allows(merchant, ben) == {("email", "marketing"): False, ("email", "service"): True}

    def test_undo_gives_all_back(self, merchant: Merchant) -> None:
        view = a_message(merchant, offer=False)
        done = CLIENT.post(leave(merchant, view))
        CLIENT.post(leave(merchant, view), hidden(done))
        assert set(allows(merchant, view.shopper_id).values()) == {True}
        with merchant_scope(merchant.id):
            proofs = {each.proof for each in shopper(view.shopper_id).consents}
        assert f"took back that they unsubscribed from message {view.id}" in proofs

    def test_undo_after_the_mail_programs_own_button(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        CLIENT.post(leave(merchant, view), ONE_CLICK, content_type=FORM)
        page = CLIENT.get(leave(merchant, view))
        CLIENT.post(leave(merchant, view), hidden(page))
        assert allows(merchant, view.shopper_id) == {("email", "marketing"): True}

    def test_what_was_not_in_the_message_cannot_be_given_back(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        CLIENT.post(leave(merchant, view), {"do": "undo", "back": ["service", "transactional", "x"]})
        assert allows(merchant, view.shopper_id) == {("email", "marketing"): True}

    def test_mail_programs_of_many_are_not_counted_by_their_address(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            people = [a_shopper(f"S{n}", granted=["marketing"]) for n in range(message_links.PER_SHOPPER + 5)]
            views = ask(*(marketing(each) for each in people))
        answers = {CLIENT.post(leave(merchant, view)).status_code for view in views}
        assert answers == {200}

    def test_one_shopper_can_change_it_so_often(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        for _ in range(message_links.PER_SHOPPER):
            assert CLIENT.post(leave(merchant, view)).status_code == 200
        refused = CLIENT.post(leave(merchant, view), {"do": "undo"})
        assert (refused.status_code, allows(merchant, view.shopper_id)) == (
            429,
            {("email", "marketing"): False},
        )
        assert 0 < int(refused["Retry-After"]) <= message_links.MINUTES * 60
        assert CLIENT.get(leave(merchant, view)).status_code == 200

    def test_it_says_in_every_language_what_it_does(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        titles = set()
        for code in LANGUAGES:
            page = CLIENT.get(leave(merchant, view), {"lang": code})
            assert page["Content-Language"] == code
            titles.add(re.search(r"<h1>(.*?)</h1>", page.content.decode()))
        assert len({found[1] for found in titles if found}) == len(LANGUAGES)


class TestChoices:
    def test_nothing_is_told_that_is_not_needed(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            keep_sender(medium=Medium.SMS, channel_slug="outbox", credentials={}, by=BY, at=NOON)
            ana = a_shopper("Ana", phone="+4915123456789")
        page = CLIENT.get(choices(merchant, ana))
        assert (page.status_code, page.cookies.output()) == (200, "")
        for shown in ("E-mail: a…@s….example", "SMS: …89", "it always comes"):
            assert shown in said(page)
        for secret in ("ana@", "shopper.example", "+4915", "Ana"):
            assert secret not in page.content.decode()

    def test_leaving_all_as_it_is_writes_no_consent(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            ben = a_shopper("Ben")
        kept = CLIENT.post(choices(merchant, ben), {"do": "keep", "email-service": "on", "quiet": "shop"})
        assert "Kept." in said(kept)
        assert allows(merchant, ben) == {}
        with merchant_scope(merchant.id):
            assert preferences(ben) == Preferences()

    def test_what_is_chosen_is_kept_with_its_proof_and_undone(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            keep_sender(medium=Medium.SMS, channel_slug="outbox", credentials={}, by=BY, at=NOON)
            ana = a_shopper("Ana", phone="+4915123456789", granted=["marketing"])
        wish = {
            "do": "keep",
            "sms-service": "on",
            "sms-marketing": "on",
            "first": "sms",
            "language": "ja",
            "zone": "Asia/Tokyo",
            "quiet": "own",
            "quiet_from": "22:00",
            "quiet_until": "6:30",
        }
        kept = CLIENT.post(choices(merchant, ana), wish)
        assert kept["Content-Language"] == "ja"  # which they have just chosen
        assert allows(merchant, ana) == {
            ("email", "marketing"): False,
            ("email", "service"): False,
            ("sms", "marketing"): True,
        }
        with merchant_scope(merchant.id):
            assert preferences(ana) == Preferences(
                media=(Medium.SMS, Medium.EMAIL),
                language="ja",
                time_zone="Asia/Tokyo",
                quiet_from=time(22),
                quiet_until=time(6, 30),
            )
            proofs = {each.proof for each in shopper(ana).consents if each.channel == "sms"}
        assert proofs == {"chosen on the page of their choices, beside: Offers and news"}
        (news,) = [each for each in log(merchant) if isinstance(each, ShopperUnsubscribed)]
        assert (news.medium, set(news.purposes)) == ("email", {"marketing", "service"})
        # What was before, sent again, brings it back.
        undone = CLIENT.post(choices(merchant, ana), hidden(kept))
        assert hidden(undone) == {"shown": ["email", "sms"]}
        assert allows(merchant, ana) == {
            ("email", "marketing"): True,
            ("email", "service"): True,
            ("sms", "marketing"): False,
        }
        with merchant_scope(merchant.id):
            wishes = preferences(ana)
        assert replace(wishes, media=()) == Preferences()
        assert wishes.media[0] is Medium.EMAIL

    def test_one_button_leaves_only_what_belongs_to_orders(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", granted=["marketing"])
        kept = CLIENT.post(choices(merchant, ana), {"do": "only", "email-service": "on"})
        assert set(allows(merchant, ana).values()) == {False}
        assert "Only what belongs to my orders" not in said(kept)

    def test_quiet_hours_can_be_none_and_the_shops_again(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana")
        CLIENT.post(choices(merchant, ana), {"quiet": "none", "email-service": "on"})
        with merchant_scope(merchant.id):
            assert (preferences(ana).quiet_from, preferences(ana).quiet_until) == (time(0), time(0))
        assert re.search(r'value="none" checked', CLIENT.get(choices(merchant, ana)).content.decode())
        CLIENT.post(choices(merchant, ana), {"quiet": "shop", "email-service": "on"})
        with merchant_scope(merchant.id):
            assert preferences(ana) == Preferences()

    @pytest.mark.parametrize("typed", [("", "08:00"), ("25:00", "08:00"), ("soon", "late"), ("\x00", "1:1")])
    def test_times_that_are_none_keep_nothing_and_stay(
        self, merchant: Merchant, typed: tuple[str, str]
    ) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", granted=["marketing"])
        sent = {"quiet": "own", "quiet_from": typed[0], "quiet_until": typed[1]}
        page = CLIENT.post(choices(merchant, ana), sent)
        assert "Nothing was kept yet" in said(page)
        assert 'role="alert"' in page.content.decode()
        assert allows(merchant, ana) == {("email", "marketing"): True}

    @pytest.mark.parametrize("odd", [{"language": "tlh"}, {"zone": "Mars/Base"}, {"first": "pigeon"}])
    def test_what_no_page_offers_is_passed_over(self, merchant: Merchant, odd: dict[str, str]) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana")
        assert CLIENT.post(choices(merchant, ana), {"email-service": "on", **odd}).status_code == 200
        with merchant_scope(merchant.id):
            assert preferences(ana) == Preferences()

    def test_an_address_that_bounced_says_so(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana")
            dead = Dead(medium=Medium.EMAIL, address="ana@shopper.example", reason=SuppressedFor.BOUNCED)
            suppress_addresses(dead=[dead], by=BY, at=NOON)
        assert "Messages came back from there" in said(CLIENT.get(choices(merchant, ana)))

    def test_an_erased_shopper_has_no_page(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        with merchant_scope(merchant.id):
            erase_shopper(shopper_id=view.shopper_id, by=BY, at=NOON)
        for address in (choices(merchant, view.shopper_id), leave(merchant, view), why(merchant, view)):
            assert CLIENT.get(address).status_code == 404


class TestWhy:
    def test_it_says_why_and_what_was_looked_at(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            ana = a_shopper("Ana", granted=["marketing"])
            cause = {"journey": "Win-back", "event": "order.placed", "because": "an order is placed"}
            view, late, odd = ask(
                *(
                    marketing(ana, cause={**cause, "happened_at": at})
                    for at in (NOON.isoformat(), after(days=-14).isoformat(), "some day")
                )
            )
            send_with(at=NOON)
        page = said(CLIENT.get(why(merchant, view)))
        for told in (
            "A word",
            "because you agreed to hear from Lindgren Books",
            "It was sent when your order had come in.",
            "You had allowed messages of this kind.",
            "Nothing was wrong with your orders.",
            "It was not in your quiet hours, by the clock of Berlin.",
            "Messages of this kind within 7 days: 0 of at most 3.",
            "Unsubscribe",
        ):
            assert told in page
        assert "ana@" not in page
        # What came two weeks after the order was not sent when it came in.
        for other in (late, odd):
            assert "It was sent when" not in said(CLIENT.get(why(merchant, other)))

    def test_what_belongs_to_an_order_cannot_be_left(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            (view,) = ask(wanted(a_shopper("Ana")))
            send_with(at=NOON)
        page = CLIENT.get(why(merchant, view))
        assert "it is part of your order" in said(page)
        assert "/unsubscribe/" not in page.content.decode()

    def test_it_outlives_its_message(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        with merchant_scope(merchant.id):
            assert prune_messages(before=after(days=1)) == 1
        page = said(CLIENT.get(why(merchant, view)))
        assert "because you agreed to hear from Lindgren Books" in page
        assert "looked at" not in page

    def test_a_sentence_for_every_purpose_in_every_language(self, merchant: Merchant) -> None:
        view = a_message(merchant)
        seen = set()
        for purpose in Purpose:
            token = why_token(replace(link_of(merchant, view), purpose=purpose))
            for code in LANGUAGES:
                seen.add(said(CLIENT.get(f"/why/{token}", {"lang": code})))
        assert len(seen) == len(Purpose) * len(LANGUAGES)


class TestEveryAddress:
    @pytest.fixture
    def addresses(self, merchant: Merchant) -> list[str]:
        view = a_message(merchant)
        return [leave(merchant, view), choices(merchant, view.shopper_id), why(merchant, view)]

    def test_nobody_else_may_keep_frame_or_find_it(self, addresses: list[str]) -> None:
        for address in addresses:
            page = CLIENT.get(address)
            assert page["X-Robots-Tag"] == "noindex, nofollow"
            assert page["Cache-Control"] == "private, no-store"
            assert page["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in page["Content-Security-Policy"]
            assert "script" not in page["Content-Security-Policy"]
            assert page.cookies.output() == ""
            assert re.search(r"<script|style=|onclick", page.content.decode()) is None

    @pytest.mark.parametrize("change", ["cut", "bent", "other", "swapped"])
    def test_a_broken_one_is_none(self, addresses: list[str], change: str) -> None:
        for number, address in enumerate(addresses):
            head, token = address.rsplit("/", 1)
            other = addresses[(number + 1) % len(addresses)].rsplit("/", 1)[1]
            bent = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
            odd = {"cut": token[:-3], "bent": bent, "other": "%C3%A4" * 30, "swapped": other}[change]
            page = CLIENT.get(f"{head}/{odd}")
            assert page.status_code == 404
            assert "Perhaps a part of the link was cut off." in said(page)
            assert CLIENT.post(f"{head}/{odd}").status_code in {404, 405}

    def test_on_another_shops_domain_there_is_none(
        self, addresses: list[str], merchant: Merchant, other_merchant: Merchant, settings: Settings
    ) -> None:
        settings.ALLOWED_HOSTS = ["localhost"]
        for shop, host in ((merchant, "post.lindgren.example"), (other_merchant, "post.okafor.example")):
            with merchant_scope(shop.id):
                Domain.objects.create(host=host, state=DomainState.VERIFIED, claimed_at=NOON)
        forget_hosts()
        for address in addresses:
            assert CLIENT.get(address, HTTP_HOST="post.okafor.example").status_code == 404
            assert CLIENT.get(address, HTTP_HOST="post.lindgren.example").status_code == 200
        forget_hosts()

    def test_more_than_anybody_types_is_refused_kindly(self, addresses: list[str]) -> None:
        for address in addresses[:2]:
            assert CLIENT.post(address, {"do": "x" * 20_000}).status_code == 413


def test_an_orders_page_tells_where_its_messages_go_and_no_more(merchant: Merchant, sell: Sell) -> None:
    token = sell(merchant, email="rae.ekberg@inbox.example")
    html = CLIENT.get(f"/t/{token}").content.decode()
    assert "They go to r…@i….example." in html
    for secret in ("rae.ekberg", "inbox.example", "/preferences/", "/unsubscribe/"):
        assert secret not in html


def test_choices_hold_for_what_is_planned_already(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        ana = a_shopper("Ana", granted=["marketing"])
        (offer,) = ask(marketing(ana, not_before=now() + timedelta(days=1)))
    CLIENT.post(choices(merchant, ana), {"do": "only"})
    with merchant_scope(merchant.id):
        assert send_with(at=now() + timedelta(days=2)) == []
        assert now_is(offer).withheld_for == "consent"
