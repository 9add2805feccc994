"""Outgoing webhooks: who is told what, whether it arrived, every attempt, and sending again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import path

from aftermile.capabilities.team.public import Permission
from aftermile.doors.assets import address
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.webhooks import queries
from aftermile.doors.webhooks.operations.endpoint_settings import (
    MOST_HEADERS,
    EndpointUrlUnusable,
    HeadersUnusable,
)
from aftermile.doors.webhooks.operations.keep_endpoint import (
    TooManyEndpoints,
    change_endpoint,
    make_endpoint,
    remove_endpoint,
)
from aftermile.doors.webhooks.operations.rotate_secret import rotate_secret
from aftermile.doors.webhooks.operations.send_again import send_again, send_test
from aftermile.doors.webhooks.operations.send_all_again import ResendingView, last_resending, send_all_again
from aftermile.doors.webhooks.operations.switch_endpoint import disable_endpoint, enable_endpoint
from aftermile.doors.webhooks.queries import (
    AttemptView,
    EndpointNotFound,
    EndpointView,
    MessageNotFound,
    MessageView,
)
from aftermile.doors.webhooks.states import EndpointStatus, Format, MessageStatus
from aftermile.kernel.events import outside_events
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MAY = Permission.WEBHOOKS_MANAGE
_SHAPES = {
    Format.STANDARD: ("Standard Webhooks", "Every event of the feed, signed as standardwebhooks.com says."),
    Format.AFTERSHIP: (
        "AfterShip",
        (
            "One “tracking_update” whenever a parcel changes and one “edd_revise” whenever its estimate does,"
            " as AfterShip sends them: for programs that know AfterShip."
        ),
    ),
}
_OVERLAPS = {"0": "at once", "1": "after an hour", "24": "after a day", "168": "after a week"}
_STATUSES = {
    MessageStatus.SENT: ("ok", "Arrived"),
    MessageStatus.PENDING: ("watch", "Waits"),
    MessageStatus.FAILED: ("broken", "Failed"),
}
_TABS = (("", "All"), ("pending", "Waiting"), ("failed", "Failed"), ("sent", "Arrived"))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as it is shown."""

    key: str
    url: str
    address: str  # of its page
    description: str
    shape: str
    hears: str
    tone: str
    word: str
    why: str
    is_on: bool
    last_success_at: datetime | None
    resting_until: datetime | None
    previous_secret_signs_until: datetime | None
    created_at: datetime
    header_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when, what came of it, how long it took, how the answer begins."""

    begun_at: datetime
    tone: str
    word: str
    detail: str
    seconds: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is shown; `body` is empty in lists, and once it was erased with its shopper."""

    key: str
    address: str
    type: str
    tone: str
    word: str
    last: Attempt | None
    attempts: tuple[Attempt, ...]
    next_attempt_at: datetime | None
    created_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the shop's own in the form. A kept value is not shown: `is_kept`, and no value."""

    number: int
    name: str
    value: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick: an event."""

    value: str
    says: str
    is_chosen: bool


class Settings(forms.Form):
    """An endpoint's settings."""

    url = forms.CharField(
        label="Address",
        max_length=2000,
        help_text="Messages are sent here with POST. It begins with https://; http:// is for tests.",
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example/hooks", "autocomplete": "off"}),
    )
    description = forms.CharField(
        label="What it is for", max_length=200, required=False, help_text="So that others know whom to ask."
    )
    shape = forms.ChoiceField(
        label="Shape",
        choices=[(shape.value, name) for shape, (name, _) in _SHAPES.items()],
        initial=Format.STANDARD.value,
        widget=forms.RadioSelect,
        required=False,
    )
    events = forms.MultipleChoiceField(label="What it hears of", required=False, choices=list)
    headers = forms.CharField(required=False)  # drawn by hand: pairs of a name and a value
    description.widget.attrs["autocomplete"] = "off"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["events"].choices = sorted(outside_events().items())  # type: ignore[attr-defined]


@console_page(_MAY)
def endpoints(request: HttpRequest, desk: Desk) -> Page:
    """List the endpoints and how each fares."""
    after = request.GET.get("after", "")
    found = queries.list_endpoints(after=read_public_id("whe", after) if after else None, limit=SIZE + 1)
    rows = [_endpoint(desk, view) for view in found[:SIZE]]
    return Page(
        template="console/settings/webhooks.html",
        title="Outgoing webhooks",
        place="settings",
        section="webhooks",
        values={
            "sheet": address("console/settings.css"),
            "endpoints": rows,
            "paging": paging(
                request, next_cursor=rows[-1].key if len(found) > SIZE else "", told=f"{len(rows)} endpoints"
            ),
        },
    )


@console_page(_MAY)
def new(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Offer to make an endpoint."""
    return _form_page(desk, Settings(), None)


@act(_MAY)
def make(request: HttpRequest, desk: Desk) -> Done | Page:
    """Make an endpoint; its secret is shown once."""
    form = Settings(request.POST)
    if not form.is_valid():
        return _form_page(desk, form, None, status=422)
    given = form.cleaned_data
    shape = Format(given["shape"] or Format.STANDARD)
    try:
        view, secret = make_endpoint(
            url=given["url"].strip(),
            description=given["description"],
            format_=shape,
            event_types=given["events"] if shape is Format.STANDARD else (),
            headers={name: value or "" for name, value in _headers_of(request, ()).items()},
            by=desk.by,
            at=desk.at,
        )
    except (EndpointUrlUnusable, HeadersUnusable) as refusal:
        form.add_error("headers" if isinstance(refusal, HeadersUnusable) else "url", refusal.message)
        return _form_page(desk, form, None, status=422)
    except TooManyEndpoints as refusal:
        form.add_error(None, refusal.message)
        return _form_page(desk, form, None, status=422)
    key = public_id("whe", view.id)
    return Done(
        said="The endpoint is made, and hears of what happens from now on.",
        back=desk.url("console-webhook", key),
        notes=(
            Note(
                act="webhook.make",
                subject=key,
                summary="Made an outgoing webhook",
                details={"url": view.url, "shape": view.format, "events": list(view.event_types)},
            ),
        ),
        show=_secret_page(desk, view, secret, "Your endpoint’s secret"),
    )


@console_page(_MAY)
def one(request: HttpRequest, desk: Desk, endpoint: str) -> Page:
    """Show an endpoint with its messages."""
    endpoint_id = _endpoint_id(endpoint)
    view = queries.endpoint(endpoint_id)
    wanted = request.GET.get("status", "")
    status = MessageStatus(wanted) if wanted in set(MessageStatus) else None
    after = request.GET.get("after", "")
    found = queries.list_messages(
        endpoint_id=endpoint_id,
        after=read_public_id("msg", after) if after else None,
        limit=SIZE + 1,
        status=status,
    )
    shown = [_message(desk, endpoint, each) for each in found[:SIZE]]
    resending = last_resending(endpoint_id=endpoint_id)
    here = desk.url("console-webhook", endpoint)
    return Page(
        template="console/settings/webhooks_endpoint.html",
        title=view.description or _short(view.url),
        place="settings",
        section="webhooks",
        crumbs=(
            Crumb("Outgoing webhooks", desk.url("console-webhooks")),
            Crumb(view.description or _short(view.url)),
        ),
        values={
            "sheet": address("console/settings.css"),
            "endpoint": _endpoint(desk, view),
            "events": [
                (name, outside_events()[name]) for name in view.event_types if name in outside_events()
            ],
            "messages": shown,
            "status": status.value if status else "",
            "tabs": [
                (label, f"{here}?status={value}" if value else here, value == (status or ""))
                for value, label in _TABS
            ],
            "here": here,
            "progress": _progress(resending),
            "overlaps": list(_OVERLAPS.items()),
            "paging": paging(
                request, next_cursor=shown[-1].key if len(found) > SIZE else "", told=f"{len(shown)} messages"
            ),
        },
        parts={
            "messages": "console/settings/webhooks_messages.html",
            "progress": "console/settings/webhooks_progress.html",
        },
    )


@console_page(_MAY)
def edit(request: HttpRequest, desk: Desk, endpoint: str) -> Page:  # noqa: ARG001
    """Offer an endpoint's settings."""
    view = queries.endpoint(_endpoint_id(endpoint))
    return _form_page(
        desk,
        Settings(
            initial={
                "url": view.url,
                "description": view.description,
                "shape": view.format,
                "events": list(view.event_types),
            }
        ),
        view,
    )


@act(_MAY)
def save(request: HttpRequest, desk: Desk, endpoint: str) -> Done | Page:
    """Change an endpoint."""
    endpoint_id = _endpoint_id(endpoint)
    before = queries.endpoint(endpoint_id)
    form = Settings(request.POST)
    if not form.is_valid():
        return _form_page(desk, form, before, status=422)
    given = form.cleaned_data
    headers = None
    try:
        if "header_name" in request.POST:  # the way back of an earlier change brings none
            headers = _headers_of(request, before.header_names)
        view = change_endpoint(
            endpoint_id=endpoint_id,
            url=given["url"].strip(),
            description=given["description"],
            event_types=given["events"] if before.format == Format.STANDARD else None,
            headers=headers,
        )
    except (EndpointUrlUnusable, HeadersUnusable) as refusal:
        form.add_error("headers" if isinstance(refusal, HeadersUnusable) else "url", refusal.message)
        return _form_page(desk, form, before, status=422)
    was = {
        "url": (before.url, view.url),
        "description": (before.description, view.description),
        "events": (list(before.event_types), list(view.event_types)),
        "headers": (list(before.header_names), list(view.header_names)),
    }
    changed: dict[str, object] = {
        name: {"from": old, "to": now} for name, (old, now) in was.items() if old != now
    }
    replaced = sorted(name for name, value in (headers or {}).items() if value is not None)
    if replaced:
        changed["header_values"] = replaced
    return Done(
        said="Saved. What waits goes to the address that stands here now."
        if changed
        else "Nothing was changed.",
        back=desk.url("console-webhook", endpoint),
        notes=(
            Note(
                act="webhook.change",
                subject=endpoint,
                summary="Changed an outgoing webhook",
                details=changed,
            ),
        )
        if changed
        else (),
        undo=Undo(
            action=desk.url("console-webhook-save", endpoint),
            fields=(
                ("url", before.url),
                ("description", before.description),
                ("shape", before.format),
                *(("events", name) for name in before.event_types),
            ),
        )
        # What a header held before is kept nowhere, so there is no way back to it.
        if changed and not changed.keys() & {"headers", "header_values"}
        else None,
    )


@act(_MAY, fresh=True)
def rotate(request: HttpRequest, desk: Desk, endpoint: str) -> Done:
    """Give an endpoint a new secret, shown once."""
    hours = request.POST.get("overlap", "24")
    overlap = timedelta(hours=int(hours if hours in _OVERLAPS else "24"))
    view, secret = rotate_secret(endpoint_id=_endpoint_id(endpoint), overlap=overlap, at=desk.at)
    return Done(
        said="The new secret signs from now on.",
        back=desk.url("console-webhook", endpoint),
        notes=(
            Note(
                act="webhook.rotate_secret",
                subject=endpoint,
                summary="Gave an outgoing webhook a new secret",
                details={"former_signs_for_hours": int(overlap.total_seconds()) // 3600},
            ),
        ),
        show=_secret_page(desk, view, secret, "The new secret"),
    )


@act(_MAY)
def test(request: HttpRequest, desk: Desk, endpoint: str) -> Done:  # noqa: ARG001
    """Send a message that says nothing."""
    sent = send_test(endpoint_id=_endpoint_id(endpoint), at=desk.at)
    return Done(
        said="A test message is on its way; below stands what comes of it.",
        back=desk.url("console-webhook-message", endpoint, public_id("msg", sent.id)),
        notes=(Note(act="webhook.test", subject=endpoint, summary="Sent a test message to a webhook"),),
        tone="calm",
    )


@act(_MAY)
def switch_off(request: HttpRequest, desk: Desk, endpoint: str) -> Done:  # noqa: ARG001
    """Send nothing to an endpoint for now."""
    disable_endpoint(endpoint_id=_endpoint_id(endpoint), by=desk.by, at=desk.at)
    return Done(
        said="Switched off. What waits for it is kept; what happens from now on is not kept for it.",
        back=desk.url("console-webhook", endpoint),
        notes=(Note(act="webhook.switch_off", subject=endpoint, summary="Switched an outgoing webhook off"),),
        undo=Undo(action=desk.url("console-webhook-on", endpoint)),
    )


@act(_MAY)
def switch_on(request: HttpRequest, desk: Desk, endpoint: str) -> Done:  # noqa: ARG001
    """Send to an endpoint again."""
    enable_endpoint(endpoint_id=_endpoint_id(endpoint), by=desk.by, at=desk.at)
    return Done(
        said="Switched on; what still waits is sent now.",
        back=desk.url("console-webhook", endpoint),
        notes=(Note(act="webhook.switch_on", subject=endpoint, summary="Switched an outgoing webhook on"),),
        undo=Undo(action=desk.url("console-webhook-off", endpoint)),
    )


@act(_MAY)
def remove(request: HttpRequest, desk: Desk, endpoint: str) -> Done:  # noqa: ARG001
    """Remove an endpoint with all its messages."""
    view = remove_endpoint(endpoint_id=_endpoint_id(endpoint), by=desk.by, at=desk.at)
    return Done(
        said="Removed, with its messages. The events stay in the event feed.",
        back=desk.url("console-webhooks"),
        notes=(
            Note(
                act="webhook.remove",
                subject=endpoint,
                summary="Removed an outgoing webhook",
                details={"url": view.url},
            ),
        ),
    )


@console_page(_MAY)
def message(request: HttpRequest, desk: Desk, endpoint: str, message: str) -> Page:  # noqa: ARG001
    """Show one message: what it says and every attempt."""
    endpoint_id = _endpoint_id(endpoint)
    view = queries.endpoint(endpoint_id)
    found = queries.message(endpoint_id=endpoint_id, message_id=_message_id(message))
    return Page(
        template="console/settings/webhooks_message.html",
        title=found.type,
        place="settings",
        section="webhooks",
        crumbs=(
            Crumb("Outgoing webhooks", desk.url("console-webhooks")),
            Crumb(view.description or _short(view.url), desk.url("console-webhook", endpoint)),
            Crumb(found.type),
        ),
        values={
            "sheet": address("console/settings.css"),
            "endpoint": _endpoint(desk, view),
            "message": _message(desk, endpoint, found),
            "event_key": public_id("evt", found.event_id),
            "watch": found.status == MessageStatus.PENDING,
        },
        parts={"fate": "console/settings/webhooks_fate.html"},
    )


@act(_MAY)
def resend(request: HttpRequest, desk: Desk, endpoint: str, message: str) -> Done:  # noqa: ARG001
    """Send one message again."""
    send_again(endpoint_id=_endpoint_id(endpoint), message_id=_message_id(message), at=desk.at)
    return Done(
        said="It is sent again, under the same id.",
        back=desk.url("console-webhook-message", endpoint, message),
        notes=(Note(act="webhook.resend", subject=message, summary="Sent a webhook message again"),),
        tone="calm",
    )


@act(_MAY)
def resend_failed(request: HttpRequest, desk: Desk, endpoint: str) -> Done:  # noqa: ARG001
    """Send again, in the background, whatever failed."""
    begun = send_all_again(endpoint_id=_endpoint_id(endpoint), by=desk.by, at=desk.at)
    back = desk.url("console-webhook", endpoint)
    if begun is None:
        return Done(said="Nothing has failed that could be sent again.", back=back, notes=(), tone="calm")
    return Done(
        said=f"{begun.total:,} messages go back in line. You may leave this page.",
        back=back,
        notes=(
            Note(
                act="webhook.resend_failed",
                subject=endpoint,
                summary=f"Sent {begun.total} failed webhook messages again",
            ),
        ),
        tone="calm",
    )


def _form_page(desk: Desk, form: Settings, view: EndpointView | None, *, status: int = 200) -> Page:
    key = public_id("whe", view.id) if view else ""
    title = "Edit the endpoint" if view else "New endpoint"
    return Page(
        template="console/settings/webhooks_form.html",
        title=title,
        place="settings",
        section="webhooks",
        crumbs=(Crumb("Outgoing webhooks", desk.url("console-webhooks")), Crumb(title)),
        values={
            "sheet": address("console/settings.css"),
            "form": form,
            "shapes": [(shape.value, name, about) for shape, (name, about) in _SHAPES.items()],
            "shape": form["shape"].value() or Format.STANDARD.value,
            "groups": _groups(form),
            "headers": _header_rows(form, view.header_names if view else ()),
            "has_headers": bool((view and view.header_names) or form["headers"].errors),
            "is_new": view is None,
            "is_standard": view is None or view.format == Format.STANDARD,
            "action": desk.url("console-webhook-save", key) if view else desk.url("console-webhook-make"),
            "back": desk.url("console-webhook", key) if view else desk.url("console-webhooks"),
        },
        status=status,
    )


def _secret_page(desk: Desk, view: EndpointView, secret: str, title: str) -> Page:
    key = public_id("whe", view.id)
    return Page(
        template="console/settings/webhooks_secret.html",
        title=title,
        place="settings",
        section="webhooks",
        crumbs=(Crumb("Outgoing webhooks", desk.url("console-webhooks")), Crumb(title)),
        values={
            "sheet": address("console/settings.css"),
            "url": view.url,
            "secret": secret,
            "header": "webhook-signature" if view.format == Format.STANDARD else "aftership-hmac-sha256",
            "former_until": view.previous_secret_signs_until,
            "endpoint_url": desk.url("console-webhook", key),
            "test_url": desk.url("console-webhook-test", key),
        },
    )


def _headers_of(request: HttpRequest, kept: Collection[str]) -> dict[str, str | None]:
    """Read the pairs of a form; None: the value that is kept under this name.

    :raises HeadersUnusable: a value without a name, or a name twice.
    """
    known = {name.lower() for name in kept}
    found: dict[str, str | None] = {}
    pairs = zip(request.POST.getlist("header_name"), request.POST.getlist("header_value"), strict=False)
    for name, value in ((name.strip(), value.strip()) for name, value in pairs):
        if value and not name:
            raise HeadersUnusable("A header needs a name.")
        if name in found:
            raise HeadersUnusable("One header is named twice.")
        if name:
            found[name] = None if not value and name.lower() in known else value
    return found


def _header_rows(form: Settings, kept: Sequence[str]) -> list[Header]:
    """Draw the pairs: as typed where the form came back, else those that are kept, and empty ones up to the bound."""
    data = cast("QueryDict", form.data)
    pairs = (
        list(zip(data.getlist("header_name"), data.getlist("header_value"), strict=False))
        if form.is_bound
        else [(name, "") for name in kept]
    )
    pairs = [*pairs, *[("", "")] * MOST_HEADERS][:MOST_HEADERS]
    known = {name.lower() for name in kept}
    return [
        Header(number, name, value, is_kept=bool(name) and name.lower() in known)
        for number, (name, value) in enumerate(pairs, 1)
    ]


def _groups(form: Settings) -> list[tuple[str, list[Choice]]]:
    chosen = set(form["events"].value() or ())
    groups: dict[str, list[Choice]] = {}
    for name, says in sorted(outside_events().items()):
        groups.setdefault(name.partition(".")[0], []).append(Choice(name, says, name in chosen))
    return [(name.replace("_", " ").capitalize(), found) for name, found in groups.items()]


def _endpoint(desk: Desk, view: EndpointView) -> Endpoint:
    tone, word, why = _standing(view, desk.at)
    key = public_id("whe", view.id)
    count = len(view.event_types)
    is_standard = view.format == Format.STANDARD
    return Endpoint(
        key=key,
        url=view.url,
        address=desk.url("console-webhook", key),
        description=view.description,
        shape=_SHAPES[Format(view.format)][0],
        hears="parcels that change"
        if not is_standard
        else f"{count} kind{'' if count == 1 else 's'} of events"
        if count
        else "everything",
        tone=tone,
        word=word,
        why=why,
        is_on=view.status == EndpointStatus.ACTIVE,
        last_success_at=view.last_success_at,
        resting_until=view.resting_until if view.resting_until and view.resting_until > desk.at else None,
        previous_secret_signs_until=view.previous_secret_signs_until
        if view.previous_secret_signs_until and view.previous_secret_signs_until > desk.at
        else None,
        created_at=view.created_at,
        header_names=view.header_names,
    )


def _standing(view: EndpointView, at: datetime) -> tuple[str, str, str]:
    """Say how an endpoint fares: tone, word, and why."""
    if view.status != EndpointStatus.ACTIVE:
        return "calm" if view.disabled_reason == "by_hand" else "broken", "Switched off", view.explanation
    if view.failures:
        since = (at - view.failing_since) if view.failing_since else timedelta()
        long = f", for {since.days} day{'' if since.days == 1 else 's'}" if since.days else ""
        times = "once" if view.failures == 1 else f"{view.failures:,} times in a row"
        return "late", "Failing", f"It did not take what was sent, {times}{long}. We go on trying."
    if view.last_success_at is None:
        return "calm", "Nothing sent yet", "Send a test message to see whether it listens."
    return "ok", "Working", "It took the last message."


def _message(desk: Desk, endpoint: str, view: MessageView) -> Message:
    tone, word = _STATUSES[MessageStatus(view.status)]
    key = public_id("msg", view.id)
    attempts = tuple(_attempt(each) for each in reversed(view.attempts))
    return Message(
        key=key,
        address=desk.url("console-webhook-message", endpoint, key),
        type=view.type,
        tone=tone,
        word=word,
        last=attempts[0] if attempts else None,
        attempts=attempts,
        next_attempt_at=view.next_attempt_at,
        created_at=view.created_at,
        body=_indented(view.body),
    )


def _attempt(view: AttemptView) -> Attempt:
    is_success = view.status_code is not None and 200 <= view.status_code < 300
    return Attempt(
        begun_at=view.begun_at,
        tone="ok" if is_success else "broken",
        word=f"HTTP {view.status_code}"
        if view.status_code is not None
        else view.error.replace("_", " ").capitalize(),
        detail=view.detail,
        seconds=f"{view.duration_ms / 1000:.2f} s",
        excerpt=view.response_excerpt,
    )


def _progress(view: ResendingView | None) -> Mapping[str, object] | None:
    if view is None:
        return None
    return {
        "is_under_way": view.finished_at is None,
        "put_back": view.put_back,
        "total": view.total,
        "problem": view.problem,
        "finished_at": view.finished_at,
    }


def _indented(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def _short(url: str) -> str:
    return url.partition("://")[2].partition("/")[0] or url


def _endpoint_id(key: str) -> UUID:
    try:
        return read_public_id("whe", key)
    except BadPublicId:
        raise EndpointNotFound("There is no such webhook endpoint.") from None


def _message_id(key: str) -> UUID:
    try:
        return read_public_id("msg", key)
    except BadPublicId:
        raise MessageNotFound("There is no such message to this webhook endpoint.") from None


_ONE = "settings/webhooks/<str:endpoint>/"
urls = [
    path("settings/webhooks/", endpoints, name="console-webhooks"),
    path("settings/webhooks/new/", new, name="console-webhook-new"),
    path("settings/webhooks/make/", make, name="console-webhook-make"),
    path(_ONE, one, name="console-webhook"),
    path(f"{_ONE}edit/", edit, name="console-webhook-edit"),
    path(f"{_ONE}save/", save, name="console-webhook-save"),
    path(f"{_ONE}secret/", rotate, name="console-webhook-rotate"),
    path(f"{_ONE}test/", test, name="console-webhook-test"),
    path(f"{_ONE}off/", switch_off, name="console-webhook-off"),
    path(f"{_ONE}on/", switch_on, name="console-webhook-on"),
    path(f"{_ONE}removal/", remove, name="console-webhook-remove"),
    path(f"{_ONE}resending/", resend_failed, name="console-webhook-resend-failed"),
    path(f"{_ONE}messages/<str:message>/", message, name="console-webhook-message"),
    path(f"{_ONE}messages/<str:message>/resending/", resend, name="console-webhook-resend"),
]
