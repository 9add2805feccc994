"""An order's tracking page: one answer for all its parcels, and what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aftermile.capabilities.orders.public import OrderLineView, OrderView, State
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView
from aftermile.connectors.contracts.facts import Address, Direction
from aftermile.connectors.contracts.reading import zone_of
from aftermile.doors.shopper.presenters.moments import Clock, Moment, RulerDay, count_of
from aftermile.doors.shopper.presenters.naming import initials
from aftermile.doors.shopper.presenters.parcel import ParcelCard, card_of
from aftermile.doors.shopper.presenters.standing import Context, Notice, Standing, standing_of
from aftermile.doors.shopper.presenters.words import Tone
from aftermile.kernel.merchants import MerchantView
from aftermile.kernel.money import Money

_SEVERITY = {Tone.BAD: 0, Tone.WATCH: 1, Tone.CALM: 2, Tone.GOOD: 3}


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    variant: str
    quantity: int
    note: str


@dataclass(frozen=True, slots=True)
class TrackingPage:
    """Everything the template shows, as plain values."""

    shop: str
    title: str
    kicker: str
    headline: str
    basis: str
    notice: Notice | None
    days: tuple[RulerDay, ...]
    parcels: tuple[ParcelCard, ...]
    returns: tuple[ParcelCard, ...]
    items: tuple[Item, ...]
    unsent: str
    address: str
    placed_at: Moment | None
    zone_name: str


@dataclass(frozen=True, slots=True)
class _Box:
    parcel: ParcelView
    standing: Standing
    contents: tuple[str, ...]


def tracking_page(
    order: OrderView,
    shipments: Sequence[ShipmentView],
    merchant: MerchantView,
    *,
    now: datetime,
    links_to_carriers: bool = True,
) -> TrackingPage:
    """Compose the page of an order from what the rooms know of it."""
    clock = Clock(now, _zone(order.shipping_address, merchant))
    about = Context(
        clock,
        merchant.name,
        order.placed_at,
        order.promised_earliest_date,
        order.promised_latest_date,
        links_to_carriers,
    )
    boxes, coming_back = _boxes(order, shipments, about)
    unsent = _unsent(order, shipments)
    answer = _answer(order, boxes, unsent, about)
    return TrackingPage(
        shop=merchant.name,
        title=f"{answer.headline} · {_called(order)} · {merchant.name}",
        kicker=_kicker(order, boxes),
        headline=answer.headline,
        basis=answer.basis,
        notice=answer.notice,
        days=answer.days,
        parcels=tuple(_cards(boxes, about, "Parcel")),
        returns=tuple(_cards(coming_back, about, "Return")),
        items=tuple(_item(line) for line in order.lines if not line.removed),
        unsent=f"{count_of(unsent, 'item')} of this order {'is' if unsent == 1 else 'are'} still to be sent."
        if boxes and unsent and order.state is not State.CANCELLED
        else "",
        address=_masked(order.shipping_address),
        placed_at=clock.moment(order.placed_at) if order.placed_at else None,
        zone_name=clock.zone_name,
    )


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


def _cards(boxes: Sequence[_Box], about: Context, word: str) -> list[ParcelCard]:
    return [
        card_of(
            box.parcel,
            box.standing,
            about,
            title=word if len(boxes) == 1 else f"{word} {number} of {len(boxes)}",
            contents=box.contents,
        )
        for number, box in enumerate(boxes, start=1)
    ]


def _answer(order: OrderView, boxes: Sequence[_Box], unsent: int, about: Context) -> Standing:
    """Answer "where is it?" for the whole order, bad news first."""
    if order.state is State.CANCELLED:
        return _cancelled(order, boxes, about)
    if not boxes:
        return _nothing_yet(order, about)
    if len(boxes) == 1:
        return boxes[0].standing
    arrived = [box for box in boxes if box.standing.tone is Tone.GOOD]
    if len(arrived) == len(boxes):
        if unsent:
            return replace(
                arrived[0].standing, headline=f"{_all(len(boxes))} sent so far are here", basis="", due=None
            )
        return replace(arrived[0].standing, headline=f"{_all(len(boxes))} are here")
    number, foremost = min(
        ((number, box) for number, box in enumerate(boxes, start=1) if box.standing.tone is not Tone.GOOD),
        key=lambda numbered: (
            _SEVERITY[numbered[1].standing.tone],
            (numbered[1].standing.due or about.clock.today).toordinal(),
            numbered[0],
        ),
    )
    here = (
        f"{len(arrived)} of {len(boxes)} parcels {'is' if len(arrived) == 1 else 'are'} here. "
        if arrived
        else ""
    )
    subject = "The other" if arrived and len(boxes) - len(arrived) == 1 else f"Parcel {number}"
    return replace(foremost.standing, headline=f"{here}{subject} {foremost.standing.clause}")


def _all(count: int) -> str:
    return "Both parcels" if count == 2 else f"All {count} parcels"


def _cancelled(order: OrderView, boxes: Sequence[_Box], about: Context) -> Standing:
    clock = about.clock
    told = []
    if order.cancelled_at:
        told.append(f"That was on {clock.long_day(clock.local(order.cancelled_at).date())}.")
    if order.refunded_minor > 0 and order.currency:
        told.append(f"{Money(order.refunded_minor, order.currency)} were given back.")
    next_step = f"If you did not ask for that, write to {about.shop}."
    if any(box.parcel.shipped_at and box.standing.tone is not Tone.GOOD for box in boxes):
        next_step = "A parcel was already on its way: what becomes of it stands below. " + next_step
    notice = Notice(Tone.WATCH, "", " ".join(told), next_step)
    return Standing("This order was cancelled", "was cancelled", "", Tone.WATCH, notice)


def _nothing_yet(order: OrderView, about: Context) -> Standing:
    clock = about.clock
    earliest, latest = order.promised_earliest_date, order.promised_latest_date
    when = ""
    if latest is not None and latest >= clock.today:
        is_span = earliest is not None and earliest < latest
        when = f" It was promised {clock.span(earliest or latest, latest) if is_span else 'for ' + clock.long_day(latest)}."
    if order.state is State.ANNOUNCED:
        return Standing(
            "Your order is known here, and nothing more yet",
            "",
            f"Its details are still to come from {about.shop}. Come back in a little while.{when}",
            Tone.CALM,
        )
    if not any(line.requires_shipping for line in order.lines) and order.lines:
        return Standing("Nothing of this order is sent by parcel", "", "", Tone.CALM)
    return Standing(
        "Your order is being prepared",
        "",
        f"Nothing has been handed to a carrier yet. This page shows the parcel as soon as there is one.{when}",
        Tone.CALM,
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


def _item(line: OrderLineView) -> Item:
    left = line.quantity - line.cancelled_quantity
    note = ""
    if line.cancelled_quantity >= line.quantity > 0:
        note = "cancelled"
    elif line.cancelled_quantity:
        note = f"{line.cancelled_quantity} cancelled"
    variant = "" if line.variant_title.casefold() == "default title" else line.variant_title
    return Item(line.title or line.sku or "Item", variant, max(left, 0) if left > 0 else line.quantity, note)


def _kicker(order: OrderView, boxes: Sequence[_Box]) -> str:
    units = sum(max(0, line.quantity - line.cancelled_quantity) for line in order.lines if not line.removed)
    told = [_called(order)]
    if units and boxes:
        told.append(
            f"{count_of(units, 'item')} in {'one parcel' if len(boxes) == 1 else f'{len(boxes)} parcels'}"
        )
    elif units:
        told.append(count_of(units, "item"))
    return " · ".join(told)


def _called(order: OrderView) -> str:
    return f"Order {order.number}" if order.number else "Your order"


def _masked(address: Address | None) -> str:
    """Tell where it goes without telling who lives there: first letters and the city."""
    if address is None:
        return ""
    return ", ".join(part for part in (initials(address.name), address.city) if part)


def _zone(address: Address | None, merchant: MerchantView) -> ZoneInfo:
    name = zone_of(address.country, address.state) if address else ""
    return ZoneInfo(name or merchant.time_zone)
