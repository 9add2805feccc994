"""Geometry of the small drawings in a row: a promise and what became of it, a silence and what is usual.

Lengths are percent of the drawing's width, as SVG takes them, so that a drawing needs no style of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aftermile.doors.console.home import days

_DAYS_BACK, _DAYS_ON = 12, 16
_FEWEST_DAYS = 8
_FEWEST_SILENT_DAYS = 10
#: How near, in percent, a label may come to another.
_LABEL_ROOM = 16.0


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    text: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The days a group's drawings have in common; `last` is drawn to its end."""

    first: date
    last: date
    today: date

    def at(self, day: date) -> float:
        """Return where a day begins, in percent; what lies outside is at the edge."""
        place = 100 * (day - self.first).days / ((self.last - self.first).days + 1)
        return min(100.0, max(0.0, place))

    def middle(self, day: date) -> float:
        return (self.at(day) + self.at(day + timedelta(days=1))) / 2

    @property
    def labels(self) -> tuple[Label, ...]:
        """Today, and days around it that have room."""
        now = self.middle(self.today)
        labels = [Label(percent(now), "today", True)]
        taken = [now]
        for back in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=back)
            place = self.middle(day)
            if 4 <= place <= 96 and all(abs(place - other) >= _LABEL_ROOM for other in taken):
                taken.append(place)
                labels.append(Label(percent(place), str(day.day), False))
        return tuple(labels)


@dataclass(frozen=True, slots=True)
class Window:
    """A promise (gray box), the estimate (pale bar), its likely day (dot), and today (line). "" is not drawn."""

    tone: str
    told: str  # the same in words
    now_x: str
    promise_x: str = ""
    promise_width: str = ""
    estimate_x: str = ""
    estimate_width: str = ""
    dot_x: str = ""
    open_x: str = ""  # from here on nobody knows: dashed


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a parcel has been silent (bar), and from when that is unusual (line)."""

    tone: str
    told: str
    width: str
    usual_x: str


def axis(points: Iterable[date | None], *, today: date) -> Axis:
    """Return the days that hold all points, within bounds: one odd day does not press the others together."""
    known = [point for point in points if point is not None]
    first = max(min([*known, today]), today - timedelta(days=_DAYS_BACK))
    last = min(max([*known, today]), today + timedelta(days=_DAYS_ON))
    return Axis(first, max(last, first + timedelta(days=_FEWEST_DAYS - 1)), today)


def window(
    on: Axis,
    *,
    promised: tuple[date | None, date | None],
    estimated: tuple[date | None, date | None],
    tone: str,
) -> Window:
    """Draw a promise beside the estimate of now."""
    earliest, latest = promised
    first, last = estimated
    last = last or first
    told, promise, estimate, dot, unknown = list[str](), ("", ""), ("", ""), "", ""
    if latest is not None:
        promise = _bar(on, earliest or latest, latest)
        told.append(f"Promised {days.span(earliest, latest, on.today)}")
    if last is not None and last >= on.today:
        estimate = _bar(on, first or last, last)
        dot = percent((on.at(first or last) + on.at(last + timedelta(days=1))) / 2)
        told.append(f"now expected {days.span(first, last, on.today)}")
    else:
        unknown = percent(on.middle(on.today))
        told.append("no new day known")
    words = ", ".join(told)
    return Window(
        tone=tone,
        told=words[:1].upper() + words[1:],
        now_x=percent(on.middle(on.today)),
        promise_x=promise[0],
        promise_width=promise[1],
        estimate_x=estimate[0],
        estimate_width=estimate[1],
        dot_x=dot,
        open_x=unknown,
    )


def silence(*, silent_days: int, usual_days: int | None, of: int, tone: str) -> Silence:
    """Draw a silence on a scale of `of` days."""
    usual = f"; unusual from {days.counted(usual_days, 'day')} on" if usual_days else ""
    return Silence(
        tone=tone,
        told=f"Silent for {days.counted(silent_days, 'day')}{usual}",
        width=percent(min(100.0, max(2.0, 100 * silent_days / of))),
        usual_x=percent(min(100.0, 100 * usual_days / of)) if usual_days else "",
    )


def silent_scale(silent: Iterable[int]) -> int:
    """Return the days a group's silences are drawn on."""
    return max(_FEWEST_SILENT_DAYS, *silent, 0)


def spark(values: Iterable[float | None], *, width: float, height: float) -> tuple[str, str, str]:
    """Return the path of a line of values, and where its last one lies; days without a value are passed over."""
    points = [(index, value) for index, value in enumerate(values)]
    known = [(index, value) for index, value in points if value is not None]
    if not known:
        return "", "", ""
    low, high = min(value for _, value in known), max(value for _, value in known)
    margin = 3.0
    step = (width - 2 * margin) / max(1, len(points) - 1)
    room = height - 2 * margin
    placed = [
        (margin + index * step, height / 2 if high == low else margin + room * (high - value) / (high - low))
        for index, value in known
    ]
    path = "M" + " ".join(f"{_plain(x)} {_plain(y)}" for x, y in placed)
    return path, _plain(placed[-1][0]), _plain(placed[-1][1])


def percent(value: float) -> str:
    """Write percent as SVG takes them."""
    return f"{_plain(value)}%"


def _bar(on: Axis, first: date, last: date) -> tuple[str, str]:
    start, end = on.at(first), on.at(last + timedelta(days=1))
    return percent(start), percent(max(2.0, end - start))


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
