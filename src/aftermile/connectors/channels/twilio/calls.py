"""What is sent to Twilio, and how its answer reads.

Source: Twilio, "Message resource" (Create). Twilio knows no idempotency key for messages: a call without an
answer may have been carried out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds, without_people
from aftermile.connectors.channels.twilio.errors import ADDRESS_IS_DEAD, LATER
from aftermile.connectors.contracts.channels import (
    RECEIPTS_ADDRESS,
    Attempt,
    Medium,
    Outcome,
    ShortText,
    Unsendable,
)
from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import OutboundRequest, Unreadable
from aftermile.kernel.handover import Result

API = "https://api.twilio.com/2010-04-01"
LONGEST_TEXT = 1600


def request(attempt: Attempt) -> OutboundRequest:
    """Describe the call that sends a text.

    :raises Unsendable: no text, too much of it, or no sender to send it from.
    """
    outgoing, credentials = attempt.outgoing, attempt.credentials
    if not isinstance(outgoing, ShortText):
        raise Unsendable("Twilio carries short texts only")
    fields = {"To": _party(outgoing, outgoing.to), **_sender(outgoing, credentials), **_content(outgoing)}
    if address := credentials.get(RECEIPTS_ADDRESS, ""):
        # Our own id comes back with every receipt, even when we crashed before Twilio told us its own.
        named = f"?{urlencode({'reference': outgoing.reference})}" if outgoing.reference else ""
        fields["StatusCallback"] = address + named
    account = credentials["account_sid"].strip()
    signed_in = base64.b64encode(f"{account}:{credentials['auth_token'].strip()}".encode()).decode()
    return OutboundRequest(
        method="POST",
        url=f"{API}/Accounts/{quote(account, safe='')}/Messages.json",
        headers={
            "authorization": f"Basic {signed_in}",
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
        },
        body=urlencode(fields).encode(),
    )


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Read the answer: 201 with the message's `sid`, or an error with a `code`."""
    try:
        answer = section(read_json(body))
    except Unreadable:
        answer = {}
    if 200 <= status <= 299:
        return outcome_of_status(status, external_id=text(answer.get("sid")))
    code = text(answer.get("code"))
    detail = without_people(text(answer.get("message"))) or f"answered {status}"
    if code in LATER:
        pause = retry_after_seconds(headers)
        return Outcome(result=Result.LATER, code=code, detail=detail, retry_after_seconds=pause)
    return Outcome(
        result=outcome_of_status(status).result,
        code=code or str(status),
        detail=detail,
        address_is_dead=code in ADDRESS_IS_DEAD,
        retry_after_seconds=retry_after_seconds(headers),
    )


def _party(outgoing: ShortText, number: str) -> str:
    return f"whatsapp:{number}" if outgoing.medium is Medium.WHATSAPP else number


def _sender(outgoing: ShortText, credentials: Mapping[str, str]) -> dict[str, str]:
    if outgoing.sender:
        return {"From": _party(outgoing, outgoing.sender)}
    if service := credentials.get("messaging_service_sid", "").strip():
        return {"MessagingServiceSid": service}
    number = credentials.get(
        "whatsapp_sender" if outgoing.medium is Medium.WHATSAPP else "sms_sender", ""
    ).strip()
    if not number:
        raise Unsendable(f"the connection names no sender for {outgoing.medium}")
    return {"From": _party(outgoing, number)}


def _content(outgoing: ShortText) -> dict[str, str]:
    if outgoing.template_name:
        return {
            "ContentSid": outgoing.template_name,
            "ContentVariables": json.dumps(dict(outgoing.variables), ensure_ascii=False),
        }
    if not outgoing.text.strip():
        raise Unsendable("the message has no text")
    if len(outgoing.text) > LONGEST_TEXT:
        raise Unsendable(f"the text has more than {LONGEST_TEXT} letters")
    return {"Body": outgoing.text}
