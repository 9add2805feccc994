"""Inbound records: everything that came in, as it came; why some wait in quarantine; reading them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path

from aftermile.capabilities.orders.public import orders_by_external
from aftermile.capabilities.shipments.public import parcels_by_number
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.facts import (
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    RefundFact,
    TrackingReport,
)
from aftermile.doors.console import raw, sources
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.facts import in_words
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.intake.public import (
    ConnectionSummary,
    RecordFilter,
    RecordNotFound,
    RecordStatus,
    RecordView,
    ReplayView,
    count_found,
    find_records,
    keys_about,
    read_as_now,
    record,
    replay_run,
    start_replay,
    start_replay_of,
    summaries,
)
from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_READ, _MANAGE = Permission.CONNECTIONS_READ, Permission.CONNECTIONS_MANAGE
_FIELDS = ("connection", "status", "kind", "since", "until", "about")
_TABS = (
    ("", "All"),
    (RecordStatus.QUARANTINED, "In quarantine"),
    (RecordStatus.PENDING, "Waiting"),
    (RecordStatus.DIGESTED, "Read"),
    (RecordStatus.ERASED, "Erased"),
)
#: Counted no further: whoever reads more than that again is told "more than".
_COUNTED = 1000
#: Facts of one record that are listed.
_MOST_FACTS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is listed."""

    key: str
    url: str
    what: str
    origin: str
    connection: str
    at: datetime
    tone: str
    word: str
    why: str
    may_be_read: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a record says, with the way to what it became."""

    what: str
    name: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they stand in the address."""

    connection: str
    status: str
    kind: str
    since: str
    until: str
    about: str

    @property
    def narrows(self) -> bool:
        return any((self.connection, self.status, self.kind, self.since, self.until, self.about))

    def query(self, **changed: str) -> str:
        """Return them as a query, with some changed; empty ones are left out."""
        values = {name: changed.get(name, getattr(self, name)) for name in _FIELDS}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""


@console_page(_READ)
def listed(request: HttpRequest, desk: Desk) -> Page:
    """List what came in, newest first."""
    asked = _asked(request.GET)
    wanted = _wanted(asked, desk)
    after = request.GET.get("after", "")
    found = find_records(wanted, after=_read(after) if after else None, limit=SIZE + 1)
    plugs = {each.id: each for each in summaries()}
    lines = [_line(desk, view, plugs) for view in found[:SIZE]]
    may_replay = desk.may(_MANAGE) and any(line.may_be_read for line in lines)
    count = count_found(wanted, at_most=_COUNTED + 1) if may_replay and asked.narrows else 0
    return Page(
        template="console/records/list.html",
        title="Inbound records",
        place="records",
        values={
            "asked": asked,
            "base": desk.url("console-records"),
            "tabs": [
                (label, f"{desk.url('console-records')}{asked.query(status=status)}", asked.status == status)
                for status, label in _TABS
            ],
            "connections": [(public_id("con", each.id), each.name) for each in plugs.values()],
            "lines": lines,
            "may_replay": may_replay,
            "count": f"more than {_COUNTED:,}" if count > _COUNTED else f"{count:,}",
            "offers_all": count > 0
            and (asked.status in {"", RecordStatus.QUARANTINED, RecordStatus.DIGESTED}),
            "has_connections": bool(plugs),
            "paging": paging(
                request,
                next_cursor=lines[-1].key if len(found) > SIZE else "",
                told=f"{len(lines)} records",
            ),
        },
        parts={"records": "console/records/_lines.html"},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Show one record: as it came, what it says, and why it waits if it does."""
    view = record(_read(key))
    plug = next((each for each in summaries() if each.id == view.connection_id), None)
    name = sources.connector_name(plug.connector) if plug else "its connector"
    tone, word = sources.STATUSES[view.status]
    # What a body says of a shopper is for those who may read shoppers.
    may_see = desk.may(Permission.SHOPPERS_READ)
    laid = raw.laid_out((view.body or b"") if may_see else b"")
    reading = read_as_now(view) if view.status != RecordStatus.ERASED else None
    told = _told(desk, reading.facts, view) if reading and may_see else []
    return Page(
        template="console/records/one.html",
        title=view.kind or sources.ORIGINS.get(view.origin, "Record"),
        place="records",
        crumbs=(Crumb("Inbound records", desk.url("console-records")), Crumb(key)),
        values={
            "key": key,
            "view": view,
            "tone": tone,
            "word": word,
            "origin": sources.ORIGINS.get(view.origin, view.origin),
            "connection": plug.name if plug else "a connection that is gone",
            "connection_url": desk.url("console-connection", public_id("con", view.connection_id))
            if plug
            else "",
            "advice": sources.reason_in_words(view.reason, name)
            if view.status == RecordStatus.QUARANTINED
            else None,
            "headers": raw.covered(view.headers),
            "laid": laid,
            "told": told,
            "told_more": max(0, len(reading.facts) - _MOST_FACTS) if reading else 0,
            "problems": [each.message or each.code for each in reading.problems] if reading else [],
            "unknown": [(each, sources.unknown_in_words(each.what)) for each in reading.unknown[:20]]
            if reading
            else [],
            "is_readable": reading is not None,
            "is_erased": view.status == RecordStatus.ERASED,
            "may_see": may_see,
            "file_url": desk.url("console-record-file", key) if may_see else "",
            "may_replay": desk.may(_MANAGE) and _may_be_read(view),
        },
    )


@console_page(Permission.SHOPPERS_READ)
def file(request: HttpRequest, desk: Desk, key: str) -> HttpResponse:  # noqa: ARG001
    """Send a record's body as a file, byte for byte as it came."""
    view = record(_read(key))
    body = view.body or b""
    # Never a type a browser would open, whatever the body claims to be.
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{key}.{raw.laid_out(body).extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@act(_MANAGE)
def read_again(request: HttpRequest, desk: Desk) -> Done:
    """Read the chosen records again."""
    keys = request.POST.getlist("chosen")[: 2 * SIZE]
    run = start_replay_of([_read(key) for key in keys], by=desk.by, at=desk.at)
    return _begun(desk, run, subject=keys[0] if len(keys) == 1 else "")


@act(_MANAGE)
def read_all_again(request: HttpRequest, desk: Desk) -> Done:
    """Read all again that the filters find."""
    asked = _asked(QueryDict(request.POST.get("query", "").removeprefix("?")))
    return _begun(desk, start_replay(_wanted(asked, desk), by=desk.by, at=desk.at), subject=asked.connection)


@console_page(_READ)
def replayed(request: HttpRequest, desk: Desk, run: UUID) -> Page:  # noqa: ARG001
    """Show how far a replay is and what came of it."""
    view = replay_run(run)
    return Page(
        template="console/records/replay.html",
        title="Reading again",
        place="records",
        crumbs=(Crumb("Inbound records", desk.url("console-records")), Crumb("Reading again")),
        values={
            "run": view,
            "who": names_of([view.by])[view.by],
            "here": desk.url("console-replay", run),
            "is_done": view.finished_at is not None,
            "is_slow": view.finished_at is None
            and not view.read
            and desk.at - view.created_at > timedelta(seconds=30),
            "quarantine_url": f"{desk.url('console-records')}?status=quarantined",
        },
        parts={"replay": "console/records/_replay.html"},
    )


def _begun(desk: Desk, run: ReplayView, *, subject: str) -> Done:
    records = "1 record" if run.total == 1 else f"{run.total:,} records"
    return Done(
        said=f"{records} {'is' if run.total == 1 else 'are'} being read again. What was taken in before stays as it is.",
        back=desk.url("console-replay", run.id),
        notes=(
            Note(
                act="record.replay",
                subject=subject,
                summary=f"Had {records} read again",
                details={"records": run.total},
            ),
        ),
    )


def _asked(query: QueryDict) -> Asked:
    given = {name: query.get(name, "").strip()[:LONGEST_ID] for name in _FIELDS}
    if given["status"] not in dict(_TABS):
        given["status"] = ""
    for name in ("since", "until"):
        if _day(given[name]) is None:
            given[name] = ""
    return Asked(**given)


def _wanted(asked: Asked, desk: Desk) -> RecordFilter:
    zone = ZoneInfo(desk.merchant.time_zone)
    since, until = _day(asked.since), _day(asked.until)
    return RecordFilter(
        connection_id=_read(asked.connection, "con") if asked.connection else None,
        status=asked.status,
        kind=asked.kind,
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        keys=keys_about(asked.about) if asked.about else None,
    )


def _line(desk: Desk, view: RecordView, plugs: dict[UUID, ConnectionSummary]) -> Line:
    key, plug = public_id("rec", view.id), plugs.get(view.connection_id)
    tone, word = sources.STATUSES[view.status]
    name = sources.connector_name(plug.connector) if plug else ""
    return Line(
        key=key,
        url=desk.url("console-record", key),
        what=view.kind or "no topic",
        origin=sources.ORIGINS.get(view.origin, view.origin),
        connection=plug.name if plug else "",
        at=view.received_at,
        tone=tone,
        word=word,
        why=sources.reason_in_words(view.reason, name).says
        if view.status == RecordStatus.QUARANTINED
        else "",
        may_be_read=_may_be_read(view),
    )


def _may_be_read(view: RecordView) -> bool:
    return view.status in {RecordStatus.QUARANTINED, RecordStatus.DIGESTED}


def _told(desk: Desk, facts: Sequence[Fact], view: RecordView) -> list[Told]:
    """Say what a record is read into, with links to what is known of it: two look-ups however much it tells."""
    source = public_id("con", view.connection_id)
    shown = facts[:_MOST_FACTS]
    ids = {_order_of(fact) for fact in shown} - {""}
    numbers = {number for fact in shown for number in _numbers_of(fact)}
    known = orders_by_external(source, ids)
    parcels = {each.tracking_number: each.id for each in parcels_by_number(numbers, with_events=False)}
    may_see = desk.may(Permission.ORDERS_READ)
    told = []
    for fact in shown:
        order_id = known[_order_of(fact)].id if _order_of(fact) in known else None
        parcel_id = next((parcels[number] for number in _numbers_of(fact) if number in parcels), None)
        url = ""
        if may_see and order_id is not None:
            url = desk.url("console-order", public_id("ord", order_id))
        elif may_see and parcel_id is not None:
            url = desk.url("console-parcel", public_id("par", parcel_id))
        told.append(Told(*in_words(fact), url))
    return told


def _order_of(fact: Fact) -> str:
    match fact:
        case OrderFact():
            return fact.external_id
        case FulfilmentFact() | RefundFact() | TrackingReport():
            return fact.order_external_id
        case Deletion(what="order"):
            return fact.external_id
    return ""


def _numbers_of(fact: Fact) -> tuple[str, ...]:
    match fact:
        case FulfilmentFact():
            return fact.tracking_numbers
        case TrackingReport():
            return (fact.tracking_number,) if fact.tracking_number else ()
    return ()


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _read(key: str, prefix: str = "rec") -> UUID:
    try:
        return read_public_id(prefix, key)
    except BadPublicId:
        raise RecordNotFound("There is no such record; perhaps it is older than what is kept.") from None


urls = [
    path("records/", listed, name="console-records"),
    path("records/replays/", read_again, name="console-records-replay"),
    path("records/replays/all/", read_all_again, name="console-records-replay-all"),
    path("records/replays/<uuid:run>/", replayed, name="console-replay"),
    path("records/<str:key>/", one, name="console-record"),
    path("records/<str:key>/file/", file, name="console-record-file"),
]
