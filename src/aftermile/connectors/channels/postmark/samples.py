"""A letter, Postmark's answers, and its web hooks."""

from __future__ import annotations

import json

from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples
from aftermile.connectors.contracts.channels import Fate


def record(kind: str, **more: object) -> bytes:
    return json.dumps(
        {
            "RecordType": kind,
            "MessageID": "00000000-0000-0000-0000-000000000001",
            "Recipient": "ann@example.com",
            "Metadata": {"message": REFERENCE},
            **more,
        }
    ).encode()


def bounce(type_: str) -> bytes:
    at = "2026-11-22T10:00:00.0000000Z"
    return record("Bounce", ID=1, Type=type_, Email="ann@example.com", BouncedAt=at, Details="no such user")


samples = ChannelSamples(
    outgoing=(EMAIL,),
    credentials={"server_token": "token-of-no-server", "webhook_secret": "aftermile:a-long-random-word"},
    taken=Answer(
        status=200, body=b'{"ErrorCode": 0, "Message": "OK", "MessageID": "0001", "To": "ann@example.com"}'
    ),
    external_id="0001",
    address_is_dead=Answer(
        status=422,
        body=b'{"ErrorCode": 406, "Message": "You tried to send to ann@example.com, marked as inactive."}',
    ),
    receipts={
        Fate.DELIVERED: record("Delivery", DeliveredAt="2026-11-22T10:00:00Z"),
        Fate.OPENED: record("Open", ReceivedAt="2026-11-22T10:00:00Z"),
        Fate.CLICKED: record(
            "Click", ReceivedAt="2026-11-22T10:00:00Z", OriginalLink="https://shop.example/"
        ),
        Fate.BOUNCED: bounce("SoftBounce"),
        Fate.DEFERRED: bounce("Transient"),
        Fate.COMPLAINED: record("SpamComplaint", Type="SpamComplaint", Email="ann@example.com"),
        Fate.UNSUBSCRIBED: record(
            "SubscriptionChange", SuppressSending=True, SuppressionReason="ManualSuppression"
        ),
        Fate.RESUBSCRIBED: record("SubscriptionChange", SuppressSending=False),
        None: record("Teleported"),
    },
    dead_receipts=(bounce("HardBounce"), bounce("BadEmailAddress")),
)
