"""Settings: how much shoppers are told and when, and which addresses get nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.messaging.public import (
    Dead,
    Lifted,
    MessagingSettings,
    MessagingSettingsUnreadable,
    Scope,
    SplitOrders,
    SuppressedFor,
    SuppressionNotFound,
    SuppressionView,
    change_messaging_settings,
    lift_suppression,
    messaging_settings,
    put_suppression_back,
    restore_messaging_settings,
    suppress_addresses,
    suppressions,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.messages_told import MEDIA
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.ids import public_id

_MAY = Permission.SETTINGS_MANAGE
_ORDERED = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.PUSH)
REASONS = {
    SuppressedFor.BOUNCED: ("broken", "Came back"),
    SuppressedFor.COMPLAINED: ("late", "Reported as spam"),
    SuppressedFor.BY_HAND: ("calm", "Put here by staff"),
}
_SCOPES = {Scope.ALL: "gets nothing", Scope.OPTIONAL: "gets only what belongs to an order"}


class Form(forms.Form):
    """How a shop sends."""

    quiet_from = forms.TimeField(
        label="Quiet from", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="until",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    transactional_may_wake = forms.BooleanField(
        label="What belongs to an order may come at night", required=False
    )
    bad_news_may_wake = forms.BooleanField(
        label="Bad news may come at night",
        required=False,
        help_text="A delay is easier to bear when known early.",
    )
    cap_count = forms.IntegerField(label="At most", min_value=0, max_value=100)
    cap_days = forms.IntegerField(label="in so many days", min_value=1, max_value=365)
    split_orders = forms.ChoiceField(
        label="An order in several parcels, or several orders at once",
        choices=[
            (SplitOrders.EACH.value, "A message for every parcel"),
            (SplitOrders.DIGEST.value, "One message for all that moved"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, settings: MessagingSettings | None = None) -> None:
        initial: dict[str, Any] = {}
        if settings is not None:
            initial = {name: getattr(settings, name) for name in self.base_fields}
            initial |= {f"medium_{place}": medium.value for place, medium in enumerate(settings.media)}
        super().__init__(data, initial=initial)
        choices = [("", "None"), *((each.value, MEDIA[each]) for each in _ORDERED)]
        for place in range(len(_ORDERED)):
            self.fields[f"medium_{place}"] = forms.ChoiceField(
                label="Tried first" if place == 0 else "then", choices=choices, required=place == 0
            )

    @property
    def ways(self) -> tuple[Medium, ...]:
        given = [self.cleaned_data.get(f"medium_{place}") for place in range(len(_ORDERED))]
        return tuple(Medium(each) for each in given if each)

    @property
    def pairs(self) -> dict[str, Any]:
        return {
            "quiet": [self["quiet_from"], self["quiet_until"]],
            "wake": [self["transactional_may_wake"], self["bad_news_may_wake"]],
            "cap": [self["cap_count"], self["cap_days"]],
            "media": [self[f"medium_{place}"] for place in range(len(_ORDERED))],
        }


@console_page(_MAY)
def show(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Show how much is said, and when."""
    return _page(Form(settings=messaging_settings()))


@act(_MAY)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep how much is said, and when."""
    form = Form(request.POST)
    if not form.is_valid():
        return _page(form, status=422)
    before = messaging_settings()
    given = {name: form.cleaned_data[name] for name in form.base_fields}
    wanted = replace(
        before, **given | {"split_orders": SplitOrders(given["split_orders"]), "media": form.ways}
    )
    changed = {
        each.name: _plain(getattr(wanted, each.name))
        for each in fields(wanted)
        if getattr(wanted, each.name) != getattr(before, each.name)
    }
    if not changed:
        return Done(
            said="Nothing was changed.", back=desk.url("console-message-settings"), notes=(), tone="calm"
        )
    try:
        change_messaging_settings(wanted, by=desk.by, at=desk.at)
    except MessagingSettingsUnreadable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name if name in form.fields else "medium_0", str(problem))
        return _page(form, status=422)
    return Done(
        said="Saved. What is planned already is looked at by the new rules when its moment comes.",
        back=desk.url("console-message-settings"),
        notes=(
            Note(
                act="messaging.settings",
                summary="Changed how much shoppers are told, and when",
                details={
                    "changed": changed,
                    "before": {name: _plain(getattr(before, name)) for name in changed},
                },
            ),
        ),
        undo=Undo(action=desk.url("console-message-settings-restore")),
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Go back to the settings before the last change."""
    back = desk.url("console-message-settings")
    if not restore_messaging_settings(by=desk.by, at=desk.at):
        return Done(said="There is nothing to go back to.", back=back, notes=(), tone="calm")
    return Done(
        said="The settings before are back.",
        back=back,
        notes=(Note(act="messaging.settings", summary="Went back to the message settings before"),),
        undo=Undo(action=desk.url("console-message-settings-restore"), label="Change it again"),
    )


# -- who is not written to -----------------------------------------------------------------------------


@console_page(_MAY)
def suppressed(request: HttpRequest, desk: Desk) -> Page:
    """List addresses that get nothing, or nothing optional; find one by how it is written."""
    return _suppressed(request, desk)


@act(_MAY)
def suppress(request: HttpRequest, desk: Desk) -> Done | Page:
    """Put an address on the list."""
    typed = request.POST.get("address", "").strip()[:254]
    media = (Medium.EMAIL,) if "@" in typed else (Medium.SMS, Medium.WHATSAPP)
    if not typed or ("@" not in typed and sum(sign.isdigit() for sign in typed) < 6):
        return _suppressed(
            request, desk, typed=typed, problem="Give an e-mail address or a phone number.", status=422
        )
    count = suppress_addresses(
        dead=[Dead(medium=each, address=typed, reason=SuppressedFor.BY_HAND) for each in media],
        by=desk.by,
        at=desk.at,
    )
    back = desk.url("console-suppressions")
    if not count:
        return Done(said="It was on the list already.", back=back, notes=(), tone="calm")
    kind = "an e-mail address" if "@" in typed else "a phone number"
    return Done(
        said="Nothing is sent there any more.",
        back=back,
        notes=(Note(act="suppression.add", summary=f"Put {kind} on the suppression list"),),
    )


@act(_MAY)
def lift(request: HttpRequest, desk: Desk, suppression: UUID) -> Done:  # noqa: ARG001
    """Take a line off the list."""
    lifted = lift_suppression(suppression_id=suppression, by=desk.by, at=desk.at)
    what = f"{MEDIA[lifted.medium]}, {REASONS[lifted.reason][1].lower()}"
    return Done(
        said="It may be written to again.",
        back=desk.url("console-suppressions"),
        notes=(Note(act="suppression.lift", summary=f"Took an address off the suppression list ({what})"),),
        undo=Undo(
            action=desk.url("console-suppression-restore"),
            fields=(
                ("medium", lifted.medium.value),
                ("digest", lifted.digest),
                ("reason", lifted.reason.value),
                ("detail", lifted.detail),
            ),
        ),
    )


@act(_MAY)
def put_back(request: HttpRequest, desk: Desk) -> Done:
    """Put a line back that was taken off a moment ago."""
    try:
        lifted = Lifted(
            medium=Medium(request.POST.get("medium", "")),
            digest=request.POST.get("digest", ""),
            reason=SuppressedFor(request.POST.get("reason", "")),
            detail=request.POST.get("detail", "")[:500],
        )
    except ValueError:
        raise SuppressionNotFound from None
    put_suppression_back(lifted=lifted, by=desk.by, at=desk.at)
    return Done(
        said="It is back on the list.",
        back=desk.url("console-suppressions"),
        notes=(
            Note(
                act="suppression.restore",
                summary=f"Put an address back on the suppression list ({MEDIA[lifted.medium]})",
            ),
        ),
    )


def _suppressed(
    request: HttpRequest, desk: Desk, *, typed: str = "", problem: str = "", status: int = 200
) -> Page:
    words, asked = request.GET.get("address", "").strip()[:254], request.GET.get("reason", "")
    reason = SuppressedFor(asked) if asked in set(SuppressedFor) else None
    after = request.GET.get("after", "")
    found = suppressions(reason=reason, address=words, after=_id(after), limit=SIZE + 1)
    shown = found[:SIZE]
    people = names_of({each.by for each in shown})
    here = desk.url("console-suppressions")
    return Page(
        template="console/messages/suppressions.html",
        title="Addresses that are not written to",
        place="settings",
        section="messages",
        crumbs=(Crumb("Messages", desk.url("console-message-settings")), Crumb("Suppression list")),
        values={
            "rows": [_line(each, desk, people) for each in shown],
            "words": words,
            "typed": typed,
            "problem": problem,
            "here": here,
            "is_narrowed": bool(words or reason),
            "tabs": [
                (label, f"{here}?{urlencode({'reason': value})}" if value else here, asked == value)
                for value, label in (
                    ("", "All"),
                    *((each.value, said) for each, (_, said) in REASONS.items()),
                )
            ],
            "paging": paging(
                request,
                next_cursor=str(shown[-1].id) if len(found) > SIZE else "",
                told=f"{len(shown)} shown",
            ),
        },
        status=status,
    )


def _line(each: SuppressionView, desk: Desk, people: dict[str, str]) -> dict[str, Any]:
    tone, said = REASONS[each.reason]
    return {
        "id": each.id,
        "medium": MEDIA[each.medium],
        "tone": tone,
        "word": said,
        "scope": _SCOPES[each.scope],
        "detail": each.detail,
        "by": people.get(each.by, each.by) if each.reason is SuppressedFor.BY_HAND else "",
        "at": each.created_at,
        "message_url": desk.url("console-message", public_id("mes", each.message_id))
        if each.message_id and desk.may(Permission.SHOPPERS_READ)
        else "",
    }


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return [each.value for each in value] if isinstance(value, tuple) else value


def _page(form: Form, *, status: int = 200) -> Page:
    return Page(
        template="console/messages/settings.html",
        title="Messages: how much and when",
        place="settings",
        section="messages",
        values={"form": form},
        status=status,
    )


urls = [
    path("settings/messages/", show, name="console-message-settings"),
    path("settings/messages/save/", save, name="console-message-settings-save"),
    path("settings/messages/restore/", restore, name="console-message-settings-restore"),
    path("settings/messages/suppressed/", suppressed, name="console-suppressions"),
    path("settings/messages/suppressed/add/", suppress, name="console-suppression-add"),
    path("settings/messages/suppressed/restore/", put_back, name="console-suppression-restore"),
    path("settings/messages/suppressed/<uuid:suppression>/lift/", lift, name="console-suppression-lift"),
]
