"""`aftermile mail take`: one mail that came back, from a mail server's pipe."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from aftermile.capabilities.messaging.public import MAIL_BYTES, take_mail
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import run_in_scope

_DRAINED_AT_ONCE = 1 << 20


class NoMail(Exception):
    """Nothing came."""


def take(given: BinaryIO, *, merchant_id: UUID) -> bool:
    """Keep a mail, to be read by the worker; return whether it is new.

    :raises NoMail: there is nothing in it.
    """
    mail = given.read(MAIL_BYTES)
    if not mail.strip():
        raise NoMail("No mail came on standard input.")
    while given.read(_DRAINED_AT_ONCE):
        pass  # a mail server takes a pipe that closes early for a failure
    return run_in_scope(merchant_id, lambda: take_mail(mail, at=now()))
