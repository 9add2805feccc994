"""Estimates: whom the shop trusts, from when on a delay is told, and the models with what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.promises.public import (
    EstimateSettings,
    EstimateSettingsUnreadable,
    ModelState,
    ModelView,
    Source,
    Stage,
    change_estimate_settings,
    count_open,
    estimate_settings,
    models,
    queue_renewal,
    queue_training,
    restore_estimate_settings,
    retire_model,
    training,
    use_model,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.tenancy import current_merchant_id

_MAY = Permission.SETTINGS_MANAGE
_C, _M, _R = Source.CARRIER, Source.MODEL, Source.RULE
_BY_ACCURACY = "accuracy"
#: The orders of trust, as they are offered.
_ORDERS: dict[str, tuple[str, tuple[Source, ...]]] = {
    "carrier model rule": ("The carrier’s own day, then the model, then the rules", (_C, _M, _R)),
    "model carrier rule": ("The model, then the carrier’s own day, then the rules", (_M, _C, _R)),
    "rule carrier model": ("The rules, then the carrier’s own day, then the model", (_R, _C, _M)),
    "rule model carrier": ("The rules, then the model, then the carrier’s own day", (_R, _M, _C)),
    "model rule carrier": ("The model, then the rules, then the carrier’s own day", (_M, _R, _C)),
    "carrier rule model": ("The carrier’s own day, then the rules, then the model", (_C, _R, _M)),
    _BY_ACCURACY: ("Whoever was nearer of late, stage by stage", (_C, _M, _R)),
}
SOURCES = {_C: "Carrier", _M: "Model", _R: "Rules"}
STAGES = {
    Stage.ORDERED: "Ordered",
    Stage.HANDED_OVER: "Handed over",
    Stage.IN_TRANSIT: "In transit",
    Stage.OUT_FOR_DELIVERY: "Out for delivery",
}
_SEASONS = {"0": "The rest of the year", "1": "Black Friday", "2": "Advent", "3": "Year’s end"}
_STATES = {
    ModelState.LIVE: ("ok", "Answers"),
    ModelState.REFUSED: ("calm", "No better"),
    ModelState.RETIRED: ("calm", "Retired"),
    ModelState.DAMAGED: ("broken", "Damaged"),
}


class Form(forms.Form):
    """How estimates are made."""

    order = forms.ChoiceField(
        label="Believe first", choices=[(name, label) for name, (label, _) in _ORDERS.items()],
        help_text="The next one speaks where the first says nothing, or its last day is over.",
    )  # fmt: skip
    delay_percent = forms.IntegerField(
        label="Tell of a delay from, percent",
        help_text="How probable it is that a parcel comes after the promised days. Usual: 60.",
    )
    delay_days = forms.IntegerField(
        label="Or from so many days beyond the promise",
        help_text="By the day that is expected now. Usual: 1.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("delay_percent", "delay_days"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"


@dataclass(frozen=True, slots=True)
class Off:
    """How far off a source was of late at a stage."""

    stage: str
    source: str
    count: int
    days: str


@dataclass(frozen=True, slots=True)
class Score:
    """A line of a model's card."""

    part: str
    deliveries: int
    error: str
    usual_error: str
    within_80: str
    within_90: str


@dataclass(frozen=True, slots=True)
class Card:
    """A model as it is drawn."""

    number: int
    tone: str
    state: str
    trained_at: datetime
    deliveries: int
    window_from: date | None
    window_to: date | None
    verdict: str
    size_kb: int
    may_answer: bool
    answers: bool
    stages: tuple[Score, ...]
    lanes: tuple[Score, ...]
    seasons: tuple[Score, ...]


@console_page(_MAY)
def show(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Show how estimates are made, and the models."""
    held = estimate_settings()
    order = _BY_ACCURACY if held.by_accuracy else " ".join(held.order)
    initial = {"order": order, "delay_percent": held.delay_percent, "delay_days": held.delay_days}
    return _page(Form(initial=initial))


@act(_MAY)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Set how estimates are made; all that is open is looked at anew."""
    form = Form(request.POST)
    if not form.is_valid():
        return _page(form, status=422)
    given = form.cleaned_data
    wanted = EstimateSettings(
        order=_ORDERS[given["order"]][1],
        by_accuracy=given["order"] == _BY_ACCURACY,
        delay_percent=given["delay_percent"],
        delay_days=given["delay_days"],
    )
    try:
        is_changed = change_estimate_settings(wanted, by=desk.by, at=desk.at)
    except EstimateSettingsUnreadable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name, str(problem))
        return _page(form, status=422)
    if not is_changed:
        return Done(said="Nothing was changed.", back=desk.url("console-estimates"), notes=(), tone="calm")
    queue_renewal(current_merchant_id(), everything=True)
    return Done(
        said="Saved. All that is on its way is being looked at anew; that takes a minute or two.",
        back=desk.url("console-estimates"),
        notes=(
            Note(
                act="estimates.change",
                summary="Changed how estimates are made",
                details={
                    "order": " ".join(wanted.order),
                    "by_accuracy": wanted.by_accuracy,
                    "delay_percent": wanted.delay_percent,
                    "delay_days": wanted.delay_days,
                },
            ),
        ),
        undo=Undo(action=desk.url("console-estimates-restore")),
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Go back to what was chosen before."""
    back = desk.url("console-estimates")
    if not restore_estimate_settings(by=desk.by, at=desk.at):
        return Done(said="Nothing was chosen before this.", back=back, notes=(), tone="calm")
    queue_renewal(current_merchant_id(), everything=True)
    return Done(
        said="What was chosen before holds again.",
        back=back,
        notes=(Note(act="estimates.restore", summary="Went back to how estimates were made before"),),
        undo=Undo(action=desk.url("console-estimates-restore")),
    )


@act(_MAY)
def retrain(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Have a model trained now."""
    queue_training(current_merchant_id())
    return Done(
        said="A model is being trained. It answers only if it is nearer than the one that does.",
        back=desk.url("console-estimates"),
        notes=(Note(act="estimates.train", summary="Had a model of deliveries trained"),),
    )


@act(_MAY)
def use(request: HttpRequest, desk: Desk, number: int) -> Done:  # noqa: ARG001
    """Let a model answer."""
    use_model(number=number, at=desk.at)
    queue_renewal(current_merchant_id(), everything=True)
    return Done(
        said=f"Model {number} answers now.",
        back=desk.url("console-estimates"),
        notes=(Note(act="estimates.use_model", summary=f"Let model {number} answer"),),
    )


@act(_MAY)
def retire(request: HttpRequest, desk: Desk, number: int) -> Done:  # noqa: ARG001
    """Let no model answer."""
    retire_model(number=number, at=desk.at)
    queue_renewal(current_merchant_id(), everything=True)
    return Done(
        said="No model answers now: the rules do.",
        back=desk.url("console-estimates"),
        notes=(Note(act="estimates.retire_model", summary=f"Turned model {number} off"),),
    )


def _page(form: Form, *, status: int = 200) -> Page:
    counted, state, found = count_open(), training(), models()
    open_count = sum(count for source, count in counted.items() if source != "delay")
    return Page(
        template="console/settings/estimates.html",
        title="Estimates",
        place="settings",
        section="estimates",
        values={
            "form": form,
            "open_count": open_count,
            "delayed": counted["delay"],
            "shares": [(label, counted.get(source.value, 0)) for source, label in SOURCES.items()],
            "accuracy": _accuracy(state.accuracy),
            "training": state,
            "cards": [_card(model) for model in found],
            "is_damaged": bool(found) and found[0].state == ModelState.DAMAGED,
            "has_live": any(model.state == ModelState.LIVE for model in found),
        },
        status=status,
    )


def _accuracy(measured: Mapping[str, Mapping[str, Any]]) -> list[Off]:
    return [
        Off(label, SOURCES[source], measured[stage.value][source.value][0], f"{measured[stage.value][source.value][1]:.1f}")
        for stage, label in STAGES.items()
        for source in SOURCES
        if source.value in measured.get(stage.value, {})
    ]  # fmt: skip


def _card(model: ModelView) -> Card:
    tone, state = _STATES[ModelState(model.state)]
    lanes = model.card.get("lanes", {})
    return Card(
        number=model.number,
        tone=tone,
        state=state,
        trained_at=model.trained_at,
        deliveries=model.deliveries,
        window_from=model.window_from,
        window_to=model.window_to,
        verdict=model.verdict,
        size_kb=round(model.size_bytes / 1000),
        may_answer=model.is_kept and model.state in (ModelState.REFUSED, ModelState.RETIRED),
        answers=model.state == ModelState.LIVE,
        stages=_scores(model.card.get("stages", {}), {stage.value: label for stage, label in STAGES.items()}),
        lanes=_scores(lanes, {name: _lane(name) for name in lanes}),
        seasons=_scores(model.card.get("seasons", {}), _SEASONS),
    )


def _lane(written: str) -> str:
    """Write a lane of a card ("gls|GLS Parcel|DE->ES-") as people do."""
    parts = written.split("|")
    if len(parts) != 3 or "->" not in parts[2]:
        return written
    carrier, service, (begin, end) = parts[0], parts[1], parts[2].split("->", 1)
    carried = (
        service
        if carrier and words.carrier(carrier).split()[0] in service
        else f"{words.carrier(carrier)} {service}"
    )
    return f"{carried.strip()}, {begin.strip('-')} to {end.strip('-')}"


def _scores(held: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str]) -> tuple[Score, ...]:
    return tuple(
        Score(
            part=labels.get(name, name),
            deliveries=score.get("deliveries", 0),
            error=_days(score.get("error_days")),
            usual_error=_days(min(score.get("naive_days", {}).values(), default=None)),
            within_80=_percent(score.get("covered_80")),
            within_90=_percent(score.get("covered_90")),
        )
        for name, score in held.items()
    )


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"


urls = [
    path("settings/estimates/", show, name="console-estimates"),
    path("settings/estimates/save/", save, name="console-estimates-save"),
    path("settings/estimates/restore/", restore, name="console-estimates-restore"),
    path("settings/estimates/train/", retrain, name="console-estimates-train"),
    path("settings/estimates/models/<int:number>/use/", use, name="console-estimates-use"),
    path("settings/estimates/models/<int:number>/retire/", retire, name="console-estimates-retire"),
]
