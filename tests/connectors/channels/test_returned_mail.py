"""Mail that comes back, in every shape, and hostile mail."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.channels.smtp.returned import MOST_RECIPIENTS, read_returned_mail
from aftermile.connectors.channels.smtp.samples import complaint, delivery_report, reply
from aftermile.connectors.contracts.channels import Fate, Receipt, bounce_address

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read_one(mail: bytes) -> Receipt:
    [receipt] = read_returned_mail(mail, received_at=AT)
    return receipt


def test_a_delivery_report_in_full() -> None:
    receipt = read_one(delivery_report("failed", "5.0.0", "550 5.1.1 <ann@example.com> no such user"))

    assert receipt == Receipt(
        fate=Fate.BOUNCED,
        occurred_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        identity=receipt.identity,
        reference=REFERENCE,
        message_id=EMAIL.message_id,
        code="5.1.1",  # the server's own words are sharper than 5.0.0
        detail="550 5.1.1 (address) no such user",
        address="ann@example.com",
        address_is_dead=True,
    )


@pytest.mark.parametrize(
    ("action", "status", "fate", "dead"),
    [
        ("failed", "5.1.10", Fate.BOUNCED, True),
        ("failed", "5.2.2", Fate.BOUNCED, False),
        ("failed", "4.4.7", Fate.BOUNCED, False),
        ("delayed", "5.1.1", Fate.DEFERRED, False),
        ("expanded", "2.0.0", Fate.TAKEN, False),
        ("Failed", "5.2.1", Fate.BOUNCED, True),
        ("vanished", "5.1.1", None, False),
    ],
)
def test_actions(action: str, status: str, fate: Fate | None, dead: bool) -> None:
    receipt = read_one(delivery_report(action, status))

    assert (receipt.fate, receipt.code, receipt.address_is_dead) == (fate, status, dead)


def test_a_report_on_many_recipients_tells_of_each() -> None:
    block = b"\r\n\r\nFinal-Recipient: rfc822; p%d@example.com\r\nAction: failed\r\nStatus: 5.1.1"
    report = delivery_report("failed", "5.1.1")
    start = report.index(b"\r\n\r\n--b1\r\nContent-Type: text/rfc822-headers")
    mail = report[:start] + b"".join(block % number for number in range(200)) + report[start:]

    told = read_returned_mail(mail, received_at=AT)

    assert len(told) == MOST_RECIPIENTS
    assert len({receipt.identity for receipt in told}) == MOST_RECIPIENTS


def test_the_same_report_by_another_way_is_the_same() -> None:
    report = delivery_report("failed", "5.1.1")

    assert read_one(report).identity == read_one(b"Received: from elsewhere\r\n" + report).identity


def test_a_complaint() -> None:
    receipt = read_one(complaint("abuse"))

    assert (receipt.fate, receipt.reference, receipt.message_id, receipt.address) == (
        Fate.COMPLAINED,
        REFERENCE,
        EMAIL.message_id,
        "ann@example.com",
    )


def test_a_bounce_of_no_standard_form() -> None:
    mail = b"""Return-Path: <>
From: MAILER-DAEMON@old.example
To: bounces@shop.example
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <1@shop.example>
"""
    receipt = read_one(mail)

    assert (receipt.fate, receipt.address, receipt.address_is_dead) == (
        Fate.BOUNCED,
        "ann@example.com",
        False,
    )


def test_a_reply_keeps_what_was_written_and_leaves_out_what_was_quoted() -> None:
    receipt = read_one(reply())

    assert (receipt.fate, receipt.message_id, receipt.address, receipt.text) == (
        Fate.REPLIED,
        EMAIL.message_id,
        "ann@example.com",
        "When does it come?",
    )
    assert "When" not in repr(receipt)


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: bulk"])
def test_an_automatic_answer_is_no_reply(header: str) -> None:
    receipt = read_one(reply(header))

    assert (receipt.fate, receipt.code, receipt.message_id) == (None, "automatic answer", EMAIL.message_id)


def test_a_shopper_who_quotes_a_bounce_has_not_bounced() -> None:
    quoted = reply().replace(
        b"When does it come?", b"550 5.1.1 <ann@example.com>: user unknown\nwhat is this?"
    )

    assert read_one(quoted).fate is Fate.REPLIED


def test_a_mail_about_nothing_of_ours_is_kept_as_unknown() -> None:
    receipt = read_one(b"From: eve@example.com\r\nTo: help@shop.example\r\n\r\nHello?")

    assert (receipt.fate, receipt.code, receipt.text) == (None, "unrelated", "Hello?")


def test_the_address_mail_comes_back_to_names_the_message() -> None:
    address = bounce_address("bounces@shop.example", REFERENCE)
    mail = f"From: a@b.example\r\nDelivered-To: {address.upper()}\r\n\r\nhello".encode()

    assert (address, read_one(mail).reference) == (f"bounces+{REFERENCE}@shop.example", REFERENCE)


@pytest.mark.parametrize(
    "written", ["Sun, 22 Nov 2099 10:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000", "yesterday", ""]
)
def test_a_date_that_cannot_be_is_the_day_it_came(written: str) -> None:
    mail = reply().replace(b"Sun, 22 Nov 2026 10:00:00 +0000", written.encode())

    assert read_one(mail).occurred_at == AT


# -- hostile mail ----------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    parts = [
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
        for level in range(depth)
    ]
    return b"From: eve@example.com\r\n" + b"".join(parts)


HOSTILE = {
    "empty": b"",
    "a thousand parts deep": nested(1000),
    "a thousand mails deep": b"Content-Type: message/rfc822\r\n\r\n" * 1000,
    "folded types": b"Content-Type:\r\n multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 5000,
    "a hundred thousand blocks": delivery_report("failed", "5.1.1").replace(
        b"Final-Recipient", b"X: y\r\n\r\n" * 100_000 + b"Final-Recipient"
    ),
    "a header of a megabyte": b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nhello",
    "a hundred thousand headers": b"X: y\r\n" * 100_000 + b"\r\nhello",
    "a list of a million addresses": b"To: " + b"a@b.example, " * 100_000 + b"\r\n\r\nhello",
    "open brackets": b"From: " + b"(" * 100_000 + b"\r\nIn-Reply-To: " + b"<" * 100_000 + b"\r\n\r\nx",
    "bytes of no encoding": bytes(range(256)) * 500,
    "a charset that is none": reply().replace(b"charset=utf-8", b"charset=klingon\xff"),
    "a transfer encoding that lies": reply().replace(
        b"Content-Type", b"Content-Transfer-Encoding: base64\nContent-Type"
    ),
    "a boundary that is its own": b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n----",
    "a machine's nonsense": b"Return-Path: <>\r\nFrom: MAILER-DAEMON\r\nContent-Type: multipart/report\r\n\r\n\xff",
    "nul": b"From: a\x00@b.example\r\nIn-Reply-To: <a\x00b@c>\r\n\r\n\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(10)
def test_a_hostile_mail_costs_nothing_but_itself(name: str) -> None:
    told = read_returned_mail(HOSTILE[name], received_at=AT)

    assert 1 <= len(told) <= MOST_RECIPIENTS
    assert "\x00" not in "".join(r.text + r.address + r.code + r.detail + r.message_id for r in told)


@pytest.mark.timeout(10)
def test_ten_megabytes_returned_in_full_are_not_read_through() -> None:
    report = delivery_report("failed", "5.1.1")
    returned = base64.encodebytes(b"\x00" * 7_500_000)
    mail = report.replace(b"text/rfc822-headers", b"message/rfc822").replace(
        b"\r\n--b1--", b"\r\n" + returned
    )

    receipt = read_one(mail)

    assert len(mail) > 10_000_000
    assert (receipt.fate, receipt.address, receipt.message_id) == (
        Fate.BOUNCED,
        "ann@example.com",
        EMAIL.message_id,
    )
