"""Fetch what came back to the mail sender: each mail kept as it came, then marked as seen, then read like all receipts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.messaging.operations.digest_receipts import Told, keep_receipts
from aftermile.capabilities.messaging.operations.mailbox import begin_look, end_look
from aftermile.capabilities.messaging.operations.senders import open_senders
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.imap_mailbox import ImapMailbox
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.tenancy import run_in_scope

#: What is kept of a mail: as much as is read of it. Reports begin with what they have to say.
MAIL_BYTES = 262_144
KIND = "mail"


def fetch_mail(merchant_id: UUID, *, policy: AddressPolicy, clock: Callable[[], datetime]) -> None:
    """Look into a shop's mailbox once, if it is time; whoever asks meanwhile finds it taken up.

    Who dies between keeping a mail and marking it is handed it again: its bytes are the same, so it is kept once.
    """

    def begin() -> tuple[str, ImapMailbox] | None:
        sender = open_senders().get(Medium.EMAIL)
        named = sender.channel.mailbox(sender.credentials) if sender and sender.channel.mailbox else None
        return (sender.channel.slug, named) if sender and named and begin_look(at=clock()) else None

    try:
        begun = run_in_scope(merchant_id, begin)
        if begun is None:
            return
        slug, named = begun
        from aftermile.kernel.imap import look_into  # loaded by the few who have a mailbox

        def take(mail: bytes) -> bool:
            return run_in_scope(merchant_id, lambda: take_mail(mail, channel=slug, at=clock()))

        look = look_into(named, policy=policy, take=take)
        run_in_scope(merchant_id, lambda: end_look(look, at=clock()))
    finally:
        if not connection.in_atomic_block:  # which it is in tests only
            connection.close()


def take_mail(mail: bytes, *, at: datetime, channel: str = "smtp") -> bool:
    """Keep one mail that came back to the shop, to be read at once; return whether it is new."""
    return keep_receipts(Told(channel=channel, kind=KIND, body=mail[:MAIL_BYTES]), at=at)
