"""What callers say of parcels, as the facts the acts take."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import Place, ScanTime, TimeBasis, TrackingEventFact
from aftermile.connectors.contracts.reading import MomentUnreadable, scan_time
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.registry import UnknownConnector, connector
from aftermile.doors.api.shapes.parcels import ScanTaken
from aftermile.kernel.errors import Invalid

#: Whose external ids the API's are.
SOURCE = "shop"
_NOWHERE = Place()
_GENERAL: dict[Milestone, SubStatus] = {}
for _word in SubStatus:  # the first of each milestone is its general one
    _GENERAL.setdefault(_word.milestone, _word)


class LocalTimeUnreadable(Invalid):
    """`local_time` is no time, or an unbelievable one."""

    code = "local_time_unreadable"


def scan_fact(scan: ScanTaken, *, carrier: str) -> TrackingEventFact:
    """Turn one scan into a fact.

    :raises LocalTimeUnreadable: its local time is none.
    """
    place = scan.location.fact if scan.location else _NOWHERE
    return TrackingEventFact(
        time=_time(scan, place, carrier),
        code=scan.code,
        description=scan.description,
        sub_status=scan.sub_status or (_GENERAL[scan.milestone] if scan.milestone else None),
        place=place,
        external_id=scan.external_id,
        signed_by=scan.signed_by,
    )


def _time(scan: ScanTaken, place: Place, carrier: str) -> ScanTime:
    if scan.occurred_at is not None:
        moment = scan.occurred_at
        return ScanTime(occurred_at=moment, reported=moment.isoformat(), basis=TimeBasis.STATED)
    written = scan.local_time or ""
    try:
        return scan_time(written, place=place, home_zone=_home_zone(carrier))
    except (MomentUnreadable, OverflowError):
        raise LocalTimeUnreadable(
            f"{written!r} is no local time; write it as 2026-03-29 09:30 or 2026-03-29T09:30:00."
        ) from None


def _home_zone(carrier: str) -> str:
    try:
        return connector(carrier).home_time_zone
    except UnknownConnector:
        return ""
