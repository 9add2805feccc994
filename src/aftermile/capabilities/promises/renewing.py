"""What becomes of one estimate when it is looked at: a row as it stands and facts in, the row and what is told out.

Pure: looked at again with the same facts nothing is told, whatever the order of what was heard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.events import (
    DelayPredicted,
    DelayTakenBack,
    DeliveryMeasured,
    EstimateRevised,
    Expected,
    PromiseBroken,
    PromiseKept,
    StageEstimates,
)
from aftermile.capabilities.promises.learning.forecasting import Basis, Forecast, Level, Stage
from aftermile.capabilities.promises.policy import (
    STAGES,
    DelayStep,
    Held,
    Made,
    Offer,
    Window,
    carrier_offer,
    carriers_word,
    choose,
    delay,
    look_again_at,
    model_offer,
    next_step,
    outcome,
    revise,
    rule_offer,
)
from aftermile.capabilities.promises.states import Confidence, Outcome, Precision, Reason, Source
from aftermile.capabilities.promises.subjects import Subject
from aftermile.capabilities.promises.trust import EstimateSettings
from aftermile.kernel.rowsets import Row

#: Of promises that were over longer ago than this nothing is told: they were taken in with a shop's history.
STALE = timedelta(days=60)
#: So many deliveries tell whom to believe first.
TELLING = 50


@dataclass(frozen=True, slots=True)
class Ruled:
    """The window by rule. `is_own`: by the shop's own tables, not by what is usual anywhere."""

    window: Window
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Where one merchant's estimates are made at one moment."""

    at: datetime
    zone: ZoneInfo
    settings: EstimateSettings
    model: str = ""  # the live model's id
    accuracy: Mapping[str, Mapping[str, Sequence[float]]] = field(default_factory=dict)

    def trust(self, stage: Stage) -> tuple[Source, ...]:
        """Return whom the shop believes at a stage, first to last."""
        if not self.settings.by_accuracy:
            return self.settings.order
        measured = self.accuracy.get(stage.value, {})
        known = {
            source: measured[source.value][1]
            for source in self.settings.order
            if source.value in measured and measured[source.value][0] >= TELLING
        }
        first = sorted(known, key=lambda source: known[source])
        return (*first, *(source for source in self.settings.order if source not in known))

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Renewed:
    """A row as it is to be written, and what is told; `revision` is the row of a change people see."""

    row: Row
    is_new: bool
    is_changed: bool
    revision: Row | None
    events: tuple[object, ...]


def renew(
    subject: Subject, row: Row | None, *, forecast: Forecast | None, ruled: Ruled | None, bench: Bench
) -> Renewed | None:
    """Look at one estimate; None when there is nothing to be kept of it.

    :param row: as it is stored; None: there is none yet.
    :param forecast: the live model's, where there is one.
    """
    if subject.is_over or subject.came_at is not None:
        return _over(subject, row, forecast, ruled, bench)
    return _open(subject, row, forecast, ruled, bench)


def hand_on(row: Row, heir: Subject) -> Row:
    """Return what a parcel's first row takes over of its order's: what was expected, and what was told of it."""
    return {name: row[name] for name in ("stages", *_TOLD)} | {"order_id": heir.order_id}


_TOLD = ("delay_days", "delay_basis", "delay_predicted_at", "outcome")


def _open(
    subject: Subject, row: Row | None, forecast: Forecast | None, ruled: Ruled | None, bench: Bench
) -> Renewed | None:
    at, zone = bench.at, bench.zone
    offers = _offers(subject, forecast, ruled, bench)
    trust = bench.trust(subject.stage)
    chosen = choose(offers, trust)
    if chosen is None:
        return None
    made = Made(
        offer=chosen,
        stage=subject.stage,
        seen=subject.seen,
        carrier_word=subject.carrier_word,
        model=bench.model if forecast is not None else "",
        rule=_rule_word(ruled) if chosen.source is Source.RULE else "",
        trust=trust,
    )
    held = _held(row)
    revised = revise(held, made, zone)
    probability = forecast.late_probability if forecast is not None else None
    written: Row = {
        **_BLANK,
        **(row or {}),
        "subject_id": subject.id,
        "parcel_id": subject.parcel_id,
        "order_id": subject.order_id,
        "stage": subject.stage.value,
        **_written(revised.offer),
        "late_probability": probability,
        "looked_at": at,
        "seen": made.seen,
        "carrier_word": made.carrier_word,
        "model": made.model,
        "rule": made.rule,
        "trust": _trust_word(trust),
        "promised_latest": subject.promised_latest,
        "came_at": None,
        "closed_at": None,
        "due_at": look_again_at(
            subject.stage, revised.offer.window, promised_latest=subject.promised_latest, at=at, zone=zone
        ),
    }
    events: list[object] = []
    if held is None:
        written |= {"revision": 1, "reason": Reason.FIRST.value, "estimated_at": at}
    elif revised.reason is not None and row is not None:
        written |= {"revision": row["revision"] + 1, "reason": revised.reason.value, "estimated_at": at}
        events.append(_revised(subject, held.offer, revised.offer, written, bench))
    written["stages"] = _stages(written["stages"], subject, revised.offer, offers, at)
    events += _delays(subject, written, revised.offer, probability, bench)
    events += _outcomes(subject, written, bench)
    return Renewed(
        row=written,
        is_new=held is None,
        is_changed=held is None or row is None or _changing(written) != _changing(row),
        revision=_revision(written, at) if held is None or revised.reason is not None else None,
        events=tuple(events),
    )


def _over(
    subject: Subject, row: Row | None, forecast: Forecast | None, ruled: Ruled | None, bench: Bench
) -> Renewed | None:
    """Close what came, or never will; what was at the door in vain is still expected."""
    at = bench.at
    is_known = row is not None and "id" in row
    if not is_known and subject.came_at is None:
        return None
    events: list[object] = []
    revision: Row | None = None
    if subject.is_over:
        shown = row if is_known and row is not None else {**_BLANK, **(row or {}), **_came(subject, at)}
        written: Row = {**shown, "due_at": None, "closed_at": shown["closed_at"] or at}
    else:
        renewed = _open(subject, row, forecast, ruled, bench)
        if renewed is None:
            return None
        written, revision = renewed.row, renewed.revision
        events += [event for event in renewed.events if isinstance(event, EstimateRevised)]
        # What is told of delays and promises is settled: it was at the door.
        written |= {name: {**_BLANK, **(row or {})}[name] for name in _TOLD}
    was_measured = row is not None and row.get("came_at") is not None
    written |= {
        "subject_id": subject.id,
        "parcel_id": subject.parcel_id,
        "order_id": subject.order_id,
        "promised_latest": subject.promised_latest,
        "came_at": subject.came_at,
        "looked_at": at,
    }
    if subject.came_at is None:
        # Cancelled, withdrawn or on its way back: what was told of a delay is no more.
        events += _taken_back(subject, written)
    else:
        events += _outcomes(subject, written, bench)
        if not was_measured:
            events.append(_measured(DeliveryMeasured, subject, written, bench, kept=_kept(subject, bench)))
    return Renewed(
        row=written,
        is_new=not is_known,
        is_changed=not is_known or row is None or _changing(written) != _changing(row),
        revision=revision,
        events=tuple(events),
    )


#: What is not yet known of a new row.
_BLANK: Row = {
    "stages": {}, "delay_days": None, "delay_basis": "", "delay_predicted_at": None, "outcome": Outcome.WAITING.value,
    "came_at": None, "closed_at": None, "late_probability": None, "seen": "", "carrier_word": "", "model": "",
    "rule": "", "trust": "", "revision": 1,
}  # fmt: skip
#: The columns a row is written with.
WRITTEN = (
    "subject_id", "parcel_id", "order_id", "stage", "earliest_at", "likely_at", "latest_at", "precision", "source",
    "confidence", "late_probability", "basis", "reason", "revision", "estimated_at", "looked_at", "due_at", "seen",
    "carrier_word", "model", "rule", "trust", "promised_latest", "stages", "delay_days", "delay_basis",
    "delay_predicted_at", "outcome", "came_at", "closed_at",
)  # fmt: skip
#: What is another with most looks, and alone no change.
LOOKED_AT = ("looked_at", "due_at", "late_probability", "seen")
_changing = itemgetter(*(name for name in WRITTEN if name not in LOOKED_AT))


def _offers(
    subject: Subject, forecast: Forecast | None, ruled: Ruled | None, bench: Bench
) -> tuple[Offer | None, Offer | None, Offer | None]:
    said = carriers_word(subject.carrier_earliest, subject.carrier_latest, bench.zone)
    return (
        carrier_offer(said, subject.stage, at=bench.at),
        model_offer(forecast),
        rule_offer(ruled.window, at=bench.at, is_own=ruled.is_own) if ruled is not None else None,
    )


def _held(row: Row | None) -> Held | None:
    if row is None or "id" not in row:
        return None
    return Held(
        offer=offer_of(row),
        stage=Stage(row["stage"]),
        seen=row["seen"],
        carrier_word=row["carrier_word"],
        model=row["model"],
        rule=row["rule"],
        trust=tuple(Source(word) for word in row["trust"].split()),
    )


def offer_of(row: Mapping[str, Any]) -> Offer:
    """Read the estimate of a stored row."""
    return Offer(
        source=Source(row["source"]),
        window=Window(row["earliest_at"], row["likely_at"], row["latest_at"]),
        precision=Precision(row["precision"]),
        confidence=Confidence(row["confidence"]),
        basis=basis_of(row["basis"]),
    )


def basis_of(held: Mapping[str, Any]) -> Basis | None:
    """Read what a forecast rested on; None where no model spoke."""
    if not held:
        return None
    return Basis(
        level=Level(held["level"]),
        deliveries=held["deliveries"],
        usual_days=tuple(held["usual_days"]),
        drift_days=held["drift_days"],
    )


def _written(offer: Offer) -> Row:
    basis = offer.basis
    return {
        "earliest_at": offer.window.earliest_at,
        "likely_at": offer.window.likely_at,
        "latest_at": offer.window.latest_at,
        "precision": offer.precision.value,
        "source": offer.source.value,
        "confidence": offer.confidence.value,
        "basis": {
            "level": basis.level.value,
            "deliveries": basis.deliveries,
            "usual_days": list(basis.usual_days),
            "drift_days": basis.drift_days,
        }
        if basis is not None
        else {},
    }


def _came(subject: Subject, at: datetime) -> Row:
    """Make the estimate of what had come before anybody looked: there is nothing left to guess."""
    moment = subject.came_at or at
    return {
        "stage": subject.stage.value, "earliest_at": moment, "likely_at": moment, "latest_at": moment,
        "precision": Precision.MOMENT.value, "source": Source.CARRIER.value, "confidence": Confidence.HIGH.value,
        "basis": {}, "reason": Reason.FIRST.value, "estimated_at": at,
    }  # fmt: skip


def _rule_word(ruled: Ruled | None) -> str:
    return ruled.window.latest_at.isoformat() if ruled is not None else ""


def _trust_word(trust: Sequence[Source]) -> str:
    return " ".join(trust)


def _revision(row: Row, at: datetime) -> Row:
    names = (
        "subject_id", "revision", "stage", "earliest_at", "likely_at", "latest_at", "precision", "source", "confidence",
        "basis", "reason",
    )  # fmt: skip
    return {**{name: row[name] for name in names}, "at": at}


def _revised(subject: Subject, before: Offer, now: Offer, row: Row, bench: Bench) -> EstimateRevised:
    return EstimateRevised(
        parcel_id=subject.parcel_id,
        order_id=subject.order_id,
        stage=subject.stage.value,
        revision=row["revision"],
        reason=row["reason"],
        source=now.source.value,
        precision=now.precision.value,
        confidence=now.confidence.value,
        earliest_at=now.window.earliest_at,
        likely_at=now.window.likely_at,
        latest_at=now.window.latest_at,
        days_moved=(bench.day(now.window.likely_at) - bench.day(before.window.likely_at)).days,
        previous_source=before.source.value,
        previous_earliest_at=before.window.earliest_at,
        previous_likely_at=before.window.likely_at,
        previous_latest_at=before.window.latest_at,
    )


def _stages(
    held: Mapping[str, Any],
    subject: Subject,
    shown: Offer,
    offers: tuple[Offer | None, Offer | None, Offer | None],
    at: datetime,
) -> Row:
    """Keep what was expected when each stage was reached; a carrier's first word in it may come later."""
    carrier, model, rule = offers
    stage, stages = subject.stage.value, dict(held)
    if stage not in stages:
        own = model or rule
        stages[stage] = {
            "at": at.isoformat(),
            "shown": _expected(shown),
            "own": _expected(own) if own is not None else None,
            "carrier": _expected(carrier) if carrier is not None else None,
        }
    elif stages[stage]["carrier"] is None and carrier is not None:
        stages[stage] = {**stages[stage], "carrier": _expected(carrier)}
    return stages


def _expected(offer: Offer) -> Row:
    window = offer.window
    return {
        "source": offer.source.value,
        "earliest_at": window.earliest_at.isoformat(),
        "likely_at": window.likely_at.isoformat(),
        "latest_at": window.latest_at.isoformat(),
    }


def foreseen(held: Mapping[str, Any], came_at: datetime | None) -> tuple[StageEstimates, ...]:
    """Read what was expected at each stage before it came: what was told after it, for scans came late, foresaw nothing."""
    return tuple(stage for stage in stages_of(held) if came_at is None or stage.at < came_at)


def stages_of(held: Mapping[str, Any]) -> tuple[StageEstimates, ...]:
    """Read what was expected at each stage, in the order of the stages."""

    def expected(written: Mapping[str, str] | None) -> Expected | None:
        if written is None:
            return None
        return Expected(
            source=written["source"],
            earliest_at=datetime.fromisoformat(written["earliest_at"]),
            likely_at=datetime.fromisoformat(written["likely_at"]),
            latest_at=datetime.fromisoformat(written["latest_at"]),
        )

    found = []
    for stage in STAGES:
        told = held.get(stage.value)
        shown = expected(told["shown"]) if told is not None else None
        if told is not None and shown is not None:
            found.append(
                StageEstimates(
                    stage=stage.value,
                    at=datetime.fromisoformat(told["at"]),
                    shown=shown,
                    own=expected(told["own"]),
                    carrier=expected(told["carrier"]),
                )
            )
    return tuple(found)


def _delays(
    subject: Subject, row: Row, shown: Offer, probability: float | None, bench: Bench
) -> list[object]:
    """Tell, tell again or take back that something will come late; sets what was told in the row."""
    latest = subject.promised_latest
    if latest is None or outcome(latest, came_on=None, at=bench.at, zone=bench.zone) is not Outcome.WAITING:
        return []
    alarm = bench.settings.alarm
    now = delay(shown, promised_latest=latest, probability=probability, alarm=alarm, zone=bench.zone)
    step = next_step(now, told_days=row["delay_days"], probability=probability, alarm=alarm)
    if step is DelayStep.TAKE_BACK:
        return _taken_back(subject, row)
    if now is None or step is DelayStep.NOTHING:
        return []
    row["delay_days"], row["delay_basis"] = now.days, now.basis.value
    row["delay_predicted_at"] = row["delay_predicted_at"] or bench.at
    return [
        DelayPredicted(
            parcel_id=subject.parcel_id,
            order_id=subject.order_id,
            **_lane(subject),
            stage=subject.stage.value,
            promised_latest=latest,
            likely_at=shown.window.likely_at,
            latest_at=shown.window.latest_at,
            days_late=now.days,
            probability=probability,
            basis=now.basis.value,
            source=shown.source.value,
            again=step is DelayStep.TELL_AGAIN,
        )
    ]


def _taken_back(subject: Subject, row: Row) -> list[object]:
    predicted_at = row["delay_predicted_at"]
    row |= {"delay_days": None, "delay_basis": "", "delay_predicted_at": None}
    if predicted_at is None or subject.promised_latest is None or row["outcome"] != Outcome.WAITING:
        return []
    return [
        DelayTakenBack(
            parcel_id=subject.parcel_id,
            order_id=subject.order_id,
            promised_latest=subject.promised_latest,
            likely_at=row["likely_at"],
            predicted_at=predicted_at,
        )
    ]


def _outcomes(subject: Subject, row: Row, bench: Bench) -> list[object]:
    """Tell once what became of the promise; what came in time after all is told as kept."""
    came_on = bench.day(subject.came_at) if subject.came_at is not None else None
    now = outcome(subject.promised_latest, came_on=came_on, at=bench.at, zone=bench.zone)
    before = Outcome(row["outcome"])
    if before is Outcome.KEPT or now is before or (before is Outcome.BROKEN and now is not Outcome.KEPT):
        return []
    row["outcome"] = now.value
    if subject.promised_latest is None or (
        came_on is None and bench.day(bench.at) - subject.promised_latest > STALE
    ):
        return []
    if now is Outcome.KEPT:
        return [_measured(PromiseKept, subject, row, bench, corrects=before is Outcome.BROKEN)]
    if now is Outcome.BROKEN:
        return [_measured(PromiseBroken, subject, row, bench)]
    return []


def _measured(event: type[Any], subject: Subject, row: Row, bench: Bench, **more: object) -> object:
    came_on = bench.day(subject.came_at) if subject.came_at is not None else None
    latest = subject.promised_latest
    return event(
        parcel_id=subject.parcel_id,
        order_id=subject.order_id,
        **_lane(subject),
        ordered_at=subject.ordered_at,
        handed_over_at=subject.handed_over_at,
        came_at=subject.came_at,
        came_on=came_on,
        delivered_at=subject.delivered_at,
        promised_earliest=subject.promised_earliest,
        promised_latest=latest,
        days_late=(came_on - latest).days if came_on is not None and latest is not None else None,
        delay_predicted_at=row["delay_predicted_at"],
        stages=foreseen(row["stages"], subject.came_at),
        **more,
    )


def _kept(subject: Subject, bench: Bench) -> bool | None:
    if subject.promised_latest is None or subject.came_at is None:
        return None
    return bench.day(subject.came_at) <= subject.promised_latest


def _lane(subject: Subject) -> dict[str, str]:
    lane = subject.lane
    return {
        "carrier": lane.carrier,
        "service": lane.service,
        "origin_country": lane.origin.country,
        "origin_region": lane.origin.region,
        "destination_country": lane.destination.country,
        "destination_region": lane.destination.region,
    }
