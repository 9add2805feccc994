"""Settings of messages: how much and when, who is not written to, and who carries what with which secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.messaging.models import SenderRow, Trial
from aftermile.capabilities.messaging.operations.mailbox import end_look
from aftermile.capabilities.messaging.public import (
    Dead,
    MessagingSettings,
    SplitOrders,
    SuppressedFor,
    keep_sender,
    messaging_settings,
    open_senders,
    senders,
    signing_keys,
    suppress_addresses,
    suppressions,
)
from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.imap import Look
from tests.capabilities.shop import scope
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted

pytestmark = pytest.mark.django_db
At = Callable[[Role], Client]
BY = "staff:1"
USUAL = {
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "transactional_may_wake": "on",
    "bad_news_may_wake": "on",
    "cap_count": "3",
    "cap_days": "7",
    "split_orders": "each",
    "medium_0": "email",
    "medium_1": "sms",
    "medium_2": "whatsapp",
    "medium_3": "push",
}
SMTP = {
    "address": "care@lindgren.example",
    "name": "",
    "reply_to": "",
    "host": "mail.lindgren.example",
    "port": "587",
    "security": "",
    "user": "lindgren",
    "password": "open sesame",
}


def noted(merchant: Any) -> list[str]:
    with scope(merchant):
        return [each.summary for each in AuditEntry.rows().order_by("id")]


# -- how much and when -----------------------------------------------------------------------------------


@pytest.fixture
def page(merchant: Any) -> str:
    return f"{base(merchant)}settings/messages/"


def test_sent_untouched_nothing_changes(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OPERATIONS)
    assert 'value="21:00"' in client.get(page).content.decode()
    client.post(f"{page}save/", USUAL)
    assert noted(merchant) == []


def test_a_change_is_kept_noted_and_can_be_taken_back(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OPERATIONS)
    sent = USUAL | {"quiet_until": "09:30", "cap_count": "1", "split_orders": "digest", "medium_0": "sms"}
    sent |= {"medium_1": "email", "medium_2": "", "medium_3": ""}
    del sent["bad_news_may_wake"]
    assert client.post(f"{page}save/", sent).status_code == 303
    with scope(merchant):
        assert messaging_settings() == MessagingSettings(
            quiet_until=time(9, 30),
            bad_news_may_wake=False,
            cap_count=1,
            split_orders=SplitOrders.DIGEST,
            media=(Medium.SMS, Medium.EMAIL),
        )
    client.post(f"{page}restore/")
    with scope(merchant):
        assert messaging_settings() == MessagingSettings()
    assert noted(merchant) == [
        "Changed how much shoppers are told, and when",
        "Went back to the message settings before",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cap_days": "0"}, "greater than or equal to 1"),
        ({"cap_count": "101"}, "less than or equal to 100"),
        ({"quiet_from": "late"}, "Enter a valid time"),
        ({"medium_1": "email"}, "Name at least one medium, and each once."),
        ({"medium_0": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    desk_client: At, page: str, wrong: dict[str, str], said: str
) -> None:
    answer = desk_client(Role.OWNER).post(f"{page}save/", USUAL | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()


# -- who is not written to -------------------------------------------------------------------------------


def dead(merchant: Any, *addresses: str, reason: SuppressedFor = SuppressedFor.BOUNCED) -> None:
    with scope(merchant):
        suppress_addresses(
            dead=[
                Dead(medium=Medium.EMAIL, address=each, reason=reason, detail="550 gone")
                for each in addresses
            ],
            by="system",
            at=NOON,
        )


def test_an_address_is_found_however_it_is_written_and_never_shown(
    desk_client: At, merchant: Any, page: str
) -> None:
    dead(merchant, "astrid@lindgren.example", "bo@lindgren.example")
    client, here = desk_client(Role.OPERATIONS), f"{page}suppressed/"
    assert client.get(here).content.decode().count("550 gone") == 2
    found = client.get(f"{here}?address=%20ASTRID@Lindgren.example").content.decode()
    assert found.count("550 gone") == 1
    assert "Not on the list" in client.get(f"{here}?address=cai@lindgren.example").content.decode()
    everything = client.get(f"{here}?reason=bounced").content.decode()
    assert "@lindgren.example" not in everything
    assert "None for this reason" in client.get(f"{here}?reason=complained").content.decode()


def test_an_address_is_put_on_taken_off_and_put_back(desk_client: At, merchant: Any, page: str) -> None:
    client, here = desk_client(Role.OPERATIONS), f"{page}suppressed/"
    client.post(f"{here}add/", {"address": "astrid@lindgren.example"})
    client.post(f"{here}add/", {"address": "astrid@lindgren.example"})
    with scope(merchant):
        (held,) = suppressions()
    client.post(f"{here}{held.id}/lift/")
    with scope(merchant):
        assert suppressions() == []
    undo = client.get(here).content.decode()
    fields = dict(re.findall(r'name="(medium|digest|reason|detail)" value="([^"]*)"', undo))
    client.post(f"{here}restore/", fields)
    with scope(merchant):
        (again,) = suppressions(address="Astrid@lindgren.example")
        assert (again.reason, again.medium) == (SuppressedFor.BY_HAND, Medium.EMAIL)
    said = noted(merchant)
    assert said == [
        "Put an e-mail address on the suppression list",
        "Took an address off the suppression list (E-mail, put here by staff)",
        "Put an address back on the suppression list (E-mail)",
    ]


def test_a_number_is_kept_for_both_media_that_go_there(desk_client: At, merchant: Any, page: str) -> None:
    desk_client(Role.OPERATIONS).post(f"{page}suppressed/add/", {"address": "+49 151 12345678"})
    with scope(merchant):
        assert {each.medium for each in suppressions(address="+4915112345678")} == {
            Medium.SMS,
            Medium.WHATSAPP,
        }


def test_what_is_no_address_is_refused(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OPERATIONS)
    assert client.post(f"{page}suppressed/add/", {"address": "Astrid"}).status_code == 422
    client.post(f"{page}suppressed/restore/", {"medium": "email", "digest": "x", "reason": "bounced"})
    client.post(f"{page}suppressed/restore/", {"medium": "owl", "digest": "x" * 40, "reason": "bounced"})
    with scope(merchant):
        assert suppressions() == []


def test_the_list_costs_the_same_with_one_and_with_three(desk_client: At, merchant: Any, page: str) -> None:
    client, here = desk_client(Role.OPERATIONS), f"{page}suppressed/"
    dead(merchant, "a@lindgren.example")
    client.get(here)
    _, one = counted(client, here)
    dead(merchant, "b@lindgren.example", "c@lindgren.example")
    _, three = counted(client, here)
    assert one == three


def test_another_shops_list_is_not_touched(desk_client: At, merchant: Any, other_merchant: Any) -> None:
    dead(other_merchant, "astrid@lindgren.example")
    with scope(other_merchant):
        (theirs,) = suppressions()
    client = desk_client(Role.OWNER)
    here = f"{base(merchant)}settings/messages/suppressed/"
    assert "Not on the list" in client.get(f"{here}?address=astrid@lindgren.example").content.decode()
    client.post(f"{here}{theirs.id}/lift/")
    with scope(other_merchant):
        assert [each.id for each in suppressions()] == [theirs.id]


# -- who carries what ------------------------------------------------------------------------------------


@pytest.fixture
def here(merchant: Any) -> str:
    return f"{base(merchant)}settings/senders/"


def test_a_sender_is_set_up_and_its_secret_never_shown(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    assert "SMTP" in client.get(here).content.decode()
    answer = client.post(f"{here}email/smtp/keep/", SMTP)
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "mail.lindgren.example" in page
    assert "open sesame" not in page + client.get(here).content.decode()
    assert "Kept; leave empty to keep it as it is." in page
    client.post(f"{here}email/smtp/keep/", SMTP | {"password": "", "port": "465"})
    with scope(merchant):
        opened = open_senders()[Medium.EMAIL]
        assert (opened.credentials["password"], opened.credentials["port"]) == ("open sesame", "465")
        assert b"open sesame" not in bytes(SenderRow.rows().get().sealed_secrets)
    assert "open sesame" not in str(noted(merchant))


def test_a_mailbox_for_what_comes_back_tells_how_it_goes(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    named = {"mailbox_host": "imap.lindgren.example", "mailbox_user": "returns"}
    refused = client.post(f"{here}email/smtp/keep/", SMTP | named)
    assert refused.status_code == 422
    assert "Mailbox for what comes back needs this." in refused.content.decode()
    client.post(f"{here}email/smtp/keep/", SMTP | named | {"mailbox_password": "open barley"})
    page = client.get(f"{here}email/smtp/").content.decode()
    assert "is being looked into for the first time" in page
    assert "open barley" not in page
    with scope(merchant):
        assert b"open barley" not in bytes(SenderRow.rows().get().sealed_secrets)
        end_look(Look(new=3, problem="It refused <us>."), at=NOON)
    page = client.get(f"{here}email/smtp/").content.decode()
    assert "It refused &lt;us&gt;." in page
    assert "<dt>Mails that came</dt><dd>3</dd>" in page


def test_what_is_wrong_with_a_sender_is_said_beside_its_field(desk_client: At, here: str) -> None:
    answer = desk_client(Role.OWNER).post(f"{here}email/smtp/keep/", SMTP | {"address": "care", "host": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "SMTP cannot be used without it." in page
    again = desk_client(Role.OPERATIONS).post(f"{here}email/smtp/keep/", SMTP | {"address": "care"})
    assert "Give the e-mail address to write from." in again.content.decode()


def test_a_signing_key_is_made_published_and_then_used(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    client.post(f"{here}key/")
    with scope(merchant):
        assert signing_keys() == []
    client.post(f"{here}email/smtp/keep/", SMTP)
    client.post(f"{here}key/")
    with scope(merchant):
        (key,) = signing_keys()
        held = open_senders()[Medium.EMAIL].credentials
        assert not key.is_used
        assert key.name.endswith("._domainkey.lindgren.example")
        # A letter is not signed before the record is published.
        assert "dkim_private_pem" not in held
    page = client.get(f"{here}email/smtp/").content.decode()
    assert key.record in page
    assert "PRIVATE KEY" not in page
    client.post(f"{here}key/use/")
    client.post(f"{here}email/smtp/keep/", SMTP | {"password": ""})
    with scope(merchant):
        (used,) = signing_keys()
        assert (used.name, used.record, used.is_used) == (key.name, key.record, True)
        assert "dkim_private_pem" in open_senders()[Medium.EMAIL].credentials
        assert "PRIVATE" not in str(senders())


def test_the_address_for_receipts_stands_with_the_sender(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    twilio = {"account_sid": "AC1", "auth_token": "token", "sms_sender": "+4915112345678"}
    answer = client.post(f"{here}sms/twilio/keep/", twilio)
    with scope(merchant):
        (held,) = senders()
    page = client.get(answer["Location"]).content.decode()
    assert held.receipts_address
    assert held.receipts_address in page


def test_a_sender_is_tried_and_removed(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    client.post(f"{here}email/smtp/keep/", SMTP)
    answer = client.post(f"{here}email/try/")
    assert "It is being handed over." in client.get(answer["Location"]).content.decode()
    with scope(merchant):
        assert [each.address for each in Trial.rows()] == ["owner-person@example.com"]
    client.post(f"{here}email/remove/")
    client.post(f"{here}email/remove/")
    with scope(merchant):
        assert senders() == []
    assert noted(merchant)[-1] == "Removed the sender for E-mail"


@pytest.mark.parametrize(("medium", "channel"), [("push", "web-push"), ("webhook", "webhook")])
def test_secrets_of_our_own_are_made_here(
    desk_client: At, merchant: Any, here: str, medium: str, channel: str
) -> None:
    client = desk_client(Role.OWNER)
    sent = {"subject": "mailto:care@lindgren.example", "address": "https://hook.lindgren.example/"}
    page = client.get(f"{here}{medium}/{channel}/").content.decode()
    shown = re.findall(r'name="secret" value="(whsec_[^"]+)"', page)
    answer = client.post(f"{here}{medium}/{channel}/keep/", sent | ({"secret": shown[0]} if shown else {}))
    assert answer.status_code == 303
    with scope(merchant):
        held = open_senders()[Medium(medium)].credentials
    assert held["secret"] == shown[0] if shown else held["private_key"].startswith("-----BEGIN PRIVATE KEY")
    assert "BEGIN" not in page


def test_a_channel_no_longer_installed_is_named(desk_client: At, merchant: Any, here: str) -> None:
    with scope(merchant):
        keep_sender(medium=Medium.SMS, channel_slug="outbox", credentials={}, by=BY, at=NOON)
        SenderRow.rows().update(channel="pigeon-post")
    assert "Channel not installed" in desk_client(Role.OWNER).get(here).content.decode()


@pytest.mark.parametrize("path", ["owl/smtp/", "email/twilio/", "sms/smtp/", "email/outbox/"])
def test_what_does_not_carry_a_medium_is_not_offered(desk_client: At, here: str, path: str) -> None:
    assert desk_client(Role.OWNER).get(f"{here}{path}").status_code == 404
