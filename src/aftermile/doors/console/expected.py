"""What is expected of an order's parcels, in words: when, who says so, how sure, on what it rests, and why it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.public import Basis, Confidence, EstimateView, Level, Reason, Source

_WHO = {
    Source.CARRIER: "The carrier says so",
    Source.MODEL: "Our model says so",
    Source.RULE: "By your rules",
}
_SURE = {
    Confidence.HIGH: "quite sure",
    Confidence.MEDIUM: "fairly sure",
    Confidence.LOW: "little more than a guess",
}
_NEAR = {
    Level.LANE: "on this lane",
    Level.REGION: "to this region",
    Level.COUNTRY: "to this country",
    Level.SHOP: "of this shop",
}
_WHY = {
    Reason.SCAN: "after a scan",
    Reason.CARRIER: "after the carrier’s word",
    Reason.SILENCE: "because nothing was heard",
    Reason.MODEL: "by a newer model",
    Reason.RULE: "by a changed rule",
    Reason.TRUST: "because another source is trusted first",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """One parcel's estimate, ready to be shown. `delay`: what is predicted, "" when nothing is."""

    window: str
    likely: str
    basis: str
    change: str
    delay: str


def expected(found: Iterable[EstimateView], zone: ZoneInfo) -> list[Expected]:
    """Word the estimates that are open."""
    return [_worded(one, zone) for one in found if one.is_open]


def _worded(one: EstimateView, zone: ZoneInfo) -> Expected:
    first, likely, last = (
        moment.astimezone(zone).date() for moment in (one.earliest_at, one.likely_at, one.latest_at)
    )
    delay = ""
    if one.delay_predicted_at is not None and one.delay_days is not None:
        # Where the expected day itself is beyond the promise, a chance beside it would only puzzle.
        by_chance = one.delay_basis == "probability" and one.late_probability is not None
        sure = f" ({round(100 * (one.late_probability or 0))} %)" if by_chance else ""
        delay = f"Probably {one.delay_days} day{'' if one.delay_days == 1 else 's'} late{sure}"
    rests = f"; {_rests_on(one.basis)}" if one.basis is not None and one.source == Source.MODEL else ""
    return Expected(
        window=_day(first) if first == last else f"{_day(first)} to {_day(last)}",
        likely=_day(likely),
        basis=f"{_WHO[Source(one.source)]}, {_SURE[Confidence(one.confidence)]}{rests}.",
        change=f"Changed {one.revision - 1} times, last {_WHY[Reason(one.reason)]}." if one.revision > 2
        else f"Changed once, {_WHY[Reason(one.reason)]}." if one.revision == 2 else "",
        delay=delay,
    )  # fmt: skip


def _rests_on(basis: Basis) -> str:
    low, high = (max(0, round(each)) for each in basis.usual_days)
    usual = f"{low} days" if low == high else f"{low} to {high} days"
    said = f"usually {usual} more, by {basis.deliveries:,} deliveries {_NEAR[basis.level]}"
    slower = round(basis.drift_days)
    if slower:
        pace = "slower" if slower > 0 else "faster"
        said += f", {abs(slower)} day{'' if abs(slower) == 1 else 's'} {pace} of late"
    return said


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"
