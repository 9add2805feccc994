"""The second beat: one call, outside any transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from aftermile.doors.webhooks.operations.send import Due, Portion
from aftermile.doors.webhooks.payloads import AFTERSHIP_VERSION
from aftermile.doors.webhooks.policy import Outcome, retry_after
from aftermile.doors.webhooks.signing import aftership_signature, standard_signature
from aftermile.doors.webhooks.states import Format
from aftermile.kernel import metrics
from aftermile.kernel.http import OutboundClient, OutboundFailure
from aftermile.kernel.ids import public_id

#: Seconds to connect, and for each piece of the answer; the second is also the limit of the whole call.
#: Source: Standard Webhooks, "Request timeouts" (15 to 30 s).
TIMEOUT = (5.0, 15.0)
_LARGEST_RESPONSE_BYTES = 1_000_000
_EXCERPT_BYTES = 1_000


def call(client: OutboundClient, portion: Portion, message: Due, *, at: datetime) -> Outcome:
    """Send a message once and return what came of it; never raises for what a peer does."""
    body = message.body.encode()
    began = time.monotonic()
    try:
        response = client.send(
            "POST",
            portion.url,
            headers={**portion.headers, **_headers(portion, message, body, at)},
            body=body,
            timeout=TIMEOUT,
            deadline_seconds=TIMEOUT[1],
            retries=0,
            max_response_bytes=_LARGEST_RESPONSE_BYTES,
        )
    except OutboundFailure as failure:
        metrics.WEBHOOK_ATTEMPTS.add(outcome=failure.outcome)
        return Outcome(
            begun_at=at,
            duration=timedelta(seconds=time.monotonic() - began),
            error=failure.outcome,
            detail=str(failure),
        )
    metrics.WEBHOOK_ATTEMPTS.add(outcome=f"{response.status // 100}xx")
    excerpt = response.body[:_EXCERPT_BYTES].decode(errors="replace").replace("\x00", "")
    return Outcome(
        begun_at=at,
        duration=timedelta(seconds=response.elapsed_seconds),
        status_code=response.status,
        response_excerpt=excerpt,
        retry_after=retry_after(response.headers, at=at),
    )


def _headers(portion: Portion, message: Due, body: bytes, at: datetime) -> Mapping[str, str]:
    if portion.format is Format.AFTERSHIP:
        return {
            "content-type": "application/json",
            "as-webhook-version": AFTERSHIP_VERSION,
            # Room for one signature: while the former secret is valid, receivers still hold that one.
            "aftership-hmac-sha256": aftership_signature(portion.secrets[-1], body),
        }
    message_id = public_id("msg", message.id)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": standard_signature(
            portion.secrets, message_id=message_id, at=at, body=message.body
        ),
    }
