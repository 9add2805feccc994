"""The promise beside what is expected now: grey box, pale bar, dot, and the line of today, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.promises.public import EstimateView
from aftermile.capabilities.shipments.public import ParcelView

_WIDTH, _ROW, _TOP = 320, 34, 20
_MOST_DAYS = 45


@dataclass(frozen=True, slots=True)
class Bar:
    """One parcel's row: where its bar lies, in the drawing's own units."""

    label: str
    label_y: int
    y: int
    middle: int
    x: float
    width: float
    dot: float | None
    is_late: bool
    said: str  # the same in words, for the table behind

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def is_at_the_end(self) -> bool:
        """Whether its label would not fit unless it ended where the bar does."""
        return self.x > _WIDTH * 0.75


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class PromiseChart:
    """A drawing 320 wide; everything else in it is measured in the same units."""

    height: int
    floor: int  # where the plot ends and the days are written
    promise_x: float
    promise_width: float
    box: int  # how high the box of the promise is
    promised: str
    today_x: float | None
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def promise_chart(
    order: OrderView,
    parcels: Sequence[ParcelView],
    expected: Sequence[EstimateView],
    *,
    today: date,
    zone: ZoneInfo,
) -> PromiseChart | None:
    """Draw an order's promise and its parcels; None when nothing was promised.

    :param expected: estimates of the parcels, and of the order while nothing was handed over.
    """
    latest = order.promised_latest_date
    if latest is None:
        return None
    earliest = order.promised_earliest_date or latest
    by_parcel = {each.parcel_id: each for each in expected if each.is_open}
    spans = [_span(parcel, by_parcel.get(parcel.id), zone) for parcel in parcels]
    if not spans and None in by_parcel:
        spans = [_expected(by_parcel[None], zone)]
    known = [day for span in spans for day in (span.first, span.last) if day is not None]
    first_day = min([earliest, *known]) - timedelta(days=1)
    last_day = max([latest, *known, *([today] if today <= latest + timedelta(days=14) else [])])
    last_day = min(last_day + timedelta(days=1), first_day + timedelta(days=_MOST_DAYS))
    days = (last_day - first_day).days + 1
    unit = _WIDTH / days

    def x(day: date) -> float:
        return round(max(0, (min(day, last_day) - first_day).days) * unit, 1)

    bars = tuple(
        Bar(
            label=f"Parcel {number}" if len(spans) > 1 else ("Delivered" if span.is_over else "Expected"),
            label_y=_TOP + (number - 1) * _ROW + 10,
            y=_TOP + (number - 1) * _ROW + 16,
            middle=_TOP + (number - 1) * _ROW + 21,
            x=x(span.first),
            width=round(max(unit, x(span.last) - x(span.first) + unit), 1),
            dot=round(x(span.likely) + unit / 2, 1) if span.likely is not None else None,
            is_late=(span.likely or span.last) > latest,
            said=f"{'delivered' if span.is_over else 'expected'} {_days(span.first, span.last)}{_most_likely(span)}",
        )
        for number, span in enumerate(spans, 1)
        if span.first is not None and span.last is not None
    )
    step = max(1, days // 7)
    floor = _TOP + max(1, len(spans)) * _ROW
    return PromiseChart(
        height=floor + 20,
        floor=floor,
        promise_x=x(earliest),
        promise_width=round(x(latest) - x(earliest) + unit, 1),
        box=floor - 18,
        promised=_days(earliest, latest),
        today_x=round(x(today) + unit / 2, 1) if first_day <= today <= last_day else None,
        bars=bars,
        ticks=tuple(
            Tick(
                round(place * unit + unit / 2, 1),
                str((first_day + timedelta(days=place)).day),
                first_day + timedelta(days=place) == today,
            )
            for place in range(0, days, step)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """From which day to which a parcel is expected, or came; `likely` where one day is known."""

    first: date | None
    last: date | None
    likely: date | None
    is_over: bool = False


def _span(parcel: ParcelView, estimate: EstimateView | None, zone: ZoneInfo) -> _Span:
    if parcel.delivered_at is not None:
        day = parcel.delivered_at.astimezone(zone).date()
        return _Span(day, day, day, is_over=True)
    if estimate is not None:
        return _expected(estimate, zone)
    ends = [_day(text, zone) for text in (parcel.estimate_earliest, parcel.estimate_latest) if text]
    known = [end for end in ends if end is not None]
    if not known:
        return _Span(None, None, None)
    return _Span(min(known), max(known), min(known) if len(set(known)) == 1 else None)


def _expected(estimate: EstimateView, zone: ZoneInfo) -> _Span:
    moments = (estimate.earliest_at, estimate.latest_at, estimate.likely_at)
    first, last, likely = (moment.astimezone(zone).date() for moment in moments)
    return _Span(first, last, likely)


def _most_likely(span: _Span) -> str:
    if span.likely is None or span.first == span.last:
        return ""
    return f", most likely {_days(span.likely, span.likely)}"


def _day(written: str, zone: ZoneInfo) -> date | None:
    """Read an estimate: a day, or a moment."""
    if len(written) == 10:
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(written)
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first:%b} {first.day}"
    return (
        f"{first:%b} {first.day}–{last.day}"
        if first.month == last.month
        else f"{first:%b} {first.day} to {last:%b} {last.day}"
    )
