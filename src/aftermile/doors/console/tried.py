"""What came of a test message somebody sent to themselves."""

from __future__ import annotations

from datetime import timedelta

from aftermile.capabilities.messaging.public import TrialView
from aftermile.capabilities.team.public import Permission
from aftermile.connectors.contracts.channels import Result
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Page

#: A test message nobody took up within this time is told to be stuck.
_SOON_SECONDS = 60
#: The page asks again by itself for so long.
_ASKED_FOR = timedelta(minutes=10)


def tried_page(
    desk: Desk, view: TrialView, *, place: str, crumbs: tuple[Crumb, ...], here: str, back: str
) -> Page:
    """Tell what came of a test message; the page asks again by itself while nothing is known."""
    tone, said, step = _outcome(view, desk)
    return Page(
        template="console/templates/tried.html",
        title="Test message",
        place=place,
        crumbs=(*crumbs, Crumb("Test message")),
        values={
            "tone": tone,
            "said": said,
            "step": step,
            "waits": view.result is None and desk.at - view.asked_at < _ASKED_FOR,
            "here": here,
            "address": view.address if view.asked_by == desk.by else "a colleague",
            "asked_at": view.asked_at,
            "back": back,
            "senders_url": desk.url("console-senders") if desk.may(Permission.SETTINGS_MANAGE) else "",
        },
        parts={"outcome": "console/templates/_outcome.html"},
    )


def _outcome(view: TrialView, desk: Desk) -> tuple[str, str, str]:
    """Say what came of a test message: tone, sentence, and what to do."""
    detail = f" It said: {view.detail}." if view.detail else ""
    match view.result:
        case None if (desk.at - view.asked_at).total_seconds() > _SOON_SECONDS:
            return (
                "watch",
                "Nothing is known of it after a minute.",
                "The worker may be busy or stopped. Send another.",
            )
        case None:
            return "calm", "It is being handed over.", ""
        case Result.TAKEN if view.channel == "outbox":
            return (
                "watch",
                "It was written, and no farther: there is no sender for e-mail, so nothing leaves the house.",
                "Set up a sender to get it in your mailbox.",
            )
        case Result.TAKEN:
            return (
                "ok",
                f"{view.channel.capitalize()} took it.",
                "Look into your mailbox, and into its spam folder.",
            )
        case Result.NEVER:
            return "broken", f"It was refused for good.{detail}", "Look at the sender’s settings."
        case Result.LATER:
            return (
                "late",
                f"It could not be handed over now.{detail}",
                "Look at the sender’s settings, or try again.",
            )
        case _:
            return "late", f"It was handed over and no answer came.{detail}", "It may have arrived."
