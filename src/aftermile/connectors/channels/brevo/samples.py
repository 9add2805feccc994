"""A letter, Brevo's answers, and its web hooks."""

from __future__ import annotations

import json

from aftermile.connectors.channels.example_messages import EMAIL
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples
from aftermile.connectors.contracts.channels import Fate


def event(word: str, **more: object) -> bytes:
    return json.dumps(
        {
            "event": word,
            "email": "ann@example.com",
            "id": 1,
            "message-id": f"<{EMAIL.message_id}>",
            "ts_epoch": 1795305600000,
            "X-Mailin-custom": json.dumps({"message": EMAIL.reference}),
            **more,
        }
    ).encode()


samples = ChannelSamples(
    outgoing=(EMAIL,),
    credentials={"api_key": "key-of-no-account", "webhook_secret": "aftermile:a-long-random-word"},
    taken=Answer(status=201, body=b'{"messageId": "<1@relay.example>"}'),
    external_id="1@relay.example",
    receipts={
        Fate.TAKEN: event("request"),
        Fate.DELIVERED: event("delivered"),
        Fate.OPENED: event("opened"),
        Fate.CLICKED: event("click", link="https://shop.example/"),
        Fate.BOUNCED: event("soft_bounce", reason="mailbox full"),
        Fate.REJECTED: event("blocked"),
        Fate.DEFERRED: event("deferred"),
        Fate.COMPLAINED: event("spam"),
        Fate.UNSUBSCRIBED: event("unsubscribe"),
        None: event("teleported"),
    },
    dead_receipts=(event("hard_bounce"), event("invalid_email")),
)
