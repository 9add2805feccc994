"""Two texts, Twilio's answers, and its call-backs."""

from __future__ import annotations

from urllib.parse import urlencode

from aftermile.connectors.channels.example_messages import SMS, WHATSAPP
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples
from aftermile.connectors.contracts.channels import RECEIPTS_ADDRESS, Fate


def status(word: str, **more: str) -> bytes:
    return urlencode(
        {
            "MessageSid": "SM01",
            "MessageStatus": word,
            "To": "+4915112345678",
            "From": "+4915187654321",
            **more,
        }
    ).encode()


def reply(words: str, **more: str) -> bytes:
    return urlencode(
        {"MessageSid": "SM09", "Body": words, "From": "+4915112345678", "To": "+4915187654321", **more}
    ).encode()


samples = ChannelSamples(
    outgoing=(SMS, WHATSAPP),
    credentials={
        "account_sid": "AC00000000000000000000000000000000",
        "auth_token": "a-token-of-no-account",
        RECEIPTS_ADDRESS: "https://shop.example/receipts/con_1",
    },
    taken=Answer(status=201, body=b'{"sid": "SM01", "status": "queued", "error_code": null}'),
    external_id="SM01",
    address_is_dead=Answer(
        status=400,
        body=b'{"code": 21211, "message": "The \'To\' number +49151123 is not valid", "status": 400}',
    ),
    receipts={
        Fate.TAKEN: status("sent"),
        Fate.DELIVERED: status("delivered"),
        Fate.OPENED: status("read", To="whatsapp:+4915112345678"),
        Fate.BOUNCED: status("undelivered", ErrorCode="30003"),
        Fate.REJECTED: status("failed", ErrorCode="30007"),
        Fate.REPLIED: reply("When does it come?"),
        Fate.UNSUBSCRIBED: reply("Stop."),
        Fate.RESUBSCRIBED: reply("START", OptOutType="START"),
        None: status("teleported"),
    },
    dead_receipts=(status("undelivered", ErrorCode="30005"), status("failed", ErrorCode="63024")),
)
