"""How a shopper wants to be written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from aftermile.capabilities.messaging.models import Preference
from aftermile.capabilities.shoppers.public import ShopperNotFound, reach
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.errors import Invalid
from aftermile.kernel.languages import LANGUAGES


class PreferencesUnreadable(Invalid):
    """Something about how a shopper wants to be written to cannot be kept; `details` says what."""

    code = "preferences_unreadable"
    message = "Some of this cannot be kept; see what is said beside each part."


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a shopper chose. Empty: as the shop has it. What they allow and refuse is kept with their consents."""

    media: tuple[Medium, ...] = ()
    language: str = ""
    time_zone: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


def preferences(shopper_id: UUID) -> Preferences:
    """Read what a shopper chose."""
    known = reach([shopper_id]).get(shopper_id)
    row = Preference.rows().filter(id=known.shopper_id).first() if known else None
    if row is None:
        return Preferences()
    return Preferences(
        media=tuple(Medium(each) for each in row.media),
        language=row.language,
        time_zone=row.time_zone,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def change_preferences(*, shopper_id: UUID, wanted: Preferences, by: str, at: datetime) -> None:
    """Keep how a shopper wants to be written to. Messages already planned go by it, too.

    :raises ShopperNotFound: no such shopper, or an erased one.
    :raises PreferencesUnreadable: a language we do not speak, a medium twice, half of the quiet hours.
    :raises CalendarUnknown: no such time zone.
    """
    known = reach([shopper_id]).get(shopper_id)
    if known is None or known.erased:
        raise ShopperNotFound
    problems = {}
    if wanted.language and wanted.language not in LANGUAGES:
        problems["language"] = f"Choose one of {', '.join(LANGUAGES)}."
    if len(set(wanted.media)) < len(wanted.media):
        problems["media"] = "Name each medium once."
    if (wanted.quiet_from is None) is not (wanted.quiet_until is None):
        problems["quiet_from"] = "Say from when and until when."
    if problems:
        raise PreferencesUnreadable(details=problems)
    if wanted.time_zone:
        zone_of(wanted.time_zone)
    Preference.rows().update_or_create(
        id=known.shopper_id,
        defaults={
            "media": [medium.value for medium in wanted.media],
            "language": wanted.language,
            "time_zone": wanted.time_zone,
            "quiet_from": wanted.quiet_from,
            "quiet_until": wanted.quiet_until,
            "changed_by": by,
            "changed_at": at,
        },
    )
