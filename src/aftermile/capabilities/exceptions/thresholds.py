"""From when on something counts as an exception: a merchant's settings and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from aftermile.kernel.errors import Invalid


class ThresholdsUnreadable(Invalid):
    """A threshold that does not exist, is no whole number, or is out of its bounds; `details` says which."""

    code = "thresholds_unreadable"
    message = "A threshold is a whole number of days within its bounds; `details` names the one that is not."


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Days after which something needs a person.

    Defaults: 4 business days without hand-over, 3 and 5 without a scan as Onward has them; 7 and 20 days for a
    probable loss as Route has them (7 is for the United States); 72 to 96 hours from order to shipment as
    Wonderment recommends them.

    Where enough arrived on a lane, what is usual there takes the place of the business days: a parcel is stalled when it
    was silent for longer than all but the slowest `stalled_slowest_percent` of its lane ever were. So many parcels as
    `incident_parcels` at least make an incident.
    """

    not_shipped_business_days: int = 3
    never_handed_over_business_days: int = 4
    stalled_domestic_business_days: int = 3
    stalled_international_business_days: int = 5
    stalled_slowest_percent: int = 5
    lost_domestic_days: int = 7
    lost_international_days: int = 20
    late_by_days: int = 1
    pickup_waiting_days: int = 5
    failed_attempts: int = 2
    incident_parcels: int = 8

    @property
    def changed(self) -> dict[str, int]:
        """What differs from the defaults."""
        plain = Thresholds()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }


NAMES = tuple(field.name for field in fields(Thresholds))
#: A day's silence is no silence yet, and after 60 days nothing opens any more (`policy.STALE_DAYS`).
LEAST, MOST = 1, 60


def read_thresholds(given: Mapping[str, object]) -> Thresholds:
    """Read thresholds by name; what is not named has its default.

    :raises ThresholdsUnreadable: an unknown name, or no whole number from 1 to 60; a loss before the silence
        that precedes it.
    """
    wrong = {
        name: f"a whole number from {LEAST} to {MOST}" if name in NAMES else "no such threshold"
        for name, value in given.items()
        if name not in NAMES
        or not isinstance(value, int)
        or isinstance(value, bool)
        or not LEAST <= value <= MOST
    }
    if wrong:
        raise ThresholdsUnreadable(details=wrong)
    read = replace(Thresholds(), **given)  # type: ignore[arg-type]
    for what in ("domestic", "international"):
        if getattr(read, f"lost_{what}_days") < getattr(read, f"stalled_{what}_business_days"):
            wrong[f"lost_{what}_days"] = "not before it counts as stalled"
    if wrong:
        raise ThresholdsUnreadable(details=wrong)
    return read
