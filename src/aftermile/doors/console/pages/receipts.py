"""Settings, under the senders: what channels told of messages and could not be read; why, as it came, and once more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.messaging.public import (
    ReceiptRecordNotFound,
    ReceiptRecordView,
    ReceiptStatus,
    receipt_record,
    receipt_records,
    replay_receipts,
)
from aftermile.capabilities.team.public import Permission
from aftermile.connectors.channels.registry import channels
from aftermile.doors.console import raw
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page

_MAY = Permission.SETTINGS_MANAGE
_TITLE = "Receipts that could not be read"
_AFTER_UPDATE = "After an update, have it read again; nothing is lost meanwhile."
#: What a record's reason means, and what to do: the first that fits counts.
_REASONS = (
    (
        r"no longer installed",
        "{channel} is not installed here any more.",
        "Install it again and have it read again, or leave it: it goes when its time is over.",
    ),
    (
        r"not a form|JSONDecodeError|UnicodeDecodeError",
        "It is not what {channel} sends: it was cut off, or another program sent it.",
        "Look at it below; if it is cut off, have {channel} send it again.",
    ),
    (
        r"not a receipt of this provider|neither an event",
        "It is of a form that our reader for {channel} does not know.",
        _AFTER_UPDATE,
    ),
    (r"The channel failed on it", "Our reader for {channel} stumbled over it.", _AFTER_UPDATE),
    (r"Taking it in failed", "It was read, and what it tells could not be taken in.", _AFTER_UPDATE),
)
_STATES = {
    ReceiptStatus.PENDING: ("watch", "Waiting to be read"),
    ReceiptStatus.DIGESTED: ("ok", "Read"),
    ReceiptStatus.QUARANTINED: ("broken", "Could not be read"),
    ReceiptStatus.ERASED: ("calm", "Erased"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is listed."""

    id: UUID
    url: str
    what: str
    channel: str
    why: str
    at: datetime


@console_page(_MAY)
def listed(request: HttpRequest, desk: Desk) -> Page:
    """List what could not be read, newest first."""
    after = request.GET.get("after", "")
    found = receipt_records(
        status=ReceiptStatus.QUARANTINED, after=_read(after) if after else None, limit=SIZE + 1
    )
    lines = [
        Line(
            id=view.id,
            url=desk.url("console-receipt", view.id),
            what=view.kind or "Receipt",
            channel=_name(view.channel),
            why=_in_words(view)[0],
            at=view.received_at,
        )
        for view in found[:SIZE]
    ]
    return Page(
        template="console/messages/receipts.html",
        title=_TITLE,
        place="settings",
        section="senders",
        crumbs=(Crumb("Senders", desk.url("console-senders")), Crumb(_TITLE)),
        values={
            "lines": lines,
            "senders_url": desk.url("console-senders"),
            "paging": paging(
                request,
                next_cursor=str(lines[-1].id) if len(found) > SIZE else "",
                told=f"{len(lines)} receipts",
            ),
        },
    )


@console_page(_MAY)
def one(request: HttpRequest, desk: Desk, record_id: UUID) -> Page:  # noqa: ARG001
    """Show one of what channels told: as it came, and why it waits if it does."""
    view = receipt_record(record_id)
    tone, word = _STATES[view.status]
    says, step = _in_words(view) if view.status is ReceiptStatus.QUARANTINED else ("", "")
    return Page(
        template="console/messages/receipt.html",
        title=f"{view.kind or 'Receipt'} from {_name(view.channel)}",
        place="settings",
        section="senders",
        crumbs=(
            Crumb("Senders", desk.url("console-senders")),
            Crumb(_TITLE, desk.url("console-receipts")),
            Crumb(view.kind or "Receipt"),
        ),
        values={
            "view": view,
            "channel": _name(view.channel),
            "tone": tone,
            "word": word,
            "says": says,
            "step": step,
            "is_erased": view.status is ReceiptStatus.ERASED,
            "laid": raw.laid_out(view.body or b""),
        },
    )


@console_page(_MAY)
def file(request: HttpRequest, desk: Desk, record_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Send a body as a file, byte for byte as it came."""
    body = receipt_record(record_id).body or b""
    # Never a type a browser would open, whatever the body claims to be.
    response = HttpResponse(body, content_type="application/octet-stream")
    name = f"receipt-{record_id}.{raw.laid_out(body).extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@act(_MAY)
def read_again(request: HttpRequest, desk: Desk) -> Done:
    """Read the chosen ones again."""
    chosen = [_read(text) for text in request.POST.getlist("chosen")[:SIZE]]
    if not chosen:
        return Done(said="Choose at least one.", back=desk.url("console-receipts"), notes=(), tone="broken")
    return _begun(
        desk, replay_receipts(record_ids=chosen), subject=str(chosen[0]) if len(chosen) == 1 else ""
    )


@act(_MAY)
def read_all_again(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Read all again that could not be read."""
    return _begun(desk, replay_receipts(), subject="")


def unread_receipts() -> str:
    """Say how many wait, "" when none does; counted no further than a page."""
    count = len(receipt_records(status=ReceiptStatus.QUARANTINED, limit=SIZE + 1))
    if count > SIZE:
        return f"More than {SIZE} wait"
    return f"{count} {'waits' if count == 1 else 'wait'}" if count else ""


def _begun(desk: Desk, count: int, *, subject: str) -> Done:
    back = desk.url("console-receipts")
    if not count:
        return Done(said="There was nothing to read again.", back=back, notes=(), tone="calm")
    receipts = "1 receipt" if count == 1 else f"{count:,} receipts"
    return Done(
        said=f"{receipts} {'is' if count == 1 else 'are'} being read again. What still cannot be read comes back here.",
        back=back,
        notes=(
            Note(
                act="receipt.replay",
                subject=subject,
                summary=f"Had {receipts} of channels read again",
                details={"receipts": count},
            ),
        ),
    )


def _in_words(view: ReceiptRecordView) -> tuple[str, str]:
    """Say why a record waits, and what to do about it."""
    name = _name(view.channel)
    for pattern, says, step in _REASONS:
        if re.search(pattern, view.reason):
            return says.replace("{channel}", name), step.replace("{channel}", name)
    return "It cannot be read as it is.", _AFTER_UPDATE


def _name(slug: str) -> str:
    plug = channels().get(slug)
    return plug.name if plug else slug


def _read(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ReceiptRecordNotFound from None


urls = [
    path("settings/receipts/", listed, name="console-receipts"),
    path("settings/receipts/again/", read_again, name="console-receipts-again"),
    path("settings/receipts/again/all/", read_all_again, name="console-receipts-again-all"),
    path("settings/receipts/<uuid:record_id>/", one, name="console-receipt"),
    path("settings/receipts/<uuid:record_id>/file/", file, name="console-receipt-file"),
]
