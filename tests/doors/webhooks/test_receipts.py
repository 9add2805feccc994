"""What providers tell of messages: verified, kept, read later, folded; and nothing believed that anybody might have sent."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from aftermile.capabilities.messaging import tasks
from aftermile.capabilities.messaging.models import ReceiptRecord, ReceiptRow, SenderRow
from aftermile.capabilities.messaging.operations import digest_receipts as digesting
from aftermile.capabilities.messaging.public import (
    MessageView,
    erase_messages,
    keep_sender,
    receipt_records,
    receipts_of,
    remove_sender,
    replay_receipts,
    senders,
)
from aftermile.capabilities.messaging.states import ReceiptStatus
from aftermile.connectors.channels.amazon_ses.samples import samples as ses
from aftermile.connectors.channels.brevo.samples import samples as brevo
from aftermile.connectors.channels.mailgun.samples import samples as mailgun
from aftermile.connectors.channels.postmark.samples import samples as postmark
from aftermile.connectors.channels.twilio.samples import samples as twilio
from aftermile.connectors.channels.twilio.signature import read_form, sign
from aftermile.connectors.contracts.channel_samples import ChannelSamples
from aftermile.connectors.contracts.channels import Fate, Medium, Outcome, Result
from aftermile.kernel import jobs
from aftermile.kernel.access import create_key
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import BY, NOON, a_shopper, ask, now_is, send_with, wanted

pytestmark = pytest.mark.django_db

CLIENT = Client(enforce_csrf_checks=True)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CHANNELS = [
    pytest.param("mailgun", Medium.EMAIL, mailgun, id="mailgun"),
    pytest.param("postmark", Medium.EMAIL, postmark, id="postmark"),
    pytest.param("brevo", Medium.EMAIL, brevo, id="brevo"),
    pytest.param("amazon-ses", Medium.EMAIL, ses, id="amazon-ses"),
    pytest.param("twilio", Medium.SMS, twilio, id="twilio"),
]
#: The shopper's address in every sample.
ANN, PHONE = "ann@example.com", "+4915112345678"


def sends_by(merchant: Merchant, slug: str, medium: Medium, samples: ChannelSamples) -> str:
    """Have a channel carry a medium; return the path of its address for receipts."""
    with merchant_scope(merchant.id):
        view = keep_sender(
            medium=medium,
            channel_slug=slug,
            credentials={k: v for k, v in samples.credentials.items() if k != "receipts_address"},
            address="care@shop.example" if medium is Medium.EMAIL else "",
            by=BY,
            at=NOON,
        )
    assert view.receipts_address.startswith("http")
    return urlsplit(view.receipts_address).path


def proof(
    slug: str, samples: ChannelSamples, merchant: Merchant, body: bytes, query: Mapping[str, str] = {}
) -> tuple[dict[str, str], dict[str, str]]:
    """What a provider adds to prove itself: query and headers."""
    if slug in ("postmark", "brevo"):
        password = base64.b64encode(samples.credentials["webhook_secret"].encode()).decode()
        return dict(query), {"Authorization": f"Basic {password}"}
    if slug == "amazon-ses":
        return {**query, "token": samples.credentials["webhook_token"]}, {}
    if slug == "twilio":
        with merchant_scope(merchant.id):
            (view,) = [each for each in senders() if each.channel == "twilio"]
        address = view.receipts_address + (f"?{urlencode(query)}" if query else "")
        return dict(query), {
            "X-Twilio-Signature": sign(address, read_form(body), samples.credentials["auth_token"])
        }
    return dict(query), {}


def tell(slug: str, samples: ChannelSamples, merchant: Merchant, path: str, body: bytes, **query: str) -> Any:
    asked, headers = proof(slug, samples, merchant, body, query)
    return CLIENT.post(
        path + (f"?{urlencode(asked)}" if asked else ""),
        body,
        content_type=FORM if slug == "twilio" else JSON,
        headers=headers,
    )


def read_all(merchant: Merchant) -> None:
    tasks.read_receipts(merchant.id, {})


def records(merchant: Merchant) -> list[tuple[str, str]]:
    with merchant_scope(merchant.id):
        return [(each.status.value, each.reason) for each in receipt_records()]


@pytest.mark.parametrize(("slug", "medium", "samples"), CHANNELS)
def test_what_a_provider_tells_is_kept_read_and_folded(
    merchant: Merchant, slug: str, medium: Medium, samples: ChannelSamples
) -> None:
    """Each word it knows, and one that nobody knows: kept and shown. Told again, it counts once."""
    path = sends_by(merchant, slug, medium, samples)
    # Each of Twilio's replies has an id of its own.
    bodies = [body.replace(b"SM09", b"SM1%d" % n) for n, body in enumerate(samples.receipts.values())]
    for body in (*bodies, *bodies):
        answer = tell(slug, samples, merchant, path, body)
        assert (answer.status_code, answer.content, answer.cookies.output()) == (200, b"", "")
    assert records(merchant) == [("pending", "")] * len(samples.receipts)
    read_all(merchant)
    assert records(merchant) == [("digested", "")] * len(samples.receipts)
    with merchant_scope(merchant.id):
        told = ReceiptRow.rows()
        assert {row.source for row in told} == {f"channel:{slug}"}
        assert {Fate(row.fate) if row.fate else None for row in told} == set(samples.receipts)
        count = told.count()
        assert replay_receipts(record_ids=[each.id for each in receipt_records()]) == len(samples.receipts)
    read_all(merchant)
    with merchant_scope(merchant.id):
        assert ReceiptRow.rows().count() == count


@pytest.mark.parametrize(("slug", "medium", "samples"), CHANNELS)
def test_what_does_not_prove_itself_is_refused_without_a_trace(
    merchant: Merchant, slug: str, medium: Medium, samples: ChannelSamples, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = sends_by(merchant, slug, medium, samples)
    body = samples.receipts[Fate.DELIVERED]
    if slug == "mailgun":
        body = body.replace(b'"signature": "', b'"signature": "0')
    type_ = FORM if slug == "twilio" else JSON
    answers = [
        CLIENT.post(path, body, content_type=type_),
        CLIENT.post(path + "?token=wrong", body, content_type=type_),
        CLIENT.post(path, body, content_type=type_, headers={"Authorization": "Basic eDp5"}),
        CLIENT.post(path, body, content_type=type_, headers={"X-Twilio-Signature": "bm8="}),
        CLIENT.post(path, b"", content_type=type_),
    ]
    assert {each.status_code for each in answers} == {401}
    assert records(merchant) == []
    said = caplog.text + "".join(each.content.decode() for each in answers)
    secrets = [value for name, value in samples.credentials.items() if name != "receipts_address"]
    for secret in (*secrets, path.rsplit("/", 1)[1], "eDp5"):
        assert secret not in said or secret in {"eu-central-1", "mg.shop.example"}, secret


def test_twilio_names_our_message_even_when_we_never_learned_its_own(
    merchant: Merchant, settings: Settings
) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"public_url": "https://post.example.com"})
    path = sends_by(merchant, "twilio", Medium.SMS, twilio)
    with merchant_scope(merchant.id):
        (view,) = ask(wanted(a_shopper("Ann", email="", phone=PHONE), medium=Medium.SMS))
        send_with(Outcome(result=Result.TAKEN), at=NOON)
    body = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE}).encode()
    assert tell("twilio", twilio, merchant, path, body, reference=str(view.id)).status_code == 200
    # A signature holds for one address only: the reference cannot be bent.
    _, headers = proof("twilio", twilio, merchant, body, {"reference": str(view.id)})
    bent = CLIENT.post(f"{path}?reference={UUID(int=1)}", body, content_type=FORM, headers=headers)
    assert bent.status_code == 401
    read_all(merchant)
    with merchant_scope(merchant.id):
        assert now_is(view).fate is Fate.DELIVERED
        # A reply names the message it answers, where the phone tells it.
        assert [each.code for each in receipts_of(view.id)] == ["delivered"]


@pytest.mark.parametrize("address", ["", "nonsense", "rc_" + "0" * 57, "in_" + "0" * 57])
def test_an_address_nobody_has(merchant: Merchant, address: str) -> None:
    assert CLIENT.post(f"/receipts/{address}", b"{}", content_type=JSON).status_code == 404


def test_only_post_and_only_so_much(merchant: Merchant, settings: Settings) -> None:
    path = sends_by(merchant, "postmark", Medium.EMAIL, postmark)
    for method in ("get", "put", "delete", "head"):
        assert getattr(CLIENT, method)(path).status_code == 405
    large = b" " * (settings.CONFIG.webhook_body_limit_bytes + 1)
    assert CLIENT.post(path, large, content_type=JSON).status_code == 413


def test_a_sender_that_is_gone_has_no_address(merchant: Merchant) -> None:
    path = sends_by(merchant, "postmark", Medium.EMAIL, postmark)
    assert sends_by(merchant, "postmark", Medium.EMAIL, postmark) == path  # kept anew, it stays
    assert sends_by(merchant, "mailgun", Medium.EMAIL, mailgun) == path  # and with another channel, too
    with merchant_scope(merchant.id):
        assert path.rsplit("/", 1)[1].encode() not in bytes(SenderRow.rows().get().sealed_receipts)
        remove_sender(medium=Medium.EMAIL, by=BY, at=NOON)
    assert CLIENT.post(path, b"{}", content_type=JSON).status_code == 404


def test_one_that_cannot_be_read_waits_and_costs_only_itself(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sends_by(merchant, "postmark", Medium.EMAIL, postmark)
    good = postmark.receipts[Fate.DELIVERED]
    # Text that no column takes: only taking it in shows it.
    odd = json.dumps({**json.loads(postmark.receipts[None]), "RecordType": "odd\x00word"}).encode()
    for body in (b"no JSON", good, odd):
        assert tell("postmark", postmark, merchant, path, body).status_code == 200
    read_all(merchant)
    found = records(merchant)
    assert sorted(status for status, _ in found).count("digested") >= 1
    assert {reason[:17] for status, reason in found if status == "quarantined"} >= {"It cannot be read"}
    assert ("pending", "") not in found
    with merchant_scope(merchant.id):
        assert replay_receipts() == len([each for each in found if each[0] == "quarantined"])
    read_all(merchant)
    assert records(merchant) == found


def test_a_subscription_is_confirmed_once_and_at_sns_alone(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    class Line:
        def send_request(self, request: Any) -> Any:
            called.append(request.url)
            return SimpleNamespace(status=200)

    monkeypatch.setattr(tasks, "_lines", lambda: type("L", (), {"client": Line()}))
    path = sends_by(merchant, "amazon-ses", Medium.EMAIL, ses)
    address = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"
    for number, url in enumerate((address, "https://evil.example/?Action=ConfirmSubscription")):
        asked = {"Type": "SubscriptionConfirmation", "MessageId": str(number), "SubscribeURL": url}
        assert tell("amazon-ses", ses, merchant, path, json.dumps(asked).encode()).status_code == 200
    connection.cursor().execute("DELETE FROM pgqueuer")
    read_all(merchant)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer WHERE entrypoint = %s", [digesting.CONFIRM])
        waiting = [bytes(payload) for (payload,) in cursor.fetchall()]
    for payload in waiting:
        jobs.run(digesting.CONFIRM, payload)
    assert called == [address]


def test_a_confirmation_that_fails_is_tried_again(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Line:
        def send_request(self, request: Any) -> Any:
            return SimpleNamespace(status=503)

    monkeypatch.setattr(tasks, "_lines", lambda: type("L", (), {"client": Line()}))
    path = sends_by(merchant, "amazon-ses", Medium.EMAIL, ses)
    asked = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "1",
        "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?x",
    }
    tell("amazon-ses", ses, merchant, path, json.dumps(asked).encode())
    with merchant_scope(merchant.id):
        (record,) = receipt_records()
    with pytest.raises(tasks.ConfirmationRefused):
        tasks.confirm_receipts(merchant.id, {"record": str(record.id)})


def test_another_shops_receipts_are_another_shops(merchant: Merchant, other_merchant: Merchant) -> None:
    path = sends_by(merchant, "postmark", Medium.EMAIL, postmark)
    tell("postmark", postmark, merchant, path, postmark.receipts[Fate.DELIVERED])
    assert (len(records(merchant)), records(other_merchant)) == (1, [])


def test_who_is_erased_is_erased_here_too(merchant: Merchant) -> None:
    """In the calls of a mail provider, and in the forms of Twilio, where a plus is written otherwise."""
    mail = sends_by(merchant, "postmark", Medium.EMAIL, postmark)
    text = sends_by(merchant, "twilio", Medium.SMS, twilio)
    with merchant_scope(merchant.id):
        ann = a_shopper("Ann", email=ANN, phone=PHONE)
        ask(wanted(ann), wanted(ann, medium=Medium.SMS))
        send_with(Outcome(result=Result.TAKEN), at=NOON)
    tell("postmark", postmark, merchant, mail, postmark.receipts[Fate.DELIVERED])
    body = urlencode({"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE}).encode()
    tell("twilio", twilio, merchant, text, body)
    other = postmark.receipts[Fate.OPENED].replace(ANN.encode(), b"ben@example.com")
    tell("postmark", postmark, merchant, mail, other)
    read_all(merchant)
    with merchant_scope(merchant.id):
        assert ANN.encode() in b"".join(bytes(row.body) for row in ReceiptRecord.rows())
        erase_messages(shopper_ids=[ann])
        bodies = b"".join(bytes(row.body) for row in ReceiptRecord.rows())
        assert bodies == other
        assert [each.status for each in receipt_records()].count(ReceiptStatus.ERASED) == 2
        assert replay_receipts(record_ids=[each.id for each in receipt_records()]) == 1


class TestApi:
    @pytest.fixture
    def key(self, merchant: Merchant) -> str:
        with merchant_scope(merchant.id):
            return create_key(name="Sorter", scopes=["messages:write"], at=NOON)[1]

    def tell(self, key: str, **told: Any) -> Any:
        return CLIENT.post(
            "/api/v1/messages/receipts",
            json.dumps(told),
            content_type=JSON,
            headers={"Authorization": f"Bearer {key}"},
        )

    def a_message(self, merchant: Merchant) -> MessageView:
        with merchant_scope(merchant.id):
            (view,) = ask(wanted(a_shopper("Ann", email=ANN)))
            send_with(Outcome(result=Result.TAKEN, external_id=f"{view.id.hex}@shop.example"), at=NOON)
        return view

    def test_mails_that_came_back_find_their_message(self, merchant: Merchant, key: str) -> None:
        """A delivery report (RFC 3464) and a reply, as a mail server of the shop's passes them on."""
        view = self.a_message(merchant)
        mails = [base64.b64encode(each(f"{view.id.hex}@shop.example")).decode() for each in (returned, reply)]
        for new in (2, 0):
            answer = self.tell(key, mails=mails)
            assert (answer.status_code, answer.json()) == (200, {"receipts": 0, "mails": new})
        read_all(merchant)
        with merchant_scope(merchant.id):
            assert set(now_is(view).fates) == {Fate.BOUNCED, Fate.REPLIED}
            assert "Where is it?" in [each.text for each in receipts_of(view.id)]
            assert [each.withheld_for for each in ask(wanted(view.shopper_id))] == ["suppressed"]

    def test_programs_tell_fates_once(self, merchant: Merchant, key: str) -> None:
        view = self.a_message(merchant)
        told = {
            "message_id": public_id("mes", view.id),
            "fate": "opened",
            "occurred_at": "2026-03-02T14:00:00+01:00",
        }
        assert self.tell(key, receipts=[told, told]).json() == {"receipts": 1, "mails": 0}
        assert self.tell(key, receipts=[told]).json() == {"receipts": 0, "mails": 0}
        with merchant_scope(merchant.id):
            assert now_is(view).fate is Fate.OPENED

    @pytest.mark.parametrize(
        "odd", [{"mails": ["no base64!"]}, {"receipts": [{"fate": "lost"}]}, {"letters": []}]
    )
    def test_what_is_odd_is_refused_by_its_name(self, merchant: Merchant, key: str, odd: Any) -> None:
        assert self.tell(key, **odd).status_code == 422
        assert records(merchant) == []

    def test_it_needs_its_scope(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            reads = create_key(name="Reader", scopes=["orders:read"], at=NOON)[1]
        assert self.tell(reads, mails=[]).status_code == 403


def returned(message_id: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: care@shop.example\r\nSubject: Undelivered\r\nMessage-ID: <r1@mx.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ANN}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\r\n--b--\r\n"
    ).encode()


def reply(message_id: str) -> bytes:
    return (
        f"From: {ANN}\r\nTo: care@shop.example\r\nSubject: Re: A word\r\nMessage-ID: <a1@example.com>\r\n"
        f"In-Reply-To: <{message_id}>\r\nContent-Type: text/plain\r\n\r\nWhere is it?\r\n> A word\r\n"
    ).encode()
