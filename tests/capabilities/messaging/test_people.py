"""What shoppers choose, and what is left of them; how a shop sends."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection

from aftermile.capabilities.messaging.models import Content, Message, Preference, ReceiptRow, SenderRow
from aftermile.capabilities.messaging.operations.prune import prune_contents, prune_messages
from aftermile.capabilities.messaging.operations.take_due import take_due
from aftermile.capabilities.messaging.public import (
    MessageNotFound,
    MessagingSettings,
    MessagingSettingsUnreadable,
    Preferences,
    PreferencesUnreadable,
    SenderUnusable,
    SplitOrders,
    Status,
    cancel_messages,
    change_messaging_settings,
    change_preferences,
    content,
    erase_messages,
    export_messages,
    keep_sender,
    list_messages,
    message,
    messaging_settings,
    open_senders,
    preferences,
    record_receipts,
    remove_sender,
    restore_messaging_settings,
    senders,
    subscribe_browser,
    unsubscribe_browser,
)
from aftermile.capabilities.messaging.reactions import follow_merged_shoppers
from aftermile.capabilities.shoppers.public import Answer, record_consent, record_shoppers
from aftermile.connectors.channels.example_messages import PUSH
from aftermile.connectors.contracts.channels import Fate, Medium, Outcome, Receipt, Result
from aftermile.connectors.contracts.facts import ShopperFact
from aftermile.kernel.events import read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from tests.capabilities.messaging.stories import (
    BY,
    NIGHT,
    NOON,
    SAID,
    a_shopper,
    after,
    ask,
    now_is,
    send_with,
    service,
    statuses,
    wanted,
)

pytestmark = pytest.mark.django_db


def kept(medium: Medium, channel: str, address: str = "", **credentials: str) -> None:
    keep_sender(medium=medium, channel_slug=channel, credentials=credentials, address=address, by=BY, at=NOON)


class TestChoices:
    def test_are_kept_and_followed(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana", phone="+4915123456789")
        assert preferences(ana) == Preferences()
        kept(Medium.SMS, "outbox")
        wish = Preferences(
            media=(Medium.SMS,),
            language="ja",
            time_zone="Asia/Tokyo",
            quiet_from=time(1),
            quiet_until=time(5),
        )
        change_preferences(shopper_id=ana, wanted=wish, by="shopper", at=NOON)
        assert preferences(ana) == wish
        (view,) = ask(service(ana), at=NIGHT)  # seven in the morning in Tokyo
        assert (view.medium, view.due_at) == (Medium.SMS, NIGHT)
        portion = take_due(at=NIGHT)
        assert portion is not None
        (taken,) = portion.messages
        assert (taken.address, taken.languages, taken.time_zone) == (
            "+4915123456789",
            ("ja", "en"),
            "Asia/Tokyo",
        )

    def test_a_medium_that_is_refused_gives_way_to_the_next(self, in_scope: Merchant) -> None:
        kept(Medium.SMS, "outbox")
        ana = a_shopper("Ana", phone="+4915123456789", refused=["service"])
        assert [view.medium for view in ask(service(ana), wanted(ana))] == [Medium.SMS, Medium.EMAIL]

    def test_a_medium_nobody_carries_is_not_tried(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana", phone="+4915123456789", email="")
        (view,) = ask(service(ana))
        assert (view.medium, view.withheld_for) == (Medium.EMAIL, "address")

    def test_a_browser_is_reached_with_its_keys(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana")
        kept(Medium.PUSH, "outbox")
        record_consent(
            shopper_id=ana,
            answers=[Answer(medium="push", purpose="service", granted=True)],
            proof="allowed it",
            by=BY,
            at=NOON,
        )
        subscribe_browser(
            shopper_id=ana, endpoint="https://push.example/1", p256dh=PUSH.p256dh, auth=PUSH.auth, at=NOON
        )
        ask(service(ana, medium=Medium.PUSH))
        portion = take_due(at=NOON)
        assert portion is not None
        assert [(each.address, each.push_keys) for each in portion.messages] == [
            ("https://push.example/1", (PUSH.p256dh, PUSH.auth))
        ]
        assert unsubscribe_browser(endpoint="https://push.example/1")
        assert [view.withheld_for for view in ask(service(ana, medium=Medium.PUSH))] == ["address"]

    @pytest.mark.parametrize(
        ("wish", "part"),
        [
            (Preferences(language="tlh"), "language"),
            (Preferences(media=(Medium.SMS, Medium.SMS)), "media"),
            (Preferences(quiet_from=time(1)), "quiet_from"),
        ],
    )
    def test_what_cannot_be_kept_says_which(self, in_scope: Merchant, wish: Preferences, part: str) -> None:
        with pytest.raises(PreferencesUnreadable) as refusal:
            change_preferences(shopper_id=a_shopper("Ana"), wanted=wish, by="shopper", at=NOON)
        assert set(refusal.value.details) == {part}


class TestErasure:
    def test_blanks_what_was_said_and_where_it_went(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana")
        sent, planned, other = ask(
            wanted(ana, values={"name": "Ana"}, cause={"name": "Ana"}),
            wanted(ana, not_before=after(days=1)),
            wanted(a_shopper("Ben")),
        )
        send_with(Outcome(result=Result.TAKEN, external_id="ext-1"), at=NOON)
        reply = Receipt(
            fate=Fate.REPLIED, occurred_at=NOON, identity="1", reference=str(sent.id), text="Ana here"
        )
        record_receipts(receipts=[reply], source="channel:x", at=NOON)
        change_preferences(shopper_id=ana, wanted=Preferences(language="de"), by="shopper", at=NOON)
        for _ in range(2):
            erase_messages(shopper_ids=[ana])
            assert content(sent.id) is None
            row = Message.rows().get(id=sent.id)
            assert (row.address, row.values, row.cause, row.content, row.status, row.fate) == (
                "",
                {},
                {},
                {},
                "taken",
                "replied",
            )
            assert (now_is(planned).status, now_is(planned).withheld_for) == (Status.WITHHELD, "erased")
            assert list(ReceiptRow.rows().values_list("text", flat=True)) == [""]
            assert Preference.rows().count() == 0
        assert content(other.id) == SAID

    def test_of_a_message_on_its_way_keeps_nothing_of_it(self, in_scope: Merchant) -> None:
        from aftermile.capabilities.messaging.operations.record_outcomes import record_outcomes
        from tests.capabilities.messaging.stories import TAKEN, answers

        ana = a_shopper("Ana")
        (view,) = ask(wanted(ana))
        portion = take_due(at=NOON)
        assert portion is not None
        erase_messages(shopper_ids=[ana])
        record_outcomes(lease=portion.lease, sent=answers(portion, TAKEN), at=NOON)
        assert (now_is(view).status, content(view.id)) == (Status.TAKEN, None)

    def test_export_holds_what_was_said_and_told(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana")
        ask(wanted(ana, once_key="a"), service(ana, not_before=after(days=1)))
        ask(wanted(a_shopper("Ben")))
        send_with(at=NOON)
        first, second = export_messages(shopper_id=ana)
        assert (first["address"], first["subject"], first["status"]) == (
            "ana@shopper.example",
            "A word",
            "taken",
        )
        assert (second["status"], second["text"]) == ("planned", "")

    def test_two_shoppers_who_are_one_share_their_messages(self, in_scope: Merchant) -> None:
        ana, anna = a_shopper("Ana"), a_shopper("Anna", email="", phone="+4915123456789")
        (view,) = ask(wanted(max(ana, anna), not_before=after(days=1)))
        change_preferences(shopper_id=max(ana, anna), wanted=Preferences(language="de"), by=BY, at=NOON)
        both = [
            ShopperFact(external_id="Ana", email="ana@shopper.example", phone="+4915123456789", country="DE"),
            ShopperFact(external_id="Anna", email="ana@shopper.example", country="DE"),
        ]
        record_shoppers(facts=both, source="shop", by=BY, at=after(hours=1))
        from aftermile.capabilities.messaging.operations.erase_people import follow_merged_shopper

        follow_merged_shopper(shopper_id=min(ana, anna), merged_id=max(ana, anna))
        assert now_is(view).shopper_id == min(ana, anna)
        assert Preference.rows().get().id == min(ana, anna)
        follow_merged_shoppers([each for each in read(after=0) if each.type == "shopper.merged"])


class TestAge:
    def test_old_contents_go_first_and_old_messages_at_last(self, in_scope: Merchant) -> None:
        old, planned = ask(wanted(a_shopper("Ana")), wanted(a_shopper("Ben"), not_before=after(days=900)))
        send_with(at=NOON)
        assert prune_contents(before=NOON) == 0
        assert prune_contents(before=after(hours=1)) == 1
        assert (Content.rows().count(), now_is(old).status) == (0, Status.TAKEN)
        assert prune_messages(before=after(hours=1)) == 1
        with pytest.raises(MessageNotFound):
            message(old.id)
        assert now_is(planned).status is Status.PLANNED


class TestReading:
    def test_lists_go_on_where_they_ended(self, in_scope: Merchant) -> None:
        ana = a_shopper("Ana")
        order_id = uuid7()
        views = ask(*(wanted(ana, order_id=order_id) for _ in range(3)), wanted(a_shopper("Ben")))
        first = list_messages(shopper_id=ana, limit=2)
        assert [*first, *list_messages(shopper_id=ana, after=first[-1].id)] == views[2::-1]
        assert list_messages(order_ids=[order_id]) == views[2::-1]
        assert list_messages(statuses=[Status.TAKEN]) == []

    def test_a_wish_can_be_taken_back_until_it_is_due(self, in_scope: Merchant) -> None:
        sent, planned = ask(wanted(a_shopper("Ana")), wanted(a_shopper("Ben"), not_before=after(hours=1)))
        send_with(at=NOON)
        assert cancel_messages(message_ids=[sent.id, planned.id]) == 1
        assert send_with(at=after(days=1)) == []
        assert statuses(in_scope) == {"taken": 1, "cancelled": 1}


class TestSenders:
    def test_secrets_are_sealed_and_only_named(self, in_scope: Merchant) -> None:
        kept(Medium.EMAIL, "smtp", "care@shop.example", host="mail.shop.example", password="hush")
        (view,) = senders()
        assert (view.channel, view.settings, view.secret_names) == (
            "smtp",
            {"host": "mail.shop.example"},
            ("password",),
        )
        assert b"hush" not in bytes(SenderRow.rows().get().sealed_secrets)
        assert open_senders()[Medium.EMAIL].credentials == {"host": "mail.shop.example", "password": "hush"}
        assert "hush" not in repr(open_senders())

    def test_a_secret_that_is_not_given_again_stays(self, in_scope: Merchant) -> None:
        kept(Medium.EMAIL, "smtp", "care@shop.example", host="mail.shop.example", password="hush")
        kept(Medium.EMAIL, "smtp", "care@shop.example", host="mail.shop.example", user="care")
        assert open_senders()[Medium.EMAIL].credentials == {
            "host": "mail.shop.example",
            "user": "care",
            "password": "hush",
        }
        assert remove_sender(medium=Medium.EMAIL, by=BY, at=NOON)
        assert not remove_sender(medium=Medium.EMAIL, by=BY, at=NOON)
        assert senders() == []

    def test_a_kept_secret_is_not_told_to_another_server(self, in_scope: Merchant) -> None:
        mailbox = {"mailbox_host": "imap.shop.example", "mailbox_user": "care"}
        server = {"host": "mail.shop.example", **mailbox}
        kept(
            Medium.EMAIL, "smtp", "care@shop.example", **server, password="hush", mailbox_password="hush too"
        )
        for moved, secret in (("host", "password"), ("mailbox_host", "mailbox_password")):
            with pytest.raises(SenderUnusable) as refusal:
                kept(Medium.EMAIL, "smtp", "care@shop.example", **server | {moved: "elsewhere.example"})
            assert set(refusal.value.details) == {secret}
        kept(
            Medium.EMAIL,
            "smtp",
            "care@shop.example",
            **server | {"host": "new.example"},
            password="told anew",
        )
        held = open_senders()[Medium.EMAIL].credentials
        assert (held["host"], held["password"], held["mailbox_password"]) == (
            "new.example",
            "told anew",
            "hush too",
        )

    @pytest.mark.parametrize(
        ("medium", "channel", "address", "credentials", "parts"),
        [
            (Medium.EMAIL, "pigeon", "care@shop.example", {}, {"channel"}),
            (Medium.SMS, "smtp", "", {"host": "x.example"}, {"channel"}),
            (Medium.EMAIL, "smtp", "care@shop.example", {}, {"host"}),
            (Medium.EMAIL, "smtp", "care@shop.example", {"host": "x.example", "wings": "2"}, {"wings"}),
            (Medium.EMAIL, "smtp", "nobody", {"host": "x.example"}, {"address"}),
        ],
    )
    def test_what_cannot_be_used_says_which(
        self,
        in_scope: Merchant,
        medium: Medium,
        channel: str,
        address: str,
        credentials: dict[str, str],
        parts: set[str],
    ) -> None:
        with pytest.raises(SenderUnusable) as refusal:
            kept(medium, channel, address, **credentials)
        assert set(refusal.value.details) == parts


class TestSettings:
    def test_are_kept_and_can_be_taken_back(self, in_scope: Merchant) -> None:
        assert messaging_settings() == MessagingSettings()
        wish = MessagingSettings(
            quiet_from=time(22),
            cap_count=5,
            cap_days=30,
            media=(Medium.SMS, Medium.EMAIL),
            split_orders=SplitOrders.DIGEST,
        )
        assert change_messaging_settings(wish, by=BY, at=NOON)
        assert not change_messaging_settings(wish, by=BY, at=NOON)
        assert messaging_settings() == wish
        assert restore_messaging_settings(by=BY, at=NOON)
        assert messaging_settings() == MessagingSettings()

    @pytest.mark.parametrize(
        ("wish", "part"),
        [
            (MessagingSettings(cap_count=-1), "cap_count"),
            (MessagingSettings(cap_days=0), "cap_days"),
            (MessagingSettings(media=()), "media"),
        ],
    )
    def test_what_cannot_be_kept_says_which(
        self, in_scope: Merchant, wish: MessagingSettings, part: str
    ) -> None:
        with pytest.raises(MessagingSettingsUnreadable) as refusal:
            change_messaging_settings(wish, by=BY, at=NOON)
        assert set(refusal.value.details) == {part}

    def test_no_quiet_hours_are_none(self, in_scope: Merchant) -> None:
        change_messaging_settings(MessagingSettings(quiet_from=time(0), quiet_until=time(0)), by=BY, at=NOON)
        (view,) = ask(service(a_shopper("Ana")), at=NIGHT)
        assert view.due_at == NIGHT


def test_sleeping_messages_cost_those_that_are_due_nothing(in_scope: Merchant) -> None:
    ana = a_shopper("Ana")
    ask(*(wanted(ana, not_before=NOON + timedelta(days=n + 1)) for n in range(200)), wanted(ana))
    with connection.cursor() as cursor:
        # What other tests left in the statistics decides otherwise whether so few rows are worth an index.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM messaging_message WHERE merchant_id = %s AND status = 'planned' AND due_at <= %s"
            " ORDER BY due_at, id LIMIT 50 FOR NO KEY UPDATE SKIP LOCKED",
            [in_scope.id, NOON],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "planned_messages" in plan
    assert "Sort" not in plan
