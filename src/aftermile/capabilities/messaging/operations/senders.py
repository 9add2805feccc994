"""Which channel carries a medium for the shop, in whose name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import SenderRow
from aftermile.capabilities.messaging.operations.mailbox import forget_mailbox, watch_mailbox
from aftermile.connectors.channels.registry import UnknownChannel, channel
from aftermile.connectors.contracts.channels import RECEIPTS_ADDRESS, Channel, Medium, bounce_address
from aftermile.connectors.contracts.sockets import told_to_another_host
from aftermile.kernel.errors import Invalid, NotFound
from aftermile.kernel.events import publish
from aftermile.kernel.ids import public_id
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope
from aftermile.kernel.tokens import mint_token, read_token

#: Behind the address of this installation: where channels send receipts.
RECEIPTS_PATH = "/receipts/"

#: Kept beside a channel's own credentials: the key with which letters are signed, and where it is published.
#: A new key waits until its record is published: letters signed by what nobody can look up are thrown away.
DKIM = ("dkim_domain", "dkim_selector", "dkim_private_pem", "dkim_new_selector", "dkim_new_private_pem")
_SECRET = frozenset({"dkim_private_pem", "dkim_new_private_pem"})


class SenderUnusable(Invalid):
    """The channel is not known, does not carry the medium, or lacks something it needs; `details` says what."""

    code = "sender_unusable"
    message = "This cannot be used for sending; see what is said beside each part."


class ReceiptsAddressUnknown(NotFound):
    """No sender has this address."""

    code = "receipts_address_unknown"
    message = "No sender has this address."


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderView:
    """A sender as staff see it; secrets are only named. `receipts_address`: "" where its channel tells nothing."""

    medium: Medium
    channel: str
    address: str
    name: str
    reply_to: str
    settings: Mapping[str, str]
    secret_names: tuple[str, ...]
    receipts_address: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSender:
    """A sender with its secrets, for sending and for verifying what is told. Never logged or stored."""

    medium: Medium
    channel: Channel
    address: str
    name: str
    reply_to: str
    credentials: Mapping[str, str] = field(repr=False)


def senders() -> list[SenderView]:
    """List the shop's senders. A medium without one: mail goes to the outbox, the others are not used."""
    return [_view(row) for row in SenderRow.rows().order_by("medium")]


def open_senders() -> dict[Medium, OpenSender]:
    """Open the shop's senders: one statement. One whose channel is no longer installed is left out."""
    opened = {}
    for row in SenderRow.rows():
        try:
            plug = channel(row.channel)
        except UnknownChannel:
            continue
        opened[Medium(row.medium)] = OpenSender(
            medium=Medium(row.medium),
            channel=plug,
            address=row.address,
            name=row.name,
            reply_to=row.reply_to,
            credentials=_credentials(row, plug),
        )
    return opened


def sender_at(address: str) -> tuple[UUID, OpenSender]:
    """Return whose sender has an address for receipts, and open it; outside any scope.

    :param address: the last part of it.
    :raises BadToken: no address of ours.
    :raises ReceiptsAddressUnknown: no sender has it, or its channel is no longer installed.
    """
    named = read_token("rc", address)
    with merchant_scope(named.merchant_id):
        medium = (
            SenderRow.rows().filter(receipts_digest=named.digest).values_list("medium", flat=True).first()
        )
        opened = open_senders().get(Medium(medium)) if medium else None
    if opened is None:
        raise ReceiptsAddressUnknown
    return named.merchant_id, opened


def keep_sender(
    *,
    medium: Medium,
    channel_slug: str,
    credentials: Mapping[str, str],
    address: str = "",
    name: str = "",
    reply_to: str = "",
    by: str,
    at: datetime,
) -> SenderView:
    """Let a channel carry a medium. A secret that is not given stays as it is, as long as the channel and its server
    are the same; so do the keys that sign.

    :param address: in whose name: an e-mail address, a number, the address of the shop's program for a webhook. Mail
        needs one; elsewhere it may be part of the credentials.
    :raises SenderUnusable: `details` says by part what is wrong.
    """
    row = SenderRow.rows().select_for_update().filter(medium=medium).first()
    is_same = row is not None and row.channel == channel_slug
    held = box().open(bytes(row.sealed_secrets)) if row and is_same else {}
    held |= {name: row.settings[name] for name in DKIM if name in row.settings} if row and is_same else {}
    try:
        plug = channel(channel_slug)
    except UnknownChannel:
        raise SenderUnusable(details={"channel": f"There is no channel called {channel_slug!r}."}) from None
    typed = {name for name, value in credentials.items() if value.strip()}
    left_out = _groups(plug) - _groups(plug, typed)
    held = {
        name: value
        for name, value in held.items()
        if not any(each.name == name and each.group in left_out for each in plug.credentials)
    }
    given = held | {name: credentials[name] for name in typed}
    again = told_to_another_host(plug.credentials, row.settings if row else {}, given) & set(held) - typed
    _check(plug, medium, given, left_out, address, reply_to, again)
    secret = {each.name for each in plug.credentials if each.secret} | _SECRET
    values = {
        "channel": plug.slug,
        "address": address.strip(),
        "name": name.strip(),
        "reply_to": reply_to.strip(),
        "settings": {name: value for name, value in given.items() if name not in secret},
        "sealed_secrets": box().seal({name: value for name, value in given.items() if name in secret}),
        "changed_by": by,
        "changed_at": at,
    }
    if row is None or not row.receipts_digest:
        token = mint_token("rc", current_merchant_id())
        values |= {
            "receipts_digest": token.digest,
            "sealed_receipts": box().seal({"address": token.text}),
        }
    kept, _ = SenderRow.rows().update_or_create(medium=medium.value, defaults=values)
    if plug.mailbox is not None and plug.mailbox(given) is not None:
        watch_mailbox(at=at)
    elif medium is Medium.EMAIL:
        forget_mailbox()
    publish(MessagingChanged(what="senders"), by=by, at=at)
    return _view(kept)


def remove_sender(*, medium: Medium, by: str, at: datetime) -> bool:
    """Carry a medium no longer: mail goes to the outbox again. Return whether there was a sender."""
    count, _ = SenderRow.rows().filter(medium=medium).delete()
    if count:
        if medium is Medium.EMAIL:
            forget_mailbox()
        publish(MessagingChanged(what="senders"), by=by, at=at)
    return bool(count)


def _groups(plug: Channel, names: Collection[str] | None = None) -> set[str]:
    """Name the groups of a channel's fields, or those of some of its fields."""
    return {each.group for each in plug.credentials if each.group and (names is None or each.name in names)}


def _check(
    plug: Channel,
    medium: Medium,
    given: Mapping[str, str],
    left_out: Collection[str],
    address: str,
    reply_to: str,
    again: Collection[str],
) -> None:
    known = {each.name: each for each in plug.credentials}
    problems = {
        name: f"{plug.name} does not know this." for name in given if name not in known and name not in DKIM
    }
    problems |= {
        name: f"{each.group or plug.name} needs this."
        for name, each in known.items()
        if each.required and name not in given and each.group not in left_out
    }
    problems |= dict.fromkeys(
        again, "What is kept was given for another server; give it again, or remove this sender first."
    )
    if medium not in plug.media:
        problems["channel"] = f"{plug.name} does not carry {medium}."
    if medium is Medium.EMAIL and not plug.keeps and not _is_mail_address(address):
        problems["address"] = "Give the e-mail address to write from."
    if (back_to := given.get("bounces_to", "").strip()) and not _takes_back(back_to):
        problems["bounces_to"] = "This is no e-mail address, or too long to add a letter's name to it."
    if reply_to and not _is_mail_address(reply_to):
        problems["reply_to"] = "This is no e-mail address."
    if problems:
        raise SenderUnusable(details=problems)


def _takes_back(mailbox: str) -> bool:
    """Tell whether a letter's own address can be made of a mailbox; RFC 5321, 4.5.3.1.1 allows 64 signs before the @."""
    made = bounce_address(mailbox, public_id("mes", current_merchant_id()))
    return _is_mail_address(made) and len(made.rpartition("@")[0]) <= 64


def _is_mail_address(text: str) -> bool:
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _credentials(row: SenderRow, plug: Channel) -> dict[str, str]:
    held = {**row.settings, **box().open(bytes(row.sealed_secrets))}
    address = _receipts_address(row, plug)
    return held | {RECEIPTS_ADDRESS: address} if address else held


def _receipts_address(row: SenderRow, plug: Channel | None) -> str:
    if plug is None or plug.receipts is None or plug.verify is None or not row.sealed_receipts:
        return ""
    token = box().open(bytes(row.sealed_receipts))["address"]
    return f"{str(settings.CONFIG.public_url).rstrip('/')}{RECEIPTS_PATH}{token}"


def _view(row: SenderRow) -> SenderView:
    try:
        plug = channel(row.channel)
    except UnknownChannel:
        plug = None
    return SenderView(
        medium=Medium(row.medium),
        channel=row.channel,
        address=row.address,
        name=row.name,
        reply_to=row.reply_to,
        settings=row.settings,
        secret_names=tuple(sorted(box().open(bytes(row.sealed_secrets)))),
        receipts_address=_receipts_address(row, plug),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
