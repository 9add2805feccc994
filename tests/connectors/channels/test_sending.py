"""Handing a message over, whatever the channel speaks."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import dkim
import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from standardwebhooks import Webhook

from aftermile.connectors.channels.example_messages import EMAIL, HOOK, PUSH, SMS
from aftermile.connectors.channels.registry import channel
from aftermile.connectors.channels.sending import send
from aftermile.connectors.channels.web_push import new_vapid_key
from aftermile.connectors.channels.web_push.calls import request as push_request
from aftermile.connectors.channels.webhook.samples import samples as webhook_samples
from aftermile.connectors.contracts.channels import Attempt, Channel, Outcome, Outgoing, Unsendable
from aftermile.connectors.contracts.sockets import OutboundRequest
from aftermile.kernel.handover import Result
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.mail_signing import DkimKey, make_dkim_key
from aftermile.kernel.smtp import SmtpPools
from tests.kernel.mail_server import Inbox, mail_server, scripted_server

AT = datetime.now(UTC)  # the receivers' libraries compare with the real clock
_POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _base64(written: bytes) -> str:
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def _unbase64(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


def hand_over(
    outgoing: Outgoing, carrier: Channel, credentials: dict[str, str], *, allow_private: bool = True
) -> Outcome:
    client, pools = OutboundClient(allow_private=allow_private), SmtpPools(allow_private=allow_private)
    try:
        return send(
            outgoing,
            channel=carrier,
            credentials=credentials,
            idempotency_key="msg_1",
            at=datetime.now(UTC),  # not the moment at which a long run of tests began
            client=client,
            pools=pools,
        )
    finally:
        client.close()
        pools.close()


@contextmanager
def program(*answers: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A merchant's program that answers in turn and remembers what it was sent; 0 hangs up."""
    heard: list[tuple[dict[str, str], bytes]] = []
    statuses = list(answers)

    class Program(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if status := statuses.pop(0):
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Program)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# -- e-mail ----------------------------------------------------------------------------------------


def test_a_signed_letter_over_a_real_mail_server() -> None:
    new = make_dkim_key()
    key = DkimKey(domain="shop.example", selector="am1", private_pem=new.private_pem)
    letter = replace(
        EMAIL,
        text="Good day,\n.\n..two dots and a space \n",
        sender=replace(EMAIL.sender, dkim=key, bounce_address="bounces+msg_1@shop.example"),
    )
    inbox = Inbox()
    with mail_server(inbox) as server:
        credentials = {"host": server.host, "port": str(server.port), "security": "none"}
        outcome = hand_over(letter, channel("smtp"), credentials)

    assert outcome == Outcome(result=Result.TAKEN, external_id=EMAIL.message_id, code="2.0.0")
    [(envelope, to, mail)] = inbox.letters
    assert (envelope, to) == ("bounces+msg_1@shop.example", ["ann@example.com"])
    assert dkim.verify(mail, dnsfunc=lambda name, timeout=5: new.dns_record.encode())
    message = message_from_bytes(mail, policy=default)
    assert (message["Subject"], message["Message-ID"]) == (EMAIL.subject, f"<{EMAIL.message_id}>")


def test_a_letter_without_the_signature_its_domain_promises_waits() -> None:
    key = DkimKey(domain="shop.example", selector="am1", private_pem="lost")
    letter = replace(EMAIL, sender=replace(EMAIL.sender, dkim=key))

    outcome = hand_over(letter, channel("smtp"), {"host": "127.0.0.1", "port": "1025", "security": "none"})

    assert outcome == Outcome(result=Result.LATER, detail="the DKIM key cannot be read")


def test_a_port_that_is_no_number_loses_no_letter() -> None:
    outcome = hand_over(EMAIL, channel("smtp"), {"host": "127.0.0.1", "port": "submission"})

    assert outcome.result is Result.LATER


def test_a_letter_that_cannot_be_written_is_never_sent() -> None:
    outcome = hand_over(
        replace(EMAIL, subject="a\r\nBcc: b@c.example"), channel("smtp"), {"host": "127.0.0.1"}
    )

    assert outcome.result is Result.NEVER


# -- HTTP ------------------------------------------------------------------------------------------


def test_a_hook_is_signed_and_the_same_when_tried_again() -> None:
    with program(503, 204) as (url, heard):
        outcomes = [
            hand_over(replace(HOOK, url=url), channel("webhook"), dict(webhook_samples.credentials)).result
            for _ in range(2)
        ]

    assert outcomes == [Result.LATER, Result.TAKEN]
    assert heard[0][1] == heard[1][1]
    assert {headers["webhook-id"] for headers, _ in heard} == {"msg_1"}
    headers, body = heard[1]
    verified = Webhook(webhook_samples.credentials["secret"]).verify(body, headers)
    assert verified == {
        "type": "journey.step",
        "timestamp": "2026-11-22T00:00:00+00:00",
        "data": {"order_id": "ord_1"},
    }


def echo(url: str, *, repeats_harmlessly: bool) -> Channel:
    """A channel that posts to an address, as a provider's would."""

    def request(attempt: Attempt) -> OutboundRequest:
        return OutboundRequest(method="POST", url=url, body=b"x")

    return Channel(
        slug="echo",
        name="Echo",
        media=channel("twilio").media,
        request=request,
        repeats_harmlessly=repeats_harmlessly,
    )


@pytest.mark.parametrize(("harmless", "result"), [(False, Result.UNKNOWN), (True, Result.LATER)])
def test_no_answer_is_unknown_unless_a_repeat_does_no_harm(harmless: bool, result: Result) -> None:
    with program(0) as (url, heard):
        outcome = hand_over(SMS, echo(url, repeats_harmlessly=harmless), {})

    assert (outcome.result, len(heard)) == (result, 1)


def test_nobody_there_is_tried_later() -> None:
    with scripted_server(lambda line: None) as closed:
        pass

    outcome = hand_over(SMS, echo(f"http://127.0.0.1:{closed.port}/", repeats_harmlessly=False), {})

    assert (outcome.result, outcome.code) == (Result.LATER, "unreachable")


def test_an_address_inside_our_network_is_never_called() -> None:
    with program(200) as (url, heard):
        outcome = hand_over(SMS, echo(url, repeats_harmlessly=False), {}, allow_private=False)

    assert (outcome.result, outcome.code, heard) == (Result.NEVER, "refused", [])


def test_a_channel_gets_only_what_it_carries() -> None:
    assert hand_over(SMS, channel("smtp"), {}).result is Result.NEVER


@pytest.mark.parametrize("outgoing", [EMAIL, SMS, PUSH, HOOK])
def test_the_outbox_takes_everything_and_calls_nobody(outgoing: Outgoing) -> None:
    assert hand_over(outgoing, channel("outbox"), {}) == Outcome(result=Result.TAKEN, external_id="msg_1")


# -- web push --------------------------------------------------------------------------------------


def push_attempt(outgoing: Outgoing, private_pem: str) -> Attempt:
    return Attempt(
        outgoing=outgoing,
        credentials={"private_key": private_pem, "subject": "mailto:shop@shop.example"},
        idempotency_key="msg_1",
        at=AT,
    )


def test_a_notification_is_read_by_its_browser_alone() -> None:
    browser = ec.generate_private_key(ec.SECP256R1())
    point = browser.public_key().public_bytes(*_POINT)
    subscribed = replace(PUSH, p256dh=_base64(point), auth=_base64(b"0123456789abcdef"))
    private, public = new_vapid_key()

    request = push_request(push_attempt(subscribed, private))

    shown = http_ece.decrypt(
        request.body, private_key=browser, auth_secret=b"0123456789abcdef", version="aes128gcm"
    )
    assert json.loads(shown) == {
        "title": "On its way",
        "body": "It comes on Friday.",
        "url": "https://shop.example/t/abc",
        "tag": "par_1",
    }
    assert Vapid02.verify(request.headers["authorization"])
    assert request.headers["authorization"].endswith(f"k={public}")
    assert {name: request.headers[name] for name in ("ttl", "urgency", "content-encoding")} == {
        "ttl": "86400",
        "urgency": "normal",
        "content-encoding": "aes128gcm",
    }
    assert len(request.headers["topic"]) == 32


def test_a_token_holds_for_half_a_day_and_is_made_once_an_hour() -> None:
    private, _ = new_vapid_key()
    first, later = (
        push_request(replace(push_attempt(PUSH, private), at=AT.replace(minute=1) + passed)).headers[
            "authorization"
        ]
        for passed in (timedelta(), timedelta(minutes=50))
    )
    claims = json.loads(_unbase64(first.split("t=")[1].split(".")[1]))

    assert first == later
    assert claims["aud"] == "https://push.example"
    assert timedelta(hours=10) < datetime.fromtimestamp(claims["exp"], UTC) - AT < timedelta(hours=13)


@pytest.mark.parametrize(
    "broken",
    [
        replace(PUSH, body="x" * 4000),
        replace(PUSH, p256dh="BAAA"),
        replace(PUSH, p256dh="ü"),
        replace(PUSH, endpoint="http://push.example/1"),
        replace(PUSH, endpoint="nowhere"),
    ],
)
def test_notifications_nobody_can_send(broken: Outgoing) -> None:
    with pytest.raises(Unsendable):
        push_request(push_attempt(broken, new_vapid_key()[0]))


def test_a_key_that_is_none() -> None:
    with pytest.raises(Unsendable):
        push_request(push_attempt(PUSH, "lost"))
