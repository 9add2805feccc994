"""Gather what is judged: a constant number of statements however many parcels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from aftermile.capabilities.exceptions.lanes import LEAST_SILENCE_HOURS, SLOWEST, LaneKey, WorkedTime
from aftermile.capabilities.exceptions.models import IncidentParcel, Watch
from aftermile.capabilities.exceptions.policy import ParcelFacts, Today
from aftermile.capabilities.exceptions.thresholds import Thresholds, read_thresholds
from aftermile.capabilities.orders.public import OrderPromise, State, promises
from aftermile.capabilities.promises.public import DelayTold, delays_told
from aftermile.capabilities.shipments.public import WatchedParcel
from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Cause, Milestone, SubStatus
from aftermile.kernel.merchants import MerchantView, current_merchant
from aftermile.kernel.rowsets import Statement, id_array, ids_in, insert, run, select
from aftermile.kernel.tenancy import current_merchant_id
from aftermile.kernel.working_calendar import working_calendar

_MILESTONES = {word.value: word for word in Milestone}
_SUB_STATUSES = {word.value: word for word in SubStatus}
_CAUSES = {word.value: word for word in Cause}


def take_watch() -> Thresholds:
    """Read the open merchant's thresholds, and make every other judge of this merchant wait for our commit.

    Two who judge one parcel at once could otherwise write the older reading over the newer.
    """
    rows = run(select(Watch, ("thresholds",), "id = %s", [current_merchant_id()], then="FOR UPDATE"))[0]
    if not rows:
        run(
            insert(
                Watch,
                ("id", "thresholds", "changed_by"),
                [{"id": current_merchant_id(), "thresholds": {}, "changed_by": ""}],
                on_conflict="ON CONFLICT DO NOTHING",
            )
        )
        rows = run(select(Watch, ("thresholds",), "id = %s", [current_merchant_id()], then="FOR UPDATE"))[0]
    return read_thresholds(rows[0]["thresholds"])


def usual_silences(slowest_percent: int) -> dict[LaneKey, float]:
    """Return how many worked hours all but the slowest of each lane were silent at most: one statement."""
    (rows,) = run(
        Statement(
            "SELECT carrier, service, origin_country, destination_country, (longest_hours->>%s)::float8"
            " FROM exceptions_lane_normal WHERE merchant_id = %s AND destination_country <> ''",
            (slowest_percent - SLOWEST.start, current_merchant_id()),
            list,
        )
    )
    return {LaneKey(*row[:4]): max(LEAST_SILENCE_HOURS, row[4]) for row in rows}


def in_incidents(parcel_ids: Collection[UUID]) -> set[UUID]:
    """Return the parcels among these that stand still with many others: one statement."""
    if not parcel_ids:
        return set()
    (rows,) = run(
        select(
            IncidentParcel,
            ("parcel_id",),
            f"{ids_in('parcel_id')} AND left_at IS NULL",
            [id_array(sorted(parcel_ids))],
        )
    )
    return {row["parcel_id"] for row in rows}


def today_of(merchant: MerchantView, at: datetime) -> Today:
    """Return the merchant's day at a moment, by the business days it has chosen: one query."""
    calendar = working_calendar(merchant).calendar
    return Today(calendar.day_of(at), calendar)


class Bench:
    """Where one merchant's parcels are judged on one day."""

    def __init__(self, *, thresholds: Thresholds, at: datetime, merchant: MerchantView | None = None) -> None:
        self.merchant = merchant or current_merchant()
        self.thresholds = thresholds
        self.at = at
        self.today = today_of(self.merchant, at)
        self.worked = WorkedTime(self.today.calendar)
        self._normals = usual_silences(thresholds.stalled_slowest_percent)

    def facts(self, parcels: Sequence[WatchedParcel]) -> dict[UUID, ParcelFacts]:
        """Return the facts of parcels, with what was promised of their orders and is predicted: three statements."""
        promised = promises({order_id for parcel in parcels for order_id in parcel.order_ids})
        ids = [parcel.id for parcel in parcels]
        delays, gathered = delays_told(ids), in_incidents(ids)
        return {
            parcel.id: self._facts(
                parcel,
                _most_urgent(promised, parcel.order_ids),
                delays.get(parcel.id),
                in_incident=parcel.id in gathered,
            )
            for parcel in parcels
        }

    def _facts(
        self,
        parcel: WatchedParcel,
        promise: OrderPromise | None,
        delay: DelayTold | None,
        *,
        in_incident: bool,
    ) -> ParcelFacts:
        home = parcel.origin_country or self.merchant.country
        there = parcel.destination_country or (promise.country if promise else "")
        lane = LaneKey(parcel.carrier, parcel.service, home, there)
        seen = parcel.last_event_at
        return ParcelFacts(
            milestone=_MILESTONES.get(parcel.milestone, Milestone.PENDING),
            sub_status=_SUB_STATUSES.get(parcel.sub_status),
            cause=_CAUSES.get(parcel.cause),
            reached_at=parcel.reached_at,
            announced_at=parcel.announced_at,
            handed_over_at=parcel.handed_over_at,
            last_seen_at=parcel.last_event_at,
            attempt_count=parcel.attempt_count,
            estimate_earliest=self._day(parcel.estimate_earliest),
            estimate_latest=self._day(parcel.estimate_latest),
            promised_earliest=promise.earliest_date if promise else None,
            promised_latest=promise.latest_date if promise else None,
            is_international=bool(home and there and home != there),
            is_return=parcel.direction == Direction.RETURN,
            withdrawn=parcel.withdrawn,
            cancelled=parcel.cancelled
            or (promise is not None and promise.state in (State.CANCELLED, State.DELETED)),
            silent_hours=self.worked.hours(seen, self.at) if seen is not None else None,
            usual_silence_hours=self._normals.get(lane),
            in_incident=in_incident,
            delay_days=delay.days if delay is not None else None,
            expected_earliest=self.today.day_of(delay.earliest_at) if delay is not None else None,
            expected_latest=self.today.day_of(delay.latest_at) if delay is not None else None,
        )

    def _day(self, written: str) -> date | None:
        """Read an estimate as the carrier gave it: a day, or a moment, which is on a day of the merchant's."""
        if len(written) <= 10:
            return date.fromisoformat(written) if written else None
        moment = datetime.fromisoformat(written)
        return moment.date() if moment.tzinfo is None else self.today.day_of(moment)


def _most_urgent(promised: Mapping[UUID, OrderPromise], order_ids: Iterable[UUID]) -> OrderPromise | None:
    """Return the promise of the order that is due first: two orders may share a box."""
    found = [promised[order_id] for order_id in order_ids if order_id in promised]
    return min(found, key=lambda promise: (promise.latest_date or date.max, promise.order_id), default=None)
