"""A model's life: it is kept with its card, goes live where it beats the one before, and ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from aftermile.capabilities.promises.models import ModelVersion
from aftermile.capabilities.promises.states import MOVES, ModelState
from aftermile.kernel.errors import Conflict, NotFound
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id


class ModelNotFound(NotFound):
    """There is no such model, or it is another merchant's."""

    code = "model_not_found"


class ModelNotUsable(Conflict):
    """The model cannot become what was asked: its bytes are damaged, or it answers already."""

    code = "model_not_usable"
    message = "This model cannot be used that way; a damaged one has to be trained anew."


#: Versions whose bytes are kept beside the one that answers; of older ones only the card is.
KEPT_VERSIONS = 5


def keep_model(
    *,
    content: bytes,
    card: Mapping[str, Any],
    deliveries: int,
    window: tuple[date, date] | None,
    goes_live: bool,
    verdict: str,
    at: datetime,
) -> int:
    """Keep a trained model and let it answer if it is to go live; return its number.

    The one that answered is retired, never removed: it can be taken back. Bytes of old versions go.

    :param verdict: why it goes live, or does not, in a sentence.
    """
    merchant_id = current_merchant_id()
    newest = ModelVersion.rows().aggregate(newest=Max("number"))["newest"] or 0
    if goes_live:
        ModelVersion.rows().filter(state=ModelState.LIVE).update(state=ModelState.RETIRED, ended_at=at)
    ModelVersion(
        id=uuid7(),
        merchant_id=merchant_id,
        number=newest + 1,
        state=ModelState.LIVE if goes_live else ModelState.REFUSED,
        content=content,
        size_bytes=len(content),
        card=dict(card),
        deliveries=deliveries,
        window_from=window[0] if window else None,
        window_to=window[1] if window else None,
        verdict=verdict,
        trained_at=at,
        live_at=at if goes_live else None,
    ).save(force_insert=True)
    _forget_old_bytes()
    return newest + 1


def use_model(*, number: int, at: datetime) -> None:
    """Let a model that was retired or refused answer, in place of the one that does.

    :raises ModelNotFound: there is none of that number.
    :raises ModelNotUsable: it answers already, is damaged, or its bytes are no longer kept.
    """
    row = _one(number)
    if ModelState.LIVE not in MOVES[ModelState(row.state)] or not row.size_bytes:
        raise ModelNotUsable
    ModelVersion.rows().filter(state=ModelState.LIVE).update(state=ModelState.RETIRED, ended_at=at)
    row.state, row.live_at, row.ended_at = ModelState.LIVE, at, None
    row.save(update_fields=["state", "live_at", "ended_at"])


def retire_model(*, number: int, at: datetime) -> None:
    """Let no model answer: rules do.

    :raises ModelNotFound: there is none of that number.
    :raises ModelNotUsable: it does not answer.
    """
    row = _one(number)
    if ModelState.RETIRED not in MOVES[ModelState(row.state)]:
        raise ModelNotUsable
    row.state, row.ended_at = ModelState.RETIRED, at
    row.save(update_fields=["state", "ended_at"])


def note_damage(*, version_id: UUID, why: str, at: datetime) -> None:
    """Note that a model's bytes cannot be read; rules answer until another is trained."""
    ModelVersion.rows().filter(id=version_id).update(state=ModelState.DAMAGED, verdict=why, ended_at=at)


def _one(number: int) -> ModelVersion:
    row = ModelVersion.rows().select_for_update().defer("content").filter(number=number).first()
    if row is None:
        raise ModelNotFound
    return row


def _forget_old_bytes() -> None:
    kept = ModelVersion.rows().exclude(state=ModelState.LIVE).exclude(size_bytes=0)
    old = list(kept.order_by("-number").values_list("id", flat=True)[KEPT_VERSIONS:])
    ModelVersion.rows().filter(id__in=old).update(content=b"", size_bytes=0)
