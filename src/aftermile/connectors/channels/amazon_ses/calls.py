"""What is sent to Amazon SES, and how its answer reads.

Source: Amazon SES API v2, SendEmail. Spoken here rather than through anymail, which needs boto3 for it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping

from aftermile.connectors.channels.amazon_ses.signing import signed_headers
from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds, without_people
from aftermile.connectors.contracts.channels import Attempt, Email, Outcome, Unsendable
from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import OutboundRequest, Unreadable
from aftermile.kernel.handover import Result
from aftermile.kernel.mail import mail_address, write_mail

PATH = "/v2/email/outbound-emails"
TAG = "message"
# Ours to mend, or a matter of patience.
_LATER = frozenset(
    "AccountSuspendedException LimitExceededException MailFromDomainNotVerifiedException"
    " SendingPausedException TooManyRequestsException AccessDeniedException".split()
)


def request(attempt: Attempt) -> OutboundRequest:
    """Describe the signed call that hands over a letter as it stands.

    :raises Unsendable: not an e-mail, or no region.
    :raises MailUnwritable: see `kernel.mail.write_mail`.
    """
    email, credentials = attempt.outgoing, attempt.credentials
    if not isinstance(email, Email):
        raise Unsendable("Amazon SES carries e-mails only")
    region = credentials["region"].strip().lower()
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
        raise Unsendable("the connection's region is none, such as eu-central-1")
    mail = write_mail(email, at=attempt.at)
    # SES writes Message-ID and Date anew and signs for the domain itself; no signature of ours would hold.
    content: dict[str, object] = {
        "Content": {"Raw": {"Data": base64.b64encode(mail).decode()}},
        "Destination": {"ToAddresses": [mail_address(email.to)]},
        "FromEmailAddress": mail_address(email.sender.address),
        "EmailTags": [{"Name": TAG, "Value": email.reference or attempt.idempotency_key}],
    }
    if configuration := credentials.get("configuration_set", "").strip():
        content["ConfigurationSetName"] = configuration
    body = json.dumps(content, separators=(",", ":")).encode()
    host = f"email.{region}.amazonaws.com"
    return OutboundRequest(
        method="POST",
        url=f"https://{host}{PATH}",
        headers=signed_headers(
            host=host,
            path=PATH,
            body=body,
            key_id=credentials["access_key_id"].strip(),
            secret=credentials["secret_access_key"].strip(),
            region=region,
            service="ses",
            at=attempt.at,
        ),
        body=body,
    )


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Read the answer: 200 with `MessageId`, or an error whose kind stands in a header."""
    try:
        answer = section(read_json(body))
    except Unreadable:
        answer = {}
    if 200 <= status <= 299:
        return outcome_of_status(status, external_id=text(answer.get("MessageId")))
    kind = headers.get("x-amzn-errortype", "").partition(":")[0]
    return Outcome(
        result=Result.LATER if kind in _LATER else outcome_of_status(status).result,
        code=kind or str(status),
        detail=without_people(text(answer.get("message"))) or f"answered {status}",
        retry_after_seconds=retry_after_seconds(headers),
    )
