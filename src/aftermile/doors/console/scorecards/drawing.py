"""Geometry of the scorecard's drawings. Lengths across are percent, as SVG takes them; lengths down are pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from aftermile.doors.console.home.charts import percent

_LEFT, _RIGHT = 8.0, 78.0
_TOP, _FLOOR = 20.0, 200.0
#: Labels at the end of lines need so much room, one above the other.
_LABEL_HEIGHT = 16.0
#: Parcels further off are drawn at the edge.
MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Segment:
    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True, slots=True)
class Line:
    """One carrier's weeks: what lies between two weeks with promises, and the label at the end."""

    label: str
    segments: tuple[Segment, ...]
    x: str
    y: float
    label_y: float
    is_hot: bool


@dataclass(frozen=True, slots=True)
class Mark:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Lines:
    lines: tuple[Line, ...]
    scale: tuple[Mark, ...]  # lines across
    agreed_y: float
    weeks: tuple[tuple[str, str, str], ...]  # x, anchor, label


@dataclass(frozen=True, slots=True)
class Bullet:
    tone: str
    width: str
    agreed_x: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many parcels came so many days outside the window."""

    x: str
    width: str
    y: float
    height: float
    tone: str
    label: str
    middle: str
    count: int
    share: str
    told: str  # the same in words, for the table behind


def lines(
    weeks: Sequence[date], shares: Mapping[str, Sequence[float | None]], *, agreed: int, hot: str | None
) -> Lines:
    """Draw shares (of 100) by week, a line for each name; weeks without promises are bridged.

    :param shares: as many as there are weeks, under each name.
    """
    known = [value for values in shares.values() for value in values if value is not None]
    low = min([*known, float(agreed)])
    bottom = max(0.0, (low - 2) // 5 * 5)

    def y(value: float) -> float:
        return round(_TOP + (100 - value) / (100 - bottom) * (_FLOOR - _TOP), 2)

    def x(index: int) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (index / max(1, len(weeks) - 1))

    drawn = []
    for name, values in shares.items():
        points = [(x(index), y(value)) for index, value in enumerate(values) if value is not None]
        if not points:
            continue
        last = next(value for value in reversed(values) if value is not None)
        drawn.append(
            Line(
                label=f"{name} {last:.0f}",
                segments=tuple(
                    Segment(percent(x1), y1, percent(x2), y2) for (x1, y1), (x2, y2) in pairwise(points)
                ),
                x=percent(points[-1][0]),
                y=points[-1][1],
                label_y=points[-1][1] + 4,
                is_hot=name == hot,
            )
        )
    step = 5 if 100 - bottom <= 25 else 10 if 100 - bottom <= 50 else 20
    scale = tuple(Mark(y(value), str(value)) for value in range(int(bottom), 101, step) if value != agreed)
    # The hot line is drawn last, over the others.
    return Lines(_apart(sorted(drawn, key=lambda line: line.is_hot)), scale, y(agreed), _named(weeks, x))


def bullet(share: float | None, *, agreed: int, tone: str) -> Bullet:
    """Draw a share of 100 against what was agreed. All begin at 0: bars below one another are compared."""
    return Bullet(tone, percent(share or 0.0), percent(float(agreed)))


def bars(days_off: Mapping[int, int]) -> tuple[Bar, ...]:
    """Draw how many came so many days before, within and after the window; empty when none did."""
    total = sum(days_off.values())
    if not total:
        return ()
    gathered: dict[int, int] = dict.fromkeys(range(-MOST_DAYS, MOST_DAYS + 1), 0)
    for days, count in days_off.items():
        gathered[max(-MOST_DAYS, min(MOST_DAYS, days))] += count
    most = max(gathered.values())
    step = 100 / len(gathered)
    drawn = []
    for place, (days, count) in enumerate(gathered.items()):
        height = round(count / most * 120, 2) if count else 0.0
        drawn.append(
            Bar(
                x=percent(place * step + step * 0.12),
                width=percent(step * 0.76),
                y=round(140 - height, 2),
                height=height,
                tone="late" if days > 0 else "calm" if days < 0 else "ok",
                label=_off(days),
                middle=percent(place * step + step / 2),
                count=count,
                share=f"{100 * count / total:.1f}",
                told=_told_off(days),
            )
        )
    return tuple(drawn)


def _told_off(days: int) -> str:
    """Say how far outside the window something came."""
    if days == 0:
        return "within the window"
    number = f"{abs(days)} day{'' if abs(days) == 1 else 's'}" + (
        " or more" if abs(days) == MOST_DAYS else ""
    )
    return f"{number} {'after' if days > 0 else 'before'}"


def _off(days: int) -> str:
    if days == 0:
        return "0"
    return f"{'+' if days > 0 else '−'}{abs(days)}"


def _apart(drawn: Sequence[Line]) -> tuple[Line, ...]:
    """Move labels down until none lies over another."""
    placed: dict[int, float] = {}
    floor = 0.0
    for index, line in sorted(enumerate(drawn), key=lambda each: each[1].y):
        floor = max(line.label_y, floor + _LABEL_HEIGHT)
        placed[index] = floor
    return tuple(
        Line(line.label, line.segments, line.x, line.y, placed[index], line.is_hot)
        for index, line in enumerate(drawn)
    )


def _named(weeks: Sequence[date], x: Callable[[int], float]) -> tuple[tuple[str, str, str], ...]:
    """Name the first, the last and some weeks between, where there is room."""
    if not weeks:
        return ()
    last = len(weeks) - 1
    chosen = sorted({0, last, *(round(last * part / 3) for part in (1, 2) if last >= 6)})
    return tuple(
        (percent(x(place)), "start" if place == 0 else "middle", f"{weeks[place]:%b} {weeks[place].day}")
        for place in chosen
    )
