"""What is said of an exception, and the words prepared for shoppers and carriers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from aftermile.capabilities.exceptions.public import (
    ExceptionRow,
    ExceptionView,
    Group,
    Kind,
    Reason,
    Severity,
)
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.console import words
from aftermile.doors.console.home import days
from aftermile.doors.console.home.days import Here, counted

TONES = {Severity.WATCH: "watch", Severity.LATE: "late", Severity.BROKEN: "broken"}


@dataclass(frozen=True, slots=True)
class GroupWords:
    heading: str
    about: str  # what to do


GROUPS = {
    Group.TELL_THE_SHOPPER: GroupWords(
        "Late", "Past the promised day, or going to be. Tell the shopper before they ask."
    ),
    Group.ASK_THE_SHOPPER: GroupWords(
        "Waiting for the shopper", "The carrier cannot deliver without them. Ask the shopper."
    ),
    Group.ASK_THE_CARRIER: GroupWords("Stuck", "Silent for longer than usual, or held. Ask the carrier."),
    Group.SEND_PAPERS: GroupWords("Held at customs", "Customs waits for papers. Send what is missing."),
    Group.LOOK_ON_THE_SHELF: GroupWords(
        "Not handed over", "Sold or labeled, and no carrier has it. Look on the shelf."
    ),
    Group.DECIDE_WHAT_TO_SEND: GroupWords(
        "Lost, damaged or coming back",
        "It will not arrive. Decide whether a new one goes out or the money goes back.",
    ),
}


def state_of(row: ExceptionRow, here: Here) -> tuple[str, str]:
    """Return the word of an exception's state and what stands under it."""
    it = row.exception
    since = f"since {_day(it, here)}" if it.since_at else ""
    tried = row.parcel.attempt_count if row.parcel else 0
    back = row.parcel is not None and row.parcel.milestone == Milestone.RETURNED
    said: dict[Kind, tuple[str, str]] = {
        Kind.LATE: _late(it, here),
        Kind.DELAY_PREDICTED: (
            f"{counted(it.days, 'day')} late, probably",
            f"will miss {days.short(it.promised_latest, here.today)}" if it.promised_latest else "",
        ),
        Kind.DELIVERY_FAILED: (
            f"{counted(tried, 'attempt')} failed" if tried > 1 else "Attempt failed",
            since,
        ),
        Kind.ADDRESS_PROBLEM: ("Address problem", since),
        Kind.PICKUP_WAITING: ("Not collected", f"waits {counted(it.days, 'day')}"),
        Kind.PAYMENT_DUE: ("Payment due", since),
        Kind.STALLED: (f"Silent {counted(it.days, 'day')}", since),
        Kind.PROBABLY_LOST: (
            "Probably lost",
            "tracking ended" if it.reason is Reason.TRACKING_ENDED else f"silent {counted(it.days, 'day')}",
        ),
        Kind.REPORTED_PROBLEM: (
            words.sub_status(it.sub_status) if it.sub_status != "exception" else "Problem reported",
            since,
        ),
        Kind.HELD_AT_CUSTOMS: ("Held at customs", since),
        Kind.NEVER_HANDED_OVER: ("Never picked up", f"label {counted(it.days, 'day')} old"),
        Kind.NOT_SHIPPED: ("Not shipped", f"ordered {counted(it.days, 'day')} ago"),
        Kind.LOST: ("Lost", since),
        Kind.DAMAGED: ("Damaged", since),
        Kind.REFUSED: ("Refused", since),
        Kind.RETURNING: ("Back with you" if back else "Coming back", since),
        Kind.REJECTED: ("Not accepted", since),
    }
    return said[it.kind]


def _late(it: ExceptionView, here: Here) -> tuple[str, str]:
    if it.reason is Reason.REPORTED_DELAY:
        return "Delayed", f"since {_day(it, here)}" if it.since_at else ""
    due = it.promised_latest or it.estimate_latest or it.estimate_earliest
    word = "will miss" if it.reason is Reason.ESTIMATE_BEYOND_PROMISE else "due by"
    return f"{counted(it.days, 'day')} late", f"{word} {days.short(due, here.today)}" if due else ""


def what_happened(row: ExceptionRow, here: Here) -> str:
    """Say in a sentence what is known of an exception's parcel or order."""
    it, scan = row.exception, row.last_scan
    carrier = carrier_of(row)
    if it.kind is Kind.NOT_SHIPPED:
        lines = [line for line in row.order.lines if not line.removed] if row.order else []
        first = lines[0].title if lines else ""
        more = f" and {counted(len(lines) - 1, 'other item')}" if len(lines) > 1 else ""
        return f"{first}{more}. Nothing of it was shipped yet." if first else "Nothing of it was shipped yet."
    seen = seen_on(row, here)
    if it.kind is Kind.NEVER_HANDED_OVER:
        made = f"Label made {_day(it, here)}; " if it.since_at else ""
        return _sentence(f"{made}{carrier} has not scanned it.")
    place = place_of(row)
    where = f" in {place}" if place else ""
    when = f" {_on(seen, here)}" if seen else ""
    if it.reason is Reason.REPORTED and scan is not None and scan.description:
        return f"{_sentence(carrier)}{when}{where}: “{scan.description.strip().rstrip('.')}.”"
    if it.kind is Kind.DELAY_PREDICTED and it.estimate_latest is not None:
        window = days.span(it.estimate_earliest, it.estimate_latest, here.today)
        return f"{f'In {place}{when}; we' if place else 'We'} expect it {window}."
    if it.kind is not Kind.LATE:
        return f"Last seen{when}{where}, with {carrier}." if seen else f"With {carrier}."
    expected = it.estimate_latest or it.estimate_earliest
    last = f"In {place}{when}" if place else f"Last seen{when}" if seen else "Not seen yet"
    if expected is not None and expected >= here.today:
        return f"{last}; {carrier} says {days.said(expected, here.today)}."
    return f"{last}; {carrier} names no new day."


def seen_on(row: ExceptionRow, here: Here) -> date | None:
    """Return the day of the last scan."""
    return here.day(row.last_scan.occurred_at) if row.last_scan else None


def carrier_of(row: ExceptionRow) -> str:
    """Name the carrier within a sentence."""
    named = words.carrier(row.exception.carrier) if row.exception.carrier else ""
    return named or (row.parcel.carrier_name if row.parcel else "") or "the carrier"


def place_of(row: ExceptionRow) -> str:
    """Name where a parcel was last seen, as its carrier does."""
    scan = row.last_scan
    if scan is None:
        return ""
    city = scan.city.title() if scan.city.isupper() else scan.city
    return ", ".join(part for part in (city or scan.place_name, scan.state) if part)


@dataclass(frozen=True, slots=True)
class Letter:
    """Words prepared for somebody: a person reads them before they go."""

    subject: str
    body: str

    def mailto(self, address: str) -> str:
        """Return the link that opens them in the mail program."""
        return f"mailto:{quote(address)}?subject={quote(self.subject)}&body={quote(self.body)}"


def letter_to_shopper(row: ExceptionRow, *, shop: str, signed: str, page_url: str, here: Here) -> Letter:
    """Write to the shopper: what happened, what it means, what is next."""
    it = row.exception
    order = row.order.number if row.order and row.order.number else ""
    first = first_name(row)
    carrier = carrier_of(row)
    middle = _MIDDLE[it.kind](row, carrier, here)
    follow = f"\n\nYou can follow it here: {page_url}" if page_url else ""
    about = f"Your order {order}" if order else "Your order"
    return Letter(
        subject=f"{about}: {_SUBJECT[it.kind]}",
        body=f"Hello{' ' + first if first else ''},\n\n{middle}{follow}\n\n{signed}\n{shop}",
    )


def letter_to_carrier(row: ExceptionRow, *, shop: str, signed: str, here: Here) -> Letter:
    """Ask a carrier about one parcel."""
    number = row.parcel.tracking_number if row.parcel else ""
    place = place_of(row)
    seen = seen_on(row, here)
    last = (
        f" Its last scan was on {days.short(seen, here.today)}{' in ' + place if place else ''}."
        if seen
        else ""
    )
    worth = f" It holds goods worth {value_of(row)}." if value_of(row) else ""
    ask = (
        "Please look for it and tell us by when you will know."
        if row.exception.kind in (Kind.STALLED, Kind.PROBABLY_LOST)
        else "Please tell us what holds it and what you need from us."
    )
    return Letter(
        subject=f"Parcel {number}: where is it?" if number else "A parcel of ours: where is it?",
        body=f"Hello,\n\nwe handed parcel {number} over to you.{last}{worth} {ask}\n\n{signed}\n{shop}",
    )


def first_name(row: ExceptionRow) -> str:
    """Return how to greet the shopper, "" when nobody knows."""
    shopper = row.order.shopper if row.order else None
    return shopper.name.split()[0] if shopper and shopper.name.split() else ""


def value_of(row: ExceptionRow) -> str:
    """Write what the order's goods are worth, "" when nobody said."""
    order = row.order
    if order is None or order.total_minor is None or not order.currency:
        return ""
    return words.money(order.total_minor, order.currency)


_SUBJECT = {
    Kind.LATE: "it will be later than we said",
    Kind.DELAY_PREDICTED: "it may be later than we said",
    Kind.DELIVERY_FAILED: "nobody could take it",
    Kind.ADDRESS_PROBLEM: "we need your full address",
    Kind.PICKUP_WAITING: "it waits for you",
    Kind.PAYMENT_DUE: "a charge has to be paid",
    Kind.STALLED: "we are looking for it",
    Kind.PROBABLY_LOST: "we are looking for it",
    Kind.REPORTED_PROBLEM: "it is held up",
    Kind.HELD_AT_CUSTOMS: "it is with customs",
    Kind.NEVER_HANDED_OVER: "it leaves later than planned",
    Kind.NOT_SHIPPED: "it leaves later than planned",
    Kind.LOST: "it was lost",
    Kind.DAMAGED: "it was damaged on its way",
    Kind.REFUSED: "it was not accepted",
    Kind.RETURNING: "it is coming back to us",
    Kind.REJECTED: "it could not be sent",
}

Middle = Callable[[ExceptionRow, str, Here], str]


def _about_delay(row: ExceptionRow, carrier: str, here: Here) -> str:
    it = row.exception
    promised = (
        f" We told you {days.span(it.promised_earliest, it.promised_latest, here.today)}."
        if it.promised_latest
        else ""
    )
    expected = it.estimate_latest or it.estimate_earliest
    now = (
        f" {_sentence(carrier)} expects it {_on(expected, here)} now."
        if expected is not None and expected >= here.today
        else f" {_sentence(carrier)} has not named a new day yet; we ask for one and write again."
    )
    return (
        f"your parcel is delayed.{promised}{now} You do not have to do anything. We are sorry about the wait."
    )


def _about_prediction(row: ExceptionRow, carrier: str, here: Here) -> str:
    it = row.exception
    promised = (
        f" We told you {days.span(it.promised_earliest, it.promised_latest, here.today)}."
        if it.promised_latest
        else ""
    )
    now = (
        f" By how {carrier} fares at the moment we expect it {days.span(it.estimate_earliest, it.estimate_latest, here.today)}."
        if it.estimate_latest is not None
        else ""
    )
    return (
        f"your parcel may come later than we said.{promised}{now} You do not have to do anything; we watch it and write again"
        " if that changes."
    )


def _about_search(row: ExceptionRow, carrier: str, here: Here) -> str:  # noqa: ARG001
    return (
        f"your parcel was not scanned for {counted(row.exception.days, 'day')}. We have asked {carrier} to look for it, and"
        " write to you as soon as we know more. If it does not turn up, you get a new one or your money back, as you like."
    )


def _about_start(row: ExceptionRow, carrier: str, here: Here) -> str:  # noqa: ARG001
    return (
        "your order has not left us yet, later than planned. We are on it and write to you when it is on its way."
        " We are sorry about the wait."
    )


_MIDDLE: dict[Kind, Middle] = {
    Kind.LATE: _about_delay,
    Kind.DELAY_PREDICTED: _about_prediction,
    Kind.STALLED: _about_search,
    Kind.PROBABLY_LOST: _about_search,
    Kind.NEVER_HANDED_OVER: _about_start,
    Kind.NOT_SHIPPED: _about_start,
    Kind.DELIVERY_FAILED: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} tried to deliver your parcel and could not. When would somebody be there, or shall it go to a neighbor"
        " or a pick-up point? Answer this message and we pass it on."
    ),
    Kind.ADDRESS_PROBLEM: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} cannot find your address. Please send us the full one, with house and unit number and the name on the"
        " door, and we pass it on at once."
    ),
    Kind.PICKUP_WAITING: lambda row, carrier, here: (  # noqa: ARG005
        f"your parcel waits at a pick-up point for {counted(row.exception.days, 'day')}. Please collect it soon, otherwise"
        f" {carrier} sends it back to us. If you cannot, tell us."
    ),
    Kind.PAYMENT_DUE: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} holds your parcel until a charge is paid. They have written to you how; if nothing came, answer this"
        " message and we help."
    ),
    Kind.REPORTED_PROBLEM: lambda row, carrier, here: (  # noqa: ARG005
        f"your parcel is held up at {carrier}. We have asked what they need, and write to you as soon as it goes on."
    ),
    Kind.HELD_AT_CUSTOMS: lambda row, carrier, here: (  # noqa: ARG005
        "your parcel is with customs, who ask for more papers. We are sending them; you do not have to do anything. It"
        " may take some more days."
    ),
    Kind.LOST: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} has lost your parcel, and we are sorry. Would you like a new one, or your money back? Answer in one word"
        " and we do it today."
    ),
    Kind.DAMAGED: lambda row, carrier, here: (  # noqa: ARG005
        "your parcel was damaged on its way, and we are sorry. Would you like a new one, or your money back? Answer in one"
        " word and we do it today."
    ),
    Kind.REFUSED: lambda row, carrier, here: (  # noqa: ARG005
        "your parcel was not accepted at the door and is coming back to us. Shall we send it again, or give your money"
        " back? Answer this message and we do it."
    ),
    Kind.RETURNING: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} is bringing your parcel back to us. Shall we send it again, or give your money back? If your address"
        " changed, send us the new one."
    ),
    Kind.REJECTED: lambda row, carrier, here: (  # noqa: ARG005
        f"{carrier} did not take your parcel as it was packed. We pack it anew and write to you when it is on its way."
    ),
}


def _on(day: date, here: Here) -> str:
    said = days.said(day, here.today)
    return said if said in {"today", "tomorrow", "yesterday"} else f"on {said}"


def _day(it: ExceptionView, here: Here) -> str:
    return days.said(here.day(it.since_at), here.today) if it.since_at else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
