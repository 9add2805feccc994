"""One order with its whole story, one parcel that belongs to none, and one shopper with all of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import path, reverse

from aftermile.capabilities.exceptions.public import ExceptionView, State, exceptions_of
from aftermile.capabilities.messaging.public import Wish, find_messages
from aftermile.capabilities.orders.public import (
    LONGEST_LABEL,
    OrderNotFound,
    OrderView,
    labels_in_use,
    order,
)
from aftermile.capabilities.orders.public import State as OrderState
from aftermile.capabilities.promises.public import estimates_of_orders
from aftermile.capabilities.search.public import Filters, find_orders, order_entries, orders_of_shopper
from aftermile.capabilities.shipments.public import (
    ParcelNotFound,
    ParcelView,
    ShipmentView,
    parcel,
    shipments_of_orders,
)
from aftermile.capabilities.shoppers.public import ShopperNotFound, list_shoppers, shopper
from aftermile.capabilities.team.public import Permission, audit_log, names_of
from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Milestone
from aftermile.connectors.recognition import couriers
from aftermile.doors.assets import address
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.expected import expected
from aftermile.doors.console.how_to_pack import how_to_pack
from aftermile.doors.console.messages_told import events_of, message_rows
from aftermile.doors.console.page import Crumb, Page
from aftermile.doors.console.pages.lists import label_links, order_row
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.promise_chart import promise_chart
from aftermile.doors.console.staff_only import console_page
from aftermile.doors.console.story import Day, parcel_numbers, shortened, story, story_of_shipment
from aftermile.doors.shopper.pictures import pictures_of_lines
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_M = Milestone
_MOST_MESSAGES, _NEWEST_MESSAGES = 100, 10
_WAY = (
    ("Packed", {_M.PENDING, _M.INFO_RECEIVED}),
    ("Moving", {_M.IN_TRANSIT}),
    ("Out", {_M.OUT_FOR_DELIVERY, _M.AVAILABLE_FOR_PICKUP, _M.ATTEMPT_FAILED}),
    ("Delivered", {_M.DELIVERED}),
)
_PARTS = (
    ("", "Everything"),
    ("parcels", "Parcels"),
    ("messages", "Messages"),
    ("problems", "Problems"),
    ("money", "Money"),
    ("desk", "By staff"),
)


@dataclass(frozen=True, slots=True)
class ParcelCard:
    title: str
    number: str
    tone: str
    word: str
    detail: str
    steps: tuple[tuple[str, str], ...]  # name and "done", "was-late" or ""
    contents: str
    carrier_url: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    title: str
    detail: str
    quantity: int
    price: str
    picture: str


@dataclass(frozen=True, slots=True)
class Problem:
    key: str
    tone: str
    what: str
    state: str


@console_page(Permission.ORDERS_READ)
def one_order(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Tell everything about one order."""
    view = order(_read("ord", key, OrderNotFound))
    shipments = shipments_of_orders([view.id])[view.id]
    parcels = _parcels(shipments)
    problems = exceptions_of(order_ids=[view.id], parcel_ids=[each.id for each in parcels])
    estimates = estimates_of_orders([view.id])[view.id]
    audit = audit_log(subject=key, limit=100)
    people = names_of({each.actor for each in audit} | {each.ended_by for each in problems if each.ended_by})
    zone = ZoneInfo(desk.merchant.time_zone)
    part = request.GET.get("part", "")
    part = part if part in dict(_PARTS) else ""
    outbound = [each for each in parcels if each.direction != Direction.RETURN and each.withdrawn_at is None]
    arrived = [each.delivered_at for each in outbound if each.delivered_at]
    arrived_at = max(arrived) if outbound and len(arrived) == len(outbound) else None
    owner = view.shopper.id if view.shopper else None
    said = find_messages(Wish(order_id=view.id, order_owner_id=owner), limit=_MOST_MESSAGES)
    days = story(
        view,
        shipments,
        problems,
        audit,
        people,
        messages=events_of(said, desk),
        arrived_at=arrived_at,
        now=desk.at,
        zone=zone,
        part=part,
    )
    tone, word = _standing(view, outbound, arrived_at, desk.at, zone)
    called = f"Order {view.number}" if view.number else "Order without a number"
    name = (view.shopper.name if view.shopper else "").split(" ")[0]
    return Page(
        template="console/order.html",
        title=called,
        place="orders",
        crumbs=(Crumb("Orders", desk.url("console-orders")), Crumb(view.number or key)),
        values={
            "key": key,
            "tone": tone,
            "word": word,
            "name": name,
            "days": days if "all" in request.GET else shortened(days),
            "all_url": f"?{urlencode({'part': part, 'all': '1'} if part else {'all': '1'})}",
            "tabs": [
                (
                    label,
                    f"?part={value}" if value else "?",
                    value == part,
                    _count(days) if value == part else None,
                )
                for value, label in _PARTS
            ],
            "page_url": reverse("tracking-page", args=[view.page_token]),
            "write_url": _write_to(view, desk),
            "problems": _problems(problems),
            "home_url": desk.base,
            "parcels": [
                _parcel_card(each, number, view, shipments) for number, each in enumerate(parcels, 1)
            ],
            "items": _items(view),
            "packing": how_to_pack(view, desk, key, asked="pack" in request.GET),
            "packing_sheet": address("console/packing.css"),
            "bill": _bill(view),
            "expected": expected(estimates, zone),
            "chart": promise_chart(
                view, outbound, estimates, today=desk.at.astimezone(zone).date(), zone=zone
            ),
            "shopper": _shopper_facts(view, desk),
            "shopper_url": desk.url("console-shopper", public_id("shp", view.shopper.id))
            if view.shopper and desk.may(Permission.SHOPPERS_READ)
            else "",
            "labels": label_links(view.labels, desk),
            "may_label": desk.may(Permission.ORDERS_ACT),
            "known_labels": [each.name for each in labels_in_use() if each.name not in view.labels],
            "longest_label": LONGEST_LABEL,
            "source": _source_facts(view),
            "records_url": f"{desk.url('console-records')}?about={key}"
            if desk.may(Permission.CONNECTIONS_READ)
            else "",
            "zone_name": zone.key.rpartition("/")[2].replace("_", " "),
        },
        parts={"story": "console/_story.html"},
    )


@console_page(Permission.ORDERS_READ)
def one_parcel(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Tell everything about a parcel that belongs to no order known here."""
    view = parcel(_read("par", key, ParcelNotFound))
    if view is None:
        raise ParcelNotFound("There is no such parcel here.")
    zone = ZoneInfo(desk.merchant.time_zone)
    tone, word = words.milestone(view.milestone)
    lonely = ShipmentView(
        id=view.id, source="", external_id="", order_id=None, direction=view.direction, carrier=view.carrier,
        carrier_name=view.carrier_name, service=view.service, source_status="", cancelled=False,
        shipped_at=view.shipped_at or view.first_event_at, lines=(), origin=view.origin,
        destination=view.destination, attributes={}, created_at=view.created_at, updated_at=view.updated_at,
        parcels=(view,),
    )  # fmt: skip
    days = story_of_shipment(lonely, zone=zone)
    return Page(
        template="console/parcel.html",
        title=f"Parcel {view.tracking_number}" if view.tracking_number else "Parcel without a number",
        place="shipments",
        crumbs=(Crumb("Shipments", desk.url("console-shipments")), Crumb(view.tracking_number or key)),
        values={
            "key": key,
            "tone": tone,
            "word": word,
            "days": days if "all" in request.GET else shortened(days),
            "all_url": "?all=1",
            "parcels": [_parcel_card(view, 1, None, [lonely])],
            "orders": [order_row(entry, desk, zone) for entry in order_entries(view.order_ids).values()],
            "zone_name": zone.key.rpartition("/")[2].replace("_", " "),
        },
    )


@console_page(Permission.SHOPPERS_READ)
def shoppers(request: HttpRequest, desk: Desk) -> Page:
    """List shoppers, found by what their orders are found by."""
    typed = request.GET.get("words", "").strip()[:200]
    after = request.GET.get("after", "")
    next_cursor, rows = "", []
    if typed:
        found = find_orders(Filters(words=typed), limit=200)
        seen: dict[UUID, int] = {}
        for entry in found.entries:
            if entry.shopper_id:
                seen[entry.shopper_id] = seen.get(entry.shopper_id, 0) + 1
        entries = {entry.shopper_id: entry for entry in found.entries if entry.shopper_id}
        rows = [
            {
                "url": desk.url("console-shopper", public_id("shp", shopper_id)),
                "name": entries[shopper_id].name or "Nobody named",
                "email": entries[shopper_id].email,
                "country": words.country(entries[shopper_id].country),
                "said": f"{count} order{'' if count == 1 else 's'} found",
            }
            for shopper_id, count in seen.items()
        ][:SIZE]
    else:
        after_id = _maybe("shp", after)
        listed = list_shoppers(after=after_id, limit=SIZE + 1)
        rows = [
            {
                "url": desk.url("console-shopper", public_id("shp", each.id)),
                "name": each.name or ("Erased" if each.erased_at else "Nobody named"),
                "email": each.email,
                "country": words.country(each.country),
                "said": "",
            }
            for each in listed[:SIZE]
        ]
        next_cursor = public_id("shp", listed[SIZE - 1].id) if len(listed) > SIZE else ""
    return Page(
        template="console/shoppers.html",
        title="Shoppers",
        place="shoppers",
        values={
            "rows": rows,
            "words": typed,
            "paging": paging(request, next_cursor=next_cursor, told=f"{len(rows)} shown"),
        },
        parts={"list": "console/_shoppers.html"},
    )


@console_page(Permission.SHOPPERS_READ)
def one_shopper(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show one shopper: how to reach them, what they allowed, and their orders."""
    view = shopper(_read("shp", key, ShopperNotFound))
    zone = ZoneInfo(desk.merchant.time_zone)
    found = orders_of_shopper(view.id, after=request.GET.get("after", ""), limit=SIZE)
    rows = [order_row(each, desk, zone) for each in found.entries]
    said = find_messages(Wish(shopper_id=view.id), limit=_NEWEST_MESSAGES)
    return Page(
        template="console/shopper.html",
        title=view.name or ("Erased shopper" if view.erased_at else "Shopper without a name"),
        place="shoppers",
        crumbs=(Crumb("Shoppers", desk.url("console-shoppers")), Crumb(view.name or key)),
        values={
            "key": key,
            "erased_at": view.erased_at,
            "since": view.created_at,
            "contacts": [(each.kind, each.as_given or each.value) for each in view.contact_points],
            "facts": [
                (name, said)
                for name, said in (
                    ("Language", view.language),
                    ("Country", words.country(view.country)),
                    ("Tags", ", ".join(view.tags)),
                )
                if said
            ],
            "consents": [
                (
                    words.spelled(each.purpose),
                    words.spelled(each.channel),
                    each.granted,
                    each.recorded_at or each.heard_at,
                )
                for each in view.consents
            ],
            "rows": rows,
            "messages": message_rows(said, desk),
            "messages_url": f"{desk.url('console-messages')}?shopper={key}",
            "paging": paging(request, next_cursor=found.after, told=f"{len(rows)} shown"),
            "privacy_url": f"{desk.url('console-privacy')}?shopper={key}"
            if desk.may(Permission.SHOPPERS_ERASE)
            else "",
        },
    )


def _read(prefix: str, key: str, missing: type[Exception]) -> UUID:
    try:
        return read_public_id(prefix, key)
    except BadPublicId:
        raise missing("There is nothing with this id here.") from None


def _maybe(prefix: str, key: str) -> UUID | None:
    try:
        return read_public_id(prefix, key) if key else None
    except BadPublicId:
        return None


def _parcels(shipments: Sequence[ShipmentView]) -> list[ParcelView]:
    found = {each.id: each for shipment in shipments for each in shipment.parcels}
    return [found[parcel_id] for parcel_id in parcel_numbers(shipments)]


def _standing(
    view: OrderView,
    outbound: Sequence[ParcelView],
    arrived_at: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[str, str]:
    if view.state in {OrderState.CANCELLED, OrderState.DELETED}:
        return "calm", words.spelled(view.state)
    latest = view.promised_latest_date
    if arrived_at is not None:
        late = (arrived_at.astimezone(zone).date() - latest).days if latest else 0
        if late > 0:
            return "late", f"Delivered, {late} day{'' if late == 1 else 's'} late"
        return "ok", "Delivered, as promised" if latest else "Delivered"
    worst = min(outbound, key=lambda each: _GRAVEST.get(words.milestone(each.milestone)[0], 9), default=None)
    tone, word = words.milestone(worst.milestone if worst else "")
    late = (now.astimezone(zone).date() - latest).days if latest else 0
    if late > 0 and tone in {"calm", "ok"}:
        return "late", f"{word}, {late} day{'' if late == 1 else 's'} past its promise"
    return tone, word


_GRAVEST = {"broken": 0, "late": 1, "watch": 2, "calm": 3, "ok": 4}


def _write_to(view: OrderView, desk: Desk) -> str:
    """A letter to the shopper in whatever program the browser knows; "" where there is no address."""
    if view.shopper is None or not view.shopper.email:
        return ""
    subject = quote(f"{desk.merchant.name}, your order {view.number}".strip())
    return f"mailto:{quote(view.shopper.email)}?subject={subject}"


def _problems(exceptions: Sequence[ExceptionView]) -> list[Problem]:
    tones = {1: "watch", 2: "late", 3: "broken"}
    return [
        Problem(
            key=public_id("exc", each.id),
            tone=tones.get(int(each.severity), "watch"),
            what=words.spelled(each.kind),
            state="Put off" if each.state == State.SNOOZED else "Open",
        )
        for each in exceptions
        if each.state != State.DONE
    ]


def _parcel_card(
    view: ParcelView, number: int, of: OrderView | None, shipments: Sequence[ShipmentView]
) -> ParcelCard:
    tone, word = words.milestone(view.milestone)
    detail = words.sub_status(view.sub_status) if view.sub_status not in {"", view.milestone} else ""
    reached = next((place for place, (_, some) in enumerate(_WAY) if view.milestone in some), None)
    if reached is None:
        reached = 1 if view.first_event_at else 0
    is_held = tone in {"late", "broken"}
    steps = tuple(
        (name, ("was-late" if is_held and place == reached else "done") if place <= reached else "")
        for place, (name, _) in enumerate(_WAY)
    )
    titles = {line.external_id: line.title for line in of.lines} if of else {}
    inside = [
        f"{line['quantity']} × {titles.get(line['line'], '')}"
        if line["quantity"] > 1
        else titles.get(line["line"], "")
        for shipment in shipments
        if len(shipment.parcels) == 1 and shipment.parcels[0].id == view.id
        for line in shipment.lines
    ]
    courier = couriers().get(view.carrier)
    carried = words.service(view.carrier_name or words.carrier(view.carrier), view.service)
    return ParcelCard(
        title=f"{number} · {carried or 'Unknown carrier'}{' · return' if view.direction == Direction.RETURN else ''}",
        number=view.tracking_number,
        tone=tone,
        word=word,
        detail="" if detail == word else detail,
        steps=steps,
        contents=", ".join(filter(None, inside)),
        carrier_url=courier.tracking_url.format(tracking_number=quote(view.tracking_number))
        if courier and courier.tracking_url and view.tracking_number
        else "",
        is_withdrawn=view.withdrawn_at is not None,
    )


def _items(view: OrderView) -> list[ItemCard]:
    lines = [line for line in view.lines if not line.removed]
    picture_of = pictures_of_lines(view.source, lines)
    return [
        ItemCard(
            title=line.title or line.sku or "Item",
            detail=" · ".join(
                filter(
                    None,
                    (
                        "" if line.variant_title.casefold() == "default title" else line.variant_title,
                        line.sku,
                        f"{line.cancelled_quantity} cancelled" if line.cancelled_quantity else "",
                    ),
                )
            ),
            quantity=line.quantity,
            price=_money(line.total_minor, line.currency or view.currency),
            picture=picture_of(line),
        )
        for line in lines
    ]


def _bill(view: OrderView) -> list[tuple[str, str, bool]]:
    rows = [
        ("Items", view.subtotal_minor, False),
        ("Discount", -view.discount_minor if view.discount_minor else None, False),
        ("Shipping", view.shipping_minor, False),
        ("Tax", view.tax_minor, False),
        ("Total", view.total_minor, True),
        ("Refunded", -view.refunded_minor if view.refunded_minor else None, False),
    ]
    return [
        (name, _money(minor, view.currency), is_total) for name, minor, is_total in rows if minor is not None
    ]


def _shopper_facts(view: OrderView, desk: Desk) -> list[tuple[str, str]]:
    who, address = view.shopper, view.shipping_address
    rows = [
        ("Name", (who.name if who else "") or (address.name if address else "")),
        ("Where", ", ".join(filter(None, (address.city, words.country(address.country)))) if address else ""),
        (
            "Address",
            ", ".join(filter(None, (address.line1, address.line2, address.postal_code))) if address else "",
        ),
        ("E-mail", who.email if who else ""),
        ("Phone", (who.phone if who else "") or (address.phone if address else "")),
        ("Language", view.language or (who.language if who else "")),
    ]
    if not desk.may(Permission.SHOPPERS_READ):
        rows = [row for row in rows if row[0] in {"Name", "Where", "Address"}]
    return [(name, said) for name, said in rows if said]


def _source_facts(view: OrderView) -> list[tuple[str, str]]:
    rows = [
        ("Their id", view.external_id),
        (
            "Their status",
            " · ".join(filter(None, (view.source_status, view.financial_status, view.fulfilment_status))),
        ),
        ("Shipping method", view.shipping_method),
        ("Their tags", ", ".join(view.tags)),
        ("Note", view.note),
    ]
    return [(name, said) for name, said in rows if said]


def _count(days: Sequence[Day]) -> int:
    return sum(len(day.events) for day in days)


def _money(minor: int | None, currency: str) -> str:
    return words.money(minor, currency) if minor is not None and currency else ""


urls = [
    path("orders/<str:key>/", one_order, name="console-order"),
    path("parcels/<str:key>/", one_parcel, name="console-parcel"),
    path("shoppers/", shoppers, name="console-shoppers"),
    path("shoppers/<str:key>/", one_shopper, name="console-shopper"),
]
