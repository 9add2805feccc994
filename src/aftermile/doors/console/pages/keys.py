"""API keys: which there are, what each may do, when it was last used; make one, revoke one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest
from django.urls import path, reverse

from aftermile.capabilities.team.public import Permission
from aftermile.doors.api.scopes import SCOPES
from aftermile.doors.assets import address
from aftermile.doors.console.answers import public_url
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.access import (
    EVERYTHING,
    USE_IS_NOTED_EVERY,
    KeyNotFound,
    KeyView,
    create_key,
    list_keys,
    read_key,
    revoke_key,
)
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MAY = Permission.API_KEYS_MANAGE
_EVERYTHING_SAID = "everything, also what later versions add"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed."""

    key: str
    name: str
    hint: str
    may: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    is_in_use: bool  # used within the hour: the note is no finer
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A box to tick."""

    value: str
    allows: str
    is_chosen: bool


class NewKey(forms.Form):
    """What a new key is called and may do."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="What the program is, so that it is found again: “ERP export”.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(EVERYTHING, _EVERYTHING_SAID), *SCOPES.items()],
        error_messages={
            "required": "Choose at least one thing the key may do.",
            "invalid_choice": "%(value)s is nothing a key may do; choose from the list.",
        },
    )
    name.widget.attrs["autocomplete"] = "off"


@console_page(_MAY)
def keys(request: HttpRequest, desk: Desk) -> Page:
    """List the keys, and offer to make one."""
    return _page(request, desk, NewKey())


@act(_MAY, fresh=True)
def make(request: HttpRequest, desk: Desk) -> Done | Page:
    """Make a key; its text is shown once."""
    form = NewKey(request.POST)
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    view, text = create_key(name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], at=desk.at)
    key = public_id("key", view.id)
    return Done(
        said=f"The key “{view.name}” is made.",
        back=desk.url("console-keys"),
        notes=(
            Note(
                act="api_key.make",
                subject=key,
                summary=f"Made the API key “{view.name}” (ends in {view.hint})",
                details={"scopes": list(view.scopes)},
            ),
        ),
        show=Page(
            template="console/settings/keys_made.html",
            title="Your new key",
            place="settings",
            section="keys",
            crumbs=(Crumb("API keys", desk.url("console-keys")), Crumb("New key")),
            values={
                "sheet": address("console/settings.css"),
                "name": view.name,
                "text": text,
                "curl": f"curl -H 'Authorization: Bearer {text}' {_api()}{_first_read(view)}",
                "may": _in_words(view.scopes),
                "reference": reverse("api-docs"),
            },
        ),
    )


@act(_MAY, fresh=True)
def revoke(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take a key out of use for good."""
    try:
        key_id = read_public_id("key", key)
    except BadPublicId:
        raise KeyNotFound("There is no such API key.") from None
    before = read_key(key_id)
    if before.revoked_at is not None:
        return Done(
            said=f"“{before.name}” was revoked already.", back=desk.url("console-keys"), notes=(), tone="calm"
        )
    view = revoke_key(key_id=key_id, at=desk.at)
    return Done(
        said=f"“{view.name}” no longer works. A program that still uses it is told so.",
        back=desk.url("console-keys"),
        notes=(
            Note(
                act="api_key.revoke",
                subject=key,
                summary=f"Revoked the API key “{view.name}” (ended in {view.hint})",
            ),
        ),
    )


def _page(request: HttpRequest, desk: Desk, form: NewKey, *, status: int = 200) -> Page:
    after = request.GET.get("after", "")
    found = list_keys(after=read_public_id("key", after) if after else None, limit=SIZE + 1)
    rows = [_row(view, desk.at) for view in found[:SIZE]]
    return Page(
        template="console/settings/keys.html",
        title="API keys",
        place="settings",
        section="keys",
        values={
            "sheet": address("console/settings.css"),
            "keys": rows,
            "form": form,
            "groups": _groups(form),
            "everything": Scope(EVERYTHING, _EVERYTHING_SAID, EVERYTHING in _chosen(form)),
            "paging": paging(
                request, next_cursor=rows[-1].key if len(found) > SIZE else "", told=f"{len(rows)} keys"
            ),
        },
        status=status,
    )


def _row(view: KeyView, at: datetime) -> Key:
    used = view.last_used_at
    return Key(
        key=public_id("key", view.id),
        name=view.name,
        hint=view.hint,
        may=_in_words(view.scopes),
        created_at=view.created_at,
        last_used_at=used,
        is_in_use=used is not None and at - used < USE_IS_NOTED_EVERY,
        revoked_at=view.revoked_at,
    )


def _in_words(scopes: Sequence[str]) -> tuple[str, ...]:
    if EVERYTHING in scopes:
        return (_EVERYTHING_SAID,)
    return tuple(SCOPES.get(scope, scope) for scope in scopes)


def _groups(form: NewKey) -> list[tuple[str, list[Scope]]]:
    """Return the scopes under what they are about, in their own order."""
    chosen = _chosen(form)
    groups: dict[str, list[Scope]] = {}
    for scope, allows in SCOPES.items():
        groups.setdefault(scope.partition(":")[0], []).append(
            Scope(scope, allows[:1].upper() + allows[1:], scope in chosen)
        )
    return [("API keys" if name == "keys" else name.capitalize(), found) for name, found in groups.items()]


def _chosen(form: NewKey) -> Sequence[str]:
    return list(form["scopes"].value() or ())


def _api() -> str:
    return public_url(reverse("api-docs").removesuffix("docs"))


def _first_read(view: KeyView) -> str:
    """Return a list the key may read, to try it with."""
    lists = {
        "orders": "orders", "shoppers": "shoppers", "products": "products", "shipments": "parcels",
        "connections": "connections", "events": "events", "webhooks": "webhook-endpoints", "keys": "keys",
    }  # fmt: skip
    readable = (scope.partition(":")[0] for scope in view.scopes if scope.endswith(":read"))
    return lists.get(next(readable, ""), "orders")


urls = [
    path("settings/keys/", keys, name="console-keys"),
    path("settings/keys/make/", make, name="console-key-make"),
    path("settings/keys/<str:key>/revocation/", revoke, name="console-key-revoke"),
]
