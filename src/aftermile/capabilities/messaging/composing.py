"""From what a message says to what its channel carries. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from aftermile.capabilities.messaging.links import (
    PREFERENCES_PATH,
    UNSUBSCRIBE_PATH,
    WHY_PATH,
    MessageLink,
    PreferencesLink,
    preferences_token,
    unsubscribe_token,
    why_token,
)
from aftermile.capabilities.messaging.operations.senders import OpenSender
from aftermile.capabilities.messaging.operations.take_due import Taken
from aftermile.capabilities.messaging.rendering import Rendered
from aftermile.capabilities.messaging.states import Purpose
from aftermile.connectors.contracts.channels import (
    Email,
    Hook,
    Medium,
    Outgoing,
    Push,
    Sender,
    ShortText,
    bounce_address,
)
from aftermile.kernel.ids import public_id
from aftermile.kernel.mail import message_id
from aftermile.kernel.mail_signing import DkimKey

_POSTABLE = ("https://", "http://127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The addresses of one message's own pages. `unsubscribe` is "" for what is transactional."""

    unsubscribe: str = field(repr=False)
    preferences: str = field(repr=False)
    why: str = field(repr=False)


def addresses_in(message: Taken, *, merchant_id: UUID, base_url: str) -> Addresses:
    """Return the addresses that stand in a message.

    :param base_url: where the shop's pages stand (`links.pages_url`).
    """
    link = MessageLink(
        merchant_id=merchant_id,
        shopper_id=message.shopper_id,
        message_id=message.id,
        medium=message.medium,
        purpose=message.purpose,
    )
    mine = PreferencesLink(merchant_id=merchant_id, shopper_id=message.shopper_id)
    is_optional = message.purpose is not Purpose.TRANSACTIONAL
    return Addresses(
        unsubscribe=f"{base_url}{UNSUBSCRIBE_PATH}{unsubscribe_token(link)}" if is_optional else "",
        preferences=f"{base_url}{PREFERENCES_PATH}{preferences_token(mine)}",
        why=f"{base_url}{WHY_PATH}{why_token(link)}",
    )


def mail_sender(sender: OpenSender, *, shop_name: str, host: str) -> Sender:
    """Return in whose name mail goes out; of a shop that has said nothing, in its own at our host."""
    held = sender.credentials
    dkim = (
        DkimKey(
            domain=held.get("dkim_domain") or sender.address.rpartition("@")[2],
            selector=held["dkim_selector"],
            private_pem=held["dkim_private_pem"],
        )
        if held.get("dkim_selector") and held.get("dkim_private_pem")
        else None
    )
    return Sender(
        address=sender.address or f"shop@{host}",
        name=sender.name or shop_name,
        reply_to=sender.reply_to,
        bounce_address=held.get("bounces_to", "").strip(),
        dkim=dkim,
    )


def _with_own_bounce_address(mail_from: Sender, message_id: UUID) -> Sender:
    """What comes back names its letter by the address it comes to, however little else of it does."""
    if not mail_from.bounce_address:
        return mail_from
    return replace(
        mail_from, bounce_address=bounce_address(mail_from.bounce_address, public_id("mes", message_id))
    )


def compose(
    message: Taken, said: Rendered, *, sender: OpenSender, mail_from: Sender, one_click_url: str
) -> Outgoing:
    """Address what a message says. The same message has the same Message-ID and reference, for ever."""
    reference = str(message.id)
    match message.medium:
        case Medium.EMAIL:
            return Email(
                message_id=message_id(message.id, mail_from.domain),
                sender=_with_own_bounce_address(mail_from, message.id),
                to=message.address,
                to_name=message.shopper_name,
                subject=said.subject,
                text=said.text,
                html=said.html,
                # RFC 8058 wants HTTPS; on a machine without it the address in the letter itself has to do.
                one_click_url=one_click_url if one_click_url.startswith(_POSTABLE) else "",
                reference=reference,
            )
        case Medium.SMS | Medium.WHATSAPP:
            return ShortText(
                medium=message.medium,
                to=message.address,
                sender=sender.address,
                text=said.text,
                template_name=said.template_name,
                variables=said.variables,
                reference=reference,
            )
        case Medium.PUSH:
            return Push(
                endpoint=message.address,
                p256dh=message.push_keys[0],
                auth=message.push_keys[1],
                title=said.subject,
                body=said.text,
                url=said.url,
                # Newer word of the same parcel takes the place of the older one, not that of another parcel.
                topic=f"{message.touchpoint[:32]}:{message.parcel_id or message.order_id or message.id}",
                reference=reference,
            )
        case Medium.WEBHOOK:
            return Hook(
                url=message.address,
                kind=message.touchpoint,
                occurred_at=message.created_at,
                payload={
                    "message_id": reference,
                    "subject": said.subject,
                    "text": said.text,
                    **message.values,
                },
                reference=reference,
            )
