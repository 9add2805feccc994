"""Who sent it: X-Twilio-Signature, made over our address and the form's fields with the account's token.

Source: Twilio, "Security: validating requests": base64 of HMAC-SHA1 over the full address, query included,
followed by each field's name and value, sorted by name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from aftermile.connectors.contracts.channels import RECEIPTS_ADDRESS
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, Refused, Verdict

HEADER = "x-twilio-signature"
MOST_FIELDS = 200


def read_form(body: bytes) -> dict[str, str]:
    """Read a form; of a field given twice, the last.

    :raises ValueError: not a form, or one of too many fields.
    """
    pairs = parse_qsl(
        body.decode("utf-8", "strict"),
        keep_blank_values=True,
        max_num_fields=MOST_FIELDS,
        encoding="utf-8",
        errors="strict",
    )
    return {name: value.replace("\x00", "") for name, value in pairs}


def sign(address: str, fields: Mapping[str, str], token: str) -> str:
    """Return the header's value."""
    signed = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    # SHA-1 is what Twilio signs with; an HMAC of it is not touched by its collisions.
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Accept what is signed with the account's token for the address we gave out."""
    token, address = credentials.get("auth_token", ""), credentials.get(RECEIPTS_ADDRESS, "")
    if not token or not address:
        return Refused(why="the connection has no auth token, or does not know its own address")
    try:
        fields = read_form(request.body)
    except ValueError:
        return Refused(why="the body is no form")
    if request.query:
        address = f"{address}?{urlencode(request.query)}"
    given = request.headers.get(HEADER, "").encode(errors="backslashreplace")
    if not hmac.compare_digest(given, sign(address, fields, token).encode()):
        return Refused(why="X-Twilio-Signature does not match address and body")
    status = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    return Accepted(kind="status" if fields.get("MessageStatus") else "reply", external_id=f"{sid}:{status}")
