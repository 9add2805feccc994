"""The figures above the list: the past week, the one before, and four weeks as a line with its table behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftermile.capabilities.exceptions.public import DayCounts, Figures, Measure
from aftermile.doors.console.home import charts, days
from aftermile.doors.console.home.days import counted

SPARK_WIDTH, SPARK_HEIGHT = 80, 28


@dataclass(frozen=True, slots=True)
class Shown:
    """How one figure is told. `better_up`: more of it is better."""

    label: str
    unit: str
    digits: int
    better_up: bool
    change_unit: str
    value: Callable[[DayCounts], float | None]
    of: Callable[[DayCounts], str]
    behind: str  # what the rows behind it are


SHOWN = {
    Measure.PROMISES_KEPT: Shown(
        "Promises kept", "%", 1, True, "point", lambda each: each.kept_percent,
        lambda each: f"{each.kept:,} of {counted(each.promised, 'promised parcel')}",
        "Delivered after the promised day",
    ),
    Measure.ORDER_TO_DOOR: Shown(
        "Order to door, median", " days", 1, False, "day", lambda each: each.door_days,
        lambda each: counted(sum(each.tenths.values()), "parcel"),
        "The longest ways",
    ),
    Measure.FIRST_ATTEMPT: Shown(
        "Delivered at the first attempt", "%", 1, True, "point", lambda each: each.first_attempt_percent,
        lambda each: f"{each.first_attempt:,} of {counted(each.delivered, 'parcel')}",
        "Delivered after failed attempts",
    ),
    Measure.UNAIDED: Shown(
        "Arrived without help", "%", 1, True, "point", lambda each: each.unaided_percent,
        lambda each: f"{each.unaided:,} of {counted(each.delivered, 'parcel')}",
        "Delivered, and had needed a person",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure, ready to be drawn."""

    name: str
    url: str
    label: str
    value: str  # "" when there is nothing to tell
    unit: str
    tone: str
    change: str
    note: str
    path: str
    last_x: str
    last_y: str
    told: str  # the line in words
    table: tuple[tuple[str, str, str], ...]  # day, value, of how many

    @property
    def is_compared(self) -> bool:
        """Whether it is better or worse than the week before."""
        return self.tone != "calm"


def figure_views(figures: Figures, *, url: Callable[[str], str]) -> list[FigureView]:
    """Draw the four figures."""
    return [figure_view(measure, figures, url=url(measure.value)) for measure in SHOWN]


def figure_view(measure: Measure, figures: Figures, *, url: str = "") -> FigureView:
    """Draw one figure."""
    shown = SHOWN[measure]
    now, before = shown.value(figures.week), shown.value(figures.before)
    values = [shown.value(counts) for _, counts in figures.days]
    path, last_x, last_y = charts.spark(values, width=SPARK_WIDTH, height=SPARK_HEIGHT)
    tone, change = _change(shown, now, before)
    first = next((value for value in values if value is not None), None)
    last = next((value for value in reversed(values) if value is not None), None)
    told = (
        f"Past 28 days: from {_written(first, shown)}{shown.unit} to {_written(last, shown)}{shown.unit}"
        if first is not None and last is not None
        else ""
    )
    today = figures.days[-1][0]
    return FigureView(
        name=measure.value,
        url=url,
        label=shown.label,
        value="" if now is None else _written(now, shown),
        unit=shown.unit,
        tone=tone,
        change=change,
        note=shown.of(figures.week) if now is not None else _nothing(measure, figures.week),
        path=path,
        last_x=last_x,
        last_y=last_y,
        told=told,
        table=tuple(
            (
                days.short(day, today),
                "" if shown.value(counts) is None else f"{_written(shown.value(counts), shown)}{shown.unit}",
                shown.of(counts) if counts.delivered else "no deliveries",
            )
            for day, counts in reversed(figures.days)
        ),
    )


def _nothing(measure: Measure, week: DayCounts) -> str:
    if measure is Measure.PROMISES_KEPT and week.delivered:
        return "No order came with a promised day"
    return "Nothing was delivered in the past 7 days"


def _written(value: float | None, shown: Shown) -> str:
    if value is None:
        return ""
    written = f"{value:.{shown.digits}f}"
    return written.removesuffix(".0") if shown.unit == "%" else written


def _change(shown: Shown, now: float | None, before: float | None) -> tuple[str, str]:
    if now is None or before is None:
        return "calm", "" if now is None else "no week before to compare with"
    difference = round(now, shown.digits) - round(before, shown.digits)
    size = f"{abs(difference):.{shown.digits}f}".removesuffix(".0")
    if size == "0":
        return "calm", "as the week before"
    unit = shown.change_unit if size == "1" else f"{shown.change_unit}s"
    is_better = (difference > 0) == shown.better_up
    return ("ok", f"{size} {unit} better") if is_better else ("late", f"{size} {unit} worse")
