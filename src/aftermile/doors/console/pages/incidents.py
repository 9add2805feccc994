"""Incidents: many parcels that stand still at once, each told as one thing with those it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.exceptions.public import IncidentNotFound, IncidentView, incident, incidents
from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.shipments.public import parcels
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Page
from aftermile.doors.console.staff_only import console_page
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import public_id, read_public_id

#: Those that ended lately are shown beside those that go on.
_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """An incident as a line."""

    url: str
    title: str
    under: str
    since_at: datetime
    opened_at: datetime
    ended_at: datetime | None
    standing: int
    concerned: int
    watched: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel that an incident concerns."""

    number: str
    order: str
    url: str
    whereto: str
    last_scan_at: datetime
    left_at: datetime | None


@console_page(Permission.ORDERS_READ)
def show_all(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List what stands still, and what did lately."""
    found = [line(one, desk) for one in incidents(with_ended_since=desk.at - _LATELY)]
    return Page(
        template="console/incidents/list.html",
        title="Incidents",
        place="home",
        crumbs=(Crumb("Home", desk.url("console-home")),),
        values={
            "open": [one for one in found if one.ended_at is None],
            "ended": [one for one in found if one.ended_at is not None],
        },
    )


@console_page(Permission.ORDERS_READ)
def show_one(request: HttpRequest, desk: Desk, incident_key: str) -> Page:  # noqa: ARG001
    """Show one incident with the parcels it concerns."""
    try:
        one = incident(read_public_id("inc", incident_key))
    except Invalid as unreadable:
        raise IncidentNotFound from unreadable
    views = parcels([each.parcel_id for each in one.parcels])
    linked = orders({view.order_ids[0] for view in views.values() if view.order_ids})
    rows = []
    for each in one.parcels:
        view = views[each.parcel_id]
        order = linked.get(view.order_ids[0]) if view.order_ids else None
        rows.append(
            Parcel(
                number=view.tracking_number,
                order=(order.number or order.external_id) if order else "",
                url=desk.url("console-order", public_id("ord", order.id)) if order else "",
                whereto=words.country(str(view.destination.get("country", ""))),
                last_scan_at=each.last_scan_at,
                left_at=each.left_at,
            )
        )
    shown = line(one, desk)
    return Page(
        template="console/incidents/one.html",
        title=shown.title,
        place="home",
        crumbs=(
            Crumb("Home", desk.url("console-home")),
            Crumb("Incidents", desk.url("console-incidents")),
        ),
        values={"it": shown, "parcels": rows},
    )


def line(one: IncidentView, desk: Desk) -> Line:
    """Word an incident."""
    carrier = words.carrier(one.carrier) if one.carrier else "Parcels"
    names = [name for name in map(words.country, (one.origin_country, one.destination_country)) if name]
    ends = f"within {names[0]}" if len(names) == 2 and names[0] == names[1] else " to ".join(names)
    title = {
        "carrier": f"{carrier} stands still",
        "lane": f"{carrier} stands still, {ends}" if ends else f"{carrier} stands still",
        "hub": f"{carrier} stands still at {place(one.place)}",
    }[one.scope]
    under = [one.service] if one.service else []
    if one.place and one.scope != "hub":
        under.append(f"most of them last seen at {place(one.place)}")
    return Line(
        url=desk.url("console-incident", public_id("inc", one.id)),
        title=title,
        under=", ".join(under),
        since_at=one.since_at,
        opened_at=one.opened_at,
        ended_at=one.ended_at,
        standing=one.standing,
        concerned=one.concerned,
        watched=one.watched,
    )


def place(told: str) -> str:
    """Write where something stands still as a name: carriers shout."""
    city, _, country = told.rpartition(", ")
    return f"{city.title()}, {country}" if city else told.title()


urls = [
    path("incidents/", show_all, name="console-incidents"),
    path("incidents/<str:incident_key>/", show_one, name="console-incident"),
]
