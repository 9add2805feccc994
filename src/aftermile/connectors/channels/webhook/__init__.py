"""Signed calls of a merchant's own program: Standard Webhooks, as our own webhooks are.

Source: Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from standardwebhooks import Webhook

from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds
from aftermile.connectors.contracts.channels import Attempt, Channel, Hook, Medium, Outcome, Unsendable
from aftermile.connectors.contracts.sockets import CredentialField, OutboundRequest
from aftermile.kernel.handover import Result

#: Source: Standard Webhooks, "Payload size".
LARGEST_PAYLOAD_BYTES = 20_000


def request(attempt: Attempt) -> OutboundRequest:
    """Describe the signed call; its `webhook-id` is the same for every try.

    :raises Unsendable: not a hook, or too large a payload.
    """
    hook = attempt.outgoing
    if not isinstance(hook, Hook):
        raise Unsendable("a webhook carries hooks only")
    body = json.dumps(
        {"type": hook.kind, "timestamp": hook.occurred_at.isoformat(), "data": dict(hook.payload)},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    if len(body.encode()) > LARGEST_PAYLOAD_BYTES:
        raise Unsendable(f"the payload has more than {LARGEST_PAYLOAD_BYTES} bytes")
    message_id = attempt.idempotency_key
    try:
        signature = Webhook(attempt.credentials["secret"]).sign(message_id, attempt.at, body)
    except ValueError:
        raise Unsendable("the signing secret is not base64") from None
    return OutboundRequest(
        method="POST",
        url=hook.url,
        headers={
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(attempt.at.timestamp())),
            "webhook-signature": signature,
        },
        body=body.encode(),
    )


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:  # noqa: ARG001
    """Read the answer: 2xx took it, 410 wants no more of them (Standard Webhooks), anything else is later."""
    if status == 410:
        return Outcome(result=Result.NEVER, code="410", detail="answered 410", address_is_dead=True)
    if not 200 <= status <= 299:
        pause = retry_after_seconds(headers)
        return Outcome(
            result=Result.LATER, code=str(status), detail=f"answered {status}", retry_after_seconds=pause
        )
    return outcome_of_status(status)


channel = Channel(
    slug="webhook",
    name="Webhook",
    media=(Medium.WEBHOOK,),
    request=request,
    outcome=outcome,
    repeats_harmlessly=True,
    credentials=(
        CredentialField(
            name="secret",
            label="Signing secret",
            help="Begins with whsec_. Your program checks it.",
            ours=True,
        ),
    ),
    website="https://www.standardwebhooks.com",
)
