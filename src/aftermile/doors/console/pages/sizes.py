"""Settings: how large things are, one by one or from a table."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.packing.public import (
    HEAVIEST_GRAMS,
    LONGEST_MM,
    LONGEST_SKU,
    SizeFileUnreadable,
    SizeGiven,
    SizeUnusable,
    SizeView,
    count_sizes,
    keep_sizes,
    list_sizes,
    read_size_file,
    remove_size,
    sizes,
)
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.csv_file import csv_file
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.pages.boxes import grams_in_words
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page

_MAY = Permission.SETTINGS_MANAGE
_COLUMNS = ("sku", "length_mm", "width_mm", "height_mm", "weight_grams", "this_way_up", "fragile")
_PROBLEMS_SHOWN = 20
_LARGEST_FILE_BYTES = 4 * 1024 * 1024
_MOST_IN_FILE = 20_000


class Form(forms.Form):
    """The size of one thing."""

    sku = forms.CharField(
        label="SKU",
        max_length=LONGEST_SKU,
        help_text="As it stands on the lines of orders.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    length_mm = forms.IntegerField(label="Length, mm", min_value=1, max_value=LONGEST_MM)
    width_mm = forms.IntegerField(label="Width, mm", min_value=1, max_value=LONGEST_MM)
    height_mm = forms.IntegerField(label="Height, mm", min_value=1, max_value=LONGEST_MM)
    weight_grams = forms.IntegerField(
        label="Weight, grams",
        required=False,
        min_value=0,
        max_value=HEAVIEST_GRAMS,
        help_text="Empty: what the storefront says.",
    )
    this_way_up = forms.BooleanField(
        label="This way up", required=False, help_text="Its height stays upright."
    )
    fragile = forms.BooleanField(label="Fragile", required=False, help_text="Nothing is put on it.")


@console_page(_MAY)
def listed(request: HttpRequest, desk: Desk) -> Page:
    """List how large things are."""
    return _list(request, desk)


@console_page(_MAY)
def edit(request: HttpRequest, desk: Desk) -> Page:
    """Offer to measure something, or to correct it."""
    sku = request.GET.get("sku", "").strip()[:LONGEST_SKU]
    known = sizes([sku]).get(sku)
    return _form_page(desk, Form(initial=asdict(known) if known else {"sku": sku}), known)


@act(_MAY)
def keep(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep how large something is."""
    form = Form(request.POST)
    if not form.is_valid():
        return _form_page(desk, form, None, status=422)
    given = SizeGiven(**form.cleaned_data)
    before = sizes([given.sku.strip()]).get(given.sku.strip())
    try:
        keep_sizes(given=[given], by=desk.by, at=desk.at)
    except SizeUnusable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name, f"{str(problem).capitalize()}.")
        return _form_page(desk, form, None, status=422)
    undo = Undo(action=desk.url("console-size-remove"), fields=(("sku", given.sku),))
    if before is not None:
        undo = Undo(action=desk.url("console-size-keep"), fields=_fields(before))
    return Done(
        said=f"{given.sku} is measured.",
        back=desk.url("console-sizes"),
        notes=(Note(act="item_size.keep", summary=f"Kept the size of {given.sku}", details=asdict(given)),),
        undo=undo,
    )


@act(_MAY)
def remove(request: HttpRequest, desk: Desk) -> Done:
    """Forget how large something is."""
    view = remove_size(sku=request.POST.get("sku", "")[:LONGEST_SKU])
    return Done(
        said=f"The size of {view.sku} is forgotten.",
        back=desk.url("console-sizes"),
        notes=(Note(act="item_size.remove", summary=f"Forgot the size of {view.sku}"),),
        undo=Undo(action=desk.url("console-size-keep"), fields=_fields(view)),
    )


@act(_MAY)
def upload(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep the sizes of a table; rows that cannot be read are told by their lines."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        return _list(request, desk, problem="Choose a CSV file first.", status=422)
    if sent.size > _LARGEST_FILE_BYTES:
        return _list(request, desk, problem="The file has more than 4 MB; send it in parts.", status=422)
    try:
        read = read_size_file(sent.read())
    except SizeFileUnreadable as refusal:
        return _list(request, desk, problem=refusal.message, status=422)
    changed = keep_sizes(given=read.sizes, by=desk.by, at=desk.at)
    told = f"{len(read.sizes):,} size{'' if len(read.sizes) == 1 else 's'} read, {changed:,} new or changed."
    note = Note(
        act="item_size.upload",
        summary="Read sizes from a file",
        details={"read": len(read.sizes), "changed": changed, "refused": len(read.problems)},
    )
    if not read.problems:
        return Done(said=told, back=desk.url("console-sizes"), notes=(note,))
    count = len(read.problems)
    return Done(
        said=f"{told} {count:,} row{' was' if count == 1 else 's were'} left out.",
        back=desk.url("console-sizes"),
        notes=(note,),
        tone="watch",
        show=_list(
            request,
            desk,
            told=told,
            problems=read.problems[:_PROBLEMS_SHOWN],
            more=max(0, count - _PROBLEMS_SHOWN),
        ),
    )


@console_page(_MAY)
def file(request: HttpRequest, desk: Desk) -> HttpResponse:  # noqa: ARG001
    """Send all sizes as the table that can be sent back."""
    rows = [
        [view.sku, view.length_mm, view.width_mm, view.height_mm, view.weight_grams,
         "yes" if view.this_way_up else "", "yes" if view.fragile else ""]
        for view in list_sizes(limit=_MOST_IN_FILE)
    ]  # fmt: skip
    return csv_file("sizes.csv", _COLUMNS, rows)


def _list(
    request: HttpRequest,
    desk: Desk,
    *,
    problem: str = "",
    told: str = "",
    problems: tuple[tuple[int, str], ...] = (),
    more: int = 0,
    status: int = 200,
) -> Page:
    typed = request.GET.get("words", "").strip()[:LONGEST_SKU]
    found = list_sizes(words=typed, after=request.GET.get("after", "")[:LONGEST_SKU], limit=SIZE + 1)
    return Page(
        template="console/settings/sizes.html",
        title="Sizes of products",
        place="settings",
        section="boxes",
        crumbs=(Crumb("Boxes", desk.url("console-boxes")), Crumb("Sizes of products")),
        values={
            "rows": [
                {
                    "sku": view.sku,
                    "url": f"{desk.url('console-size')}?{urlencode({'sku': view.sku})}",
                    "size": f"{view.length_mm} × {view.width_mm} × {view.height_mm} mm",
                    "weight": grams_in_words(view.weight_grams),
                    "care": ", ".join(
                        said
                        for said, is_so in (("this way up", view.this_way_up), ("fragile", view.fragile))
                        if is_so
                    ),
                    "changed_at": view.changed_at,
                }
                for view in found[:SIZE]
            ],
            "words": typed,
            "problem": problem,
            "told": told,
            "problems": problems,
            "more": more,
            "columns": ", ".join(_COLUMNS),
            "paging": paging(
                request,
                next_cursor=found[SIZE - 1].sku if len(found) > SIZE else "",
                told=f"{len(found[:SIZE])} of {count_sizes():,} shown",
            ),
        },
        status=status,
    )


def _form_page(desk: Desk, form: Form, view: SizeView | None, *, status: int = 200) -> Page:
    title = view.sku if view else "Measure something"
    return Page(
        template="console/settings/sizes_form.html",
        title=title,
        place="settings",
        section="boxes",
        crumbs=(
            Crumb("Boxes", desk.url("console-boxes")),
            Crumb("Sizes of products", desk.url("console-sizes")),
            Crumb(title),
        ),
        values={"form": form, "sku": view.sku if view else ""},
        status=status,
    )


def _fields(view: SizeView) -> tuple[tuple[str, str], ...]:
    """Write a size as the form that makes it so again."""
    told = [(name, getattr(view, name)) for name in _COLUMNS]
    return tuple(
        (name, "on" if value is True else str(value))
        for name, value in told
        if value is not None and value is not False
    )


urls = [
    path("settings/boxes/sizes/", listed, name="console-sizes"),
    path("settings/boxes/sizes/one/", edit, name="console-size"),
    path("settings/boxes/sizes/keep/", keep, name="console-size-keep"),
    path("settings/boxes/sizes/remove/", remove, name="console-size-remove"),
    path("settings/boxes/sizes/upload/", upload, name="console-sizes-upload"),
    path("settings/boxes/sizes/sizes.csv", file, name="console-sizes-file"),
]
