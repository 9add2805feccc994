"""A shopper's data: find them, see what is held, hand out a copy, erase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.search.public import Filters, find_orders
from aftermile.capabilities.shoppers.public import (
    ShopperNotFound,
    ShopperView,
    shopper_ids,
    shopper_summaries,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.doors.assets import address
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.privacy.copy import JSON_NAME, unpacked
from aftermile.doors.console.privacy.holdings import Holdings, holdings
from aftermile.doors.console.privacy.requests import (
    RequestNotFound,
    RequestView,
    ask_for_copy,
    erase,
    file_of,
    requests_of,
)
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.allowance import spend
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MAY = Permission.SHOPPERS_ERASE
#: Look-ups of one person: enough for a day of requests, too few to read out all shoppers.
LOOK_UPS, PER = 60, timedelta(hours=1)
_MOST_FOUND = 20
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant."""

    url: str
    name: str
    email: str
    country: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Room:
    """What is held in one place, in words, and what an erasure leaves of it."""

    label: str
    held: str
    after: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A copy or an erasure: how far it is, and its files."""

    key: str
    label: str
    shopper_key: str
    url: str  # the shopper's page
    who: str
    is_erasure: bool
    is_finished: bool
    done: int
    steps: int
    said: str
    json_url: str
    zip_url: str
    created_at: datetime


class Search(forms.Form):
    """Whom to look for."""

    about = forms.CharField(
        label="E-mail address, phone number or order number",
        max_length=254,
        help_text="As the shopper gave it. Who looks for whom is limited to 60 an hour.",
        error_messages={"required": "Write what you have of the shopper."},
    )
    about.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})


class Erasure(forms.Form):
    """The last word before an erasure."""

    typed = forms.CharField(max_length=254, required=False)

    def __init__(self, *args: object, expected: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.expected = expected
        field = self.fields["typed"]
        field.label = f"To confirm, type {expected}"
        field.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})

    def clean_typed(self) -> str:
        """Take nothing but what was asked for; letters may be of either case."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed.casefold() != self.expected.casefold():
            raise forms.ValidationError("This is something else. Nothing was erased.")
        return typed


@console_page(_MAY)
def start(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Offer to look for a shopper, and list what was asked for lately."""
    return _start(desk, Search())


@act(_MAY)
def find(request: HttpRequest, desk: Desk) -> Page | Done:
    """Look for a shopper. By POST: whom somebody looks for stands in no address and no log."""
    form = Search(request.POST)
    if not form.is_valid():
        return _start(desk, form, status=422)
    if not spend("privacy", str(desk.merchant.id), str(desk.person.id), limit=LOOK_UPS, per=PER).is_granted:
        form.add_error("about", "You have looked for many shoppers within the hour. Go on in a while.")
        return _start(desk, form, status=429)
    found = _found(desk, form.cleaned_data["about"].strip())
    if not found:
        form.add_error("about", "Nobody here has this. Try another spelling, or the number of an order.")
        return _start(desk, form, status=422)
    return _start(desk, form, found=found)


@console_page(_MAY, fresh=True)
def one(request: HttpRequest, desk: Desk, shopper: str) -> Page:  # noqa: ARG001
    """Show what is held on a shopper, with what can be done about it."""
    return _one(desk, holdings(_shopper_id(shopper)))


@act(_MAY, fresh=True)
def copy(request: HttpRequest, desk: Desk, shopper: str) -> Done:  # noqa: ARG001
    """Begin a copy of what is held on a shopper."""
    held = holdings(_shopper_id(shopper))
    key = public_id("shp", held.shopper.id)
    ask_for_copy(shopper_id=held.shopper.id, by=desk.by, at=desk.at)
    return Done(
        said="The copy is being made. You may leave this page; it will be here.",
        back=desk.url("console-privacy-shopper", key),
        notes=(Note(act="shopper.copy", subject=key, summary="Made a copy of a shopper’s data"),),
        tone="calm",
    )


@act(_MAY, fresh=True)
def erase_now(request: HttpRequest, desk: Desk, shopper: str) -> Done | Page:
    """Erase a shopper. There is no way back."""
    held = holdings(_shopper_id(shopper))
    key = public_id("shp", held.shopper.id)
    back = desk.url("console-privacy-shopper", key)
    if held.shopper.erased_at is not None:
        return Done(said="This shopper was erased already.", back=back, notes=(), tone="calm")
    form = Erasure(request.POST, expected=_expected(held.shopper))
    if not form.is_valid():
        return _one(desk, held, form, status=422)
    begun = erase(held, by=desk.by, at=desk.at)
    return Done(
        said="Erased. Copies in raw records and messages go within a minute; this page shows it.",
        back=back,
        notes=(
            Note(
                act="shopper.erase",
                subject=key,
                summary=f"Erased a shopper’s personal data, with {_count(begun.counts['orders'], 'order')}",
                details=dict(begun.counts),
            ),
        ),
    )


@console_page(_MAY, fresh=True)
def file(request: HttpRequest, desk: Desk, request_key: str, form: str) -> HttpResponse:  # noqa: ARG001
    """Send a finished copy: the ZIP file, or the JSON file in it."""
    try:
        view, content = file_of(read_public_id("exp", request_key))
    except BadPublicId:
        raise RequestNotFound from None
    name = f"{public_id('shp', view.shopper_id)}-{view.created_at:%Y-%m-%d}"
    if form == "json":
        response = HttpResponse(unpacked(content, JSON_NAME), content_type="application/json")
    else:
        form, response = "zip", HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _start(desk: Desk, form: Search, *, found: Iterable[Found] = (), status: int = 200) -> Page:
    asked = requests_of()
    return Page(
        template="console/settings/privacy.html",
        title="A shopper’s data",
        place="settings",
        section="privacy",
        values={
            "sheet": address("console/settings.css"),
            "form": form,
            "found": list(found),
            "asked": _asked(desk, asked),
        },
        status=status,
    )


def _one(desk: Desk, held: Holdings, form: Erasure | None = None, *, status: int = 200) -> Page:
    view = held.shopper
    key = public_id("shp", view.id)
    asked = _asked(desk, requests_of(view.id))
    return Page(
        template="console/settings/privacy_shopper.html",
        title="Erased shopper" if view.erased_at else view.name or "A shopper without a name",
        place="settings",
        section="privacy",
        crumbs=(
            Crumb("A shopper’s data", desk.url("console-privacy")),
            Crumb("Erased" if view.erased_at else view.name or key),
        ),
        values={
            "sheet": address("console/settings.css"),
            "key": key,
            "email": view.email,
            "erased_at": view.erased_at,
            "rooms": _rooms(held),
            "form": form or Erasure(expected=_expected(view)),
            "asked": asked,
            "under_way": any(not each.is_finished for each in asked) or _is_still_blanked(held),
            "orders_left": sum(order.erased_at is None for order in held.orders) if view.erased_at else 0,
        },
        parts={"asked": "console/settings/privacy_asked.html"},
        status=status,
    )


def _rooms(held: Holdings) -> list[Room]:
    view = held.shopper
    reach = _count(len(view.contact_points), "way to reach them", "ways to reach them")
    return [
        Room(
            "The shopper",
            "Erased: the country and an id of the source are left."
            if view.erased_at
            else f"Name, {reach}, {_count(len(view.consents), 'consent')}, tags and notes of the source.",
            "What was allowed and refused, without its proof, the country, and a digest of each address, so that"
            " nobody comes back by a late record.",
        ),
        Room(
            "Orders",
            f"{_count(len(held.orders), 'order')} with addresses, what was bought and refunded.",
            "Number, moments, articles, amounts and taxes, and the country: what bookkeeping law asks shops to keep.",
        ),
        Room(
            "Parcels",
            f"{_count(held.parcel_count, 'parcel')} with {_count(held.scan_count, 'scan')}, destination,"
            " signature and proof of delivery.",
            "Tracking numbers and scans, which tell of parcels and not of people.",
        ),
        Room(
            "Exceptions",
            f"{_count(len(held.exceptions), 'time', 'times')} something went wrong, with what staff noted about it.",
            "That it happened, without the notes.",
        ),
        Room(
            "Raw records",
            "What sources sent, word for word, for as long as data retention says.",
            "That a record came, without its body. It cannot be read again.",
        ),
        Room(
            "Messages to other systems",
            "What your own systems were told of these orders, for as long as data retention says.",
            "That a message was sent, without what it said. What those systems hold is theirs to erase.",
        ),
        Room(
            "Exported files",
            "Copies made here, and files of rows that others exported within the last days.",
            "Copies go at once. Files of rows go by themselves after their days; whoever has downloaded one holds it.",
        ),
    ]


def _asked(desk: Desk, views: list[RequestView]) -> list[Asked]:
    named = names_of({view.wanted_by for view in views})
    return [
        Asked(
            key=public_id("exp", view.id),
            label="Erasure" if view.is_erasure else "Copy",
            shopper_key=public_id("shp", view.shopper_id),
            url=desk.url("console-privacy-shopper", public_id("shp", view.shopper_id)),
            who=named[view.wanted_by],
            is_erasure=view.is_erasure,
            is_finished=view.is_finished,
            done=view.done,
            steps=view.steps,
            said=_said(view),
            json_url=desk.url("console-privacy-file", public_id("exp", view.id), "json")
            if view.has_file
            else "",
            zip_url=desk.url("console-privacy-file", public_id("exp", view.id), "zip")
            if view.has_file
            else "",
            created_at=view.created_at,
        )
        for view in views
    ]


_NAMED = {
    "orders": ("order", "orders"),
    "parcels": ("parcel", "parcels"),
    "scans": ("scan", "scans"),
    "notes": ("note of staff", "notes of staff"),
    "raw_records": ("raw record", "raw records"),
}


def _said(view: RequestView) -> str:
    counted = [
        _count(view.counts[name], *words)
        for name, words in _NAMED.items()
        if view.counts.get(name) and not (view.is_erasure and name == "scans")
    ]
    listed = ", ".join(counted) if counted else "nothing but the shopper"
    if not view.is_finished:
        return ""
    if view.is_erasure:
        return f"Blanked: {listed}."
    return f"Holds {listed}." if view.has_file else "The file is gone; it can be made again."


def _is_still_blanked(held: Holdings) -> bool:
    return held.shopper.erased_at is not None and any(order.erased_at is None for order in held.orders)


def _found(desk: Desk, about: str) -> list[Found]:
    ids: list[UUID] = []
    if "@" in about:
        ids = shopper_ids(email=about)
    else:
        if sum(letter.isdigit() for letter in about) >= _FEWEST_DIGITS:
            ids = shopper_ids(phone=about)
        if not ids:
            entries = find_orders(Filters(words=about), limit=_MOST_FOUND)
            if not entries.similar:  # spelled alike is not good enough for an erasure
                ids = [each.shopper_id for each in entries.entries if each.shopper_id]
    summaries = shopper_summaries(list(dict.fromkeys(ids))[:_MOST_FOUND])
    return [
        Found(
            url=desk.url("console-privacy-shopper", public_id("shp", each.id)),
            name="Erased" if each.erased else each.name or "Nobody named",
            email=each.email,
            country=words.country(each.country) if each.country else "",
            is_erased=each.erased,
        )
        for each in {summary.id: summary for summary in summaries.values()}.values()
    ]


def _expected(view: ShopperView) -> str:
    """Return what is to be typed before an erasure: what tells this shopper from others."""
    return view.email or view.phone or "erase"


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _shopper_id(key: str) -> UUID:
    try:
        return read_public_id("shp", key)
    except BadPublicId:
        raise ShopperNotFound from None


urls = [
    path("settings/privacy/", start, name="console-privacy"),
    path("settings/privacy/find/", find, name="console-privacy-find"),
    path("settings/privacy/files/<str:request_key>.<str:form>", file, name="console-privacy-file"),
    path("settings/privacy/<str:shopper>/", one, name="console-privacy-shopper"),
    path("settings/privacy/<str:shopper>/copy/", copy, name="console-privacy-copy"),
    path("settings/privacy/<str:shopper>/erasure/", erase_now, name="console-privacy-erase"),
]
