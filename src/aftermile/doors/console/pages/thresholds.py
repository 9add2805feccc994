"""Settings: from when on something needs a person, with what that would mean today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.exceptions.public import (
    LEAST,
    MOST,
    Kind,
    Thresholds,
    ThresholdsUnreadable,
    change_thresholds,
    counts,
    preview,
    read_thresholds,
    thresholds,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.home.days import here_of
from aftermile.doors.console.page import Done, Note, Page
from aftermile.doors.console.staff_only import act, console_page

_KINDS = {
    Kind.NOT_SHIPPED: "Not shipped",
    Kind.NEVER_HANDED_OVER: "Never picked up",
    Kind.STALLED: "Silent",
    Kind.PROBABLY_LOST: "Probably lost",
    Kind.LATE: "Late",
    Kind.DELAY_PREDICTED: "Probably late",
    Kind.PICKUP_WAITING: "Not collected",
    Kind.DELIVERY_FAILED: "Attempts failed",
}


class Form(forms.Form):
    """One number a field, in days where it says nothing else."""

    not_shipped_business_days = forms.IntegerField(
        label="Order not shipped", help_text="Business days from the order to the first parcel."
    )
    never_handed_over_business_days = forms.IntegerField(
        label="Label made, never picked up",
        help_text="Business days from the label to the carrier’s first scan.",
    )
    stalled_domestic_business_days = forms.IntegerField(
        label="Silent, within the country", help_text="Business days without a scan."
    )
    stalled_international_business_days = forms.IntegerField(
        label="Silent, to another country", help_text="Business days without a scan."
    )
    stalled_slowest_percent = forms.IntegerField(
        label="Silent, by its lane",
        help_text="Percent. Where fifty parcels or more arrived on a lane, one that is silent for longer than all but"
        " the slowest of them counts, in place of the business days above.",
    )
    lost_domestic_days = forms.IntegerField(
        label="Probably lost, within the country", help_text="Days without a scan, weekends included."
    )
    lost_international_days = forms.IntegerField(
        label="Probably lost, to another country", help_text="Days without a scan, weekends included."
    )
    late_by_days = forms.IntegerField(
        label="Late", help_text="Days beyond the promised one, passed already or expected by the carrier."
    )
    pickup_waiting_days = forms.IntegerField(
        label="Waits at a pick-up point", help_text="Days; most carriers send it back after seven to ten."
    )
    failed_attempts = forms.IntegerField(
        label="Failed attempts", help_text="After so many, or after one that nothing followed for two days."
    )
    incident_parcels = forms.IntegerField(
        label="One incident",
        help_text="So many parcels of a lane, a hub or a carrier that stand still at once are told as one.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        defaults = asdict(Thresholds())
        for name, field in self.fields.items():
            field.widget.attrs.update({"min": LEAST, "max": MOST, "inputmode": "numeric"})
            field.min_value, field.max_value = LEAST, MOST  # type: ignore[attr-defined]
            field.help_text = f"{field.help_text} Usual: {defaults[name]}."


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of what the numbers would mean today."""

    label: str
    now: int
    then: int


@console_page(Permission.SETTINGS_MANAGE)
def show(request: HttpRequest, desk: Desk) -> Page:
    """Show the thresholds; with numbers in the address, what those would mean."""
    if not request.GET:
        return _page(desk, Form(initial=asdict(thresholds())), None)
    form = Form(request.GET)
    return _page(desk, form, _wanted(form))


@act(Permission.SETTINGS_MANAGE)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Set the thresholds."""
    form = Form(request.POST)
    wanted = _wanted(form)
    if wanted is None:
        return _page(desk, form, None, status=422)
    before = thresholds()
    change_thresholds(given=asdict(wanted), by=desk.by, at=desk.at)
    changed = {name: value for name, value in asdict(wanted).items() if value != getattr(before, name)}
    return Done(
        said="Saved. All parcels are being looked at anew; that takes a minute or two.",
        back=desk.url("console-thresholds"),
        notes=(
            Note(
                act="exception.thresholds",
                summary="Changed from when on something needs a person",
                details={"changed": changed, "before": {name: getattr(before, name) for name in changed}},
            ),
        )
        if changed
        else (),
    )


def _wanted(form: Form) -> Thresholds | None:
    """Read the form; what is wrong is said beside its field."""
    if not form.is_valid():
        return None
    try:
        return read_thresholds(form.cleaned_data)
    except ThresholdsUnreadable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name, f"{str(problem).capitalize()}.")
        return None


def _page(desk: Desk, form: Form, wanted: Thresholds | None, *, status: int = 200) -> Page:
    here = here_of(desk.at, desk.merchant.time_zone)
    effects: list[Effect] = []
    told: Mapping[str, object] = {}
    if wanted is not None:
        would = preview(wanted, at=desk.at)
        now = counts(staff_member_id=None, since=here.midnight).kinds
        effects = [
            Effect(label, now.get(kind, 0), would.kinds.get(kind, 0))
            for kind, label in _KINDS.items()
            if kind is not Kind.NOT_SHIPPED
        ]
        told = {"looked_at": would.looked_at, "is_all": would.is_all}
    return Page(
        template="console/home/thresholds.html",
        title="When something needs a person",
        place="settings",
        section="thresholds",
        values={"form": form, "effects": effects, **told},
        parts={"effect": "console/home/_effect.html"},
        status=status,
    )


urls = [
    path("settings/thresholds/", show, name="console-thresholds"),
    path("settings/thresholds/save/", save, name="console-thresholds-save"),
]
