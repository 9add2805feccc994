"""Events of a configuration set, as Amazon SNS brings them.

Source: Amazon SES, "Contents of event data"; Amazon SNS, "HTTP/HTTPS notification JSON format".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from aftermile.connectors.channels.amazon_ses.calls import TAG
from aftermile.connectors.channels.answers import without_people
from aftermile.connectors.contracts.channels import Fate, Receipt
from aftermile.connectors.contracts.reading import items, moment, read_json_object, section, text
from aftermile.connectors.contracts.sockets import (
    Accepted,
    InboundRequest,
    OutboundRequest,
    RawRecord,
    Refused,
    Unreadable,
    Verdict,
)
from aftermile.kernel.mail_status import enhanced_code, is_address_dead

# eventType (event publishing) or notificationType (feedback notifications).
EVENTS: dict[str, Fate] = {
    "Send": Fate.TAKEN,
    "Delivery": Fate.DELIVERED,
    "DeliveryDelay": Fate.DEFERRED,
    "Bounce": Fate.BOUNCED,
    "Complaint": Fate.COMPLAINED,
    "Reject": Fate.REJECTED,
    "Rendering Failure": Fate.REJECTED,
    "Open": Fate.OPENED,
    "Click": Fate.CLICKED,
    "Subscription": Fate.UNSUBSCRIBED,
}
# Whoever knows our address could write one of their own: then we would ask whatever host they name.
_SNS = re.compile(r"https://sns\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?/\?[!-~]{1,2000}")
_DETAILS = {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}
# Permanent bounces of these kinds say that the address does not exist; others speak of size or content.
# Source: Amazon SES, "Bounce types".
_DEAD_SUBTYPES = frozenset({"General", "NoEmail", "Suppressed", "OnAccountSuppressionList"})


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Accept what knows the token in our address.

    SNS also signs, with a certificate that would have to be fetched for the check; connectors fetch nothing.
    """
    token = credentials.get("webhook_token", "")
    given = request.query.get("token", "").encode(errors="backslashreplace")
    if not token or not hmac.compare_digest(given, token.encode()):
        return Refused(why="the token in the address is not the connection's")
    return Accepted(
        kind=request.headers.get("x-amz-sns-message-type", ""),
        external_id=request.headers.get("x-amz-sns-message-id", ""),
    )


def receipts(record: RawRecord) -> tuple[Receipt, ...]:
    """Read one SNS message: a receipt for each recipient it speaks of.

    A subscription that waits to be confirmed (`confirmation`) is a receipt without a fate.

    :raises Unreadable: not SNS's JSON.
    """
    envelope = read_json_object(record.body)
    if text(envelope.get("Type")) in {"SubscriptionConfirmation", "UnsubscribeConfirmation"}:
        return (
            Receipt(
                fate=None,
                occurred_at=record.received_at,
                identity=_identity(text(envelope.get("MessageId"))),
                code="subscription to confirm",
            ),
        )
    written = envelope.get("Message")
    event = read_json_object(written.encode("utf-8", "replace")) if isinstance(written, str) else envelope
    kind = text(event.get("eventType")) or text(event.get("notificationType"))
    mail = section(event.get("mail"))
    if not kind or not mail:
        raise Unreadable("neither an event nor a notification of Amazon SES")
    detail = section(event.get(_DETAILS.get(kind, kind[:1].lower() + kind[1:])))
    people = (
        items(detail.get("bouncedRecipients"))
        or items(detail.get("complainedRecipients"))
        or items(detail.get("delayedRecipients"))
    )
    if not people:
        addresses = detail.get("recipients") or mail.get("destination") or [""]
        people = [{"emailAddress": address} for address in addresses if isinstance(address, str)]
    return tuple(_receipt(kind, mail, detail, person, record) for person in people[:50])


def confirmation(record: RawRecord) -> OutboundRequest | None:
    """Describe the call that confirms a subscription, at Amazon SNS and nowhere else; None where none is asked for."""
    try:
        envelope = read_json_object(record.body)
    except Unreadable:
        return None
    address = text(envelope.get("SubscribeURL"))
    is_asked = text(envelope.get("Type")) == "SubscriptionConfirmation"
    return OutboundRequest(method="GET", url=address) if is_asked and _SNS.fullmatch(address) else None


def _receipt(
    kind: str,
    mail: Mapping[str, Any],
    detail: Mapping[str, Any],
    person: Mapping[str, Any],
    record: RawRecord,
) -> Receipt:
    fate = EVENTS.get(kind)
    external_id, address = text(mail.get("messageId")), text(person.get("emailAddress"))
    at = moment(detail.get("timestamp")) or (moment(mail.get("timestamp")) if kind == "Send" else None)
    bounce_type, subtype = text(detail.get("bounceType")), text(detail.get("bounceSubType"))
    status = text(person.get("status")) or enhanced_code(text(person.get("diagnosticCode")))
    dead = bounce_type == "Permanent" and subtype in _DEAD_SUBTYPES
    if kind == "Subscription":  # their own preference page; only leaving every list is unsubscribing
        leaves = section(detail.get("newTopicPreferences")).get("unsubscribeAll") is True
        fate = Fate.UNSUBSCRIBED if leaves else None
    if kind == "Complaint" and text(detail.get("complaintFeedbackType")) == "not-spam":
        fate = None
    tags = section(mail.get("tags")).get(TAG)
    return Receipt(
        fate=fate,
        occurred_at=at or record.received_at,
        identity=_identity(
            external_id, kind, address, text(detail.get("timestamp")), text(detail.get("link"))
        ),
        reference=text(tags[0]) if isinstance(tags, list) and tags else "",
        external_id=external_id,
        code=" ".join(word for word in (kind, bounce_type, subtype, status) if word)[:100],
        detail=without_people(text(person.get("diagnosticCode")) or text(detail.get("reason"))),
        address=address[:320],
        address_is_dead=fate is Fate.BOUNCED and (dead or is_address_dead(status)),
    )


def _identity(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:32]
