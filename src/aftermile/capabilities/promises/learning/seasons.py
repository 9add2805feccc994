"""The times of the year in which parcels travel differently wherever people shop online."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum
from functools import cache


class Season(IntEnum):
    """When something was ordered or handed over."""

    USUAL = 0
    BLACK_FRIDAY = 1  # from the Monday before until the Sunday nine days after
    ADVENT = 2  # from there to the 23rd of December
    YEAR_END = 3  # from the 24th of December to the 2nd of January


@cache
def season_of(day: date) -> Season:
    """Tell the season of a day; Black Friday is the day after November's fourth Thursday."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return Season.YEAR_END
    black_friday = _fourth_thursday_of_november(day.year) + timedelta(days=1)
    if black_friday - timedelta(days=4) <= day <= black_friday + timedelta(days=9):
        return Season.BLACK_FRIDAY
    if day > black_friday:
        return Season.ADVENT
    return Season.USUAL


def _fourth_thursday_of_november(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
