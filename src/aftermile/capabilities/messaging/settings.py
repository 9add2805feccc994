"""How a shop sends: its quiet hours, its cap, in which order media are tried. Defaults do the right thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish
from aftermile.kernel.shop_settings import choose, choose_the_one_before, read_choice

KIND = "messaging"
MOST_CAPPED, LONGEST_CAP_DAYS = 100, 365


class MessagingSettingsUnreadable(Invalid):
    """A part of how a shop sends cannot be kept; `details` says for each part what is wrong with it."""

    code = "messaging_settings_unreadable"
    message = "Some of this cannot be kept; see what is said beside each part."


class SplitOrders(StrEnum):
    """What is told of an order that goes in several parcels."""

    EACH = "each"  # every parcel by itself
    DIGEST = "digest"  # one message for all that moved


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingSettings:
    """What a shop has chosen, by the shopper's clock.

    Defaults: nothing between nine in the evening and eight in the morning, the narrower of the usual "no later than
    nine, no earlier than eight" of the United States' telephone rules (47 CFR 64.1200(c)(1)); three messages in seven
    days beside those that belong to the purchase.
    """

    quiet_from: time = time(21, 0)
    quiet_until: time = time(8, 0)  # equal to `quiet_from`: no quiet hours
    #: What is sent in quiet hours all the same.
    transactional_may_wake: bool = True
    bad_news_may_wake: bool = True
    cap_count: int = 3
    cap_days: int = 7
    media: tuple[Medium, ...] = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.PUSH)
    split_orders: SplitOrders = SplitOrders.EACH


USUAL = MessagingSettings()


def messaging_settings() -> MessagingSettings:
    """Return how the open shop sends: one statement."""
    choice = read_choice(KIND)
    return _read(choice.chosen) if choice else USUAL


def change_messaging_settings(wanted: MessagingSettings, *, by: str, at: datetime) -> bool:
    """Keep how the open shop sends; return whether anything is other than before.

    What is planned already is looked at by the new settings when its moment comes.

    :raises MessagingSettingsUnreadable: `details` says by part what is wrong.
    """
    problems = {}
    if not 0 <= wanted.cap_count <= MOST_CAPPED:
        problems["cap_count"] = f"Give 0 to {MOST_CAPPED} messages."
    if not 1 <= wanted.cap_days <= LONGEST_CAP_DAYS:
        problems["cap_days"] = f"Give 1 to {LONGEST_CAP_DAYS} days."
    if not wanted.media or len(set(wanted.media)) < len(wanted.media):
        problems["media"] = "Name at least one medium, and each once."
    if problems:
        raise MessagingSettingsUnreadable(details=problems)
    changed = choose(KIND, _written(wanted), by=by, at=at)
    if changed:
        publish(MessagingChanged(what="settings"), by=by, at=at)
    return changed


def restore_messaging_settings(*, by: str, at: datetime) -> bool:
    """Go back to the settings before the last change; again: to the changed ones."""
    changed = choose_the_one_before(KIND, by=by, at=at)
    if changed:
        publish(MessagingChanged(what="settings"), by=by, at=at)
    return changed


def _written(wanted: MessagingSettings) -> dict[str, Any]:
    plain = {each.name: getattr(wanted, each.name) for each in fields(wanted)}
    return plain | {
        "quiet_from": f"{wanted.quiet_from:%H:%M}",
        "quiet_until": f"{wanted.quiet_until:%H:%M}",
        "media": [medium.value for medium in wanted.media],
        "split_orders": wanted.split_orders.value,
    }


def _read(chosen: Mapping[str, Any]) -> MessagingSettings:
    # What is missing is as usual: an empty choice is one that was taken back.
    read = dict(chosen)
    for name in ("quiet_from", "quiet_until"):
        if name in read:
            read[name] = time.fromisoformat(read[name])
    if "media" in read:
        read["media"] = tuple(Medium(each) for each in read["media"])
    if "split_orders" in read:
        read["split_orders"] = SplitOrders(read["split_orders"])
    return MessagingSettings(**read)
