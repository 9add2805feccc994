"""A sender's turn: take what is due, have it written, hand it over, write down what came of it; until nothing is due.

Three beats. What is taken is committed under a lease before anything is called; calls are made outside any
transaction, by a few threads at once; outcomes are written every half second, while the lease is renewed. Whoever
kills this process at any moment leaves messages that are sent again when the lease is over, or, if they are
marketing, are said to be unknown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from aftermile.capabilities.messaging.composing import Addresses, addresses_in, compose, mail_sender
from aftermile.capabilities.messaging.links import pages_url
from aftermile.capabilities.messaging.operations.record_outcomes import NotBegun, Sent, record_outcomes
from aftermile.capabilities.messaging.operations.senders import OpenSender, open_senders
from aftermile.capabilities.messaging.operations.take_due import (
    PORTION,
    Portion,
    Taken,
    renew_lease,
    take_due,
)
from aftermile.capabilities.messaging.rendering import Rendered, ToRender, Unrenderable, render
from aftermile.connectors.channels.registry import channel
from aftermile.connectors.channels.sending import send
from aftermile.connectors.contracts.channels import Medium, Outcome, Outgoing, Result, Sender
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.mail import MailUnwritable
from aftermile.kernel.smtp import SmtpPools
from aftermile.kernel.tenancy import run_in_scope

T = TypeVar("T")

#: Calls of one turn in flight at once.
AT_ONCE = 8
#: Outcomes are written, and the lease is renewed, at least so often.
WRITE_AFTER_SECONDS = 0.5
#: Nothing is begun under a lease that is over within this time.
_LEFT = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Lines:
    """The ways out of the house."""

    client: OutboundClient
    pools: SmtpPools


@dataclass(frozen=True, slots=True)
class _House:
    """What letters need of the shop beside themselves."""

    senders: Mapping[Medium, OpenSender]
    base_url: str
    addresses: Mapping[UUID, Addresses]

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


@dataclass(frozen=True, slots=True)
class _Letter:
    message: Taken
    said: Rendered
    outgoing: Outgoing
    sender: OpenSender


def run_turn(
    merchant_id: UUID,
    *,
    lines: Lines,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool] = lambda: False,
    limit: int = PORTION,
) -> int:
    """Send what is due to a merchant's shoppers until nothing is, or until told to stop; return how many were taken up.

    Holds no database connection while it waits for others.
    """
    count = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="messages") as threads:
        while not should_stop():
            portion = _in_scope(merchant_id, lambda: take_due(at=clock(), limit=limit))
            if portion is None:
                break
            count += len(portion.messages)
            if portion.messages:
                _send(merchant_id, portion, threads, lines, clock, should_stop)
    return count


def _send(
    merchant_id: UUID,
    portion: Portion,
    threads: ThreadPoolExecutor,
    lines: Lines,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool],
) -> None:
    letters, done = _write(merchant_id, portion)
    held = [portion.leased_until]

    def hand_over(letter: _Letter) -> Sent:
        if should_stop() or clock() > held[0] - _LEFT:
            return Sent(message_id=letter.message.id, outcome=NotBegun())
        outcome = send(
            letter.outgoing,
            channel=letter.sender.channel,
            credentials=letter.sender.credentials,
            idempotency_key=str(letter.message.id),
            at=clock(),
            client=lines.client,
            pools=lines.pools,
        )
        return Sent(message_id=letter.message.id, outcome=outcome, said=letter.said)

    # One alone needs no other thread.
    if len(letters) == 1:
        _record(merchant_id, portion, [*done, hand_over(letters[0])], clock)
        return
    flying: set[Future[Sent]] = {threads.submit(hand_over, letter) for letter in letters}
    write_by = time.monotonic() + WRITE_AFTER_SECONDS
    while flying:
        landed, flying = wait(
            flying, timeout=max(0.0, write_by - time.monotonic()), return_when=FIRST_COMPLETED
        )
        done += [each.result() for each in landed]
        if flying and time.monotonic() < write_by:
            continue
        _record(merchant_id, portion, done, clock)
        done = []
        write_by = time.monotonic() + WRITE_AFTER_SECONDS
        if flying:
            held[0] = _in_scope(merchant_id, lambda: renew_lease(lease=portion.lease, at=clock()))
    if done:
        _record(merchant_id, portion, done, clock)


def _write(merchant_id: UUID, portion: Portion) -> tuple[list[_Letter], list[Sent]]:
    """Write the letters of a portion; what cannot be written is done already."""
    house, said = _in_scope(merchant_id, lambda: _said(merchant_id, portion))
    letters, done = [], []
    mail_from: dict[Medium, Sender] = {
        medium: mail_sender(sender, shop_name=portion.shop_name, host=house.host)
        for medium, sender in house.senders.items()
    }
    for message in portion.messages:
        words = said[message.id]
        if isinstance(words, Unrenderable):
            done.append(Sent(message_id=message.id, outcome=words))
            continue
        sender = house.senders.get(message.medium)
        if sender is None:
            nobody = Outcome(
                result=Result.NEVER, code="no_channel", detail="Its channel is no longer installed."
            )
            done.append(Sent(message_id=message.id, outcome=nobody))
            continue
        try:
            outgoing = compose(
                message,
                words,
                sender=sender,
                mail_from=mail_from[message.medium],
                one_click_url=house.addresses[message.id].unsubscribe,
            )
        except MailUnwritable as problem:
            done.append(Sent(message_id=message.id, outcome=Unrenderable(str(problem))))
            continue
        letters.append(_Letter(message, words, outgoing, sender))
    return letters, done


def _said(merchant_id: UUID, portion: Portion) -> tuple[_House, dict[UUID, Rendered | Unrenderable]]:
    """Read what the shop sends with, and have written what was not brought along."""
    base_url = pages_url()
    addresses = {
        each.id: addresses_in(each, merchant_id=merchant_id, base_url=base_url) for each in portion.messages
    }
    outbox = OpenSender(
        medium=Medium.EMAIL, channel=channel("outbox"), address="", name="", reply_to="", credentials={}
    )
    house = _House({Medium.EMAIL: outbox, **open_senders()}, base_url, addresses)
    said: dict[UUID, Rendered | Unrenderable] = {
        each.id: Rendered(**each.content) for each in portion.messages if each.content
    }
    asked = [
        ToRender(
            message_id=each.id,
            shopper_id=each.shopper_id,
            shopper_name=each.shopper_name,
            touchpoint=each.touchpoint,
            purpose=each.purpose,
            mood=each.mood,
            medium=each.medium,
            languages=each.languages,
            country=each.country,
            time_zone=each.time_zone,
            order_id=each.order_id,
            parcel_id=each.parcel_id,
            about=each.about,
            values=each.values,
            base_url=base_url,
            unsubscribe_url=addresses[each.id].unsubscribe,
            preferences_url=addresses[each.id].preferences,
            why_url=addresses[each.id].why,
        )
        for each in portion.messages
        if not each.content
    ]
    return house, said | (render(asked) if asked else {})


def _record(merchant_id: UUID, portion: Portion, sent: list[Sent], clock: Callable[[], datetime]) -> None:
    _in_scope(merchant_id, lambda: record_outcomes(lease=portion.lease, sent=sent, at=clock()))


def _in_scope(merchant_id: UUID, act: Callable[[], T]) -> T:
    try:
        return run_in_scope(merchant_id, act)
    finally:
        if not connection.in_atomic_block:  # which it is in tests only
            connection.close()
