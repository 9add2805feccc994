"""Why a message came, in words for who got it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftermile.capabilities.messaging.public import Check, CheckName, MessageView, Purpose
from aftermile.kernel.languages import Tongue, msg

#: `{shop}` is the shop's name.
BECAUSE: dict[Purpose, str] = {
    Purpose.TRANSACTIONAL: msg("You get this because you bought from {shop}: it is part of your order."),
    Purpose.SERVICE: msg(
        "You get this because you bought from {shop}. You can refuse messages about your purchases at any time."
    ),
    Purpose.MARKETING: msg(
        "You get this because you agreed to hear from {shop}. You can take that back at any time."
    ),
}
#: What happened before it was sent, by the event that a journey heard.
HAPPENED: dict[str, str] = {
    "order.placed": msg("It was sent when your order had come in."),
    "order.cancelled": msg("It was sent when your order was cancelled."),
    "order.refunded": msg("It was sent when money was given back to you."),
    "shipment.recorded": msg("It was sent when your order was handed to the carrier."),
    "parcel.recorded": msg("It was sent when your order was handed to the carrier."),
    "parcel.tracked": msg("It was sent when the carrier had news of your parcel."),
    "parcel.milestone_reached": msg("It was sent when the carrier had news of your parcel."),
    "exception.opened": msg("It was sent because something was wrong with your delivery."),
    "exception.resolved": msg("It was sent because something was right again with your delivery."),
}
#: What was looked at before it was sent. Names in braces are the check's facts.
CHECKED: dict[tuple[CheckName, str], str] = {
    (CheckName.CONSENT, "not_needed"): msg("It belongs to your order: for that, nobody has to be asked."),
    (CheckName.CONSENT, "granted"): msg("You had allowed messages of this kind."),
    (CheckName.CONSENT, "never_asked"): msg("You had not refused messages of this kind."),
    (CheckName.SILENCE, "no_trouble"): msg("Nothing was wrong with your orders."),
    (CheckName.QUIET_HOURS, "daytime"): msg("It was not in your quiet hours, by the clock of {city}."),
    (CheckName.QUIET_HOURS, "cannot_wait"): msg(
        "It was in your quiet hours, by the clock of {city}, but it could not wait."
    ),
    (CheckName.CAP, "below"): msg("Messages of this kind within {days} days: {sent} of at most {most}."),
}


_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReasonsPage:
    """`about`: the message's own subject line and when it was sent; "" where that is no longer known."""

    about: str
    sent_at: str
    because: str
    happened: str
    checked: tuple[str, ...]


def reasons_page(
    tongue: Tongue,
    *,
    purpose: Purpose,
    shop: str,
    view: MessageView | None,
    subject: str,
    zone: ZoneInfo,
) -> ReasonsPage:
    """Lay out why a message came. `view` None: the message itself is no longer kept."""
    because = tongue.say(BECAUSE[purpose], shop=shop)
    if view is None:
        return ReasonsPage("", "", because, "", ())
    happened = _happened(view)
    return ReasonsPage(
        about=subject,
        sent_at=tongue.moment(view.taken_at.astimezone(zone)) if view.taken_at else "",
        because=because,
        happened=tongue.say(happened) if happened else "",
        checked=tuple(said for check in view.checks if (said := _say(check, tongue))),
    )


def _happened(view: MessageView) -> str:
    """Name what happened just before; a step that came weeks after it was not sent "when" it happened."""
    try:
        at = datetime.fromisoformat(str(view.cause.get("happened_at", "")))
    except ValueError:
        return ""
    soon = at.tzinfo is not None and view.created_at - at <= _SOON
    return HAPPENED.get(str(view.cause.get("event", "")), "") if soon else ""


def _say(check: Check, tongue: Tongue) -> str:
    sentence = CHECKED.get((check.name, check.detail), "")
    if not sentence or not check.passed:
        return ""
    facts = dict(check.facts)
    if "time_zone" in facts:
        facts["city"] = tongue.city_of(ZoneInfo(facts["time_zone"]))
    return tongue.say(sentence, **facts)
