"""Mail providers: what they are sent, and what their call-backs prove and tell."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs, urlsplit

import pytest

from aftermile.connectors.channels import amazon_ses, brevo, mailgun, postmark
from aftermile.connectors.channels.amazon_ses.samples import bounce
from aftermile.connectors.channels.amazon_ses.samples import samples as ses_samples
from aftermile.connectors.channels.amazon_ses.signing import signed_headers, signing_key
from aftermile.connectors.channels.brevo.samples import samples as brevo_samples
from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.channels.mailgun.samples import event as mailgun_event
from aftermile.connectors.channels.mailgun.samples import samples as mailgun_samples
from aftermile.connectors.channels.postmark.samples import bounce as postmark_bounce
from aftermile.connectors.channels.postmark.samples import samples as postmark_samples
from aftermile.connectors.contracts.channel_samples import ChannelSamples
from aftermile.connectors.contracts.channels import Attempt, Channel, Email, Fate, Receipt
from aftermile.connectors.contracts.sockets import (
    Accepted,
    InboundRequest,
    OutboundRequest,
    RawRecord,
    Refused,
)
from aftermile.kernel.handover import Result
from aftermile.kernel.mail import MailUnwritable

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERY_PROVIDER = [
    pytest.param(mailgun.channel, mailgun_samples, id="mailgun"),
    pytest.param(postmark.channel, postmark_samples, id="postmark"),
    pytest.param(brevo.channel, brevo_samples, id="brevo"),
    pytest.param(amazon_ses.channel, ses_samples, id="amazon-ses"),
]
BEHIND_A_PASSWORD = EVERY_PROVIDER[1:3]


def sent(channel: Channel, samples: ChannelSamples, email: Email = EMAIL) -> OutboundRequest:
    assert channel.request is not None
    return channel.request(
        Attempt(outgoing=email, credentials=samples.credentials, idempotency_key="key_1", at=AT)
    )


def read(channel: Channel, body: bytes) -> Receipt:
    assert channel.receipts is not None
    [receipt] = channel.receipts(RawRecord(kind="", body=body, received_at=AT))
    return receipt


@pytest.mark.parametrize(("channel", "samples"), EVERY_PROVIDER)
@pytest.mark.parametrize("part", ["subject", "to", "to_name", "one_click_url"])
def test_no_header_is_smuggled_in(channel: Channel, samples: ChannelSamples, part: str) -> None:
    with pytest.raises(MailUnwritable):
        sent(channel, samples, replace(EMAIL, **{part: "ann@example.com\r\nBcc: eve@example.com"}))


def test_postmark_gets_a_whole_letter() -> None:
    request = sent(postmark.channel, postmark_samples)
    body = json.loads(request.body)
    headers = {header["Name"]: header["Value"] for header in body["Headers"]}

    assert (request.url, request.headers["X-Postmark-Server-Token"]) == (
        "https://api.postmarkapp.com/email",
        "token-of-no-server",
    )
    assert {
        name: body[name] for name in ("To", "ReplyTo", "Subject", "TextBody", "HtmlBody", "Metadata")
    } == {
        "To": "Ann <ann@example.com>",
        "ReplyTo": "help@shop.example",
        "Subject": EMAIL.subject,
        "TextBody": EMAIL.text,
        "HtmlBody": EMAIL.html,
        "Metadata": {"message": REFERENCE},
    }
    assert headers == {
        "Message-ID": f"<{EMAIL.message_id}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://shop.example/u/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-PM-KeepID": "true",
    }


def test_brevo_gets_a_whole_letter() -> None:
    request = sent(brevo.channel, brevo_samples)
    body = json.loads(request.body)

    assert (request.url, request.headers["api-key"]) == (
        "https://api.brevo.com/v3/smtp/email",
        "key-of-no-account",
    )
    assert (body["to"], body["subject"]) == ([{"email": "ann@example.com", "name": "Ann"}], EMAIL.subject)
    assert body["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert json.loads(body["headers"]["X-Mailin-custom"]) == {"message": REFERENCE}


@pytest.mark.parametrize(
    ("region", "host"), [("", "api.mailgun.net"), ("eu", "api.eu.mailgun.net"), ("us", "api.mailgun.net")]
)
def test_mailgun_gets_a_form_in_its_region(region: str, host: str) -> None:
    credentials = {**mailgun_samples.credentials, "region": region}
    request = sent(mailgun.channel, replace(mailgun_samples, credentials=credentials))
    signed_in = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()

    assert (urlsplit(request.url).netloc, urlsplit(request.url).path) == (
        host,
        "/v3/mg.shop.example/messages",
    )
    assert signed_in == "api:key-of-no-account"
    form = parse_qs(request.body.decode(), strict_parsing=True)
    assert {name: form[name] for name in ("to", "subject", "h:List-Unsubscribe-Post", "v:message")} == {
        "to": ["Ann <ann@example.com>"],
        "subject": [EMAIL.subject],
        "h:List-Unsubscribe-Post": ["List-Unsubscribe=One-Click"],
        "v:message": [REFERENCE],
    }


def test_ses_gets_the_letter_as_it_stands() -> None:
    request = sent(amazon_ses.channel, ses_samples)
    body = json.loads(request.body)
    letter = message_from_bytes(base64.b64decode(body["Content"]["Raw"]["Data"]), policy=default)

    assert request.url == "https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails"
    assert (letter["Subject"], letter["List-Unsubscribe-Post"]) == (
        EMAIL.subject,
        "List-Unsubscribe=One-Click",
    )
    assert (body["FromEmailAddress"], body["Destination"], body["EmailTags"]) == (
        "hello@shop.example",
        {"ToAddresses": ["ann@example.com"]},
        [{"Name": "message", "Value": REFERENCE}],
    )


def test_the_signing_key_of_version_4_is_that_of_the_documentation() -> None:
    """AWS, "Signature Version 4", example of a signing key."""
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")

    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_a_signature_of_version_4_binds_body_moment_and_region() -> None:
    given = {
        "host": "email.eu-central-1.amazonaws.com",
        "path": "/v2/email/outbound-emails",
        "body": b"{}",
        "key_id": "AKIDEXAMPLE",
        "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "region": "eu-central-1",
        "service": "ses",
        "at": AT,
    }
    signed = signed_headers(**given)  # type: ignore[arg-type]
    others = [
        signed_headers(**(given | other))  # type: ignore[arg-type]
        for other in ({"body": b"[]"}, {"at": AT.replace(hour=13)}, {"region": "us-east-1"}, {"secret": "x"})
    ]

    assert signed["x-amz-date"] == "20261122T120000Z"
    assert signed["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-central-1/ses/aws4_request,"
        " SignedHeaders=content-type;host;x-amz-date, Signature="
    )
    assert len({headers["authorization"][-64:] for headers in (signed, *others)}) == 5


# -- proof -----------------------------------------------------------------------------------------


def callback(body: bytes, headers: dict[str, str] | None = None, **query: str) -> InboundRequest:
    return InboundRequest(
        method="POST",
        headers={"content-type": "application/json"} | (headers or {}),
        query=query,
        body=body,
        received_at=AT,
    )


@pytest.mark.parametrize(("channel", "samples"), BEHIND_A_PASSWORD)
def test_user_and_password_prove_a_receipt(channel: Channel, samples: ChannelSamples) -> None:
    assert channel.verify is not None
    body = samples.receipts[Fate.DELIVERED]
    right, wrong = (
        {"authorization": f"Basic {base64.b64encode(word.encode()).decode()}"}
        for word in (samples.credentials["webhook_secret"], "aftermile:guess")
    )

    assert channel.verify(callback(body, right), samples.credentials) == Accepted()
    assert isinstance(channel.verify(callback(body, wrong), samples.credentials), Refused)


def test_mailgun_signs_its_receipts() -> None:
    assert mailgun.channel.verify is not None
    body = mailgun_event("delivered")
    forged = body.replace(b"1795305600", b"1795305601", 1)

    assert mailgun.channel.verify(callback(body), mailgun_samples.credentials) == Accepted()
    assert isinstance(mailgun.channel.verify(callback(forged), mailgun_samples.credentials), Refused)


def test_ses_knows_the_token_in_its_address() -> None:
    assert amazon_ses.channel.verify is not None
    headers = {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "n-1"}

    right = amazon_ses.channel.verify(
        callback(b"{}", headers, token="a-long-random-word"), ses_samples.credentials
    )
    wrong = amazon_ses.channel.verify(callback(b"{}", headers, token="guess"), ses_samples.credentials)

    assert right == Accepted(kind="Notification", external_id="n-1")
    assert isinstance(wrong, Refused)


# -- receipts --------------------------------------------------------------------------------------


def test_a_bounce_of_postmark_in_full() -> None:
    receipt = read(postmark.channel, postmark_bounce("HardBounce"))

    assert receipt == Receipt(
        fate=Fate.BOUNCED,
        occurred_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        identity=receipt.identity,
        reference=REFERENCE,
        external_id="00000000-0000-0000-0000-000000000001",
        code="bounced bounced",
        detail="no such user",
        address="ann@example.com",
        address_is_dead=True,
    )


@pytest.mark.parametrize(("channel", "samples"), EVERY_PROVIDER)
def test_every_receipt_names_the_message_by_our_own_id(channel: Channel, samples: ChannelSamples) -> None:
    assert {read(channel, body).reference for body in samples.receipts.values()} == {REFERENCE}


@pytest.mark.parametrize(
    ("bounce_type", "subtype", "status", "dead"),
    [
        ("Permanent", "General", "5.1.1", True),
        ("Permanent", "NoEmail", "5.0.0", True),
        ("Permanent", "MessageTooLarge", "5.3.4", False),
        ("Transient", "General", "5.7.1", False),
    ],
)
def test_bounces_of_ses(bounce_type: str, subtype: str, status: str, dead: bool) -> None:
    receipt = read(amazon_ses.channel, bounce(bounce_type, subtype, status))

    assert (receipt.fate, receipt.address_is_dead, receipt.code) == (
        Fate.BOUNCED,
        dead,
        f"Bounce {bounce_type} {subtype} {status}",
    )


_CONFIRM = "/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:1:t&Token=2336"


@pytest.mark.parametrize(
    ("address", "is_theirs"),
    [
        ("https://sns.eu-central-1.amazonaws.com" + _CONFIRM, True),
        ("https://sns.us-gov-west-1.amazonaws.com" + _CONFIRM, True),
        ("https://sns.cn-north-1.amazonaws.com.cn" + _CONFIRM, True),
        ("http://sns.eu-central-1.amazonaws.com" + _CONFIRM, False),
        ("https://sns.eu-central-1.amazonaws.com.evil.example" + _CONFIRM, False),
        ("https://sns.eu-central-1.amazonaws.com:8443" + _CONFIRM, False),
        ("https://evil.example/sns.eu-central-1.amazonaws.com/?x", False),
        ("https://evil.example@sns.eu-central-1.amazonaws.com" + _CONFIRM, False),
        ("https://sns.eu-central-1.amazonaws.com@evil.example" + _CONFIRM, False),
        ("https://s3.eu-central-1.amazonaws.com/bucket?x", False),
        ("https://127.0.0.1/?x", False),
        ("https://sns.eu-central-1.amazonaws.com/?x\r\nHost: evil.example", False),
        ("", False),
    ],
)
def test_a_subscription_of_sns_is_confirmed_at_sns_alone(address: str, is_theirs: bool) -> None:
    asked = {"Type": "SubscriptionConfirmation", "MessageId": "1", "SubscribeURL": address}
    body = json.dumps(asked).encode()
    receipt = read(amazon_ses.channel, body)
    assert (receipt.fate, receipt.code, receipt.text) == (None, "subscription to confirm", "")
    assert amazon_ses.channel.confirms is not None
    call = amazon_ses.channel.confirms(RawRecord(kind="", body=body, received_at=AT))
    assert call == (OutboundRequest(method="GET", url=address) if is_theirs else None)


def test_nothing_else_of_sns_is_confirmed() -> None:
    confirms = amazon_ses.channel.confirms
    assert confirms is not None
    address = "https://sns.eu-central-1.amazonaws.com" + _CONFIRM
    for body in (
        *ses_samples.receipts.values(),
        json.dumps({"Type": "Notification", "SubscribeURL": address}).encode(),
        json.dumps({"Type": "UnsubscribeConfirmation", "SubscribeURL": address}).encode(),
        b"",
        b"[]",
    ):
        assert confirms(RawRecord(kind="", body=body, received_at=AT)) is None


@pytest.mark.parametrize(
    ("code", "result", "dead"),
    [(406, Result.NEVER, True), (412, Result.LATER, False), (300, Result.NEVER, False)],
)
def test_errors_of_postmark(code: int, result: Result, dead: bool) -> None:
    assert postmark.channel.outcome is not None
    outcome = postmark.channel.outcome(422, {}, json.dumps({"ErrorCode": code, "Message": "no"}).encode())

    assert (outcome.result, outcome.address_is_dead, outcome.code) == (result, dead, str(code))


def test_errors_of_ses() -> None:
    assert amazon_ses.channel.outcome is not None
    paused, rejected = (
        amazon_ses.channel.outcome(400, {"x-amzn-errortype": f"{kind}:http://x"}, b'{"message": "no"}')
        for kind in ("SendingPausedException", "MessageRejected")
    )

    assert (paused.result, paused.code) == (Result.LATER, "SendingPausedException")
    assert (rejected.result, rejected.code) == (Result.NEVER, "MessageRejected")
