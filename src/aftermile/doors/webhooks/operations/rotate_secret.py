"""Give an endpoint a new secret without a moment in which its receivers cannot verify."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from aftermile.doors.webhooks.operations.keep_endpoint import locked
from aftermile.doors.webhooks.queries import EndpointView, endpoint_view
from aftermile.doors.webhooks.signing import check_secret, new_secret
from aftermile.doors.webhooks.states import Format
from aftermile.kernel.secrets import box

DEFAULT_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)


def rotate_secret(
    *, endpoint_id: UUID, secret: str | None = None, overlap: timedelta = DEFAULT_OVERLAP, at: datetime
) -> tuple[EndpointView, str]:
    """Replace an endpoint's secret; the second value is the new one, which is never shown again.

    For as long as `overlap` (at most `LONGEST_OVERLAP`) the old one signs too. AfterShip's header has room
    for one signature: there the old secret alone signs until then, and the new one from then on. Rotated
    again within the overlap, the oldest secret signs no more.

    :raises EndpointNotFound: no such endpoint.
    :raises WebhookSecretUnusable: the secret is not as its format wants it.
    """
    row = locked(endpoint_id)
    format_ = Format(row.format)
    if secret is not None:
        check_secret(format_, secret)
    fresh = secret or new_secret(format_)
    held = box().open(bytes(row.sealed_secrets))
    row.sealed_secrets = box().seal({"current": fresh, "previous": held["current"]})
    row.previous_signs_until = at + min(max(overlap, timedelta()), LONGEST_OVERLAP)
    row.save(update_fields=["sealed_secrets", "previous_signs_until"])
    return endpoint_view(row), fresh


def signing_secrets(sealed: bytes, previous_signs_until: datetime | None, *, at: datetime) -> tuple[str, ...]:
    """Return the secrets that sign at a moment, the newest first."""
    held = box().open(sealed)
    if "previous" in held and previous_signs_until is not None and at < previous_signs_until:
        return held["current"], held["previous"]
    return (held["current"],)
