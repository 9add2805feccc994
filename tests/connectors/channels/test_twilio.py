"""Twilio: what is sent, what call-backs prove and tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from aftermile.connectors.channels.example_messages import REFERENCE, SMS, WHATSAPP
from aftermile.connectors.channels.twilio import channel
from aftermile.connectors.channels.twilio.calls import request
from aftermile.connectors.channels.twilio.receipts import receipts
from aftermile.connectors.channels.twilio.samples import reply, samples, status
from aftermile.connectors.channels.twilio.signature import read_form, sign, verify
from aftermile.connectors.contracts.channels import (
    RECEIPTS_ADDRESS,
    Attempt,
    Fate,
    Medium,
    Outgoing,
    Unsendable,
)
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, RawRecord, Refused
from aftermile.kernel.handover import Result

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = samples.credentials[RECEIPTS_ADDRESS]


def sent(outgoing: Outgoing, **credentials: str) -> dict[str, list[str]]:
    attempt = Attempt(
        outgoing=outgoing, credentials={**samples.credentials, **credentials}, idempotency_key="k", at=AT
    )
    return parse_qs(request(attempt).body.decode(), strict_parsing=True)


def test_an_sms() -> None:
    assert sent(SMS) == {
        "To": ["+4915112345678"],
        "From": ["+4915187654321"],
        "Body": ["Your parcel is here."],
        "StatusCallback": [f"{ADDRESS}?reference={REFERENCE}"],
    }


def test_a_whatsapp_template() -> None:
    assert sent(WHATSAPP) == {
        "To": ["whatsapp:+4915112345678"],
        "From": ["whatsapp:+4915187654321"],
        "ContentSid": ["HX00000000000000000000000000000001"],
        "ContentVariables": ['{"1": "Ann"}'],
        "StatusCallback": [f"{ADDRESS}?reference={REFERENCE}"],
    }


def test_the_connections_sender_stands_in() -> None:
    anonymous = replace(SMS, sender="")

    assert sent(anonymous, sms_sender="+491510000000")["From"] == ["+491510000000"]
    assert sent(anonymous, messaging_service_sid="MG1")["MessagingServiceSid"] == ["MG1"]
    with pytest.raises(Unsendable):
        sent(anonymous)


@pytest.mark.parametrize("text", ["", "  ", "x" * 1601])
def test_texts_nobody_can_send(text: str) -> None:
    with pytest.raises(Unsendable):
        sent(replace(SMS, text=text))


@pytest.mark.parametrize(
    ("code", "result", "dead"),
    [
        (21211, Result.NEVER, True),
        (21610, Result.NEVER, False),
        (21408, Result.LATER, False),
        (20003, Result.LATER, False),
        (99999, Result.NEVER, False),
    ],
)
def test_errors(code: int, result: Result, dead: bool) -> None:
    assert channel.outcome is not None
    outcome = channel.outcome(400, {}, b'{"code": %d, "message": "no"}' % code)

    assert (outcome.result, outcome.code, outcome.address_is_dead) == (result, str(code), dead)


# -- proof -----------------------------------------------------------------------------------------


def callback(body: bytes, signature: str, **query: str) -> InboundRequest:
    return InboundRequest(
        method="POST", headers={"x-twilio-signature": signature}, query=query, body=body, received_at=AT
    )


def test_a_signature_as_twilio_documents_it() -> None:
    """The example of Twilio's page on security, which libraries test with."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signature = sign("https://mycompany.com/myapp.php?foo=1&bar=2", fields, "12345")

    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_callback_is_accepted_for_its_address_and_body_alone() -> None:
    body = status("delivered")
    address = f"{ADDRESS}?reference={REFERENCE}"
    right = sign(address, read_form(body), samples.credentials["auth_token"])

    accepted = verify(callback(body, right, reference=REFERENCE), samples.credentials)

    assert accepted == Accepted(kind="status", external_id="SM01:delivered")
    for forged in (
        callback(body, right),
        callback(status("failed"), right, reference=REFERENCE),
        callback(body, "", reference=REFERENCE),
        callback(body, "é", reference=REFERENCE),
        callback(b"\xff=1", right, reference=REFERENCE),
    ):
        assert isinstance(verify(forged, samples.credentials), Refused)


# -- receipts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        ("STOP", Fate.UNSUBSCRIBED),
        (" stop! ", Fate.UNSUBSCRIBED),
        ("Unsubscribe", Fate.UNSUBSCRIBED),
        ("start", Fate.RESUBSCRIBED),
        ("Please stop by at five", Fate.REPLIED),
        ("", Fate.REPLIED),
    ],
)
def test_replies(words: str, fate: Fate) -> None:
    [receipt] = receipts(RawRecord(kind="", body=reply(words), received_at=AT))

    assert (receipt.fate, receipt.text, receipt.address) == (fate, words.strip(), "+4915112345678")


def test_our_own_id_comes_back_with_a_status() -> None:
    body = status("undelivered", ErrorCode="30005", To="whatsapp:+4915112345678")
    [receipt] = receipts(RawRecord(kind="", body=body, received_at=AT, settings={"reference": REFERENCE}))

    assert (receipt.reference, receipt.external_id, receipt.code, receipt.medium, receipt.address) == (
        REFERENCE,
        "SM01",
        "undelivered 30005",
        Medium.WHATSAPP,
        "+4915112345678",
    )
    assert (receipt.fate, receipt.address_is_dead) == (Fate.BOUNCED, True)


def test_a_number_that_said_stop_before() -> None:
    [receipt] = receipts(RawRecord(kind="", body=status("failed", ErrorCode="21610"), received_at=AT))

    assert (receipt.fate, receipt.address_is_dead) == (Fate.UNSUBSCRIBED, False)
