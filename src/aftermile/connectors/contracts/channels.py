"""The socket a channel plugs into: what a message is, how it is handed over, what is told about it later.

Plain values and pure functions: a channel describes a request and reads an answer, and the kernel's clients
do the talking (`connectors.channels.sending`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from aftermile.connectors.contracts.sockets import (
    CredentialField,
    InboundRequest,
    OutboundRequest,
    RawRecord,
    Verdict,
)
from aftermile.kernel.handover import Result as Result  # part of this contract

if TYPE_CHECKING:
    from aftermile.kernel.imap_mailbox import ImapMailbox
    from aftermile.kernel.mail_signing import DkimKey
    from aftermile.kernel.smtp_server import SmtpServer

#: The credential under which the caller passes our own public address for a channel's receipts. Channels put
#: it into what they send (a status call-back) and need it to check a signature made over the address.
RECEIPTS_ADDRESS = "receipts_address"


class Medium(StrEnum):
    """What a shopper has; a channel is what carries messages there."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PUSH = "push"
    WEBHOOK = "webhook"


class Fate(StrEnum):
    """What others told of a message after it was handed over."""

    TAKEN = "taken"  # on its way: queued or sent by the channel
    DELIVERED = "delivered"
    DEFERRED = "deferred"  # delayed; another word will follow
    BOUNCED = "bounced"  # came back from where it was to go
    REJECTED = "rejected"  # the channel itself refused it, or could not send it
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    UNSUBSCRIBED = "unsubscribed"
    RESUBSCRIBED = "resubscribed"  # the shopper took the unsubscribing back at the channel ("START")


class Unsendable(ValueError):
    """A message this channel cannot carry as it is (a line break in a subject, too much text for a push)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who an e-mail is from. `bounce_address` is where undeliverable mail goes back to ("" : `address`)."""

    address: str
    name: str = ""
    reply_to: str = ""
    bounce_address: str = ""
    dkim: DkimKey | None = field(default=None, repr=False)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def bounce_address(mailbox: str, reference: str) -> str:
    """Return the address a message's undeliverable mail comes back to: `bounces+mes_...@shop.example`."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{reference}@{domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """One letter to one person. `message_id` is written without angle brackets (`kernel.mail.message_id`).

    `one_click_url` is the HTTPS address that unsubscribes by POST (RFC 8058); "" for transactional mail.
    `reference` is our id of the message: it comes back in receipts of channels that carry it along.
    """

    message_id: str
    sender: Sender
    to: str = field(repr=False)
    to_name: str = field(default="", repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    one_click_url: str = field(default="", repr=False)
    feedback_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """One SMS or WhatsApp message. `to` and `sender` are E.164; the sender may be a channel's own name.

    WhatsApp takes free text only within 24 hours of the shopper's last word; else `template_name` names an
    approved template and `variables` fill it.
    """

    medium: Medium
    to: str = field(repr=False)
    sender: str = ""
    text: str = field(default="", repr=False)
    template_name: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One notification to one browser. `p256dh` and `auth` are its subscription's keys, as it wrote them.

    A newer message with the same `topic` takes the place of one not shown yet.
    """

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    title: str = field(repr=False)
    body: str = field(default="", repr=False)
    url: str = ""
    topic: str = ""
    ttl_seconds: int = 86_400
    urgent: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One signed call of a merchant's program. `payload` is plain JSON; `occurred_at` stays when tried again."""

    url: str = field(repr=False)
    kind: str
    occurred_at: datetime
    payload: Mapping[str, object] = field(repr=False)
    reference: str = ""


Outgoing = Email | ShortText | Push | Hook


def media_of(outgoing: Outgoing) -> Medium:
    """Return the medium a message travels by."""
    match outgoing:
        case Email():
            return Medium.EMAIL
        case ShortText():
            return outgoing.medium
        case Push():
            return Medium.PUSH
        case Hook():
            return Medium.WEBHOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at handing a message over. The key is the same for every try of one message."""

    outgoing: Outgoing
    credentials: Mapping[str, str] = field(repr=False)
    idempotency_key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt. `detail` may be shown to staff and holds no personal data.

    `address_is_dead`: no message will ever arrive there, whatever it says.
    """

    result: Result
    external_id: str = ""  # the channel's own id, by which its receipts name the message
    code: str = ""
    detail: str = ""
    address_is_dead: bool = False
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One thing told about a message, or by its reader. It is never refused for being odd.

    The message is named by whichever of `reference` (ours), `message_id` (an e-mail's, without brackets) and
    `external_id` (the channel's) the source gave; where none of them is there, only `address` is known, or
    nothing. `fate` None: a word we do not know; kept and shown, moves nothing. `identity` is the same for the
    same fact told again.
    """

    fate: Fate | None
    occurred_at: datetime
    identity: str
    reference: str = ""
    message_id: str = field(default="", repr=False)
    external_id: str = ""
    code: str = ""
    detail: str = ""
    address: str = field(default="", repr=False)
    address_is_dead: bool = False
    text: str = field(default="", repr=False)  # what the shopper wrote, of replies
    medium: Medium = Medium.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One plug. `slug` is its folder's name with dashes.

    Exactly one of `request` (over HTTP), `smtp` (over SMTP) and `keeps` (nothing leaves the house) is set.

    `request(attempt)` describes the call, or raises `Unsendable`; `outcome(status, headers, body)` reads the
    answer. Where the other side knows a repeated call by its idempotency key (or shows it once),
    `repeats_harmlessly` is set: no answer then means "again", not "unknown".

    Receipts: `verify(request, credentials)` judges a call-back to `RECEIPTS_ADDRESS`; `receipts(record)` reads
    it, or raises `sockets.Unreadable`. Records come without secrets; a `reference` of the call-back's query
    stands in the record's settings. `confirms(record)` describes the call that a record asks for before more is
    told (None: it asks for none); it names hosts of the channel alone, whatever the record says.

    `mailbox(credentials)` names where mails that come back arrive; each is handed to `receipts` as it came, as a record
    of the kind "mail". None: they are not fetched.

    Push: `browser_key(credentials)` returns the public key with which browsers subscribe, in base64url.
    """

    slug: str
    name: str
    media: tuple[Medium, ...]
    credentials: tuple[CredentialField, ...] = ()
    request: Callable[[Attempt], OutboundRequest] | None = None
    outcome: Callable[[int, Mapping[str, str], bytes], Outcome] | None = None
    repeats_harmlessly: bool = False
    smtp: Callable[[Mapping[str, str]], SmtpServer] | None = None
    keeps: bool = False
    verify: Callable[[InboundRequest, Mapping[str, str]], Verdict] | None = None
    receipts: Callable[[RawRecord], tuple[Receipt, ...]] | None = None
    confirms: Callable[[RawRecord], OutboundRequest | None] | None = None
    mailbox: Callable[[Mapping[str, str]], ImapMailbox | None] | None = None
    browser_key: Callable[[Mapping[str, str]], str] | None = None
    setup: tuple[str, ...] = ()  # as in `sockets.Connector`
    website: str = ""
