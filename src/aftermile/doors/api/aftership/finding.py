"""Finding trackings by AfterShip's filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.shipments.public import ParcelView, count_parcels, list_parcels
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.reading import MomentUnreadable, scan_time
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.api.aftership.answers import value_invalid
from aftermile.doors.api.aftership.tracking_object import aftership_view, kept_of
from aftermile.doors.api.aftership.words import milestones_of
from aftermile.doors.api.carriers import carrier_at_aftership
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

DEFAULT_LIMIT, MOST = 100, 200
MOST_NUMBERS = 50
#: How many parcels a request looks through for filters the database has no index for.
MOST_LOOKED_AT = 2_000
_TAGS = frozenset(
    (
        *("Pending", "InfoReceived", "InTransit", "OutForDelivery", "AttemptFail"),
        *("Delivered", "AvailableForPickup", "Exception", "Expired"),
    )
)

Test = Callable[[ParcelView], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which trackings: what the database finds by itself, and what is looked at one by one."""

    after: UUID | None = None
    limit: int = DEFAULT_LIMIT
    milestones: frozenset[Milestone] = frozenset()
    carriers: frozenset[str] = frozenset()
    tracking_numbers: tuple[str, ...] = ()
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    tests: tuple[Test, ...] = field(default=())

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wanted:
        """Read the filters of a request.

        :raises Refused: a value that a filter cannot have.
        """
        numbers = tuple(_words(query, "tracking_numbers"))
        if len(numbers) > MOST_NUMBERS:
            raise value_invalid("tracking_numbers")
        tags = set(_words(query, "tag"))
        if not tags <= _TAGS:
            raise value_invalid("tag")
        return cls(
            after=_cursor(query),
            limit=_limit(query),
            milestones=frozenset(milestones_of(tags)),
            carriers=frozenset(carrier_at_aftership(slug)[0] or slug for slug in _words(query, "slug")),
            tracking_numbers=numbers,
            created_from=_moment(query, "created_at_min"),
            created_to=_moment(query, "created_at_max"),
            updated_from=_moment(query, "updated_at_min"),
            updated_to=_moment(query, "updated_at_max"),
            tests=tuple(_tests(query)),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A page. With filters the database has no index for it may be short, or empty, and not the last."""

    parcels: Sequence[ParcelView]
    total: int
    next_cursor: str | None


def find(wanted: Wanted) -> Found:
    """Find trackings, newest first.

    `total` counts up to 10,000 and leaves out of account the filters without an index.
    """
    parcels: list[ParcelView] = []
    after, looked_at, more = wanted.after, 0, True
    while more and len(parcels) < wanted.limit and looked_at < MOST_LOOKED_AT:
        size = MOST if wanted.tests else wanted.limit
        batch = list_parcels(
            after=after,
            limit=size + 1,
            milestones=wanted.milestones,
            carriers=wanted.carriers,
            tracking_numbers=wanted.tracking_numbers,
            created_from=wanted.created_from,
            created_to=wanted.created_to,
            updated_from=wanted.updated_from,
            updated_to=wanted.updated_to,
            with_events=True,
        )
        more = len(batch) > size
        for index, parcel in enumerate(batch[:size]):
            looked_at += 1
            after = parcel.id
            if all(test(parcel) for test in wanted.tests):
                parcels.append(parcel)
                if len(parcels) == wanted.limit:
                    more = index + 1 < len(batch)
                    break
    total = count_parcels(
        milestones=wanted.milestones,
        carriers=wanted.carriers,
        tracking_numbers=wanted.tracking_numbers,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
        updated_from=wanted.updated_from,
        updated_to=wanted.updated_to,
    )
    return Found(parcels, total, public_id("par", after) if more and after else None)


def _tests(query: Mapping[str, str]) -> list[Test]:
    tests: list[Test] = []
    if query.get("keyword"):
        tests.append(_has_keyword(query["keyword"].casefold()))
    for name, which in (
        ("origin", "origin"),
        ("destination", "destination"),
        ("courier_destination_country_region", "destination"),
    ):
        if query.get(name):
            tests.append(_lies_in(which, {country_code(word) for word in _words(query, name)}))
    if query.get("return_to_sender"):
        wanted = {word.lower() == "true" for word in _words(query, "return_to_sender")}
        tests.append(lambda parcel: (parcel.milestone in (Milestone.RETURNING, Milestone.RETURNED)) in wanted)
    if query.get("shipment_tags"):
        tags = set(_words(query, "shipment_tags"))
        tests.append(lambda parcel: not tags.isdisjoint(_kept(parcel, "shipment_tags") or ()))
    if query.get("order_id"):
        orders = set(_words(query, "order_id"))
        tests.append(lambda parcel: _kept(parcel, "order_id") in orders)
    if query.get("transit_time"):
        days = query["transit_time"]
        if not days.isdecimal():
            raise value_invalid("transit_time")
        at = now()
        tests.append(lambda parcel: str(aftership_view(parcel, at=at)["transit_time"]) == days)
    return tests


def _has_keyword(keyword: str) -> Test:
    def test(parcel: ParcelView) -> bool:
        customers = _kept(parcel, "customers") or ()
        texts = [
            parcel.tracking_number,
            parcel.title,
            str(_kept(parcel, "order_id") or ""),
            *(str(customer.get("name") or "") for customer in customers),
            *(str(value) for value in (_kept(parcel, "custom_fields") or {}).values()),
        ]
        return any(keyword in text.casefold() for text in texts)

    return test


def _lies_in(which: str, countries: set[str]) -> Test:
    def test(parcel: ParcelView) -> bool:
        place = parcel.origin if which == "origin" else parcel.destination
        return place.get("country", "") in countries - {""}

    return test


def _kept(parcel: ParcelView, name: str) -> Any:
    return kept_of(parcel).get(name)


def _words(query: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in query.get(name, "").split(",") if word.strip()]


def _limit(query: Mapping[str, str]) -> int:
    written = query.get("limit", "") or str(DEFAULT_LIMIT)
    if not written.isdecimal() or len(written) > 4 or not 1 <= int(written) <= MOST:
        raise value_invalid("limit")
    return int(written)


def _cursor(query: Mapping[str, str]) -> UUID | None:
    if not query.get("cursor"):
        return None
    try:
        return read_public_id("par", query["cursor"])
    except BadPublicId:
        raise value_invalid("cursor") from None


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    # A plus sign that was not escaped arrives as a space; their documentation warns of it.
    written = query.get(name, "").replace(" ", "+")
    if not written:
        return None
    try:
        return scan_time(written).occurred_at
    except (MomentUnreadable, OverflowError):
        raise value_invalid(name) from None
