"""Connections: what is plugged in and how it fares, and setting one up until its first event is here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.team.public import Permission
from aftermile.connectors.contracts.sockets import Connector
from aftermile.connectors.registry import connectors
from aftermile.doors.console import sources
from aftermile.doors.console.answers import public_url
from aftermile.doors.console.desk import Desk, Health
from aftermile.doors.console.navigation import health_in_navigation
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.intake.public import (
    ConnectionNotFound,
    ConnectionView,
    ConnectorUnknown,
    CredentialsUnusable,
    Day,
    Fare,
    NoHistory,
    ProgressView,
    RecordView,
    Standing,
    arriving,
    carrier_problems,
    connect,
    connection,
    disable,
    enable,
    first_record,
    progress_of,
    rename,
    replace_credentials,
    rotate_address,
    standings,
    start_backfill,
    start_registration,
    unknown_words,
)
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_READ, _MANAGE = Permission.CONNECTIONS_READ, Permission.CONNECTIONS_MANAGE
#: How far back history is fetched, in days, and how that is said.
REACHES = ((30, "The last 30 days"), (90, "The last 90 days"), (365, "The last year"))
# Letters that survive being read aloud or typed; 32 of them are 160 bits.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Row:
    """A connection as it is listed."""

    key: str
    url: str
    name: str
    connector: str
    tone: str
    word: str
    last_at: datetime | None
    kept: int
    quarantined: int
    refused: int
    says: str
    step: str
    step_url: str
    quarantine_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A connector to choose."""

    name: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One act at the other side; `address` is what is pasted in it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Made:
    """A secret we made up, shown this once."""

    id: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in the drawing and in the table behind it. Heights in a box of 100 by 40."""

    day: date
    kept: int
    quarantined: int
    refused: int
    x: float
    y: float
    height: float
    y_aside: float
    height_aside: float


# -- what is plugged in ------------------------------------------------------------------------------


@console_page(_READ)
def overview(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List the connections with how they fare."""
    rows = [_row(desk, standing) for standing in standings(at=desk.at)]
    return Page(
        template="console/connections/list.html",
        title="Connections",
        place="connections",
        values={"rows": rows, "may_manage": desk.may(_MANAGE)},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Show one connection: how it fares, what went wrong, and what may be changed."""
    view = connection(_read(key))
    standing = next(each for each in standings(at=desk.at) if each.id == view.id)
    plug = sources.connector_of(view.connector)
    name = sources.connector_name(view.connector)
    problems = [(sources.problem_in_words(each, name), each) for each in carrier_problems(view.id, limit=5)]
    bars, most = _bars(standing.days)
    labels = {field.name: field.label for field in plug.credentials} if plug else {}
    return Page(
        template="console/connections/one.html",
        title=view.name,
        place="connections",
        crumbs=(Crumb("Connections", desk.url("console-connections")), Crumb(view.name)),
        values={
            "row": _row(desk, standing),
            "key": key,
            "connector": name,
            "bars": bars,
            "most": most,
            "total": sum(day.kept for day in standing.days),
            "problems": problems,
            "refusal": sources.refusal_in_words(standing.last_refusal) if standing.refused_at else "",
            "refused_at": standing.refused_at,
            "refused": sum(day.refused for day in standing.days),
            "unknown": [
                (word, sources.unknown_in_words(word.what)) for word in unknown_words(view.id, limit=20)
            ],
            "settings": [(labels.get(n, n), value) for n, value in view.settings.items() if value],
            "secrets": [labels.get(each, each) for each in view.secret_names],
            "created_at": view.created_at,
            "disabled_at": view.disabled_at,
            "takes_webhooks": plug is not None and plug.verify is not None,
            "has_history": plug is not None and plug.backfill is not None,
            "has_credentials": plug is not None and bool(plug.credentials),
            "records_url": f"{desk.url('console-records')}?connection={key}",
            "may_manage": desk.may(_MANAGE),
        },
    )


# -- setting one up ----------------------------------------------------------------------------------


@console_page(_MANAGE)
def choose(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Show what can be plugged in."""
    plugs = sorted(connectors().values(), key=lambda plug: plug.name.casefold())
    groups = [
        (words, [_choice(desk, plug) for plug in plugs if plug.kind is kind])
        for kind, words in sources.KINDS.items()
    ]
    return Page(
        template="console/connections/choose.html",
        title="Connect something",
        place="connections",
        crumbs=(Crumb("Connections", desk.url("console-connections")), Crumb("New")),
        values={"groups": [group for group in groups if group[1]]},
    )


@console_page(_MANAGE, fresh=True)
def begin(request: HttpRequest, desk: Desk, slug: str) -> Page:  # noqa: ARG001
    """Ask for what a connector needs."""
    plug = _plug(slug)
    return _asking(desk, plug, CredentialsForm(plug, initial=_made_up(plug)))


@act(_MANAGE, fresh=True)
def make(request: HttpRequest, desk: Desk, slug: str) -> Done | Page:
    """Make the connection and show what is to be pasted at the other side."""
    plug = _plug(slug)
    form = CredentialsForm(plug, request.POST)
    if not form.is_valid():
        return _asking(desk, plug, form, status=422)
    try:
        view = connect(
            connector=plug.slug,
            name=form.cleaned_data["name"],
            credentials=form.credentials,
            by=desk.by,
            at=desk.at,
        )
    except CredentialsUnusable as refusal:
        form.add_error(None, refusal.message)
        return _asking(desk, plug, form, status=422)
    key = public_id("con", view.id)
    shown = [
        Made(f"made-{field.name}", field.label, form.credentials[field.name])
        for field in plug.credentials
        if field.ours and form.credentials.get(field.name)
    ]
    return Done(
        said=f"{view.name} is connected and waits for its first event.",
        back=desk.url("console-connection-setup", key),
        notes=(
            Note(
                act="connection.make",
                subject=key,
                summary=f"Connected {plug.name} as {view.name}",
                details={"connector": plug.slug},
            ),
        ),
        show=_setting_up(desk, view, made=shown) if shown else None,
    )


@console_page(_MANAGE)
def set_up(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Show what is to be pasted at the other side, and whether the first event is here."""
    return _setting_up(desk, connection(_read(key)))


@act(_MANAGE)
def register(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Have the webhooks registered by ourselves."""
    view = connection(_read(key))
    start_registration(connection_id=view.id)
    return Done(
        said=f"The webhooks are being made at {sources.connector_name(view.connector)}.",
        back=desk.url("console-connection-setup", key),
        notes=(
            Note(act="connection.register", subject=key, summary=f"Had the webhooks of {view.name} made"),
        ),
        page=_setting_up(desk, view),
    )


@act(_MANAGE)
def fetch_history(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Have what happened before fetched."""
    view = connection(_read(key))
    days = next((days for days, _ in REACHES if str(days) == request.POST.get("days")), REACHES[0][0])
    if not _may_fetch(view):
        raise NoHistory("The key for fetching is missing; add it to the credentials first.")
    start_backfill(connection_id=view.id, since=desk.at - timedelta(days=days))
    return Done(
        said=f"The last {days} days are being fetched; orders appear as they come.",
        back=desk.url("console-connection-setup", key),
        notes=(
            Note(
                act="connection.fetch",
                subject=key,
                summary=f"Had the last {days} days of {view.name} fetched",
                details={"days": days},
            ),
        ),
        page=_setting_up(desk, view),
    )


# -- changing one ------------------------------------------------------------------------------------


@console_page(_MANAGE, fresh=True)
def credentials(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Ask for new credentials; what is kept is not shown."""
    view = connection(_read(key))
    plug = _plug(view.connector)
    return _replacing(desk, view, CredentialsForm(plug, initial=dict(view.settings), held=view.secret_names))


@act(_MANAGE, fresh=True)
def replace(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Put new credentials in the place of the old."""
    view = connection(_read(key))
    plug = _plug(view.connector)
    form = CredentialsForm(plug, request.POST, held=view.secret_names)
    if not form.is_valid():
        return _replacing(desk, view, form, status=422)
    try:
        replace_credentials(connection_id=view.id, credentials=form.credentials, by=desk.by, at=desk.at)
    except CredentialsUnusable as refusal:
        form.add_error(None, refusal.message)
        return _replacing(desk, view, form, status=422)
    changed = [field.name for field in plug.credentials if field.secret and form.credentials.get(field.name)]
    return Done(
        said=f"The credentials of {view.name} are replaced. They count from now on, everywhere within five seconds.",
        back=desk.url("console-connection", key),
        notes=(
            Note(
                act="connection.replace_credentials",
                subject=key,
                summary=f"Replaced the credentials of {view.name}",
                details={"secrets": ", ".join(changed)},
            ),
        ),
    )


@act(_MANAGE)
def call(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Give a connection another name."""
    connection_id = _read(key)
    before = rename(connection_id=connection_id, name=request.POST.get("name", ""), by=desk.by, at=desk.at)
    name = connection(connection_id).name
    return Done(
        said=f"It is called {name} now.",
        back=desk.url("console-connection", key),
        notes=(Note(act="connection.rename", subject=key, summary=f"Renamed {before} to {name}"),),
        undo=Undo(action=desk.url("console-connection-name", key), fields=(("name", before),)),
    )


@act(_MANAGE)
def switch_off(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Switch a connection off."""
    view = disable(connection_id=_read(key), by=desk.by, at=desk.at)
    return Done(
        said=f"{view.name} is off. What came in before is kept.",
        back=desk.url("console-connection", key),
        notes=(Note(act="connection.switch_off", subject=key, summary=f"Switched {view.name} off"),),
        undo=Undo(action=desk.url("console-connection-on", key)),
    )


@act(_MANAGE)
def switch_on(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Switch a connection on again."""
    view = enable(connection_id=_read(key), by=desk.by, at=desk.at)
    return Done(
        said=f"{view.name} is on again, at the address it had.",
        back=desk.url("console-connection", key),
        notes=(Note(act="connection.switch_on", subject=key, summary=f"Switched {view.name} on"),),
        undo=Undo(action=desk.url("console-connection-off", key)),
    )


@act(_MANAGE, fresh=True)
def new_address(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Give a connection a new address."""
    view = rotate_address(connection_id=_read(key), by=desk.by, at=desk.at)
    return Done(
        said=f"{view.name} has a new address; the old one is dead. Paste it at the other side now.",
        back=desk.url("console-connection-setup", key),
        tone="watch",
        notes=(
            Note(act="connection.rotate_address", subject=key, summary=f"Gave {view.name} a new address"),
        ),
    )


# -- what the pages are made of ----------------------------------------------------------------------


class CredentialsForm(forms.Form):
    """What a connector declares that it needs, as a form.

    :param held: names of secrets that are kept already: they may stay empty, and then stay as they are.
    """

    def __init__(
        self,
        plug: Connector,
        data: Any = None,
        *,
        initial: Mapping[str, str] | None = None,
        held: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.plug = plug
        if held is None:
            self.fields["name"] = forms.CharField(
                label="Name",
                max_length=80,
                required=False,
                help_text=f"Yours to choose. Left empty: {plug.name}.",
            )
        for field in plug.credentials:
            stays = held is not None and field.name in held
            hint = "Kept; leave empty to keep it as it is. " * stays + field.help
            # Plain text: it is copied from another page and read again, and a browser must not store it as a password.
            attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
            if field.secret:
                attrs["class"] = "mono"
            shown = forms.CharField(
                label=field.label,
                help_text=hint.strip(),
                required=field.required and not stays,
                max_length=2000,
                widget=forms.TextInput(attrs=attrs),
                error_messages={"required": f"{plug.name} cannot be connected without it."},
            )
            self.fields[field.name] = shown

    @property
    def credentials(self) -> dict[str, str]:
        """Return what was given, by the connector's names."""
        return {
            field.name: self.cleaned_data[field.name]
            for field in self.plug.credentials
            if self.cleaned_data.get(field.name)
        }


def _asking(desk: Desk, plug: Connector, form: CredentialsForm, *, status: int = 200) -> Page:
    return Page(
        template="console/connections/begin.html",
        title=f"Connect {plug.name}",
        place="connections",
        crumbs=(
            Crumb("Connections", desk.url("console-connections")),
            Crumb("New", desk.url("console-connection-choose")),
            Crumb(plug.name),
        ),
        values={
            "form": form,
            "connector": plug.name,
            "action": desk.url("console-connection-make", plug.slug),
            "steps": [
                Step(step.replace("{address}", "the address on the next page."), "") for step in plug.setup
            ],
            "website": plug.website,
            "is_asked": plug.poll is not None and plug.verify is None,
            "every": sources.every(plug.poll.limits.every) if plug.poll else "",
        },
        status=status,
    )


def _replacing(desk: Desk, view: ConnectionView, form: CredentialsForm, *, status: int = 200) -> Page:
    key = public_id("con", view.id)
    return Page(
        template="console/connections/credentials.html",
        title=f"Credentials of {view.name}",
        place="connections",
        crumbs=(
            Crumb("Connections", desk.url("console-connections")),
            Crumb(view.name, desk.url("console-connection", key)),
            Crumb("Credentials"),
        ),
        values={"form": form, "key": key, "connector": sources.connector_name(view.connector)},
        status=status,
    )


def _setting_up(desk: Desk, view: ConnectionView, made: list[Made] | None = None) -> Page:
    key, plug = public_id("con", view.id), sources.connector_of(view.connector)
    name, address = sources.connector_name(view.connector), public_url(f"/in/{view.address}")
    first, progress = first_record(view.id), progress_of(view.id)
    goes_on = _is_registering(progress) or _is_fetching(progress)
    return Page(
        template="console/connections/setup.html",
        title=f"Set up {view.name}",
        place="connections",
        crumbs=(
            Crumb("Connections", desk.url("console-connections")),
            Crumb(view.name, desk.url("console-connection", key)),
            Crumb("Set up"),
        ),
        values={
            "key": key,
            "connector": name,
            "name": view.name,
            "address": address,
            "steps": _steps(plug, address),
            "takes_webhooks": plug is not None and plug.verify is not None,
            "secret_names": [field.label for field in plug.credentials if field.name in view.secret_names]
            if plug
            else [],
            "made": made or [],
            "can_register": _may_fetch(view) and bool(plug and plug.backfill and plug.backfill.register),
            "has_history": plug is not None and plug.backfill is not None,
            "may_fetch": _may_fetch(view),
            "reaches": REACHES,
            "progress": progress,
            "is_registering": _is_registering(progress),
            "is_fetching": _is_fetching(progress),
            "is_slow": _is_slow(progress, desk.at),
            "first": _first(desk, first),
            "refreshes": first is None or goes_on,
            "every": sources.every(plug.poll.limits.every) if plug and plug.poll else "",
            "is_off": view.disabled_at is not None,
            "refused": _refused(desk, view),
        },
        parts={"arrival": "console/connections/_arrival.html"},
    )


def _refused(desk: Desk, view: ConnectionView) -> str:
    standing = next((each for each in standings(at=desk.at) if each.id == view.id), None)
    is_failing = standing is not None and standing.fare is Fare.FAILING and standing.last_refusal
    return sources.refusal_in_words(standing.last_refusal) if standing and is_failing else ""


def _first(desk: Desk, record: RecordView | None) -> dict[str, Any] | None:
    if record is None:
        return None
    tone, word = sources.STATUSES[record.status]
    return {
        "url": desk.url("console-record", public_id("rec", record.id)),
        "kind": record.kind or "no topic",
        "origin": sources.ORIGINS.get(record.origin, record.origin),
        "at": record.received_at,
        "tone": tone,
        "word": word,
    }


def _row(desk: Desk, standing: Standing) -> Row:
    key = public_id("con", standing.id)
    tone, word = sources.FARES[standing.fare]
    advice = sources.next_step(standing)
    quarantine = f"{desk.url('console-records')}?connection={key}&status=quarantined"
    urls = {
        "setup": desk.url("console-connection-setup", key),
        "credentials": desk.url("console-connection-credentials", key),
        "quarantine": quarantine,
        "": desk.url("console-connection", key),
    }
    url = urls[advice.link] if advice and advice.step else ""
    if advice and advice.link in {"setup", "credentials"} and not desk.may(_MANAGE):
        url = ""
    return Row(
        key=key,
        url=desk.url("console-connection", key),
        name=standing.name,
        connector=sources.connector_name(standing.connector),
        tone=tone,
        word=word,
        last_at=standing.last_at,
        kept=standing.today.kept,
        quarantined=standing.today.quarantined,
        refused=standing.today.refused,
        says=advice.says if advice else "",
        step=advice.step if advice else "",
        step_url=url,
        quarantine_url=quarantine,
    )


def _choice(desk: Desk, plug: Connector) -> Choice:
    ways = []
    if plug.verify is not None:
        ways.append("sends us events")
    if plug.poll is not None:
        ways.append(f"asked {sources.every(plug.poll.limits.every)}")
    if plug.backfill is not None:
        ways.append("history can be fetched")
    if not plug.credentials:
        ways.append("needs no account")
    about = ", ".join(ways)
    return Choice(plug.name, about[:1].upper() + about[1:], desk.url("console-connection-begin", plug.slug))


def _steps(plug: Connector | None, address: str) -> list[Step]:
    if plug is None:
        return []
    return [
        Step(step.replace("{address}", "this:").strip(), address if "{address}" in step else "")
        for step in plug.setup
    ]


def _made_up(plug: Connector) -> dict[str, str]:
    return {
        field.name: "".join(secrets.choice(_LETTERS) for _ in range(32))
        for field in plug.credentials
        if field.ours
    }


def _may_fetch(view: ConnectionView) -> bool:
    """Tell whether the optional key is there that fetching and registering need."""
    plug = sources.connector_of(view.connector)
    if plug is None or plug.backfill is None:
        return False
    keys = {field.name for field in plug.credentials if field.secret and not field.required}
    return bool(keys & set(view.secret_names) - {"previous_secret"})


def _is_registering(progress: ProgressView) -> bool:
    return progress.asked_to_register_at is not None and progress.registered_at is None


def _is_fetching(progress: ProgressView) -> bool:
    return progress.history_began_at is not None and progress.history_done_at is None


def _is_slow(progress: ProgressView, at: datetime) -> bool:
    began = [
        moment
        for moment, goes_on in (
            (progress.asked_to_register_at, _is_registering(progress)),
            (progress.history_began_at, _is_fetching(progress) and not progress.history_pages),
        )
        if moment and goes_on
    ]
    return bool(began) and at - min(began) > timedelta(seconds=30)


def _bars(days: tuple[Day, ...]) -> tuple[list[Bar], int]:
    most = max((day.kept + day.refused for day in days), default=0) or 1
    width = 100 / len(days)
    bars = []
    for index, day in enumerate(days):
        height = round(36 * day.kept / most, 2)
        aside = round(36 * (day.quarantined + day.refused) / most, 2)
        bars.append(
            Bar(
                day.day, day.kept, day.quarantined, day.refused,
                x=round(index * width + width * 0.14, 2), y=40 - height, height=height,
                y_aside=40 - aside, height_aside=aside,
            )
        )  # fmt: skip
    return bars, most


def _plug(slug: str) -> Connector:
    plug = sources.connector_of(slug)
    if plug is None:
        raise ConnectorUnknown(f"There is no connector called {slug!r}.")
    return plug


def _read(key: str) -> UUID:
    try:
        return read_public_id("con", key)
    except BadPublicId:
        raise ConnectionNotFound("There is no such connection.") from None


def _health() -> Health | None:
    at = now()
    told = sources.arriving_in_words(arriving(at=at), at)
    return Health(*told) if told else None


health_in_navigation(_health)

urls = [
    path("connections/", overview, name="console-connections"),
    path("connections/new/", choose, name="console-connection-choose"),
    path("connections/new/<slug:slug>/", begin, name="console-connection-begin"),
    path("connections/new/<slug:slug>/make/", make, name="console-connection-make"),
    path("connections/<str:key>/", one, name="console-connection"),
    path("connections/<str:key>/setup/", set_up, name="console-connection-setup"),
    path("connections/<str:key>/webhooks/", register, name="console-connection-register"),
    path("connections/<str:key>/history/", fetch_history, name="console-connection-history"),
    path("connections/<str:key>/credentials/", credentials, name="console-connection-credentials"),
    path("connections/<str:key>/credentials/replace/", replace, name="console-connection-replace"),
    path("connections/<str:key>/name/", call, name="console-connection-name"),
    path("connections/<str:key>/off/", switch_off, name="console-connection-off"),
    path("connections/<str:key>/on/", switch_on, name="console-connection-on"),
    path("connections/<str:key>/address/", new_address, name="console-connection-address"),
]
