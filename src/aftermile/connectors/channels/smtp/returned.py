"""Mail that comes back: delivery reports, complaints and replies, read into receipts.

Sources: RFC 3464 (delivery reports), RFC 5965 and RFC 6650 (complaints), RFC 3834 (automatic answers). What
follows no standard is left to flufl.bounce. What is none of these is kept as unknown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from flufl.bounce import all_failures

from aftermile.connectors.channels.answers import without_people
from aftermile.connectors.contracts.channels import Fate, Receipt
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.kernel.mail_status import enhanced_code, is_address_dead

#: Bytes that are looked at. Reports begin with what they have to say; what they return follows.
READ_BYTES = 262_144
#: Parts within parts, all in all. A real report has five.
MOST_PARTS = 40
MOST_RECIPIENTS = 50
LONGEST_TEXT = 10_000

# Source: RFC 3464, 2.3.3 (action).
ACTIONS = {
    "failed": Fate.BOUNCED,
    "delayed": Fate.DEFERRED,
    "delivered": Fate.DELIVERED,
    # Handed to a system that reports nothing more, or to a list.
    "relayed": Fate.TAKEN,
    "expanded": Fate.TAKEN,
}
# Source: RFC 5965, 3.1 and 7.3; RFC 6430 (not-spam); RFC 6591 (auth-failure). None: known, moves nothing.
FEEDBACK_TYPES = {
    "abuse": Fate.COMPLAINED,
    "fraud": Fate.COMPLAINED,
    "virus": Fate.COMPLAINED,
    "other": Fate.COMPLAINED,
    "opt-out": Fate.UNSUBSCRIBED,
    "opt-out-list": Fate.UNSUBSCRIBED,
    "not-spam": None,
    "auth-failure": None,
}

_PARTS = re.compile(rb"(?i)content-type:\s*(?:multipart|message)/")
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,250})>")
# The shape of public ids (`kernel.ids`), behind a plus in the address that mail comes back to.
_REFERENCE = re.compile(r"\+([a-z]{2,5}_[0-7][0-9a-hjkmnp-tv-z]{25})@", re.IGNORECASE)
_ARRIVED_AT = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
_AUTOMATIC = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress")
_MACHINES = re.compile(r"(?i)^(mailer-daemon|postmaster|mail-daemon|bounces?)(\+[^@]*)?@")


def receipts(record: RawRecord) -> tuple[Receipt, ...]:
    """Read a mail that arrived where undeliverable mail and replies go; `record.body` is the mail as it came."""
    return read_returned_mail(record.body, received_at=record.received_at)


def read_returned_mail(mail: bytes, *, received_at: datetime) -> tuple[Receipt, ...]:
    """Read what a returned mail tells: one receipt for each recipient it speaks of, at least one in all.

    The message is named by `reference` (of the address it came back to) or `message_id` (of what it returns or
    answers). Never raises for what stands in the mail: what cannot be read is a receipt without a fate.
    """
    start = mail[:READ_BYTES]
    identity = hashlib.sha256(start).hexdigest()[:32]
    if len(_PARTS.findall(start)) > MOST_PARTS or len(_BLANK_LINE.findall(start)) > 5_000:
        return (_unknown(identity, received_at, "unreadable"),)
    try:
        message = BytesParser().parsebytes(start)
        found = _Returned(message, identity, received_at).receipts()
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The standard library's parser stumbles over some hostile mails, each in its own way.
        return (_unknown(identity, received_at, "unreadable"),)
    return found


def _unknown(identity: str, at: datetime, code: str) -> Receipt:
    return Receipt(fate=None, occurred_at=at, identity=identity, code=code)


class _Returned:
    """One returned mail, parsed."""

    def __init__(self, message: Message, digest: str, received_at: datetime) -> None:
        self._message = message
        self._received_at = received_at
        own_id = _MESSAGE_ID.search(_header(message, "message-id"))
        # The mail's own id, so that the same mail fetched twice tells the same fact.
        self._identity = own_id[1] if own_id else digest
        self._reference = self._reference_it_came_to()
        self._message_id = self._message_id_it_is_about()
        self._at = self._written_at()

    def receipts(self) -> tuple[Receipt, ...]:
        told = self._delivery_report() or self._complaint() or self._unstandardized_bounce()
        if told:
            return tuple(told)
        from_ = next((address for _, address in _addresses(self._message, "from")), "")
        if self._is_automatic():
            return (self._receipt(None, code="automatic answer", address=from_),)
        if not (self._reference or self._message_id):
            return (self._receipt(None, code="unrelated", address=from_, text=self._text()),)
        return (self._receipt(Fate.REPLIED, address=from_, text=self._text()),)

    def _delivery_report(self) -> list[Receipt]:
        part = self._part("message/delivery-status")
        blocks = part.get_payload() if part is not None else None
        if not isinstance(blocks, list):
            return []
        told = []
        for block in blocks[: MOST_RECIPIENTS + 1]:
            if not isinstance(block, Message):
                continue
            action = _header(block, "action").split(";")[0].strip().lower()
            address = _typed(_header(block, "final-recipient") or _header(block, "original-recipient"))
            if not action and not address:
                continue  # the block about the message as a whole
            diagnostic = _typed(_header(block, "diagnostic-code"))
            status = enhanced_code(_header(block, "status"))
            if not status or status.endswith(".0"):
                status = enhanced_code(diagnostic) or status  # "5.0.0" says less than the server's own words
            told.append(
                self._receipt(
                    ACTIONS.get(action),
                    code=status or action,
                    detail=without_people(diagnostic),
                    address=_typed(_header(block, "original-recipient")) or address,
                    address_is_dead=action == "failed" and is_address_dead(status),
                    part=address,
                )
            )
        return told

    def _complaint(self) -> list[Receipt]:
        part = self._part("message/feedback-report")
        if part is None:
            return []
        payload = part.get_payload()
        fields = payload[0] if isinstance(payload, list) and payload else part
        if not isinstance(fields, Message):
            return []
        kind = _header(fields, "feedback-type").strip().lower()
        address = _typed(_header(fields, "original-rcpt-to")).strip("<> ")
        return [self._receipt(FEEDBACK_TYPES.get(kind), code=kind or "feedback report", address=address)]

    def _unstandardized_bounce(self) -> list[Receipt]:
        """Ask flufl.bounce, of machines' mails only: a shopper may quote a bounce."""
        from_ = [address for _, address in _addresses(self._message, "from")]
        returned = _header(self._message, "return-path").strip()
        if returned != "<>" and not any(_MACHINES.search(address) for address in from_):
            return []
        try:
            temporary, permanent = all_failures(self._message)
        except Exception:
            # Two dozen detectors for mails of the nineties: whatever one stumbles over is unknown.
            return []
        return [
            self._receipt(
                fate,
                code=code,
                address=address.decode("utf-8", "replace"),
                part=address.decode("utf-8", "replace"),
            )
            for addresses, fate, code in (
                (permanent, Fate.BOUNCED, "bounce of no standard form"),
                (temporary, Fate.DEFERRED, "delay of no standard form"),
            )
            for address in sorted(addresses)[:MOST_RECIPIENTS]
        ]

    def _receipt(
        self,
        fate: Fate | None,
        *,
        code: str = "",
        detail: str = "",
        address: str = "",
        address_is_dead: bool = False,
        text: str = "",
        part: str = "",
    ) -> Receipt:
        told = f"{self._identity}\n{fate}\n{part}"
        return Receipt(
            fate=fate,
            occurred_at=self._at,
            identity=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32],
            reference=self._reference,
            message_id=self._message_id,
            code=code[:100],
            detail=detail,
            address=address[:320],
            address_is_dead=address_is_dead,
            text=text,
        )

    def _is_automatic(self) -> bool:
        submitted = _header(self._message, "auto-submitted").strip().lower()
        if submitted and not submitted.startswith("no"):
            return True
        if any(_header(self._message, name) for name in _AUTOMATIC):
            return True
        precedence = _header(self._message, "precedence").strip().lower()
        return precedence in {"auto_reply", "bulk", "junk"}

    def _reference_it_came_to(self) -> str:
        for name in _ARRIVED_AT:
            for _, address in _addresses(self._message, name):
                if found := _REFERENCE.search(address):
                    return found[1].lower()
        return ""

    def _message_id_it_is_about(self) -> str:
        for part in self._parts():
            if part.get_content_type() not in {"message/rfc822", "text/rfc822-headers", "message/global"}:
                continue
            if found := _MESSAGE_ID.search(_returned_header(part, "message-id")):
                return found[1]
        answered = _MESSAGE_ID.findall(_header(self._message, "in-reply-to"))
        thread = _MESSAGE_ID.findall(_header(self._message, "references"))
        return answered[0] if answered else thread[-1] if thread else ""

    def _written_at(self) -> datetime:
        """The mail's own Date where it can be believed: not in the future, not older than a month."""
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            written = parsedate_to_datetime(_header(self._message, "date"))
            written = (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
            if self._received_at - timedelta(days=31) <= written <= self._received_at:
                return written
        return self._received_at

    def _text(self) -> str:
        """What the writer wrote, without the lines they quote."""
        part = self._part("text/plain")
        payload = part.get_payload(decode=True) if part is not None else b""
        if part is None or not isinstance(payload, bytes):
            return ""
        try:
            written = payload.decode(part.get_content_charset("utf-8"), "replace")
        except (LookupError, UnicodeError):
            written = payload.decode("utf-8", "replace")
        kept = [line for line in written.replace("\x00", "").splitlines() if not line.startswith(">")]
        return "\n".join(kept).strip()[:LONGEST_TEXT]

    def _part(self, content_type: str) -> Message | None:
        return next((part for part in self._parts() if part.get_content_type() == content_type), None)

    def _parts(self) -> Iterator[Message]:
        """The mail's parts, but not those of the mail it returns."""
        waiting = [self._message]
        while waiting:
            part = waiting.pop(0)
            yield part
            payload = part.get_payload()
            if isinstance(payload, list) and part.get_content_maintype() == "multipart":
                waiting += [inner for inner in payload if isinstance(inner, Message)]


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else _plain(value)


def _plain(value: object) -> str:
    """A header's value as text that can be stored: no NUL, no halves of signs."""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _returned_header(part: Message, name: str) -> str:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return _header(payload[0], name)
    if isinstance(payload, str):
        return _header(BytesParser().parsebytes(payload.encode("utf-8", "replace"), headersonly=True), name)
    return ""


def _addresses(message: Message, name: str) -> list[tuple[str, str]]:
    return getaddresses([_plain(value)[:2_000] for value in message.get_all(name, [])])


def _typed(value: str) -> str:
    """Return what stands behind a type, as in "rfc822; ann@example.com"."""
    return value.partition(";")[2].strip() if ";" in value[:20] else value.strip()
