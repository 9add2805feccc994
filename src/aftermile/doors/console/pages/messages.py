"""Messages: everything that was to be said to shoppers, what became of it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.messaging.public import (
    CheckName,
    MessageNotFound,
    MessageView,
    Purpose,
    ReceiptView,
    Status,
    Wish,
    cancel_messages,
    content,
    explain,
    find_messages,
    message,
    receipts_of,
    say_check,
    senders,
)
from aftermile.capabilities.orders.public import orders, owners_of_orders
from aftermile.capabilities.shoppers.public import shopper_summaries
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.letter_frame import letter_page
from aftermile.doors.console.messages_told import (
    FATES,
    MEDIA,
    PURPOSES,
    REASONS,
    message_rows,
    reason,
    standing,
    title_of,
    titles,
)
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_READ = Permission.SHOPPERS_READ
#: Parts of the outbox by what stands in the address as `state`.
_TABS: Mapping[str, tuple[str, tuple[Status, ...]]] = {
    "": ("All", ()),
    "planned": ("Planned", (Status.PLANNED, Status.SENDING)),
    "sent": ("Sent", (Status.TAKEN,)),
    "withheld": ("Not sent", (Status.WITHHELD, Status.CANCELLED)),
    "failed": ("Failed", (Status.FAILED, Status.UNKNOWN)),
}
_FILTERS = ("state", "touchpoint", "medium", "purpose", "reason", "shopper", "order")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message's own story."""

    at: datetime
    tone: str
    said: str
    detail: str
    quote: str = ""


@console_page(_READ)
def outbox(request: HttpRequest, desk: Desk) -> Page:
    """List messages, the newest first; every filter stands in the address."""
    given = {name: request.GET.get(name, "")[:80] for name in _FILTERS}
    known = titles()
    shopper_id, order_id = _maybe("shp", given["shopper"]), _maybe("ord", given["order"])
    wish = Wish(
        statuses=_TABS.get(given["state"], _TABS[""])[1],
        touchpoint=given["touchpoint"],
        medium=_one_of(Medium, given["medium"]),
        purpose=_one_of(Purpose, given["purpose"]),
        withheld_for=given["reason"] if given["reason"] in set(CheckName) else "",
        shopper_id=shopper_id,
        order_id=order_id,
        order_owner_id=owners_of_orders({order_id}).get(order_id) if order_id else None,
    )
    found = find_messages(wish, after=_maybe("mes", request.GET.get("after", "")), limit=SIZE + 1)
    shown = found[:SIZE]
    people = shopper_summaries({each.shopper_id for each in shown} | ({shopper_id} if shopper_id else set()))
    about = orders({each.order_id for each in shown if each.order_id} | ({order_id} if order_id else set()))
    rows = [
        {
            "row": row,
            "name": people[view.shopper_id].name if view.shopper_id in people else "",
            "order": about[view.order_id].number if view.order_id in about else "",
        }
        for row, view in zip(message_rows(shown, desk, known), shown, strict=True)
    ]
    here = desk.url("console-messages")
    chips = [
        (label, _address(here, given | {name: ""}))
        for name, label in (
            ("shopper", people[shopper_id].name or "One shopper" if shopper_id in people else ""),
            ("order", f"Order {about[order_id].number}" if order_id in about else ""),
        )
        if label
    ]
    return Page(
        template="console/messages/list.html",
        title="Messages",
        place="messages",
        values={
            "rows": rows,
            "here": here,
            "given": given,
            "is_narrowed": any(given.values()),
            "chips": chips,
            "tabs": [
                (label, _address(here, given | {"state": state, "reason": ""}), given["state"] == state)
                for state, (label, _) in _TABS.items()
            ],
            "touchpoints": [(slug, title, slug == given["touchpoint"]) for slug, title in known.items()],
            "media": [(each.value, said, each == given["medium"]) for each, said in MEDIA.items()],
            "purposes": [(each.value, said, each == given["purpose"]) for each, said in PURPOSES.items()],
            "reasons": [
                (each.value, said.capitalize(), each == given["reason"]) for each, said in REASONS.items()
            ]
            if given["state"] == "withheld"
            else [],
            "keeps_mail_here": not any(each.medium is Medium.EMAIL for each in senders()),
            "senders_url": desk.url("console-senders") if desk.may(Permission.SETTINGS_MANAGE) else "",
            "paging": paging(
                request,
                next_cursor=public_id("mes", shown[-1].id) if len(found) > SIZE else "",
                told=f"{len(rows)} message{'' if len(rows) == 1 else 's'} shown",
            ),
        },
        parts={"list": "console/messages/_rows.html"},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show one message: what it said, its story, and why it was sent or not."""
    view = message(_read(key))
    known = titles()
    said = content(view.id)
    person = shopper_summaries({view.shopper_id}).get(view.shopper_id)
    about = orders(_orders_of(view))
    tone, word = standing(view)
    lines = explain(view)
    failed = {say_check(each) for each in view.checks if not each.passed}
    told = receipts_of(view.id)
    actors = names_of({view.requested_by})
    is_dark, is_narrow = request.GET.get("scheme") == "dark", request.GET.get("width") == "narrow"
    title = title_of(view, known)
    return Page(
        template="console/messages/one.html",
        title=title,
        place="messages",
        crumbs=(Crumb("Messages", desk.url("console-messages")), Crumb(title)),
        values={
            "key": key,
            "tone": tone,
            "word": word,
            "more": reason(view),
            "medium": MEDIA[view.medium] if view.medium else "No medium",
            "purpose": PURPOSES[view.purpose],
            "name": person.name if person else "",
            "shopper_url": desk.url("console-shopper", public_id("shp", view.shopper_id)) if person else "",
            "orders": [
                (each.number or "without a number", desk.url("console-order", public_id("ord", each.id)))
                for each in about.values()
            ],
            "standing": lines[0],
            "run_url": _run_url(view, desk),
            "why": [("watch" if line in failed else "ok", line) for line in lines[1:]],
            "story": _story(view, told, actors),
            "headers": _headers(view, said.subject if said else ""),
            "subject": said.subject if said else "",
            "text": said.text if said else "",
            "has_letter": bool(said and said.html),
            "is_dark": is_dark,
            "is_narrow": is_narrow,
            "letter_url": desk.url("console-message-letter", key) + ("?scheme=dark" if is_dark else ""),
            "looks": _looks(is_dark=is_dark, is_narrow=is_narrow),
            "may_cancel": view.status is Status.PLANNED and desk.may(Permission.ORDERS_ACT),
            "due_at": view.due_at if view.status is Status.PLANNED else None,
        },
    )


@console_page(_READ)
def letter(request: HttpRequest, desk: Desk, key: str) -> HttpResponse:  # noqa: ARG001
    """Show what a letter looked like, alone, for the frame on its page."""
    said = content(message(_read(key)).id)
    return letter_page(
        said.html if said else "",
        is_dark=request.GET.get("scheme") == "dark",
        problem="What it said is not kept any more." if said is None else "It was sent as plain text.",
    )


@act(Permission.ORDERS_ACT)
def cancel(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take a planned message back."""
    view = message(_read(key))
    back = desk.url("console-message", key)
    if not cancel_messages(message_ids=[view.id]):
        return Done(
            said="It is not planned any more, so nothing was changed.", back=back, notes=(), tone="watch"
        )
    name = title_of(view, titles())
    note = Note(
        act="message.cancel", subject=key, summary=f"Took the message “{name}” back before it was sent"
    )
    order_note = (
        (replace(note, subject=public_id("ord", view.order_id)),) if view.order_id is not None else ()
    )
    return Done(said="It is not sent.", back=back, notes=(note, *order_note))


def _story(view: MessageView, told: list[ReceiptView], actors: Mapping[str, str]) -> list[Line]:
    """Tell what happened to a message, in order."""
    because = str(view.cause.get("because", "")) if isinstance(view.cause, Mapping) else ""
    journey = str(view.cause.get("journey", "")) if isinstance(view.cause, Mapping) else ""
    asked = f"Asked for by the journey “{journey}”" if journey else "Asked for"
    lines = [
        Line(
            view.created_at,
            "calm",
            asked,
            f"because {because}"
            if because
            else ""
            if journey
            else actors.get(view.requested_by, view.requested_by),
        )
    ]
    if view.status is Status.PLANNED:
        tried = (
            f"{view.tries} tr{'y' if view.tries == 1 else 'ies'} so far. {view.detail}" if view.tries else ""
        )
        lines.append(Line(view.due_at, "calm", "To be sent", tried.strip()))
    if view.taken_at is not None:
        how = (
            "Kept in the outbox; nothing left the house"
            if view.channel == "outbox"
            else f"Taken by {view.channel}"
        )
        lines.append(Line(view.taken_at, "ok", how, f"at try {view.tries}" if view.tries > 1 else ""))
    for each in told:
        tone, word = FATES[each.fate] if each.fate is not None else ("calm", "Something we do not know")
        detail = " ".join(part for part in (each.code, each.detail) if part)
        lines.append(
            Line(each.occurred_at, tone, word, detail or f"told by {words.spelled(each.source)}", each.text)
        )
    return sorted(lines, key=lambda line: line.at)


def _run_url(view: MessageView, desk: Desk) -> str:
    """Return the way through a journey that asked for a message; "" where none did."""
    key = str(view.cause.get("run_id", "")) if isinstance(view.cause, Mapping) else ""
    return desk.url("console-journey-run", key) if _maybe("jrn", key) else ""


def _headers(view: MessageView, subject: str) -> list[tuple[str, str]]:
    """Return of a letter's head what people ask about."""
    found = [("To", view.address), ("Subject", subject), ("Channel", view.channel)]
    if "@" in view.external_id:
        found.append(("Message-ID", f"<{view.external_id}>"))
    if view.medium is Medium.EMAIL and view.status in {Status.TAKEN, Status.UNKNOWN}:
        found.append(
            (
                "List-Unsubscribe",
                "none: part of the order" if view.purpose is Purpose.TRANSACTIONAL else "one click",
            )
        )
    return [(name, said) for name, said in found if said]


def _looks(*, is_dark: bool, is_narrow: bool) -> list[list[tuple[str, str, bool]]]:
    """Return the ways to look at a letter, each with its address."""

    def query(dark: bool, narrow: bool) -> str:
        given = {"scheme": "dark"} if dark else {}
        return "?" + urlencode(given | ({"width": "narrow"} if narrow else {})) + "#letter"

    return [
        [("Wide", query(is_dark, False), not is_narrow), ("Narrow", query(is_dark, True), is_narrow)],
        [("Light", query(False, is_narrow), not is_dark), ("Dark", query(True, is_narrow), is_dark)],
    ]


def _orders_of(view: MessageView) -> set[UUID]:
    given = view.about.get("order_ids") if isinstance(view.about, Mapping) else None
    found = {view.order_id} if view.order_id is not None else set()
    for each in given if isinstance(given, list) else ():
        try:
            found.add(UUID(str(each)))
        except ValueError:
            continue
    return found


def _address(here: str, given: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{here}?{query}" if query else here


def _one_of(kinds: Any, value: str) -> Any:
    return kinds(value) if value in set(kinds) else None


def _maybe(prefix: str, key: str) -> UUID | None:
    try:
        return read_public_id(prefix, key) if key else None
    except BadPublicId:
        return None


def _read(key: str) -> UUID:
    try:
        return read_public_id("mes", key)
    except BadPublicId:
        raise MessageNotFound from None


urls = [
    path("messages/", outbox, name="console-messages"),
    path("messages/<str:key>/", one, name="console-message"),
    path("messages/<str:key>/letter/", letter, name="console-message-letter"),
    path("messages/<str:key>/cancel/", cancel, name="console-message-cancel"),
]
