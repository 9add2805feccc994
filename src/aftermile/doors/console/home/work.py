"""What is offered to do about one exception: prepared words, ways to reach people, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aftermile.capabilities.exceptions.public import Act, ExceptionRow, Group, Kind, State, StepView
from aftermile.doors.console.home import days, words
from aftermile.doors.console.home.days import Here
from aftermile.doors.console.home.rows import next_business_morning
from aftermile.kernel.ids import public_id


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of what happened to an exception."""

    at: datetime
    who: str
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class Work:
    """The panel of an exception."""

    key: str
    chosen: str
    group: str
    is_done: bool
    is_put_off: bool
    can_reopen: bool
    has_parcel: bool
    carrier: str
    first_name: str
    email: str
    phone: str
    letter: words.Letter | None
    mailto: str
    inquiry: words.Letter | None
    asked_reason: str  # noted when it is put off because somebody was asked
    remind_on: date
    remind_said: str
    later: tuple[tuple[str, str], ...]  # days to put it off to
    decisions: tuple[str, ...]
    holder: str
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]


_DECISIONS = (
    "A new one goes out",
    "The money goes back",
    "It goes out again when it is back",
    "The shopper does not need it",
)
_ASKED = {
    Group.ASK_THE_CARRIER: "Asked {carrier}",
    Group.SEND_PAPERS: "Papers sent",
    Group.LOOK_ON_THE_SHELF: "Found; it goes out today",
}
_SAID = {
    Act.SNOOZE: "put it off",
    Act.WAKE: "took it up again",
    Act.ASSIGN: "passed it on",
    Act.CONTACT: "told the shopper",
    Act.MARK_LOST: "marked it as lost",
    Act.DISMISS: "settled it",
    Act.REOPEN: "opened it again",
    Act.UNDO: "undid that",
}


def work_of(
    row: ExceptionRow,
    *,
    steps: list[StepView],
    names: Mapping[str, str],
    holder: str,
    here: Here,
    shop: str,
    signed: str,
    page_url: str,
    shows_contacts: bool,
) -> Work:
    """Prepare the panel of an exception.

    :param names: of the actors of the steps.
    :param shows_contacts: whether this person may see how to reach the shopper.
    """
    it = row.exception
    group = it.kind.group
    key = public_id("exc", it.id)
    shopper = row.order.shopper if row.order else None
    carrier = words.carrier_of(row)
    letter = (
        words.letter_to_shopper(row, shop=shop, signed=signed, page_url=page_url, here=here)
        if shows_contacts
        else None
    )
    inquiry = (
        words.letter_to_carrier(row, shop=shop, signed=signed, here=here)
        if group is Group.ASK_THE_CARRIER and it.parcel_id
        else None
    )
    remind = next_business_morning(here, after_days=1 if group is Group.LOOK_ON_THE_SHELF else 2)
    email = shopper.email if shopper and shows_contacts else ""
    return Work(
        key=key,
        chosen=f"{key}.{it.revision}",
        group=group.value,
        is_done=it.state is State.DONE,
        is_put_off=it.state is State.SNOOZED,
        can_reopen=it.state is State.DONE and bool(it.ended_by),
        has_parcel=it.parcel_id is not None,
        carrier=carrier,
        first_name=words.first_name(row) if shows_contacts else "",
        email=email,
        phone=_phone(row) if shows_contacts else "",
        letter=letter,
        mailto=letter.mailto(email) if letter and email else "",
        inquiry=inquiry,
        asked_reason=_ASKED.get(group, "").format(carrier=carrier),
        remind_on=remind.date(),
        remind_said=days.said(remind.date(), here.today),
        later=tuple((day.isoformat(), name) for day, name in days.later_days(here.today)),
        decisions=_DECISIONS if group is Group.DECIDE_WHAT_TO_SEND else (),
        holder=holder,
        lines=tuple(_line(step, names) for step in steps),
        facts=_facts(row, here),
    )


def _phone(row: ExceptionRow) -> str:
    order = row.order
    if order is None:
        return ""
    return (order.shopper.phone if order.shopper else "") or (
        order.shipping_address.phone if order.shipping_address else ""
    )


def _line(step: StepView, names: Mapping[str, str]) -> Line:
    undone = " (undone)" if step.undone_at else ""
    return Line(step.at, names.get(step.by, step.by), f"{_SAID[step.act]}{undone}", step.note)


#: Of a delay that is predicted the window is ours.
_WHO_EXPECTS = {Kind.DELAY_PREDICTED: "We expect"}


def _facts(row: ExceptionRow, here: Here) -> tuple[tuple[str, str], ...]:
    """List what is known, with what it rests on."""
    it = row.exception
    facts: list[tuple[str, str]] = []
    if it.promised_latest:
        facts.append(("Promised", days.span(it.promised_earliest, it.promised_latest, here.today)))
    expected = it.estimate_latest or it.estimate_earliest
    if expected:
        facts.append(
            (
                _WHO_EXPECTS.get(it.kind, "Carrier expects"),
                days.span(it.estimate_earliest, expected, here.today),
            )
        )
    if row.parcel and row.parcel.tracking_number:
        facts.append((words.carrier_of(row), row.parcel.tracking_number))
    place = words.place_of(row)
    seen = words.seen_on(row, here)
    if seen:
        facts.append(("Last scan", f"{days.short(seen, here.today)}{', ' + place if place else ''}"))
    if row.last_scan and row.last_scan.description:
        facts.append(("In its words", row.last_scan.description))
    if it.unusual_from and it.kind is not Kind.NOT_SHIPPED:
        facts.append(("Unusual from", days.short(it.unusual_from, here.today)))
    worth = words.value_of(row)
    if worth:
        facts.append(("Worth", worth))
    return tuple(facts)
