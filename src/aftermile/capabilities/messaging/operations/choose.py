"""What a shopper hears, as they chose it: read for their own page, and changed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.events import ShopperUnsubscribed
from aftermile.capabilities.messaging.operations.preferences import (
    Preferences,
    change_preferences,
    preferences,
)
from aftermile.capabilities.messaging.operations.surroundings import Judged, read_surroundings
from aftermile.capabilities.messaging.policy import is_allowed
from aftermile.capabilities.messaging.quiet import QuietHours, zone_for
from aftermile.capabilities.messaging.states import Mood, Purpose
from aftermile.capabilities.shoppers.public import Answer, ShopperNotFound, record_consent
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish

#: What a shopper may allow or refuse.
OPTIONAL = (Purpose.SERVICE, Purpose.MARKETING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A medium on which a shopper is reached, and what they hear there. `is_dead`: messages came back from it."""

    medium: Medium
    address: str = field(repr=False)
    is_dead: bool
    allows: Mapping[Purpose, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a shopper hears. `ways`: the dearest first; `wishes`: what they chose by hand.

    `quiet` and `time_zone` are what holds without a choice of theirs, `languages` what they are written to in.
    """

    shopper_id: UUID
    ways: tuple[Way, ...]
    wishes: Preferences
    quiet: QuietHours
    time_zone: str
    country: str
    languages: tuple[str, ...]


def choices_of(shopper_id: UUID, *, at: datetime) -> Choices:
    """Read what a shopper hears, on every medium that the shop uses and on which they are reached.

    :raises ShopperNotFound: no such shopper, or an erased one.
    """
    anything = Judged(
        shopper_id=shopper_id,
        purpose=Purpose.TRANSACTIONAL,
        mood=Mood.NEUTRAL,
        medium=None,
        at=at,
        expires_at=None,
    )
    around = read_surroundings([anything], counting=())
    known = around.reached.get(shopper_id)
    if known is None or known.erased:
        raise ShopperNotFound
    ways = []
    for medium in around.media_for(shopper_id):
        address = around.address_for(shopper_id, medium)
        if address and medium is not Medium.WEBHOOK:
            allows = {
                purpose: is_allowed(purpose, known.consents.get((medium, purpose))) for purpose in OPTIONAL
            }
            is_dead = bool(around.suppressions_of(medium, address))
            ways.append(Way(medium=medium, address=address, is_dead=is_dead, allows=allows))
    return Choices(
        shopper_id=known.shopper_id,
        ways=tuple(ways),
        wishes=preferences(shopper_id),
        quiet=QuietHours(around.settings.quiet_from, around.settings.quiet_until),
        time_zone=zone_for(known.country, shop_zone=around.merchant.time_zone).key,
        country=known.country,
        languages=around.languages_for(shopper_id),
    )


def choose(
    *,
    shopper_id: UUID,
    allows: Mapping[tuple[Medium, Purpose], bool],
    wishes: Preferences,
    proofs: Mapping[Purpose, str],
    by: str,
    at: datetime,
) -> bool:
    """Keep what a shopper chose; return whether anything is other than before.

    Where nothing else holds than what they chose, nothing is written: who was never asked and leaves all as it is was
    still never asked. Media that are not reached, and purposes that cannot be chosen, are passed over.

    :param proofs: by purpose, how we know: what was read and where.
    :raises ShopperNotFound: no such shopper, or an erased one.
    :raises PreferencesUnreadable: see `change_preferences`.
    :raises CalendarUnknown: no such time zone.
    """
    held = choices_of(shopper_id, at=at)
    changed = wishes != held.wishes
    if changed:
        change_preferences(shopper_id=shopper_id, wanted=wishes, by=by, at=at)
    refused: dict[Medium, list[str]] = {}
    for purpose in OPTIONAL:
        answers = [
            Answer(medium=way.medium, purpose=purpose, granted=wish)
            for way in held.ways
            if (wish := allows.get((way.medium, purpose))) is not None and wish is not way.allows[purpose]
        ]
        if not answers:
            continue
        told = record_consent(shopper_id=shopper_id, answers=answers, proof=proofs[purpose], by=by, at=at)
        changed = changed or bool(told)
        for answer in told:
            if not answer.granted:
                refused.setdefault(Medium(answer.medium), []).append(answer.purpose)
    publish(
        *(
            ShopperUnsubscribed(
                shopper_id=held.shopper_id, medium=medium, purposes=tuple(purposes), message_id=None
            )
            for medium, purposes in refused.items()
        ),
        by=by,
        at=at,
    )
    return changed
