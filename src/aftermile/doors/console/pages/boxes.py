"""Settings: the boxes orders are packed in, with what choosing among them saved."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.packing.public import (
    HEAVIEST_GRAMS,
    LARGEST_COST_MINOR,
    LONGEST_MM,
    LONGEST_NAME,
    BoxGiven,
    BoxNotFound,
    BoxUnusable,
    BoxView,
    Saving,
    TooManyBoxes,
    archive_box,
    box,
    boxes,
    count_sizes,
    keep_box,
    saving,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.assets import address
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MAY = Permission.SETTINGS_MANAGE
DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A box as it is listed."""

    name: str
    url: str
    away_url: str
    back_url: str
    size: str
    liters: str
    most: str
    cost: str
    usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number about what was saved."""

    label: str
    value: str
    note: str


class Form(forms.Form):
    """A box."""

    name = forms.CharField(
        label="Name",
        max_length=LONGEST_NAME,
        help_text="As it stands on the shelf: the slip names it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    length_mm = forms.IntegerField(label="Length inside, mm", min_value=1, max_value=LONGEST_MM)
    width_mm = forms.IntegerField(label="Width inside, mm", min_value=1, max_value=LONGEST_MM)
    height_mm = forms.IntegerField(label="Height inside, mm", min_value=1, max_value=LONGEST_MM)
    most_grams = forms.IntegerField(
        label="Holds at most, grams",
        required=False,
        min_value=1,
        max_value=HEAVIEST_GRAMS,
        help_text="What may be put into it. Empty: no limit.",
    )
    empty_grams = forms.IntegerField(
        label="Weighs empty, grams",
        required=False,
        min_value=0,
        max_value=HEAVIEST_GRAMS,
        help_text="Added to what is in it.",
    )
    cost_minor = forms.IntegerField(
        label="Costs",
        required=False,
        min_value=0,
        max_value=LARGEST_COST_MINOR,
        help_text="In the smallest coin: 85 is 0.85. Of two equal boxes the cheaper is taken.",
    )
    usual = forms.BooleanField(
        label="The usual box",
        required=False,
        help_text="Taken where nobody chooses. What is saved is counted against it; without one, against the largest.",
    )

    @property
    def given(self) -> BoxGiven:
        """The box as it was described."""
        told = self.cleaned_data
        return BoxGiven(**{**told, "empty_grams": told["empty_grams"] or 0})


@console_page(_MAY)
def listed(request: HttpRequest, desk: Desk) -> Page:
    """List the boxes, with what choosing among them saved."""
    archived = request.GET.get("state") == "archived"
    saved = saving(since=desk.at - timedelta(days=DAYS))
    here = desk.url("console-boxes")
    return Page(
        template="console/settings/boxes.html",
        title="Boxes",
        place="settings",
        section="boxes",
        values={
            "sheet": address("console/packing.css"),
            "rows": [_row(view, desk) for view in boxes(archived=archived)],
            "archived": archived,
            "tabs": [("In use", here, not archived), ("Put away", f"{here}?state=archived", archived)],
            "figures": _figures(saved) if saved.orders else [],
            "orders": saved.orders,
            "compared": saved.compared,
            "days": DAYS,
            "measured": count_sizes(),
        },
    )


@console_page(_MAY)
def new(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Offer to add a box."""
    return _form_page(desk, Form(), None)


@console_page(_MAY)
def edit(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Offer to change a box."""
    view = box(_read(key))
    return _form_page(desk, Form(initial=asdict(view)), view)


@act(_MAY)
def make(request: HttpRequest, desk: Desk) -> Done | Page:
    """Add a box."""
    return _kept(request, desk, None)


@act(_MAY)
def save(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Change a box."""
    return _kept(request, desk, box(_read(key)))


@act(_MAY)
def put_away(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take a box out of use."""
    view = archive_box(box_id=_read(key), by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.name}” is put away. Nothing is packed in it any more.",
        back=desk.url("console-boxes"),
        notes=(Note(act="packing_box.archive", subject=key, summary=f"Put the box “{view.name}” away"),),
        undo=Undo(action=desk.url("console-box-back", key)),
    )


@act(_MAY)
def bring_back(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Use a box again."""
    view = box(_read(key))
    keep_box(given=_given(view), box_id=view.id, by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.name}” is in use again.",
        back=desk.url("console-boxes"),
        notes=(Note(act="packing_box.restore", subject=key, summary=f"Brought back the box “{view.name}”"),),
        undo=Undo(action=desk.url("console-box-away", key)),
    )


def _kept(request: HttpRequest, desk: Desk, before: BoxView | None) -> Done | Page:
    form = Form(request.POST)
    if not form.is_valid():
        return _form_page(desk, form, before, status=422)
    try:
        view = keep_box(given=form.given, box_id=before.id if before else None, by=desk.by, at=desk.at)
    except BoxUnusable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name, refusal.message if name == "name" else f"{str(problem).capitalize()}.")
        return _form_page(desk, form, before, status=422)
    except TooManyBoxes as refusal:
        form.add_error(None, refusal.message)
        return _form_page(desk, form, before, status=422)
    key = public_id("box", view.id)
    undo = Undo(action=desk.url("console-box-away", key))
    if before is not None:
        undo = Undo(action=desk.url("console-box-save", key), fields=_fields(before))
    return Done(
        said=f"“{view.name}” is kept.",
        back=desk.url("console-boxes"),
        notes=(
            Note(
                act="packing_box.keep",
                subject=key,
                summary=f"{'Changed' if before else 'Added'} the box “{view.name}”",
                details={"before": asdict(_given(before)) if before else {}, "now": asdict(_given(view))},
            ),
        ),
        undo=None if before is not None and before.archived else undo,
    )


def _form_page(desk: Desk, form: Form, view: BoxView | None, *, status: int = 200) -> Page:
    key = public_id("box", view.id) if view else ""
    title = view.name if view else "New box"
    return Page(
        template="console/settings/boxes_form.html",
        title=title,
        place="settings",
        section="boxes",
        crumbs=(Crumb("Boxes", desk.url("console-boxes")), Crumb(title)),
        values={
            "form": form,
            "action": desk.url("console-box-save", key) if key else desk.url("console-box-make"),
            "away_url": desk.url("console-box-away", key) if view and not view.archived else "",
        },
        status=status,
    )


def _row(view: BoxView, desk: Desk) -> Row:
    key = public_id("box", view.id)
    return Row(
        name=view.name,
        url=desk.url("console-box", key),
        away_url=desk.url("console-box-away", key),
        back_url=desk.url("console-box-back", key),
        size=f"{view.length_mm} × {view.width_mm} × {view.height_mm} mm",
        liters=f"{view.fitted.volume / 1e6:,.1f} L",
        most=grams_in_words(view.most_grams),
        cost=words.money(view.cost_minor, desk.merchant.currency) if view.cost_minor is not None else "",
        usual=view.usual,
    )


def _figures(saved: Saving) -> list[Figure]:
    """Tell what was saved; a share of nothing is not told."""
    told = [Figure(label="Orders packed", value=f"{saved.orders:,}", note="noted at the order, or by API")]
    if not saved.compared:
        return told
    spared = saved.spared_mm3
    share = (
        f"{abs(spared) / saved.usual_mm3:.0%} {'less' if spared >= 0 else 'more'} than the usual box takes"
    )
    return [
        *told,
        Figure(
            label="Space not shipped" if spared >= 0 else "More space shipped",
            value=liters_in_words(abs(spared)),
            note=share,
        ),
        Figure(
            label="Air in the boxes",
            value=f"{saved.air_mm3 / saved.used_mm3:.0%}",
            note=f"{liters_in_words(saved.air_mm3)} of {liters_in_words(saved.used_mm3)}",
        ),
        Figure(
            label="Left to save",
            value=liters_in_words(max(0, saved.missed_mm3)),
            note="had the boxes chosen here been taken",
        ),
    ]


def liters_in_words(mm3: int) -> str:
    """Write a volume: "12.4 L"."""
    liters = mm3 / 1e6
    return f"{liters:,.0f} L" if liters >= 100 or not mm3 else f"{liters:,.1f} L"


def grams_in_words(grams: int | None) -> str:
    """Write a weight: "240 g", "12.5 kg"; nothing for none."""
    if grams is None:
        return ""
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:,.1f} kg"


def _given(view: BoxView) -> BoxGiven:
    return BoxGiven(
        name=view.name,
        length_mm=view.length_mm,
        width_mm=view.width_mm,
        height_mm=view.height_mm,
        most_grams=view.most_grams,
        empty_grams=view.empty_grams,
        cost_minor=view.cost_minor,
        usual=view.usual,
    )


def _fields(view: BoxView) -> tuple[tuple[str, str], ...]:
    """Write a box as the form that makes it so again."""
    told = asdict(_given(view))
    usual = (("usual", "on"),) if told.pop("usual") else ()
    return (*((name, str(value)) for name, value in told.items() if value is not None), *usual)


def _read(key: str) -> UUID:
    try:
        return read_public_id("box", key)
    except BadPublicId:
        raise BoxNotFound from None


urls = [
    path("settings/boxes/", listed, name="console-boxes"),
    path("settings/boxes/new/", new, name="console-box-new"),
    path("settings/boxes/make/", make, name="console-box-make"),
    path("settings/boxes/<str:key>/", edit, name="console-box"),
    path("settings/boxes/<str:key>/save/", save, name="console-box-save"),
    path("settings/boxes/<str:key>/away/", put_away, name="console-box-away"),
    path("settings/boxes/<str:key>/back/", bring_back, name="console-box-back"),
]
