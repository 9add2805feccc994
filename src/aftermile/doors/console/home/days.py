"""Days as staff say them: today, Monday, Nov 18."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Here:
    """The shop's day and zone."""

    today: date
    zone: ZoneInfo

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def midnight(self) -> datetime:
        """When today began."""
        return datetime.combine(self.today, time.min, self.zone)

    def morning(self, day: date) -> datetime:
        """When staff come in on a day."""
        return datetime.combine(day, time(8), self.zone)


def here_of(at: datetime, time_zone: str) -> Here:
    """Return where and when the shop is at a moment."""
    zone = ZoneInfo(time_zone)
    return Here(at.astimezone(zone).date(), zone)


def later_days(today: date) -> list[tuple[date, str]]:
    """Return the days to which work is usually put off, each with its name."""
    choices = [
        (today + timedelta(days=1), "Tomorrow"),
        (today + timedelta(days=2), ""),
        (today + timedelta(days=7 - today.weekday()), "Next Monday"),
        (today + timedelta(days=7), "In a week"),
        (today + timedelta(days=14), "In two weeks"),
    ]
    named: dict[date, str] = {}
    for day, name in choices:
        weekday = f"{day:%A}, {short(day, today)}"
        named.setdefault(day, f"{name}, {short(day, today)}" if name else weekday)
    return sorted(named.items())


def said(day: date, today: date) -> str:
    """Name a day within a sentence: "today", "Monday" for the past and coming days, else "Nov 18"."""
    ahead = (day - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if ahead in near:
        return near[ahead]
    return f"{day:%A}" if -6 <= ahead <= 6 else short(day, today)


def short(day: date, today: date) -> str:
    """Write a day: "Nov 18", with its year when that is another one."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"


def span(first: date | None, last: date, today: date) -> str:
    """Write days from one to another: "Nov 16–18"."""
    if first is None or first == last:
        return short(last, today)
    end = str(last.day) if (first.year, first.month) == (last.year, last.month) else short(last, today)
    return f"{first:%b} {first.day}–{end}"


def counted(count: int, thing: str) -> str:
    """Write a count: "1 day", "3 days"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
