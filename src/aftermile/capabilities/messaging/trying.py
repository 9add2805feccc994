"""Hand a test message over: taken up and committed, then called, then written down, as every message is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from aftermile.capabilities.messaging.composing import mail_sender
from aftermile.capabilities.messaging.links import pages_url
from aftermile.capabilities.messaging.operations.senders import OpenSender
from aftermile.capabilities.messaging.operations.trials import Begun, begin_trial, end_trial
from aftermile.capabilities.messaging.sending import Lines
from aftermile.connectors.channels.sending import send
from aftermile.connectors.contracts.channels import Email, Medium, Outcome, Outgoing, Result, ShortText
from aftermile.kernel.mail import MailUnwritable, message_id
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import run_in_scope


def run_trial(merchant_id: UUID, trial_id: UUID, *, lines: Lines, clock: Callable[[], datetime]) -> None:
    """Send a test message once; whoever asks again finds it taken up."""

    def begin() -> tuple[Begun | None, str, str]:
        host = urlsplit(pages_url()).hostname or "localhost"
        return begin_trial(trial_id=trial_id, at=clock()), current_merchant().name, host

    try:
        begun, shop_name, host = run_in_scope(merchant_id, begin)
        if begun is None:
            return
        outcome = _call(begun, shop_name, host, lines, clock)
        run_in_scope(merchant_id, lambda: end_trial(trial_id=trial_id, outcome=outcome, at=clock()))
    finally:
        if not connection.in_atomic_block:  # which it is in tests only
            connection.close()


def _call(begun: Begun, shop_name: str, host: str, lines: Lines, clock: Callable[[], datetime]) -> Outcome:
    if begun.sender is None:
        return Outcome(result=Result.NEVER, detail="The shop has no sender for this medium yet.")
    try:
        outgoing = _outgoing(begun, begun.sender, shop_name, host)
    except MailUnwritable as problem:
        return Outcome(result=Result.NEVER, detail=str(problem))
    return send(
        outgoing,
        channel=begun.sender.channel,
        credentials=begun.sender.credentials,
        idempotency_key=str(begun.id),
        at=clock(),
        client=lines.client,
        pools=lines.pools,
    )


def _outgoing(begun: Begun, sender: OpenSender, shop_name: str, host: str) -> Outgoing:
    if begun.medium is Medium.EMAIL:
        mail_from = mail_sender(sender, shop_name=shop_name, host=host)
        return Email(
            message_id=message_id(begun.id, mail_from.domain),
            sender=mail_from,
            to=begun.address,
            subject=begun.said.subject,
            text=begun.said.text,
            html=begun.said.html,
            reference=str(begun.id),
        )
    return ShortText(
        medium=begun.medium,
        to=begun.address,
        sender=sender.address,
        text=begun.said.text,
        reference=str(begun.id),
    )
