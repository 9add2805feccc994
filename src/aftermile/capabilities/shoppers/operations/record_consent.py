"""Keep one answer of a shopper, given to us rather than to a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.events import ShopperChanged
from aftermile.capabilities.shoppers.models import Shopper
from aftermile.capabilities.shoppers.operations.record_consents import record_consents
from aftermile.capabilities.shoppers.queries import ShopperNotFound
from aftermile.capabilities.shoppers.reach import reach
from aftermile.capabilities.shoppers.reading import Reading
from aftermile.connectors.contracts.facts import ConsentFact
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import run, select

#: Of what is told here: pages of ours, not a store's record.
SOURCE = "aftermile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a shopper allows or refuses, for one purpose on one medium."""

    medium: str
    purpose: str
    granted: bool


def record_consent(
    *, shopper_id: UUID, answers: Sequence[Answer], proof: str, by: str, at: datetime
) -> tuple[Answer, ...]:
    """Keep what a shopper told us; return what is other than before. The same again changes nothing.

    :param proof: how we know, for whoever asks for it later: where it was said and what was read there.
    :raises ShopperNotFound: no such shopper.
    """
    (found,) = run(
        select(Shopper, ("id", "merged_into_id"), "id = %s", [shopper_id], then="FOR NO KEY UPDATE")
    )
    if not found:
        raise ShopperNotFound
    if found[0]["merged_into_id"] is not None:
        return record_consent(
            shopper_id=found[0]["merged_into_id"], answers=answers, proof=proof, by=by, at=at
        )
    now = reach([shopper_id])[shopper_id].consents
    changed = tuple(
        answer for answer in answers if now.get((answer.medium, answer.purpose)) is not answer.granted
    )
    if changed:
        told = tuple(
            ConsentFact(
                channel=answer.medium,
                purpose=answer.purpose,
                granted=answer.granted,
                recorded_at=at,
                proof=proof,
            )
            for answer in changed
        )
        reading = Reading(keys=(), contacts=(), said={}, version="", updated_at=at, consents=told)
        record_consents([(shopper_id, reading)], source=SOURCE, at=at, new=())
        publish(ShopperChanged(shopper_id=shopper_id, changed=("consents",)), by=by, at=at)
    return changed
