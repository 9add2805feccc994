"""One parcel's card: its progress line, its history, and the proof that it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from aftermile.capabilities.shipments.public import ParcelView, TrackingEventView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.recognition import couriers
from aftermile.doors.shopper.presenters.deliveries import LeftAt, left_at
from aftermile.doors.shopper.presenters.moments import Moment
from aftermile.doors.shopper.presenters.naming import (
    carrier_name,
    initials,
    milestone_of,
    place_of,
    sub_status_of,
)
from aftermile.doors.shopper.presenters.scans import SCANS, phrase_of
from aftermile.doors.shopper.presenters.standing import ENDS, Context, Standing
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.doors.shopper.presenters.troubles import TROUBLES
from aftermile.kernel.languages import msg

M = Milestone


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    HELD = "held"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: StepState
    when: Moment | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One line of the history: in our words where there are any, with the carrier's own underneath."""

    when: Moment
    ours: str  # "" where the carrier's are all there is
    place: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class ParcelCard:
    title: str
    state: str
    tone: Tone
    steps: tuple[Step, ...]
    carrier: str
    tracking_number: str
    carrier_link: Link | None
    contents: tuple[str, ...]
    scans: tuple[Scan, ...]
    signed_by: str
    proofs: tuple[Link, ...]
    is_open: bool  # whether its history is shown at once
    anchor: str  # its id on the page


def card_of(
    parcel: ParcelView,
    standing: Standing,
    about: Context,
    *,
    title: str,
    contents: Sequence[str],
    anchor: str,
    is_open: bool = True,
) -> ParcelCard:
    """Lay out one parcel below the headline."""
    tongue, carrier = about.tongue, carrier_name(parcel)
    link = None
    known = couriers().get(parcel.carrier) if parcel.carrier else None
    if about.links_to_carriers and known and known.tracking_url and _is_plain(parcel.tracking_number):
        link = Link(
            tongue.say("See it at {carrier}", carrier=carrier),
            known.tracking_url.replace("{tracking_number}", parcel.tracking_number),
        )
    signed_by = initials(parcel.signed_by)
    return ParcelCard(
        title=title,
        state=standing.headline,
        tone=standing.tone,
        steps=_steps(parcel, about),
        carrier=carrier,
        tracking_number=parcel.tracking_number,
        carrier_link=link,
        contents=tuple(contents),
        scans=tuple(_scan(event, _told(event, parcel), about) for event in parcel.events),
        signed_by=tongue.say("Signed by {name}", name=signed_by) if signed_by else "",
        proofs=_proofs(parcel, about),
        is_open=is_open,
        anchor=anchor,
    )


_PROOFS = {
    "signature": msg("See the signature"),
    "photo": msg("See the photo of the delivery"),
    "document": msg("See the proof of delivery"),
}


def _proofs(parcel: ParcelView, about: Context) -> tuple[Link, ...]:
    """Link what proves the delivery. In a demonstration such an address would lead to a real carrier."""
    if not about.links_to_carriers:
        return ()
    return tuple(
        Link(about.tongue.say(_PROOFS.get(str(proof.get("kind")), _PROOFS["document"])), str(proof["url"]))
        for proof in parcel.proofs
        if urlsplit(str(proof.get("url", ""))).scheme == "https"
    )


_ORDERED, _PACKED, _ON_ITS_WAY = msg("Ordered"), msg("Packed"), msg("On its way")
_OUT_FOR_DELIVERY, _ARRIVED = msg("Out for delivery"), msg("Delivered")
_READY, _COLLECTED = msg("Ready to collect"), msg("Collected")
_GOING_BACK, _BACK = msg("Going back"), msg("Back at the shop")
_WITH_A_NEIGHBOR = msg("With a neighbor")
_REACHED = {
    M.PENDING: 1, M.INFO_RECEIVED: 1, M.IN_TRANSIT: 2, M.EXPIRED: 2, M.CANCELLED: 1, M.EXCEPTION: 2,
    M.OUT_FOR_DELIVERY: 3, M.ATTEMPT_FAILED: 3, M.AVAILABLE_FOR_PICKUP: 3, M.DELIVERED: 4, M.RETURNING: 3,
    M.RETURNED: 4,
}  # fmt: skip


def _steps(parcel: ParcelView, about: Context) -> tuple[Step, ...]:
    clock, milestone = about.clock, milestone_of(parcel)
    first = {
        each: _first(parcel.events, each)
        for each in (M.INFO_RECEIVED, M.IN_TRANSIT, M.OUT_FOR_DELIVERY, M.AVAILABLE_FOR_PICKUP)
    }
    names = [_ORDERED, _PACKED, _ON_ITS_WAY, _OUT_FOR_DELIVERY, _ARRIVED]
    times: list[datetime | None] = [
        about.placed_at,
        first[M.INFO_RECEIVED],
        first[M.IN_TRANSIT] or parcel.shipped_at,
        first[M.OUT_FOR_DELIVERY],
        parcel.delivered_at,
    ]
    reached = _REACHED[milestone]
    state = StepState.DONE if milestone is M.DELIVERED else StepState.NOW
    sub = sub_status_of(parcel.sub_status)
    trouble = TROUBLES.get(sub) if sub else None
    place = left_at(parcel) if milestone is M.DELIVERED else LeftAt.UNKNOWN
    if milestone is M.AVAILABLE_FOR_PICKUP:
        names[3:], times[3] = [_READY, _COLLECTED], parcel.reached_at
    elif place is LeftAt.COLLECTED:
        names[3:], times[3] = [_READY, _COLLECTED], first[M.AVAILABLE_FOR_PICKUP]
    elif place is LeftAt.NEIGHBOR:
        names[4] = _WITH_A_NEIGHBOR
    if milestone in (M.RETURNING, M.RETURNED):
        names[3:] = [_GOING_BACK, _BACK]
        times[3:] = [_first(parcel.events, M.RETURNING), parcel.reached_at]
        state = StepState.HELD
    elif trouble is not None:
        if milestone is M.EXCEPTION and first[M.OUT_FOR_DELIVERY]:
            reached = 3
        if sub in ENDS:
            reached += 1
        names[reached], times[reached], state = trouble.mark, parcel.reached_at, StepState.HELD
    if sub in ENDS:
        del names[reached + 1 :]
    return tuple(
        Step(
            name=about.tongue.say(name),
            state=StepState.DONE if place < reached else state if place == reached else StepState.AHEAD,
            when=clock.moment(at, day_only=place < reached) if at and place <= reached else None,
        )
        for place, (name, at) in enumerate(zip(names, times, strict=False))
    )


def _first(events: Sequence[TrackingEventView], milestone: Milestone) -> datetime | None:
    return min((event.occurred_at for event in events if event.milestone == milestone), default=None)


def _told(event: TrackingEventView, parcel: ParcelView) -> SubStatus | None:
    """Read a scan as the parcel's own reading does: a delivery at the end of the way back is a return."""
    is_the_end = parcel.reached_at is not None and event.occurred_at >= parcel.reached_at
    if is_the_end and event.milestone == M.DELIVERED and milestone_of(parcel) is M.RETURNED:
        return SubStatus.RETURNED
    return sub_status_of(event.sub_status)


# Words so wide that the carrier's own phrase, where it is a common one, says more.
_WIDE = frozenset({SubStatus.IN_TRANSIT, SubStatus.PENDING, SubStatus.EXCEPTION})


def _scan(event: TrackingEventView, sub_status: SubStatus | None, about: Context) -> Scan:
    sentence = SCANS.get(sub_status, "") if sub_status else ""
    if sub_status is None or sub_status in _WIDE:
        sentence = phrase_of(event.description) or sentence
    ours = about.tongue.say(sentence) if sentence else ""
    theirs = event.description or ("" if ours else event.code)
    if not ours and not theirs:
        ours = about.tongue.say("Scanned")
    elif theirs.strip(" .").casefold() == ours.casefold():
        theirs = ""
    when = about.clock.moment(event.occurred_at, day_only=event.time_precision == "day")
    return Scan(when, ours, place_of(event), theirs)


def _is_plain(number: str) -> bool:
    return number.isascii() and number.isalnum()
