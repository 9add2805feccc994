"""Whom a shop believes first, and from when on it is told of a delay: settings, with what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftermile.capabilities.promises.policy import Alarm
from aftermile.capabilities.promises.states import Source
from aftermile.kernel.errors import Invalid
from aftermile.kernel.models import ShopSetting
from aftermile.kernel.reads import Read
from aftermile.kernel.rowsets import select
from aftermile.kernel.shop_settings import choose, choose_the_one_before, read_choice

KIND = "estimates"
LEAST_PERCENT, MOST_PERCENT = 30, 99
LEAST_DAYS, MOST_DAYS = 1, 14


class EstimateSettingsUnreadable(Invalid):
    """A part of how estimates are made cannot be kept; `details` says for each part what is wrong with it."""

    code = "estimate_settings_unreadable"
    message = "Some of this cannot be kept; see what is said beside each part."


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateSettings:
    """How a shop's estimates are made.

    Usual is the order AfterShip has, too: the carrier's own word, then the model, then the rules. `by_accuracy`: where
    enough came to tell, whoever was nearer of late goes first, stage by stage.
    """

    order: tuple[Source, ...] = (Source.CARRIER, Source.MODEL, Source.RULE)
    by_accuracy: bool = False
    delay_percent: int = 60
    delay_days: int = 1

    @property
    def alarm(self) -> Alarm:
        return Alarm(probability=self.delay_percent / 100, days=self.delay_days)


def estimate_settings() -> EstimateSettings:
    """Return how the open shop's estimates are made: one query."""
    choice = read_choice(KIND)
    return _read(choice.chosen) if choice else EstimateSettings()


def reading_estimate_settings() -> Read[EstimateSettings]:
    """Read how the open shop's estimates are made, together with other reads: one statement."""
    (rows,) = yield [select(ShopSetting, ("chosen",), "kind = %s", [KIND])]
    return _read(rows[0]["chosen"]) if rows else EstimateSettings()


def change_estimate_settings(wanted: EstimateSettings, *, by: str, at: datetime) -> bool:
    """Keep how the open shop's estimates are made; return whether anything is other than before.

    Open estimates are looked at anew when they are next due, or at once where `queue_renewal` is called.

    :raises EstimateSettingsUnreadable: `details` says by part what is wrong.
    """
    problems: dict[str, str] = {}
    if sorted(wanted.order) != sorted(Source):
        problems["order"] = "Name each source once: carrier, model and rule."
    if not LEAST_PERCENT <= wanted.delay_percent <= MOST_PERCENT:
        problems["delay_percent"] = f"Give {LEAST_PERCENT} to {MOST_PERCENT} percent."
    if not LEAST_DAYS <= wanted.delay_days <= MOST_DAYS:
        problems["delay_days"] = f"Give {LEAST_DAYS} to {MOST_DAYS} days."
    if problems:
        raise EstimateSettingsUnreadable(details=problems)
    return choose(KIND, _written(wanted), by=by, at=at)


def restore_estimate_settings(*, by: str, at: datetime) -> bool:
    """Go back to the settings before the last change; again: to the changed ones."""
    return choose_the_one_before(KIND, by=by, at=at)


def _written(wanted: EstimateSettings) -> dict[str, Any]:
    return {
        "order": [source.value for source in wanted.order],
        "by_accuracy": wanted.by_accuracy,
        "delay_percent": wanted.delay_percent,
        "delay_days": wanted.delay_days,
    }


def _read(chosen: Mapping[str, Any]) -> EstimateSettings:
    usual = EstimateSettings()
    return EstimateSettings(
        order=tuple(Source(word) for word in chosen.get("order", usual.order)),
        by_accuracy=chosen.get("by_accuracy", usual.by_accuracy),
        delay_percent=chosen.get("delay_percent", usual.delay_percent),
        delay_days=chosen.get("delay_days", usual.delay_days),
    )
