"""How a share of promises kept stands against what was agreed, and the sentence at the top: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

from aftermile.insights.public import ScoreRow, Share, wilson

#: Of the weeks looked at, so many are "of late".
_LATE_WEEKS = 4
#: Rarer than this is not called chance: half of what lies outside a 95 % interval.
_SURELY = 0.025
_EXACT_UP_TO = 300


@dataclass(frozen=True, slots=True)
class Standing:
    tone: str
    word: str


_NOTHING_DUE = Standing("calm", "Nothing due")
_KEPT = Standing("ok", "Kept")
_JUST_BELOW = Standing("watch", "Just below")
_BELOW = Standing("late", "Below")


def standing(row: ScoreRow, agreed: int) -> Standing:
    """Tell how promises kept stand; below what was agreed only by what chance alone might do is "just below"."""
    share = row.kept_share
    if share is None:
        return _NOTHING_DUE
    if share.value * 100 >= agreed:
        return _KEPT
    return _BELOW if _would_chance_keep_so_few(row, share, agreed / 100) < _SURELY else _JUST_BELOW


def _would_chance_keep_so_few(row: ScoreRow, share: Share, agreed: float) -> float:
    """Return how likely so few are kept by who keeps `agreed` in the long run: the binomial's lower tail."""
    if row.promised > _EXACT_UP_TO:  # where Wilson's interval is as good
        return 0.0 if share.high < agreed else 1.0
    return sum(
        comb(row.promised, kept) * agreed**kept * (1 - agreed) ** (row.promised - kept)
        for kept in range(row.kept + 1)
    )


def of_100(share: Share | None) -> str:
    """Write a share as so many of 100: `95.9`, without a share a dash; never rounded up to all or down to none."""
    if share is None:
        return "–"
    tenths = round(share.value * 1000)
    if tenths == 1000 and share.value < 1:
        tenths = 999
    if tenths == 0 and share.value > 0:
        tenths = 1
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def slipping(weeks: Mapping[str, Sequence[ScoreRow]]) -> str | None:
    """Return the carrier that of late keeps surely fewer promises than it did before; the worst, if several do.

    :param weeks: by carrier its weeks, the oldest first.
    """
    worst: tuple[float, str] | None = None
    for carrier, rows in weeks.items():
        before, late = rows[:-_LATE_WEEKS], rows[-_LATE_WEEKS:]
        was, now = _share(before), _share(late)
        if was is None or now is None or now.high >= was.low:
            continue
        fall = was.value - now.value
        if worst is None or fall > worst[0]:
            worst = fall, carrier
    return worst[1] if worst else None


def _share(rows: Sequence[ScoreRow]) -> Share | None:
    return wilson(sum(row.kept for row in rows), sum(row.promised for row in rows))
