"""Postmark: e-mail, with receipts by web hooks behind a password."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from aftermile.connectors.channels import esp_bridge
from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds, without_people
from aftermile.connectors.channels.esp_bridge import Provider
from aftermile.connectors.contracts.channels import Channel, Medium, Outcome
from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import CredentialField, Unreadable
from aftermile.kernel.handover import Result

# Source: Postmark, "API error codes".
_INACTIVE_RECIPIENT = "406"  # has bounced for good or complained: Postmark itself refuses
# Ours to mend: key, account, sender, credits, or too many at once.
_LATER = frozenset("10 400 401 405 412 413 429".split())
# Source: Postmark, "Bounce API: bounce types".
_HARD = frozenset({"HardBounce", "BadEmailAddress"})


def _settings(credentials: Mapping[str, str]) -> dict[str, Any]:
    stream = credentials.get("message_stream", "").strip()
    return {"server_token": credentials["server_token"].strip()} | (
        {"message_stream": stream} if stream else {}
    )


def _is_hard(event: Mapping[str, Any]) -> bool:
    return text(event.get("Type")) in _HARD


_provider = Provider(
    module="postmark",
    view="PostmarkTrackingWebhookView",
    settings=_settings,
    webhook_settings=lambda credentials: {"webhook_secret": credentials.get("webhook_secret", "")},
    placeholders={"webhook_secret": "unused:unused"},
    is_hard=_is_hard,
    headers=(("X-PM-KeepID", "true"),),  # else Postmark writes a Message-ID of its own
)


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Read the answer: 200 with `MessageID`, or 422 with an `ErrorCode`."""
    try:
        answer = section(read_json(body))
    except Unreadable:
        answer = {}
    code = text(answer.get("ErrorCode"))
    if 200 <= status <= 299 and code in {"", "0"}:
        return outcome_of_status(status, external_id=text(answer.get("MessageID")))
    result = outcome_of_status(status).result
    return Outcome(
        result=Result.LATER if code in _LATER else Result.NEVER if result is Result.TAKEN else result,
        code=code or str(status),
        detail=without_people(text(answer.get("Message"))) or f"answered {status}",
        address_is_dead=code == _INACTIVE_RECIPIENT,
        retry_after_seconds=retry_after_seconds(headers),
    )


channel = Channel(
    slug="postmark",
    name="Postmark",
    media=(Medium.EMAIL,),
    request=partial(esp_bridge.request, _provider),
    outcome=outcome,
    verify=partial(esp_bridge.verify, _provider),
    receipts=partial(esp_bridge.receipts, _provider),
    credentials=(
        CredentialField(name="server_token", label="Server API token"),
        CredentialField(
            name="message_stream",
            label="Message stream",
            help="outbound, unless you made others.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="webhook_secret",
            label="User and password for receipts",
            help="Written as user:password, and entered at Postmark's webhook under Basic auth.",
            ours=True,
        ),
    ),
    setup=(
        "In Postmark, open the server's API Tokens and copy the token.",
        "Under Webhooks, enter this address with the user and password above, for every event: {address}",
    ),
    website="https://postmarkapp.com",
)
