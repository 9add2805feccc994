"""The lists of orders and shipments: find, narrow down, keep the view, act on many, take the rows away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

from aftermile.capabilities.orders.public import LONGEST_LABEL, labels_in_use, labels_of_orders
from aftermile.capabilities.search.public import (
    COUNTED_AT_MOST,
    ExportNotFound,
    ExportView,
    Filters,
    Listing,
    OrderEntryView,
    ParcelEntryView,
    carriers_and_countries,
    count_by_standing,
    drop_export,
    drop_view,
    export,
    export_part,
    exports_of,
    find_orders,
    find_parcels,
    keep_view,
    order_export,
    read_filters,
    saved_views,
    write_query,
)
from aftermile.capabilities.shipments.public import resume_parcels, withdraw_parcels
from aftermile.capabilities.team.public import Permission
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.tenancy import merchant_scope

_M = Milestone
_MOST_CHOSEN = 500


class ListUnknown(NotFound):
    """There is no such list."""

    code = "list_unknown"
    message = "There is no such list; there are orders and parcels."


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of a list by where its parcels are. `standing` empty: all of it."""

    label: str
    standing: tuple[str, ...] = ()


_TABS: Mapping[Listing, tuple[Tab, ...]] = {
    Listing.ORDERS: (
        Tab("All"),
        Tab("Not shipped", ("none", _M.PENDING, _M.INFO_RECEIVED)),
        Tab("On its way", (_M.IN_TRANSIT, _M.OUT_FOR_DELIVERY)),
        Tab("Ready to collect", (_M.AVAILABLE_FOR_PICKUP,)),
        Tab("Trouble", (_M.EXCEPTION, _M.ATTEMPT_FAILED, _M.RETURNING, _M.RETURNED, _M.EXPIRED)),
        Tab("Delivered", (_M.DELIVERED,)),
    ),
    Listing.PARCELS: (
        Tab("All"),
        Tab("Label made", (_M.PENDING, _M.INFO_RECEIVED)),
        Tab("On its way", (_M.IN_TRANSIT, _M.OUT_FOR_DELIVERY)),
        Tab("Ready to collect", (_M.AVAILABLE_FOR_PICKUP,)),
        Tab("Trouble", (_M.EXCEPTION, _M.ATTEMPT_FAILED, _M.RETURNING, _M.RETURNED, _M.EXPIRED)),
        Tab("Delivered", (_M.DELIVERED,)),
    ),
}
_URLS = {Listing.ORDERS: "console-orders", Listing.PARCELS: "console-shipments"}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_current: bool = False
    count: str = ""
    key: str = ""  # of a saved view of one's own, which can be dropped


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: plain words, ready to be drawn."""

    key: str
    url: str
    label: str
    name: str
    detail: str
    tone: str
    word: str
    more: str
    country: str
    carrier: str
    money: str
    due: str
    is_late: bool  # not kept
    at: datetime | None
    labels: tuple[Link, ...] = ()  # each with the list of what has it


@console_page(Permission.ORDERS_READ)
def orders(request: HttpRequest, desk: Desk) -> Page:
    """List orders."""
    filters, zone = _filters(request, desk)
    found = find_orders(filters, after=request.GET.get("after", ""), limit=SIZE)
    # From their own room: whoever has just put a label on sees it, also before the list has heard of it.
    labels = labels_of_orders([entry.id for entry in found.entries])
    rows = [
        replace(order_row(entry, desk, zone), labels=label_links(labels.get(entry.id, ()), desk))
        for entry in found.entries
    ]
    return _listed(request, desk, Listing.ORDERS, filters, zone, rows, found.after, similar=found.similar)


@console_page(Permission.ORDERS_READ)
def shipments(request: HttpRequest, desk: Desk) -> Page:
    """List parcels."""
    filters, zone = _filters(request, desk)
    found = find_parcels(filters, after=request.GET.get("after", ""), limit=SIZE)
    rows = [_parcel_row(entry, desk) for entry in found.entries]
    return _listed(request, desk, Listing.PARCELS, filters, zone, rows, found.after, similar=found.similar)


@console_page(Permission.ORDERS_READ)
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Go to the one order that was meant, else to the list of those that may be."""
    typed = request.GET.get("q", "").strip()[:200]
    found = find_orders(Filters(words=typed), limit=2)
    if typed and len(found.entries) == 1 and not found.similar:
        return HttpResponseRedirect(desk.url("console-order", public_id("ord", found.entries[0].id)))
    return HttpResponseRedirect(f"{desk.url('console-orders')}?{urlencode({'words': typed})}")


@act(Permission.SHIPMENTS_ACT)
def stop_tracking(request: HttpRequest, desk: Desk) -> Done:
    """Take parcels out of every list of what is on its way."""
    ids = _chosen(request)
    count = withdraw_parcels(parcel_ids=ids, by=desk.by, at=desk.at)
    return Done(
        said=f"{_parcels(count)} no longer tracked. Scans are kept.",
        back=_back(request, desk, Listing.PARCELS),
        notes=(
            Note(
                act="parcels.stop_tracking",
                summary=f"Stopped tracking {_parcels(count)}.",
                details=_keys(ids),
            ),
        ),
        undo=Undo(
            action=desk.url("console-shipments-resume"),
            fields=(
                *(("chosen", public_id("par", each)) for each in ids),
                ("back", _back(request, desk, Listing.PARCELS)),
            ),
        ),
    )


@act(Permission.SHIPMENTS_ACT)
def resume_tracking(request: HttpRequest, desk: Desk) -> Done:
    """Track parcels again."""
    ids = _chosen(request)
    count = resume_parcels(parcel_ids=ids, by=desk.by, at=desk.at)
    return Done(
        said=f"{_parcels(count)} tracked again.",
        back=_back(request, desk, Listing.PARCELS),
        notes=(
            Note(
                act="parcels.resume_tracking", summary=f"Tracked {_parcels(count)} again.", details=_keys(ids)
            ),
        ),
    )


@act(Permission.ORDERS_READ)
def keep(request: HttpRequest, desk: Desk, listing: str) -> Done:
    """Keep the filters of a list under a name."""
    which = _listing(listing)
    zone = ZoneInfo(desk.merchant.time_zone)
    query = write_query(
        read_filters(request.POST.get("query", ""), today=_today(desk, zone), zone=zone), zone=zone
    )
    for_all = bool(request.POST.get("for_all")) and desk.may(Permission.SETTINGS_MANAGE)
    view = keep_view(
        listing=which,
        name=request.POST.get("name", ""),
        query=query,
        owner_id=None if for_all else desk.person.id,
        at=desk.at,
    )
    return Done(
        said=f"View “{view.name}” kept{' for everybody' if for_all else ''}.",
        back=f"{desk.url(_URLS[which])}?{query}",
        notes=(Note(act="view.keep", summary=f"Kept the view “{view.name}”."),),
    )


@act(Permission.ORDERS_READ)
def drop(request: HttpRequest, desk: Desk, listing: str, view: str) -> Done:  # noqa: ARG001
    """Drop a kept view."""
    which = _listing(listing)
    view_id = _id("viw", view)
    found = drop_view(view_id=view_id, owner_id=desk.person.id) if view_id else None
    if found is None and view_id and desk.may(Permission.SETTINGS_MANAGE):
        found = drop_view(view_id=view_id, owner_id=None)
    if found is None:
        return Done(said="That view is gone already.", back=desk.url(_URLS[which]), notes=(), tone="calm")
    again = (("name", found.name), ("query", found.query), ("for_all", "" if found.owner_id else "1"))
    return Done(
        said=f"View “{found.name}” dropped.",
        back=desk.url(_URLS[which]),
        notes=(Note(act="view.drop", summary=f"Dropped the view “{found.name}”."),),
        undo=Undo(action=desk.url("console-view-keep", which.value), fields=again),
    )


@act(Permission.EXPORTS_MAKE)
def begin_export(request: HttpRequest, desk: Desk, listing: str) -> Done:
    """Begin a file of a list's rows."""
    which = _listing(listing)
    zone = ZoneInfo(desk.merchant.time_zone)
    query = write_query(
        read_filters(request.POST.get("query", ""), today=_today(desk, zone), zone=zone), zone=zone
    )
    made = order_export(listing=which, query=query, wanted_by=desk.by, at=desk.at)
    return Done(
        said="The file is being written. You may leave this page; it will be here.",
        back=desk.url("console-exports"),
        notes=(
            Note(
                act="export.begin",
                summary=f"Began an export of {which.value}.",
                subject=public_id("exp", made.id),
            ),
        ),
        tone="calm",
    )


@console_page(Permission.EXPORTS_MAKE)
def exports(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List a person's files and how far they are."""
    zone = ZoneInfo(desk.merchant.time_zone)
    shown = [_export_row(each, desk, zone) for each in exports_of(desk.by)]
    return Page(
        template="console/exports.html",
        title="Exports",
        place="exports",
        crumbs=(Crumb("Exports"),),
        values={"exports": shown, "under_way": any(each["is_under_way"] for each in shown)},
        parts={"exports": "console/_exports.html"},
    )


@console_page(Permission.EXPORTS_MAKE)
def download(request: HttpRequest, desk: Desk, export_key: str) -> HttpResponse | StreamingHttpResponse:  # noqa: ARG001
    """Send a finished file."""
    export_id = _id("exp", export_key)
    found = export(export_id) if export_id else None
    if found is None or found.wanted_by != desk.by or found.status != "ready":
        raise ExportNotFound
    merchant_id, name = desk.merchant.id, f"{found.listing.value}-{found.created_at:%Y-%m-%d-%H%M}.csv"

    def parts() -> Iterator[bytes]:
        # Each part in a scope of its own: the page's is closed when the file is sent.
        position = 0
        while True:
            with merchant_scope(merchant_id):
                part = export_part(found.id, position)
            if part is None:
                return
            yield part
            position += 1

    response = StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(found.byte_count)
    return response


@act(Permission.EXPORTS_MAKE)
def remove_export(request: HttpRequest, desk: Desk, export_key: str) -> Done:  # noqa: ARG001
    """Remove a file before its time."""
    export_id = _id("exp", export_key)
    if export_id is None:
        raise ExportNotFound
    drop_export(export_id=export_id, wanted_by=desk.by)
    return Done(
        said="Removed. The rows are still where they were; the file can be made again.",
        back=desk.url("console-exports"),
        notes=(Note(act="export.remove", summary="Removed an export.", subject=export_key),),
    )


def _listed(
    request: HttpRequest,
    desk: Desk,
    listing: Listing,
    filters: Filters,
    zone: ZoneInfo,
    rows: Sequence[Row],
    after: str,
    *,
    similar: bool,
) -> Page:
    base = desk.url(_URLS[listing])
    query = write_query(filters, zone=zone)
    counted = count_by_standing(listing, filters)
    carriers, countries = carriers_and_countries(listing)
    labels = labels_in_use() if listing is Listing.ORDERS else ()
    noun = "order" if listing is Listing.ORDERS else "parcel"
    title = "Orders" if listing is Listing.ORDERS else "Shipments"
    return Page(
        template="console/lists/list.html",
        title=title,
        place="orders" if listing is Listing.ORDERS else "shipments",
        values={
            "listing": listing.value,
            "noun": noun,
            "is_orders": listing is Listing.ORDERS,
            "base": base,
            "query": query,
            "rows": rows,
            "words": filters.words,
            "is_similar": similar,
            "is_narrowed": bool(query),
            "tabs": _tabs(listing, filters, counted, base, zone),
            "chips": _chips(filters, base, zone),
            "views": _views(listing, desk, base, query),
            "carriers": [(slug, words.carrier(slug), slug in filters.carrier) for slug in carriers],
            "countries": [(code, words.country(code), code in filters.country) for code in countries],
            "causes": [(code, word, code in filters.cause) for code, word in words.CAUSES.items()]
            if listing is Listing.PARCELS
            else (),
            "labels": [
                (each.name, f"{each.name} ({each.order_count:,})", each.name in filters.label)
                for each in labels
            ],
            "longest_label": LONGEST_LABEL,
            "since": filters.since.astimezone(zone).date().isoformat() if filters.since else "",
            "until": request.GET.get("until", "") if filters.until else "",
            "late": bool(filters.late),
            "standing": [each or "none" for each in filters.standing],
            "may_act": desk.may(
                Permission.ORDERS_ACT if listing is Listing.ORDERS else Permission.SHIPMENTS_ACT
            ),
            "may_export": desk.may(Permission.EXPORTS_MAKE),
            "may_share": desk.may(Permission.SETTINGS_MANAGE),
            "may_connect": desk.may(Permission.CONNECTIONS_MANAGE),
            "paging": paging(
                request, next_cursor=after, told=f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'} shown"
            ),
        },
        parts={"list": "console/lists/_rows.html"},
    )


def _tabs(
    listing: Listing, filters: Filters, counted: Mapping[str, int], base: str, zone: ZoneInfo
) -> list[Link]:
    links = []
    # With words, the counts stop together.
    all_cut = bool(filters.words) and sum(counted.values()) >= COUNTED_AT_MOST
    for tab in _TABS[listing]:
        wanted = ["" if each == "none" else each for each in tab.standing] or list(counted)
        total = sum(counted.get(each, 0) for each in wanted)
        is_cut = all_cut or any(counted.get(each, 0) >= COUNTED_AT_MOST for each in wanted)
        query = write_query(replace(filters, standing=tab.standing), zone=zone)
        links.append(
            Link(
                tab.label,
                f"{base}?{query}" if query else base,
                set(tab.standing) == set(filters.standing),
                f"{min(total, COUNTED_AT_MOST):,}{'+' if is_cut else ''}",
            )
        )
    return links


def _chips(filters: Filters, base: str, zone: ZoneInfo) -> list[Link]:
    """What the list is narrowed to, each with the address of the list without it."""
    found: list[tuple[str, Filters]] = []
    if filters.words:
        found.append((f"“{filters.words}”", replace(filters, words="")))
    found += [
        (words.carrier(each), replace(filters, carrier=_without(filters.carrier, each)))
        for each in filters.carrier
    ]
    found += [
        (words.country(each), replace(filters, country=_without(filters.country, each)))
        for each in filters.country
    ]
    found += [
        (f"labeled {each}", replace(filters, label=_without(filters.label, each))) for each in filters.label
    ]
    found += [
        (words.spelled(each), replace(filters, state=_without(filters.state, each))) for each in filters.state
    ]
    found += [
        (
            f"because of {words.CAUSES.get(each, each)}",
            replace(filters, cause=_without(filters.cause, each)),
        )
        for each in filters.cause
    ]
    if filters.since:
        found.append((f"from {filters.since.astimezone(zone):%b %-d, %Y}", replace(filters, since=None)))
    if filters.until:
        last = filters.until.astimezone(zone).date().toordinal() - 1
        found.append((f"until {date.fromordinal(last):%b %-d, %Y}", replace(filters, until=None)))
    if filters.late:
        found.append(("past its promise", replace(filters, late=None)))
    chips = []
    for label, without in found:
        query = write_query(without, zone=zone)
        chips.append(Link(label, f"{base}?{query}" if query else base))
    return chips


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in values if each != value)


def _views(listing: Listing, desk: Desk, base: str, query: str) -> list[Link]:
    return [
        Link(
            view.name,
            f"{base}?{view.query}" if view.query else base,
            view.query == query,
            key=public_id("viw", view.id)
            if view.owner_id is not None or desk.may(Permission.SETTINGS_MANAGE)
            else "",
        )
        for view in saved_views(listing, owner_id=desk.person.id)
    ]


def order_row(entry: OrderEntryView, desk: Desk, zone: ZoneInfo) -> Row:
    """Write a line of a list of orders."""
    tone, word = words.milestone(entry.standing)
    if entry.state in {"cancelled", "deleted"} and not entry.standing:
        tone, word = "calm", words.spelled(entry.state)
    due, is_late = "", False
    if entry.promised_latest_date is not None:
        is_late = entry.promised_latest_date < _today(desk, zone) and entry.standing not in {
            _M.DELIVERED,
            _M.RETURNED,
            _M.CANCELLED,
        }
        due = f"{entry.promised_latest_date:%b %-d}"
    money = ""
    if entry.total_minor is not None and entry.currency:
        money = words.money(entry.total_minor, entry.currency)
    key = public_id("ord", entry.id)
    return Row(
        key=key,
        url=desk.url("console-order", key),
        label=entry.number or "No number",
        name=entry.name or "Nobody named",
        detail=entry.email,
        tone=tone,
        word=word,
        more=f"in {entry.parcel_count} parcels" if entry.parcel_count > 1 else "",
        country=words.country(entry.country),
        carrier=words.carrier(entry.carrier),
        money=money,
        due=due,
        is_late=is_late,
        at=entry.placed_at,
    )


def label_links(labels: Sequence[str], desk: Desk) -> tuple[Link, ...]:
    """Write labels, each with the address of the orders that have it."""
    return tuple(Link(each, f"{desk.url('console-orders')}?{urlencode({'label': each})}") for each in labels)


def _parcel_row(entry: ParcelEntryView, desk: Desk) -> Row:
    tone, word = words.milestone(entry.milestone)
    more = words.sub_status(entry.sub_status) if entry.sub_status not in {"", entry.milestone} else ""
    key = public_id("par", entry.id)
    order_url = desk.url("console-order", public_id("ord", entry.order_id)) if entry.order_id else ""
    return Row(
        key=key,
        url=order_url or desk.url("console-parcel", key),
        label=entry.tracking_number or "No number yet",
        name=entry.name,
        detail=entry.order_number,
        tone=tone,
        word=word,
        more="" if more == word else more,
        country=words.country(entry.country),
        carrier=words.carrier(entry.carrier),
        money="",
        due="",
        is_late=False,
        at=entry.reached_at or entry.shipped_at,
    )


def _export_row(each: ExportView, desk: Desk, zone: ZoneInfo) -> dict[str, Any]:
    filters = read_filters(each.query, today=_today(desk, zone), zone=zone)
    key = public_id("exp", each.id)
    return {
        "key": key,
        "listing": "Orders" if each.listing is Listing.ORDERS else "Parcels",
        "narrowed": ", ".join(
            [*(words.milestone("" if one == "none" else one)[1] for one in filters.standing)]
            + [chip.label for chip in _chips(filters, "", zone)]
        )
        or "all of them",
        "status": each.status,
        "is_under_way": each.status in {"waiting", "writing"},
        "is_ready": each.status == "ready",
        "row_count": each.row_count,
        "expected_count": max(each.expected_count, each.row_count, 1),
        "size": f"{each.byte_count / 1024:,.0f} kB"
        if each.byte_count < 1_048_576
        else f"{each.byte_count / 1_048_576:,.1f} MB",
        "problem": each.problem,
        "created_at": each.created_at,
        "url": desk.url("console-export-file", key),
    }


def _filters(request: HttpRequest, desk: Desk) -> tuple[Filters, ZoneInfo]:
    zone = ZoneInfo(desk.merchant.time_zone)
    return read_filters(request.META.get("QUERY_STRING", ""), today=_today(desk, zone), zone=zone), zone


def _listing(text: str) -> Listing:
    try:
        return Listing(text)
    except ValueError:
        raise ListUnknown from None


def _today(desk: Desk, zone: ZoneInfo) -> date:
    return desk.at.astimezone(zone).date()


def _chosen(request: HttpRequest) -> list[UUID]:
    ids = [_id("par", key) for key in request.POST.getlist("chosen")[:_MOST_CHOSEN]]
    return [each for each in ids if each is not None]


def _id(prefix: str, key: str) -> UUID | None:
    try:
        return read_public_id(prefix, key)
    except BadPublicId:
        return None


def _keys(ids: Sequence[UUID]) -> dict[str, object]:
    return {"parcels": [public_id("par", each) for each in ids[:50]]}


def _parcels(count: int) -> str:
    return f"{count} parcel{'' if count == 1 else 's'}"


def _back(request: HttpRequest, desk: Desk, listing: Listing) -> str:
    told = request.POST.get("back", "")
    return told if told.startswith(desk.base) else desk.url(_URLS[listing])


urls = [
    path("search/", search, name="console-search"),
    path("orders/", orders, name="console-orders"),
    path("shipments/", shipments, name="console-shipments"),
    path("shipments/stop-tracking/", stop_tracking, name="console-shipments-stop"),
    path("shipments/resume-tracking/", resume_tracking, name="console-shipments-resume"),
    path("exports/", exports, name="console-exports"),
    path("exports/<str:export_key>/file/", download, name="console-export-file"),
    path("exports/<str:export_key>/remove/", remove_export, name="console-export-remove"),
    path("<str:listing>/views/", keep, name="console-view-keep"),
    path("<str:listing>/views/<str:view>/drop/", drop, name="console-view-drop"),
    path("<str:listing>/export/", begin_export, name="console-export-begin"),
]
