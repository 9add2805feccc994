"""Days and moments in words, in one time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment for `<time datetime>`: `iso` for programs, `text` for people."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The present, and the zone in which a page tells the time."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def zone_name(self) -> str:
        """The zone as people call it, by its city."""
        return self.zone.key.rsplit("/", 1)[-1].replace("_", " ")

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def moment(self, moment: datetime, *, day_only: bool = False) -> Moment:
        """Write a moment shortly: "Tue 12 May, 11:20"."""
        local = self.local(moment)
        if day_only:
            return Moment(local.date().isoformat(), self.short_day(local.date()))
        written = f"{self.short_day(local.date())}, {local:%H:%M}"
        return Moment(local.isoformat(timespec="minutes"), written)

    def short_day(self, day: date) -> str:
        return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}{self._year(day)}"

    def long_day(self, day: date) -> str:
        """Write a day in full: "Thursday, 14 May"; the year where it is another."""
        return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}{self._year(day)}"

    def near_day(self, day: date) -> str:
        """Write a day as one speaks of it: "today", "tomorrow, Wednesday", or in full."""
        match (day - self.today).days:
            case 0:
                return "today"
            case 1:
                return f"tomorrow, {_DAYS[day.weekday()]}"
            case -1:
                return f"yesterday, {_DAYS[day.weekday()]}"
        return self.long_day(day)

    def span(self, earliest: date, latest: date) -> str:
        """Write two days and what lies between: "between Tuesday, 12 May and Thursday, 14 May"."""
        if earliest.month == latest.month and earliest.year == latest.year:
            first = f"{_DAYS[earliest.weekday()]} {earliest.day}"
            return f"between {first} and {_DAYS[latest.weekday()]} {latest.day} {_MONTHS[latest.month - 1]}"
        return f"between {self.long_day(earliest)} and {self.long_day(latest)}"

    def _year(self, day: date) -> str:
        return "" if day.year == self.today.year else f" {day.year}"


@dataclass(frozen=True, slots=True)
class RulerDay:
    """A day on the ruler under the headline."""

    iso: str
    weekday: str
    number: int
    is_expected: bool


def ruler(earliest: date, latest: date, today: date) -> tuple[RulerDay, ...]:
    """Lay out the days around a window, five or more; empty for a window too long or too far to draw."""
    if latest < today or (latest - today).days > 14 or (latest - earliest).days > 4:
        return ()
    first, last = earliest - timedelta(days=1), latest + timedelta(days=1)
    while (last - first).days < 4:
        first, last = (
            (first, last + timedelta(days=1)) if first <= today else (first - timedelta(days=1), last)
        )
    count = (last - first).days + 1
    days = [first + timedelta(days=place) for place in range(count)]
    return tuple(
        RulerDay(day.isoformat(), _DAYS[day.weekday()][:3], day.day, earliest <= day <= latest)
        for day in days
    )


def count_of(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 parcel", "2 parcels"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
