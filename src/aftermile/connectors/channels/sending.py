"""Handing one message to its channel, whatever the channel speaks; safe to call from many threads at once.

The second of the three beats: intent is recorded before and the outcome after, by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds
from aftermile.connectors.contracts.channels import (
    Attempt,
    Channel,
    Email,
    Outcome,
    Outgoing,
    Unsendable,
    media_of,
)
from aftermile.kernel.handover import Result
from aftermile.kernel.http import AddressRefused, OutboundClient, OutboundFailure, RequestUnsendable
from aftermile.kernel.mail import MailUnwritable, write_mail
from aftermile.kernel.mail_signing import DkimKeyUnusable, sign_mail
from aftermile.kernel.smtp import SmtpPools

#: Seconds to connect, and for each piece of the answer; the second is also the limit of the whole call.
TIMEOUT = (5.0, 20.0)
_LARGEST_ANSWER_BYTES = 1_000_000


def send(
    outgoing: Outgoing,
    *,
    channel: Channel,
    credentials: Mapping[str, str],
    idempotency_key: str,
    at: datetime,
    client: OutboundClient,
    pools: SmtpPools,
) -> Outcome:
    """Hand a message to its channel once and return what became of it; never raises for what a peer does.

    The key is the same for every attempt of one message. A channel that keeps its messages (the outbox) takes
    everything. What cannot be written as this medium wants it is NEVER. No answer is UNKNOWN, unless nothing
    can have arrived or the channel takes repeats without harm: then it is LATER.
    """
    if media_of(outgoing) not in channel.media:
        return Outcome(result=Result.NEVER, detail=f"{channel.name} does not carry {media_of(outgoing)}")
    try:
        if channel.keeps:
            return Outcome(result=Result.TAKEN, external_id=idempotency_key)
        if channel.smtp is not None and isinstance(outgoing, Email):
            return _by_smtp(outgoing, channel, credentials, at, pools)
        attempt = Attempt(outgoing=outgoing, credentials=credentials, idempotency_key=idempotency_key, at=at)
        return _by_http(attempt, channel, client)
    except (Unsendable, MailUnwritable) as error:
        return Outcome(result=Result.NEVER, detail=str(error))


def write_letter(email: Email, *, at: datetime) -> bytes:
    """Write an e-mail as it goes over the wire, signed where its sender has a key.

    :raises MailUnwritable: see `kernel.mail.write_mail`.
    :raises DkimKeyUnusable: the sender's key cannot be read.
    """
    mail = write_mail(email, at=at)
    return sign_mail(mail, email.sender.dkim, at=at) if email.sender.dkim else mail


def _by_smtp(
    email: Email, channel: Channel, credentials: Mapping[str, str], at: datetime, pools: SmtpPools
) -> Outcome:
    assert channel.smtp is not None
    try:
        mail = write_letter(email, at=at)
    except DkimKeyUnusable as error:
        # A letter without the signature the domain promises would be thrown away, or teach others to.
        return Outcome(result=Result.LATER, detail=str(error))
    told = pools.send(
        channel.smtp(credentials),
        sender=email.sender.bounce_address or email.sender.address,
        recipient=email.to,
        mail=mail,
    )
    return Outcome(
        result=told.result,
        external_id=email.message_id,
        code=told.enhanced_code or (str(told.code) if told.code else ""),
        detail=told.detail,
        address_is_dead=told.address_is_dead,
    )


def _by_http(attempt: Attempt, channel: Channel, client: OutboundClient) -> Outcome:
    assert channel.request is not None
    request = channel.request(attempt)
    try:
        answer = client.send(
            request.method,
            request.url,
            headers=request.headers,
            params=request.params,
            body=request.body,
            timeout=TIMEOUT,
            deadline_seconds=TIMEOUT[1],
            retries=0,
            max_response_bytes=_LARGEST_ANSWER_BYTES,
        )
    except (AddressRefused, RequestUnsendable) as failure:
        return Outcome(result=Result.NEVER, code=failure.outcome, detail=str(failure))
    except OutboundFailure as failure:
        again = channel.repeats_harmlessly or not failure.may_have_arrived
        return Outcome(
            result=Result.LATER if again else Result.UNKNOWN, code=failure.outcome, detail=str(failure)
        )
    read = channel.outcome or _plain_outcome
    return read(answer.status, answer.headers, answer.body)


def _plain_outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:  # noqa: ARG001
    return outcome_of_status(status, retry_after_seconds=retry_after_seconds(headers))
