"""What scorecards say and draw: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aftermile.doors.console.scorecards.drawing import bars, bullet, lines
from aftermile.doors.console.scorecards.standing import of_100, slipping, standing
from aftermile.insights.public import ScoreRow, wilson

MONDAY = date(2026, 3, 2)


def row(kept: int, broken: int) -> ScoreRow:
    return ScoreRow(key=(), kept=kept, broken=broken, came=0, early=0, in_window=0, late=0)


@pytest.mark.parametrize(
    ("kept", "of", "word"),
    [
        (0, 0, "Nothing due"),
        (96, 100, "Kept"),
        (94, 100, "Just below"),
        (860, 1000, "Below"),
        (2, 3, "Just below"),
        (8, 10, "Just below"),
        (6, 10, "Below"),
    ],
)
def test_below_is_said_only_of_what_chance_would_not_do(kept: int, of: int, word: str) -> None:
    assert standing(row(kept, of - kept), 95).word == word


@pytest.mark.parametrize(
    ("kept", "of", "text"),
    [(3, 3, "100"), (9_999, 10_000, "99.9"), (1, 10_000, "0.1"), (19, 20, "95"), (0, 0, "–")],
)
def test_a_share_is_never_rounded_up_to_all(kept: int, of: int, text: str) -> None:
    assert of_100(wilson(kept, of)) == text


def test_who_surely_keeps_less_than_before_is_slipping() -> None:
    steady, falling = [row(95, 5)] * 13, [row(95, 5)] * 9 + [row(75, 25)] * 4
    worse, few = [row(95, 5)] * 9 + [row(50, 50)] * 4, [row(1, 0)] * 9 + [row(0, 1)]
    assert slipping({"dhl": steady, "few": few}) is None
    assert slipping({"dhl": steady, "ups": falling, "gls": worse}) == "gls"
    assert slipping({"young": [row(1, 9)] * 4}) is None


def test_lines_bridge_weeks_without_promises_and_labels_stand_apart() -> None:
    weeks = [MONDAY + timedelta(weeks=n) for n in range(3)]
    drawn = lines(
        weeks, {"DHL": [96, None, 90], "UPS": [95, 94, 90.2], "None": [None] * 3}, agreed=95, hot="DHL"
    )
    assert [(line.label, len(line.segments), line.is_hot) for line in drawn.lines] == [
        ("UPS 90", 2, False),
        ("DHL 90", 1, True),
    ]
    first, second = sorted(line.label_y for line in drawn.lines)
    assert second - first >= 16
    assert all(0 <= line.y <= 200 for line in drawn.lines)
    assert [label for _, _, label in drawn.weeks] == ["Mar 2", "Mar 16"]
    assert lines([], {}, agreed=95, hot=None).lines == ()


def test_bullets_are_drawn_to_one_scale() -> None:
    drawn = [bullet(share, agreed=95, tone="ok") for share in (90, 40, None)]
    assert [(each.width, each.agreed_x) for each in drawn] == [("90%", "95%"), ("40%", "95%"), ("0%", "95%")]


def test_days_far_off_are_gathered_at_the_edge() -> None:
    drawn = bars({0: 6, 9: 2, 40: 2})
    assert [(bar.label, bar.count, bar.share) for bar in drawn if bar.count] == [
        ("0", 6, "60.0"),
        ("+7", 4, "40.0"),
    ]
    assert (len(drawn), max(bar.height for bar in drawn)) == (15, 120)
    assert bars({}) == ()
    told = {bar.label: bar.told for bar in drawn}
    assert [told[label] for label in ("−7", "−1", "0", "+2")] == [
        "7 days or more before",
        "1 day before",
        "within the window",
        "2 days after",
    ]
