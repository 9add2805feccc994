"""What a shopper hears, on which medium: the words of the pages behind a message's own addresses."""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.capabilities.messaging.public import MessageLink, Purpose
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.languages import Tongue, msg

MEDIA: dict[Medium, str] = {
    Medium.EMAIL: msg("E-mail"),
    Medium.SMS: msg("SMS"),
    Medium.WHATSAPP: msg("WhatsApp"),
    Medium.PUSH: msg("Notices in this browser"),
}
#: By purpose: what it is called, and what it is.
PURPOSES: dict[Purpose, tuple[str, str]] = {
    Purpose.SERVICE: (
        msg("About what you bought"),
        msg("How to use it and care for it, and whether you are content."),
    ),
    Purpose.MARKETING: (msg("Offers and news"), msg("Only if you allow it.")),
}

_LEAVING: dict[Purpose, dict[str, tuple[str, ...]]] = {
    Purpose.SERVICE: {
        "ask": (
            msg("No more messages about what you bought?"),
            msg("Offers and news end with them. Nothing changes before you press the button."),
        ),
        "done": (
            msg("You are unsubscribed"),
            msg("{shop} sends you no more messages about what you bought, and no offers."),
        ),
        "back": (
            msg("All is as before"),
            msg("{shop} may write to you again about what you bought."),
        ),
    },
    Purpose.MARKETING: {
        "ask": (
            msg("No more offers and news?"),
            msg("Nothing changes before you press the button."),
        ),
        "done": (
            msg("You are unsubscribed"),
            msg("{shop} sends you no more offers and news."),
        ),
        "back": (
            msg("All is as before"),
            msg("{shop} may send you offers and news again."),
        ),
    },
}


@dataclass(frozen=True, slots=True)
class LeavingPage:
    title: str
    sentence: str
    about: str


def leaving(tongue: Tongue, *, state: str, link: MessageLink, address: str, shop: str) -> LeavingPage:
    """Lay out the page that unsubscribes. `state`: "ask", "done" or "back" (taken back)."""
    words = _LEAVING[Purpose.MARKETING if link.purpose is Purpose.MARKETING else Purpose.SERVICE]
    title, sentence = words[state]
    return LeavingPage(
        tongue.say(title), tongue.say(sentence, shop=shop), place_of(tongue, link.medium, address)
    )


def place_of(tongue: Tongue, medium: Medium, address: str) -> str:
    """Name a medium and where it goes to: "E-mail: r…@e….org"."""
    said = tongue.say(MEDIA[medium]) if medium in MEDIA else medium.value
    if not address or medium is Medium.PUSH:
        return said
    return tongue.say("{medium}: {address}", medium=said, address=masked(address))


def masked(address: str) -> str:
    """Show so much of an address that its owner knows it, and nobody else learns it: "r…@e….org", "…89"."""
    local, sign, host = address.rpartition("@")
    if not sign:
        return f"…{address[-2:]}"
    name, _, ending = host.rpartition(".")
    return f"{local[:1]}…@{name[:1]}….{ending}"
