"""A letter, and mails that come back."""

from __future__ import annotations

from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.contracts.channel_samples import ChannelSamples
from aftermile.connectors.contracts.channels import Fate

_BACK_TO = f"bounces+{REFERENCE}@shop.example"


def delivery_report(action: str, status: str, diagnostic: str = "") -> bytes:
    return f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {_BACK_TO}
Message-ID: <report-{action}-{status}@mx.example>
Date: Sun, 22 Nov 2026 10:00:00 +0000
Subject: Delivery report
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

About your letter.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sun, 22 Nov 2026 09:59:58 +0000

Final-Recipient: rfc822; ann@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b1
Content-Type: text/rfc822-headers

Message-ID: <{EMAIL.message_id}>
To: ann@example.com

--b1--
""".replace("\n", "\r\n").encode()


def complaint(kind: str) -> bytes:
    return f"""From: <feedback@provider.example>
To: {_BACK_TO}
Message-ID: <complaint-{kind}@provider.example>
Date: Sun, 22 Nov 2026 10:00:00 +0000
Subject: FW: {EMAIL.message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeProvider/1.0
Version: 1
Original-Rcpt-To: <ann@example.com>

--b1
Content-Type: message/rfc822

Message-ID: <{EMAIL.message_id}>
Subject: Your parcel

Good day.

--b1--
""".encode()


def reply(*headers: str) -> bytes:
    more = "".join(f"{header}\n" for header in headers)
    return f"""From: Ann <ann@example.com>
To: help@shop.example
Message-ID: <reply@example.com>
In-Reply-To: <{EMAIL.message_id}>
Date: Sun, 22 Nov 2026 10:00:00 +0000
Subject: Re: Your parcel
{more}Content-Type: text/plain; charset=utf-8

When does it come?
> Good day, Ann.
""".encode()


samples = ChannelSamples(
    outgoing=(EMAIL,),
    credentials={"host": "mail.shop.example", "user": "shop", "password": "a-password-of-nobody"},
    receipts={
        Fate.BOUNCED: delivery_report("failed", "5.7.1", "550 5.7.1 policy"),
        Fate.DEFERRED: delivery_report("delayed", "4.4.1"),
        Fate.DELIVERED: delivery_report("delivered", "2.0.0"),
        Fate.TAKEN: delivery_report("relayed", "2.0.0"),
        Fate.COMPLAINED: complaint("abuse"),
        Fate.UNSUBSCRIBED: complaint("opt-out"),
        Fate.REPLIED: reply(),
        None: complaint("teleported"),
    },
    dead_receipts=(
        delivery_report("failed", "5.1.1"),
        delivery_report("failed", "5.0.0", "550 5.1.10 null MX"),
    ),
)
