"""Status call-backs and replies."""

from __future__ import annotations

import hashlib

from aftermile.connectors.channels.answers import without_people
from aftermile.connectors.channels.twilio.errors import (
    ADDRESS_IS_DEAD,
    START_WORDS,
    STATUSES,
    STOP_WORDS,
    UNSUBSCRIBED,
)
from aftermile.connectors.channels.twilio.signature import read_form
from aftermile.connectors.contracts.channels import Fate, Medium, Receipt
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable

_WHATSAPP = "whatsapp:"
_OPT_OUT_TYPES = {"STOP": Fate.UNSUBSCRIBED, "START": Fate.RESUBSCRIBED, "HELP": Fate.REPLIED}


def receipts(record: RawRecord) -> tuple[Receipt, ...]:
    """Read one call-back. `record.settings["reference"]`, where given, is the address's `?reference=`.

    :raises Unreadable: not a form.
    """
    try:
        fields = read_form(record.body)
    except ValueError as error:
        raise Unreadable(f"not a form: {error}") from None
    if "MessageStatus" in fields:
        return (_status(fields, record),)
    if "Body" in fields:
        return (_reply(fields, record),)
    sid = fields.get("MessageSid", "")
    return (_receipt(None, record, external_id=sid, code="neither status nor reply", address=""),)


def _status(fields: dict[str, str], record: RawRecord) -> Receipt:
    status, code = fields["MessageStatus"].strip().lower(), fields.get("ErrorCode", "").strip()
    fate = STATUSES.get(status)
    if code in UNSUBSCRIBED:
        fate = Fate.UNSUBSCRIBED
    return _receipt(
        fate,
        record,
        external_id=fields.get("MessageSid", ""),
        code=f"{status} {code}".strip(),
        detail=without_people(fields.get("ErrorMessage", "")),
        address=fields.get("To", ""),
        address_is_dead=code in ADDRESS_IS_DEAD,
    )


def _reply(fields: dict[str, str], record: RawRecord) -> Receipt:
    written = fields["Body"].strip()
    told = _OPT_OUT_TYPES.get(fields.get("OptOutType", "").strip().upper())
    if told is None:
        word = written.rstrip(".!").upper()
        told = (
            Fate.UNSUBSCRIBED
            if word in STOP_WORDS
            else Fate.RESUBSCRIBED
            if word in START_WORDS
            else Fate.REPLIED
        )
    return _receipt(
        told,
        record,
        # The message answered, where WhatsApp names it; the reply's own id is only its identity.
        external_id=fields.get("OriginalRepliedMessageSid", ""),
        own_id=fields.get("MessageSid", ""),
        code=fields.get("OptOutType", "").strip().lower(),
        address=fields.get("From", ""),
        text=written,
    )


def _receipt(
    fate: Fate | None,
    record: RawRecord,
    *,
    external_id: str,
    code: str,
    address: str,
    own_id: str = "",
    detail: str = "",
    address_is_dead: bool = False,
    text: str = "",
) -> Receipt:
    told = "\n".join(
        (own_id or external_id, code, str(fate), "" if own_id or external_id else str(record.body))
    )
    return Receipt(
        fate=fate,
        occurred_at=record.received_at,  # call-backs say no time
        identity=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32],
        reference=record.settings.get("reference", ""),
        external_id=external_id,
        code=code[:100],
        detail=detail,
        address=address.removeprefix(_WHATSAPP),
        address_is_dead=address_is_dead,
        text=text[:10_000],
        medium=Medium.WHATSAPP if address.startswith(_WHATSAPP) else Medium.SMS,
    )
