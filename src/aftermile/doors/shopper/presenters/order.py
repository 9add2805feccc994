"""An order's tracking page: one answer for all its parcels, and what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.brands.public import Tone as Voice
from aftermile.capabilities.orders.public import OrderLineView, OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView
from aftermile.connectors.contracts.facts import Address, Direction
from aftermile.connectors.contracts.reading import zone_of
from aftermile.doors.shopper.presenters.greetings import greeting_of
from aftermile.doors.shopper.presenters.moments import Clock, Moment, Ruler, ruler
from aftermile.doors.shopper.presenters.naming import initials
from aftermile.doors.shopper.presenters.parcel import ParcelCard, card_of
from aftermile.doors.shopper.presenters.slots import Slot, filled
from aftermile.doors.shopper.presenters.standing import Context, Notice, Standing, standing_of
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.languages import Tongue, msg
from aftermile.kernel.merchants import MerchantView
from aftermile.kernel.money import Money

_SEVERITY = {Tone.BAD: 0, Tone.WATCH: 1, Tone.CALM: 2, Tone.GOOD: 3}
# A single content longer than this says no more than "Parcel 2" in a headline.
_LONGEST_NAME = 28


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    variant: str
    quantity: int
    note: str
    picture: str  # an address of this installation; "" shows the drawn placeholder


@dataclass(frozen=True, slots=True)
class TrackingPage:
    """Everything the template shows, as plain values."""

    shop: str
    title: str
    kicker: str
    #: The sentence that answers. Of several parcels: first what has arrived, then the one to look at.
    headlines: tuple[str, ...]
    basis: str
    greeting: str  # in the tone of the brand
    tone: Tone
    notice: Notice | None
    days: Ruler
    next_step: str
    parcels: tuple[ParcelCard, ...]
    returns: tuple[ParcelCard, ...]
    items: tuple[Item, ...]
    unsent: str
    address: str
    placed_at: Moment | None
    times: str
    has_calendar: bool
    number: str
    slots: Mapping[str, Sequence[Slot]]

    @property
    def says_states(self) -> bool:
        """Whether each parcel says its own state: the headline speaks for one alone."""
        return len(self.parcels) > 1

    @property
    def has_several(self) -> bool:
        return len(self.parcels) + len(self.returns) > 1


@dataclass(frozen=True, slots=True)
class _Box:
    parcel: ParcelView
    standing: Standing
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A standing that speaks for the order, in one or two sentences."""

    headlines: tuple[str, ...]
    standing: Standing


def context_of(
    order: OrderView,
    merchant: MerchantView,
    tongue: Tongue,
    *,
    now: datetime,
    links_to_carriers: bool,
    ours: frozenset[UUID] = frozenset(),
) -> Context:
    """Gather what the words about an order's parcels depend on; `ours` are those whose days are our own estimate."""
    return Context(
        Clock(now, zone_at(order.shipping_address, merchant), tongue),
        merchant.name,
        order.placed_at,
        order.promised_earliest_date,
        order.promised_latest_date,
        links_to_carriers,
        ours,
    )


def tracking_page(
    order: OrderView,
    shipments: Sequence[ShipmentView],
    merchant: MerchantView,
    tongue: Tongue,
    *,
    now: datetime,
    links_to_carriers: bool = True,
    picture_of: Callable[[OrderLineView], str] = lambda _: "",
    voice: Voice = Voice.PLAIN,
    ours: frozenset[UUID] = frozenset(),
) -> TrackingPage:
    """Compose the page of an order from what the rooms know of it.

    :param picture_of: tells the address of a line's picture at this installation; "" where there is none.
    :param ours: the parcels whose days are our own estimate.
    """
    about = context_of(order, merchant, tongue, now=now, links_to_carriers=links_to_carriers, ours=ours)
    clock = about.clock
    boxes, coming_back = _boxes(order, shipments, about)
    unsent = _unsent(order, shipments)
    answer = _answer(order, boxes, unsent, about)
    standing, called = answer.standing, _called(order, tongue)
    return TrackingPage(
        shop=merchant.name,
        title=" · ".join((answer.headlines[-1], called, merchant.name)),
        kicker=" · ".join(_kicker(order, boxes, tongue)),
        headlines=answer.headlines,
        basis=standing.basis,
        greeting=greeting_of(order, standing, about, voice, is_returning=bool(coming_back)),
        tone=standing.tone,
        notice=standing.notice,
        days=standing.days,
        next_step=standing.next_step,
        parcels=tuple(_cards(boxes, about)),
        returns=tuple(_cards(coming_back, about, is_return=True)),
        items=tuple(_item(line, tongue, picture_of) for line in order.lines if not line.removed),
        unsent=tongue.count(
            "{n} item of this order is still to be sent.",
            "{n} items of this order are still to be sent.",
            unsent,
        )
        if boxes and unsent and order.state is not State.CANCELLED
        else "",
        address=masked(order.shipping_address, tongue),
        placed_at=clock.moment(order.placed_at) if order.placed_at else None,
        times=tongue.say("Times are those of {city}.", city=clock.city),
        has_calendar=standing.due is not None,
        number=order.number,
        slots=filled(order, tongue),
    )


def foremost_of(
    order: OrderView, shipments: Sequence[ShipmentView], about: Context
) -> tuple[ParcelView, Standing] | None:
    """Find the parcel that answers for the order; None when nothing was sent."""
    boxes, _ = _boxes(order, shipments, about)
    if not boxes:
        return None
    _, box = _foremost(boxes, about)
    return box.parcel, box.standing


def _boxes(
    order: OrderView, shipments: Sequence[ShipmentView], about: Context
) -> tuple[list[_Box], list[_Box]]:
    """Gather each parcel once: those that go out, and those that come back."""
    titles = {line.external_id: line.title for line in order.lines}
    found: dict[Direction, dict[object, _Box]] = {Direction.OUTBOUND: {}, Direction.RETURN: {}}
    for shipment in shipments:
        # Of a shipment with several boxes nobody says what is in which.
        contents = _contents(shipment, titles) if len(shipment.parcels) == 1 else ()
        for parcel in shipment.parcels:
            if parcel.withdrawn_at is not None or (shipment.cancelled and not parcel.event_count):
                continue
            is_return = Direction.RETURN in (shipment.direction, parcel.direction)
            box = _Box(parcel, standing_of(parcel, about), contents)
            found[Direction.RETURN if is_return else Direction.OUTBOUND].setdefault(parcel.id, box)
    return list(found[Direction.OUTBOUND].values()), list(found[Direction.RETURN].values())


def _contents(shipment: ShipmentView, titles: dict[str, str]) -> tuple[str, ...]:
    named = [(titles.get(line["line"], ""), line["quantity"]) for line in shipment.lines]
    return tuple(f"{quantity} × {title}" if quantity > 1 else title for title, quantity in named if title)


def _cards(boxes: Sequence[_Box], about: Context, *, is_return: bool = False) -> list[ParcelCard]:
    tongue, total = about.tongue, len(boxes)
    alone = tongue.say("Return parcel") if is_return else tongue.say("Parcel")
    numbered = msg("Return parcel {number} of {total}") if is_return else msg("Parcel {number} of {total}")
    return [
        card_of(
            box.parcel,
            box.standing,
            about,
            title=alone if total == 1 else tongue.say(numbered, number=number, total=total),
            contents=box.contents,
            anchor=f"{'return' if is_return else 'parcel'}-{number}",
            is_open=total == 1 and not is_return,
        )
        for number, box in enumerate(boxes, start=1)
    ]


def _answer(order: OrderView, boxes: Sequence[_Box], unsent: int, about: Context) -> _Answer:
    """Answer "where is it?" for the whole order, bad news first."""
    tongue, total = about.tongue, len(boxes)
    if order.state is State.CANCELLED:
        return _alone(_cancelled(order, boxes, about))
    if not boxes:
        return _alone(_nothing_yet(order, about))
    if total == 1:
        return _alone(boxes[0].standing)
    here = sum(box.standing.tone is Tone.GOOD for box in boxes)
    if here == total:
        headline = (
            tongue.count("The parcel sent so far is here", "All {n} parcels sent so far are here", total)
            if unsent
            else tongue.count("The parcel is here", "All {n} parcels are here", total)
        )
        basis = (
            ""
            if unsent
            else tongue.say("Not there? Look at the door, with neighbors and in the mailbox first.")
        )
        return _Answer((headline,), replace(boxes[0].standing, basis=basis))
    number, foremost = _foremost(boxes, about)
    told = tongue.say(
        "{parcel}: {sentence}", parcel=_name(foremost, number, tongue), sentence=foremost.standing.headline
    )
    if here:
        arrived = tongue.count(
            "{n} of {total} parcels is here.", "{n} of {total} parcels are here.", here, total=total
        )
        return _Answer((arrived, told), foremost.standing)
    if len({box.standing.headline for box in boxes}) == 1 and foremost.standing.notice is None:
        return _alone(foremost.standing)
    return _Answer((told,), foremost.standing)


def _foremost(boxes: Sequence[_Box], about: Context) -> tuple[int, _Box]:
    """Choose the parcel to look at, with its number: the worst, then the latest known."""
    waited_for = [
        numbered for numbered in enumerate(boxes, start=1) if numbered[1].standing.tone is not Tone.GOOD
    ] or list(enumerate(boxes, start=1))
    return min(
        waited_for,
        key=lambda numbered: (
            _SEVERITY[numbered[1].standing.tone],
            (numbered[1].standing.due or about.clock.today).toordinal(),
            numbered[0],
        ),
    )


def _name(box: _Box, number: int, tongue: Tongue) -> str:
    """Call a parcel by the one thing in it, else by its number."""
    if len(box.contents) == 1 and len(box.contents[0]) <= _LONGEST_NAME:
        return box.contents[0]
    return tongue.say("Parcel {number}", number=number)


def _alone(standing: Standing) -> _Answer:
    return _Answer((standing.headline,), standing)


def _cancelled(order: OrderView, boxes: Sequence[_Box], about: Context) -> Standing:
    clock, tongue = about.clock, about.tongue
    told, next_steps = [], []
    if order.cancelled_at:
        told.append(
            tongue.say("It was cancelled on {day}.", day=clock.day(clock.local(order.cancelled_at).date()))
        )
    if order.refunded_minor > 0 and order.currency:
        amount = tongue.money(Money(order.refunded_minor, order.currency))
        told.append(tongue.say("Given back to you: {amount}.", amount=amount))
    if any(box.parcel.shipped_at and box.standing.tone is not Tone.GOOD for box in boxes):
        next_steps.append(tongue.say("A parcel was already on its way: what becomes of it stands below."))
    next_steps.append(tongue.say("If you did not ask for that, write to {shop}.", shop=about.shop))
    return Standing(
        headline=tongue.say("This order was cancelled"),
        basis="",
        tone=Tone.WATCH,
        notice=Notice(Tone.WATCH, "", " ".join(told), " ".join(next_steps)),
        is_settled=True,
    )


def _nothing_yet(order: OrderView, about: Context) -> Standing:
    clock, tongue, promise = about.clock, about.tongue, about.promise_ahead
    when = tongue.say("Promised when you ordered: {days}", days=clock.days(promise)) if promise else ""
    days = ruler(clock, promised=promise)
    if order.state is State.ANNOUNCED:
        return Standing(
            tongue.say("Your order is known here, and nothing more yet"),
            " ".join(
                filter(
                    None, (tongue.say("Its details are still to come from {shop}.", shop=about.shop), when)
                )
            ),
            Tone.CALM,
            days=days,
            next_step=tongue.say("Come back in a little while: this page fills by itself."),
        )
    if not any(line.requires_shipping for line in order.lines) and order.lines:
        return Standing(tongue.say("Nothing of this order is sent by parcel"), "", Tone.CALM, is_settled=True)
    return Standing(
        tongue.say("Your order is being prepared"),
        " ".join(filter(None, (tongue.say("Nothing has been handed to a carrier yet."), when))),
        Tone.CALM,
        days=days,
        next_step=tongue.say("This page shows the parcel as soon as there is one."),
    )


def _unsent(order: OrderView, shipments: Sequence[ShipmentView]) -> int:
    """Count units that still have to be sent; 0 where shipments do not say what is in them."""
    sent: Counter[str] = Counter()
    for shipment in shipments:
        if not shipment.cancelled and shipment.direction == Direction.OUTBOUND:
            if not shipment.lines:
                return 0
            for line in shipment.lines:
                sent[line["line"]] += line["quantity"]
    return sum(
        max(0, line.quantity - line.cancelled_quantity - sent[line.external_id])
        for line in order.lines
        if line.requires_shipping and not line.removed
    )


def _item(line: OrderLineView, tongue: Tongue, picture_of: Callable[[OrderLineView], str]) -> Item:
    left = line.quantity - line.cancelled_quantity
    note = ""
    if line.cancelled_quantity >= line.quantity > 0:
        note = tongue.say("cancelled")
    elif line.cancelled_quantity:
        note = tongue.count("{n} cancelled", "{n} cancelled", line.cancelled_quantity)
    variant = "" if line.variant_title.casefold() == "default title" else line.variant_title
    return Item(
        title=line.title or line.sku or tongue.say("Item"),
        variant=variant,
        quantity=max(left, 0) if left > 0 else line.quantity,
        note=note,
        picture=picture_of(line),
    )


def _kicker(order: OrderView, boxes: Sequence[_Box], tongue: Tongue) -> list[str]:
    units = sum(max(0, line.quantity - line.cancelled_quantity) for line in order.lines if not line.removed)
    told = [_called(order, tongue)]
    if units:
        told.append(tongue.count("{n} item", "{n} items", units))
    if boxes:
        told.append(tongue.count("{n} parcel", "{n} parcels", len(boxes)))
    return told


def _called(order: OrderView, tongue: Tongue) -> str:
    return tongue.say("Order {number}", number=order.number) if order.number else tongue.say("Your order")


def masked(address: Address | None, tongue: Tongue) -> str:
    """Tell where it goes without telling who lives there: first letters and the city."""
    if address is None:
        return ""
    where = ", ".join(part for part in (initials(address.name), address.city) if part)
    return tongue.say("Goes to {address}", address=where) if where else ""


def zone_at(address: Address | None, merchant: MerchantView) -> ZoneInfo:
    """Find the time zone a page is told in: that of the destination, else of the shop."""
    name = zone_of(address.country, address.state) if address else ""
    return ZoneInfo(name or merchant.time_zone)
