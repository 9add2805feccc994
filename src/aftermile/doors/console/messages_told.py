"""Messages in staff's words: where one stands, what others told of it, and as lines of lists and of an order's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aftermile.capabilities.messaging.public import (
    CheckName,
    MessageView,
    Mood,
    Purpose,
    Status,
    explain,
    shipped_touchpoints,
    touchpoints,
)
from aftermile.capabilities.team.public import Permission
from aftermile.connectors.contracts.channels import Fate, Medium
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.story import Event
from aftermile.kernel.ids import public_id

MEDIA = {
    Medium.EMAIL: "E-mail",
    Medium.SMS: "SMS",
    Medium.WHATSAPP: "WhatsApp",
    Medium.PUSH: "Push",
    Medium.WEBHOOK: "Webhook",
}
PURPOSES = {
    Purpose.TRANSACTIONAL: "Part of the order",
    Purpose.SERVICE: "Service",
    Purpose.MARKETING: "Marketing",
}
MOODS = {
    Mood.NEUTRAL: "Plain",
    Mood.BAD_NEWS: "Bad news",
    Mood.CHEERFUL: "Cheerful",
}
#: Why a message was withheld, in two or three words; in full it stands with the message.
REASONS = {
    CheckName.ERASED: "data erased",
    CheckName.ADDRESS: "nowhere to write to",
    CheckName.SUPPRESSED: "address suppressed",
    CheckName.CONSENT: "no consent",
    CheckName.SILENCE: "shopper in trouble",
    CheckName.CONTENT: "nothing to say",
    CheckName.QUIET_HOURS: "at night",
    CheckName.EXPIRED: "too late",
    CheckName.CAP: "enough for now",
}
_STANDINGS = {
    Status.PLANNED: ("calm", "Planned"),
    Status.WITHHELD: ("watch", "Not sent"),
    Status.CANCELLED: ("calm", "Cancelled"),
    Status.SENDING: ("calm", "Being sent"),
    Status.TAKEN: ("ok", "Sent"),
    Status.FAILED: ("broken", "Failed"),
    Status.UNKNOWN: ("late", "Nobody knows"),
}
#: What others told last, once the channel has it.
FATES = {
    Fate.TAKEN: ("ok", "Sent"),
    Fate.DELIVERED: ("ok", "Delivered"),
    Fate.DEFERRED: ("watch", "Delayed"),
    Fate.BOUNCED: ("broken", "Came back"),
    Fate.REJECTED: ("broken", "Refused"),
    Fate.COMPLAINED: ("late", "Reported as spam"),
    Fate.OPENED: ("ok", "Opened"),
    Fate.CLICKED: ("ok", "Clicked"),
    Fate.REPLIED: ("ok", "Answered"),
    Fate.UNSUBSCRIBED: ("watch", "Unsubscribed"),
    Fate.RESUBSCRIBED: ("ok", "Subscribed again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as it is listed. `more` says why not, or where it waits."""

    key: str
    url: str
    title: str
    tone: str
    word: str
    more: str
    medium: str
    purpose: str
    at: datetime


def standing(view: MessageView) -> tuple[str, str]:
    """Return tone and word of where a message stands: what others told outlasts what we decided."""
    if view.fate is not None and view.status in {Status.TAKEN, Status.UNKNOWN}:
        return FATES[view.fate]
    if view.status is Status.TAKEN and view.channel == "outbox":
        return "ok", "Kept here"
    return _STANDINGS[view.status]


def reason(view: MessageView) -> str:
    """Say in a few words why a message was not sent; "" when it was, or when nothing kept it."""
    if view.status is not Status.WITHHELD:
        return ""
    return next((said for name, said in REASONS.items() if name == view.withheld_for), view.withheld_for)


def moment_of(view: MessageView) -> datetime:
    """Return the moment a message belongs to: sent, else due, else asked for."""
    return view.taken_at or (view.due_at if view.status is Status.PLANNED else view.created_at)


def titles() -> Mapping[str, str]:
    """Return what touchpoints are called, the shop's own included. In its open scope."""
    return {slug: each.title for slug, each in touchpoints().items()}


def title_of(view: MessageView, known: Mapping[str, str]) -> str:
    """Return what a message is called; one that is not offered any more is called by its slug."""
    return known.get(view.touchpoint) or words.spelled(view.touchpoint)


def message_rows(
    views: Sequence[MessageView], desk: Desk, known: Mapping[str, str] | None = None
) -> list[MessageRow]:
    """Write messages as lines of a list."""
    if not views:
        return []
    known = titles() if known is None else known
    return [_row(view, desk, known) for view in views]


def _row(view: MessageView, desk: Desk, known: Mapping[str, str]) -> MessageRow:
    key = public_id("mes", view.id)
    tone, word = standing(view)
    return MessageRow(
        key=key,
        url=desk.url("console-message", key),
        title=title_of(view, known),
        tone=tone,
        word=word,
        more=reason(view),
        medium=MEDIA[view.medium] if view.medium else "Nowhere",
        purpose=PURPOSES[view.purpose],
        at=moment_of(view),
    )


def events_of(views: Sequence[MessageView], desk: Desk) -> list[Event]:
    """Write messages as lines of an order's story; what they say is opened by those who may read it."""
    own = {each.touchpoint for each in views} - shipped_touchpoints().keys()
    known = titles() if own else {slug: each.title for slug, each in shipped_touchpoints().items()}
    may_read = desk.may(Permission.SHOPPERS_READ)
    events = []
    for view in views:
        tone, word = standing(view)
        why_not = reason(view)
        was_sent = view.status in {Status.TAKEN, Status.SENDING, Status.UNKNOWN}
        events.append(
            Event(
                moment_of(view),
                f"{word}: {title_of(view, known)}",
                "messages",
                icon="mail" if was_sent or view.status in {Status.PLANNED, Status.FAILED} else "",
                tone=tone if was_sent or view.status is Status.FAILED else "",
                where=MEDIA[view.medium] if view.medium else "",
                why=explain(view)[0] if why_not else "",
                url=desk.url("console-message", public_id("mes", view.id)) if may_read else "",
            )
        )
    return events
