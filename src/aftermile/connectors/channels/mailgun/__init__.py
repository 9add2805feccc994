"""Mailgun: e-mail, with receipts by signed web hooks."""

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

_EUROPE = "https://api.eu.mailgun.net/v3"


def _settings(credentials: Mapping[str, str]) -> dict[str, Any]:
    settings = {"api_key": credentials["api_key"].strip(), "sender_domain": credentials["domain"].strip()}
    return settings | ({"api_url": _EUROPE} if credentials.get("region", "").strip().lower() == "eu" else {})


def _is_hard(event: Mapping[str, Any]) -> bool:
    data = section(event.get("event-data"))
    bounce_type = text(section(data, "delivery-status").get("bounce-type"))
    # "suppress-bounce": Mailgun did not even try, because the address has bounced for good before.
    permanent = text(data.get("severity")) == "permanent"
    return permanent and (bounce_type == "hard" or text(data.get("reason")) == "suppress-bounce")


_provider = Provider(
    module="mailgun",
    view="MailgunTrackingWebhookView",
    settings=_settings,
    webhook_settings=lambda credentials: {"webhook_signing_key": credentials.get("signing_key", "").strip()},
    placeholders={"webhook_signing_key": "unused"},
    is_hard=_is_hard,
)


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Read the answer: 200 with `id` (the Message-ID in brackets), or an error with `message`."""
    try:
        answer = section(read_json(body))
    except Unreadable:
        answer = {}
    return outcome_of_status(
        status,
        external_id=text(answer.get("id")).strip("<>"),
        detail="" if 200 <= status <= 299 else without_people(text(answer.get("message"))),
        retry_after_seconds=retry_after_seconds(headers),
    )


channel = Channel(
    slug="mailgun",
    name="Mailgun",
    media=(Medium.EMAIL,),
    request=partial(esp_bridge.request, _provider),
    outcome=outcome,
    verify=partial(esp_bridge.verify, _provider),
    receipts=partial(esp_bridge.receipts, _provider),
    credentials=(
        CredentialField(name="api_key", label="Sending API key"),
        CredentialField(name="domain", label="Sending domain", secret=False),
        CredentialField(name="region", label="Region", help="eu or us.", secret=False, required=False),
        CredentialField(name="signing_key", label="HTTP webhook signing key"),
    ),
    setup=(
        "In Mailgun, open Sending, Domain settings, and copy a sending key and the webhook signing key.",
        "Under Webhooks, enter this address for every event: {address}",
    ),
    website="https://www.mailgun.com",
)
