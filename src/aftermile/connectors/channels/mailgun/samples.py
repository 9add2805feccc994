"""A letter, Mailgun's answers, and its web hooks."""

from __future__ import annotations

import hashlib
import hmac
import json

from aftermile.connectors.channels.example_messages import EMAIL, REFERENCE
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples
from aftermile.connectors.contracts.channels import Fate

SIGNING_KEY = "a-key-of-no-account"


def event(word: str, **more: object) -> bytes:
    signed = hmac.new(SIGNING_KEY.encode(), b"1795305600token", hashlib.sha256).hexdigest()
    data = {
        "event": word,
        "id": f"ev-{word}",
        "timestamp": 1795305600.5,
        "recipient": "ann@example.com",
        "user-variables": {"message": REFERENCE},
        "message": {"headers": {"message-id": EMAIL.message_id}},
        **more,
    }
    signature = {"timestamp": "1795305600", "token": "token", "signature": signed}
    return json.dumps({"signature": signature, "event-data": data}).encode()


_NO_MAILBOX = {"code": 550, "message": "5.1.1 no such user", "bounce-type": "hard"}

samples = ChannelSamples(
    outgoing=(EMAIL,),
    credentials={"api_key": "key-of-no-account", "domain": "mg.shop.example", "signing_key": SIGNING_KEY},
    taken=Answer(status=200, body=b'{"id": "<1@mg.shop.example>", "message": "Queued. Thank you."}'),
    external_id="1@mg.shop.example",
    receipts={
        Fate.DELIVERED: event("delivered"),
        Fate.OPENED: event("opened"),
        Fate.CLICKED: event("clicked", url="https://shop.example/"),
        Fate.BOUNCED: event("failed", severity="permanent", reason="generic"),
        Fate.DEFERRED: event("failed", severity="temporary", reason="generic"),
        Fate.COMPLAINED: event("complained"),
        Fate.UNSUBSCRIBED: event("unsubscribed"),
        None: event("teleported"),
    },
    dead_receipts=(
        event("failed", severity="permanent", reason="bounce", **{"delivery-status": _NO_MAILBOX}),
        event("failed", severity="permanent", reason="suppress-bounce"),
    ),
)
