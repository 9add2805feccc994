"""Brevo (once Sendinblue): e-mail, with receipts by web hooks behind a password."""

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

# Source: Brevo, "Transactional webhooks" (events).
_HARD = frozenset({"hard_bounce", "invalid_email"})


def _is_hard(event: Mapping[str, Any]) -> bool:
    return text(event.get("event")) in _HARD


_provider = Provider(
    module="brevo",
    view="BrevoTrackingWebhookView",
    settings=lambda credentials: {"api_key": credentials["api_key"].strip()},
    webhook_settings=lambda credentials: {"webhook_secret": credentials.get("webhook_secret", "")},
    placeholders={"webhook_secret": "unused:unused"},
    is_hard=_is_hard,
)


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Read the answer: 201 with `messageId`, or an error with `code` and `message`."""
    try:
        answer = section(read_json(body))
    except Unreadable:
        answer = {}
    taken = 200 <= status <= 299
    return outcome_of_status(
        status,
        external_id=text(answer.get("messageId")).strip("<>"),
        code="" if taken else text(answer.get("code")),
        detail="" if taken else without_people(text(answer.get("message"))),
        retry_after_seconds=retry_after_seconds(headers),
    )


channel = Channel(
    slug="brevo",
    name="Brevo",
    media=(Medium.EMAIL,),
    request=partial(esp_bridge.request, _provider),
    outcome=outcome,
    verify=partial(esp_bridge.verify, _provider),
    receipts=partial(esp_bridge.receipts, _provider),
    credentials=(
        CredentialField(name="api_key", label="API key"),
        CredentialField(
            name="webhook_secret",
            label="User and password for receipts",
            help="Written as user:password, and put into the address: https://user:password@...",
            ours=True,
        ),
    ),
    setup=(
        "In Brevo, open SMTP & API, API keys, and make one.",
        "Under Transactional, Settings, Webhook, enter this address with user:password@ before the host: {address}",
    ),
    website="https://www.brevo.com",
)
