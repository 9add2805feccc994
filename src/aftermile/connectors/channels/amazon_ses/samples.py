"""A letter, the answers of SES, and its events as SNS brings them."""

from __future__ import annotations

import json

from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples
from aftermile.connectors.contracts.channels import Fate


def event(kind: str, **more: object) -> bytes:
    mail = {
        "messageId": "0100",
        "timestamp": "2026-11-22T10:00:00.000Z",
        "destination": ["ann@example.com"],
        "tags": {"message": [REFERENCE]},
    }
    message = json.dumps({"eventType": kind, "mail": mail, **more})
    return json.dumps({"Type": "Notification", "MessageId": f"n-{kind}", "Message": message}).encode()


def bounce(type_: str, subtype: str, status: str) -> bytes:
    person = {"emailAddress": "ann@example.com", "status": status, "diagnosticCode": f"smtp; 550 {status}"}
    at = "2026-11-22T10:00:05.000Z"
    detail = {"bounceType": type_, "bounceSubType": subtype, "timestamp": at, "bouncedRecipients": [person]}
    return event("Bounce", bounce=detail)


_AT = "2026-11-22T10:00:05.000Z"

samples = ChannelSamples(
    outgoing=(EMAIL,),
    credentials={
        "region": "eu-central-1",
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "a-secret-of-no-account",
        "webhook_token": "a-long-random-word",
    },
    taken=Answer(status=200, body=b'{"MessageId": "0100"}'),
    external_id="0100",
    receipts={
        Fate.TAKEN: event("Send"),
        Fate.DELIVERED: event("Delivery", delivery={"timestamp": _AT, "recipients": ["ann@example.com"]}),
        Fate.DEFERRED: event("DeliveryDelay", deliveryDelay={"timestamp": _AT, "delayType": "MailboxFull"}),
        Fate.BOUNCED: bounce("Transient", "MailboxFull", "4.2.2"),
        Fate.COMPLAINED: event(
            "Complaint", complaint={"complainedRecipients": [{"emailAddress": "ann@example.com"}]}
        ),
        Fate.REJECTED: event("Reject", reject={"reason": "Bad content"}),
        Fate.OPENED: event("Open", open={"timestamp": _AT}),
        Fate.CLICKED: event("Click", click={"timestamp": _AT, "link": "https://shop.example/"}),
        Fate.UNSUBSCRIBED: event(
            "Subscription", subscription={"newTopicPreferences": {"unsubscribeAll": True}}
        ),
        None: event("Teleport"),
    },
    dead_receipts=(bounce("Permanent", "General", "5.0.0"), bounce("Undetermined", "Undetermined", "5.1.1")),
)
