"""Reads of exceptions: counts, pages for the console's home, the exceptions of orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from aftermile.capabilities.exceptions.arrivals import arrivals
from aftermile.capabilities.exceptions.figures import (
    BEHIND,
    SHOWN_DAYS,
    WEEK,
    Arrival,
    DayCounts,
    Figures,
    Measure,
    compare,
)
from aftermile.capabilities.exceptions.kinds import Group, Kind, Severity, kinds_of
from aftermile.capabilities.exceptions.models import DeliveryDay, ExceptionStep, ShippingException, Watch
from aftermile.capabilities.exceptions.policy import Reason
from aftermile.capabilities.exceptions.states import Act, Ending, State
from aftermile.capabilities.exceptions.thresholds import Thresholds, read_thresholds
from aftermile.capabilities.orders.public import OrderView, orders, shoppers_of_orders
from aftermile.capabilities.shipments.public import (
    ParcelView,
    TrackingEventView,
    last_scans,
    parcels,
)
from aftermile.connectors.contracts.words import Cause
from aftermile.kernel.errors import NotFound
from aftermile.kernel.rowsets import Statement, run
from aftermile.kernel.tenancy import current_merchant_id


class ExceptionNotFound(NotFound):
    """There is no exception with this id here."""

    code = "exception_not_found"
    message = "There is no such exception here; check the id."


class Tab(StrEnum):
    """Whose work."""

    EVERYTHING = "everything"
    MINE = "mine"
    NOBODYS = "nobodys"
    PUT_OFF = "put_off"
    DONE_TODAY = "done_today"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionView:
    """One thing that needs a person. `ended_by` is "" when it ended by itself."""

    id: UUID
    parcel_id: UUID | None
    order_id: UUID | None
    kind: Kind
    reason: Reason
    cause: Cause
    severity: Severity
    days: int
    carrier: str
    sub_status: str
    since_at: datetime | None
    last_seen_at: datetime | None
    unusual_from: date | None
    days_late: int | None
    promised_earliest: date | None
    promised_latest: date | None
    estimate_earliest: date | None
    estimate_latest: date | None
    opened_at: datetime
    changed_at: datetime
    state: State
    assigned_to: UUID | None
    snoozed_until: datetime | None
    snooze_reason: str
    contacted_at: datetime | None
    contacted_how: str
    ended_at: datetime | None
    ending: Ending | None
    ended_by: str
    note: str
    revision: int
    acted_by: str
    acted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """An exception with all that a list shows of it."""

    exception: ExceptionView
    order: OrderView | None
    parcel: ParcelView | None
    last_scan: TrackingEventView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """The gravest exceptions of a group, and how many there are."""

    total: int
    rows: tuple[ExceptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """What a search found: only exceptions of these orders or parcels are listed."""

    order_ids: Collection[UUID]
    parcel_ids: Collection[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """What one person did about one exception."""

    act: Act
    by: str
    at: datetime
    note: str
    detail: dict[str, object]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is to do. `kinds`: of what is open, by kind."""

    kinds: dict[Kind, int] = field(default_factory=dict)
    mine: int = 0
    nobodys: int = 0
    put_off: int = 0
    done_today: int = 0

    @property
    def open(self) -> int:
        return sum(self.kinds.values())

    def of(self, group: Group) -> int:
        return sum(self.kinds.get(kind, 0) for kind in kinds_of(group))


def counts(*, staff_member_id: UUID | None, since: datetime) -> Counts:
    """Count what is to be done, for one staff member, in one statement.

    :param since: when the day began: what people did since then is done today.
    """
    merchant_id = current_merchant_id()
    found = run(
        Statement(
            "SELECT kind, count(*) FILTER (WHERE state = 'open'),"
            " count(*) FILTER (WHERE state = 'open' AND assigned_to = %s),"
            " count(*) FILTER (WHERE state = 'open' AND assigned_to IS NULL),"
            " count(*) FILTER (WHERE state = 'snoozed'), 0 FROM exceptions_exception"
            " WHERE merchant_id = %s AND state <> 'done' GROUP BY kind"
            " UNION ALL SELECT '', 0, 0, 0, 0, count(*) FROM exceptions_exception"
            " WHERE merchant_id = %s AND state = 'done' AND ended_at >= %s AND ended_by <> ''",
            (staff_member_id, merchant_id, merchant_id, since),
            list,
        )
    )[0]
    return Counts(
        kinds={Kind(row[0]): row[1] for row in found if row[1]},
        mine=sum(row[2] for row in found),
        nobodys=sum(row[3] for row in found),
        put_off=sum(row[4] for row in found),
        done_today=sum(row[5] for row in found),
    )


def page(
    *,
    tab: Tab = Tab.EVERYTHING,
    kinds: Collection[Kind] = tuple(Kind),
    staff_member_id: UUID | None = None,
    carrier: str = "",
    among: Among | None = None,
    since: datetime,
    offset: int = 0,
    limit: int,
) -> list[ExceptionRow]:
    """List exceptions of some kinds, the gravest first, with all a list shows: a constant number of statements.

    What was put off is listed by the moment it comes back, what was done by when, the newest first.

    :param since: when the day began, for what was done today.
    """
    rows = _listed(tab, staff_member_id, carrier, among, since).filter(
        kind__in=[kind.value for kind in kinds]
    )
    return _with_surroundings(rows.order_by(*_ORDER.get(tab, _GRAVEST))[offset : offset + limit])


def first_of_each_group(
    *,
    tab: Tab = Tab.EVERYTHING,
    staff_member_id: UUID | None = None,
    carrier: str = "",
    among: Among | None = None,
    since: datetime,
    limit: int,
) -> dict[Group, GroupView]:
    """List the gravest of each group, and how many it has: one statement more than a page.

    Groups without any are left out.
    """
    rows = _listed(tab, staff_member_id, carrier, among, since)
    totals = {Kind(kind): total for kind, total in rows.values_list("kind").annotate(total=Count("id"))}
    # A handful of each group by itself: numbering all rows would sort them all.
    gravest = [
        rows.filter(kind__in=[kind.value for kind in kinds_of(group)]).order_by(*_GRAVEST)[:limit]
        for group in Group
        if any(kind in totals for kind in kinds_of(group))
    ]
    found = list(gravest[0].union(*gravest[1:], all=True)) if gravest else []
    shown: dict[Group, list[ExceptionRow]] = {}
    for row in _surrounded(found):
        shown.setdefault(row.exception.kind.group, []).append(row)
    return {
        group: GroupView(
            total=sum(totals.get(kind, 0) for kind in kinds_of(group)),
            rows=tuple(
                sorted(
                    shown[group],
                    key=lambda row: (-row.exception.severity, -row.exception.days, row.exception.id),
                )
            ),
        )
        for group in Group
        if group in shown
    }


def exception(exception_id: UUID) -> ExceptionRow:
    """Read one exception with its surroundings.

    :raises ExceptionNotFound: no such exception.
    """
    found = exceptions([exception_id])
    if not found:
        raise ExceptionNotFound
    return found[0]


def exceptions(ids: Collection[UUID]) -> list[ExceptionRow]:
    """Read exceptions with their surroundings, the gravest first; unknown ids are left out."""
    return _with_surroundings(
        ShippingException.rows().filter(id__in=set(ids)).order_by("-severity", "-days", "id")
    )


def exceptions_of(
    *, order_ids: Collection[UUID] = (), parcel_ids: Collection[UUID] = ()
) -> list[ExceptionView]:
    """Read all exceptions of orders and parcels, the newest first: one statement."""
    rows = ShippingException.rows().filter(Q(order_id__in=order_ids) | Q(subject_id__in=parcel_ids))
    return [_view(row) for row in rows.order_by("-opened_at", "-id")]


def shoppers_in_trouble(shopper_ids: Collection[UUID]) -> dict[UUID, tuple[Kind, ...]]:
    """Tell which of these shoppers have an order or parcel in trouble, and what trouble: two statements.

    What was put off or told to the shopper is trouble still.
    """
    owners = shoppers_of_orders(shopper_ids)
    found: dict[UUID, set[Kind]] = {}
    open_ = ShippingException.rows().exclude(state=State.DONE).filter(order_id__in=owners)
    for order_id, kind in open_.values_list("order_id", "kind"):
        if order_id is not None:
            found.setdefault(owners[order_id], set()).add(Kind(kind))
    return {shopper_id: tuple(sorted(kinds)) for shopper_id, kinds in found.items()}


def steps_of(exception_ids: Collection[UUID]) -> dict[UUID, list[StepView]]:
    """Read what people did about exceptions, the newest first: one statement."""
    found: dict[UUID, list[StepView]] = {exception_id: [] for exception_id in exception_ids}
    for step in ExceptionStep.rows().filter(exception_id__in=exception_ids).order_by("-at", "-id"):
        found[step.exception_id].append(
            StepView(
                act=Act(step.act),
                by=step.by,
                at=step.at,
                note=step.note,
                detail=step.detail,
                undone_at=step.undone_at,
            )
        )
    return found


def carriers_of_open() -> list[str]:
    """List the carriers that have an open exception: one statement."""
    rows = ShippingException.rows().filter(state=State.OPEN).exclude(carrier="")
    return list(rows.order_by("carrier").values_list("carrier", flat=True).distinct())


def count_open() -> int:
    """Count what needs a person now: one statement by index."""
    return ShippingException.rows().filter(state=State.OPEN).count()


def figures(*, today: date) -> Figures:
    """Read how the deliveries of the past four weeks fared: one statement."""
    rows = DeliveryDay.rows().filter(day__gte=today - timedelta(days=SHOWN_DAYS), day__lt=today)
    return compare(
        {
            row.day: DayCounts(
                delivered=row.delivered,
                promised=row.promised,
                kept=row.kept,
                first_attempt=row.first_attempt,
                unaided=row.unaided,
                tenths={int(tenth): count for tenth, count in row.tenths.items()},
            )
            for row in rows
        },
        today=today,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindView:
    """One parcel behind a figure."""

    arrival: Arrival
    order: OrderView | None
    parcel: ParcelView | None


def behind(measure: Measure, *, today: date, limit: int) -> list[BehindView]:
    """List the parcels of the past seven days behind a figure, those with the longest way first."""
    found = [
        one
        for one in arrivals(first=today - timedelta(days=WEEK), last=today - timedelta(days=1))
        if BEHIND[measure](one)
    ]
    found.sort(key=lambda one: (-(one.tenths or 0), one.parcel_id))
    shown = found[:limit]
    known_orders = orders([one.order_id for one in shown if one.order_id])
    known_parcels = parcels([one.parcel_id for one in shown], with_events=False)
    return [
        BehindView(
            arrival=one,
            order=known_orders.get(one.order_id) if one.order_id else None,
            parcel=known_parcels.get(one.parcel_id),
        )
        for one in shown
    ]


def thresholds() -> Thresholds:
    """Read from when on something counts as an exception."""
    stored = Watch.rows().filter(id=current_merchant_id()).values_list("thresholds", flat=True).first()
    return read_thresholds(stored or {})


_GRAVEST = ("-severity", "-days", "id")
_ORDER = {Tab.DONE_TODAY: ("-ended_at", "id"), Tab.PUT_OFF: ("snoozed_until", "id")}


def _listed(
    tab: Tab, staff_member_id: UUID | None, carrier: str, among: Among | None, since: datetime
) -> QuerySet[ShippingException]:
    rows = ShippingException.rows()
    if carrier:
        rows = rows.filter(carrier=carrier)
    if among is not None:
        rows = rows.filter(Q(order_id__in=among.order_ids) | Q(parcel_id__in=among.parcel_ids))
    if tab is Tab.DONE_TODAY:
        return rows.filter(state=State.DONE, ended_at__gte=since).exclude(ended_by="")
    if tab is Tab.PUT_OFF:
        return rows.filter(state=State.SNOOZED)
    rows = rows.filter(state=State.OPEN)
    if tab is Tab.MINE:
        return rows.filter(assigned_to=staff_member_id, assigned_to__isnull=False)
    return rows.filter(assigned_to=None) if tab is Tab.NOBODYS else rows


def _with_surroundings(rows: QuerySet[ShippingException]) -> list[ExceptionRow]:
    return _surrounded(list(rows))


def _surrounded(rows: Sequence[ShippingException]) -> list[ExceptionRow]:
    """Add orders, parcels and last scans: seven statements however many rows."""
    views = [_view(row) for row in rows]
    parcel_ids = [view.parcel_id for view in views if view.parcel_id]
    known_orders = orders([view.order_id for view in views if view.order_id])
    known_parcels = parcels(parcel_ids, with_events=False)
    scans = last_scans(parcel_ids)
    return [
        ExceptionRow(
            exception=view,
            order=known_orders.get(view.order_id) if view.order_id else None,
            parcel=known_parcels.get(view.parcel_id) if view.parcel_id else None,
            last_scan=scans.get(view.parcel_id) if view.parcel_id else None,
        )
        for view in views
    ]


_SAME = (
    "id", "parcel_id", "order_id", "days", "carrier", "sub_status", "since_at", "last_seen_at", "unusual_from", "days_late",
    "promised_earliest", "promised_latest", "estimate_earliest", "estimate_latest", "opened_at", "changed_at",
    "assigned_to", "snoozed_until", "snooze_reason", "contacted_at", "contacted_how", "ended_at", "ended_by", "note",
    "revision", "acted_by", "acted_at",
)  # fmt: skip


def _view(row: ShippingException) -> ExceptionView:
    return ExceptionView(
        **{name: getattr(row, name) for name in _SAME},
        kind=Kind(row.kind),
        reason=Reason(row.reason),
        cause=Cause(row.cause),
        severity=Severity(row.severity),
        state=State(row.state),
        ending=Ending(row.ending) if row.ending else None,
    )
