"""Mail providers through django-anymail: it writes their payloads and reads their receipts; we do the calling.

Anymail would send with `requests`, past the walls of `kernel.http`. So its payload is turned into a request
without being sent, and its web-hook views are asked to check and to parse without being routed to. This is the
one place of the connectors that touches Django, whose settings have to be configured (docs/adr/0014).
Everything is imported when first used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import formataddr
from importlib import import_module
from io import BytesIO
from typing import Any

from aftermile.connectors.channels.answers import without_people
from aftermile.connectors.contracts.channels import Attempt, Email, Fate, Receipt, Unsendable
from aftermile.connectors.contracts.sockets import (
    Accepted,
    InboundRequest,
    OutboundRequest,
    RawRecord,
    Refused,
    Unreadable,
    Verdict,
)
from aftermile.kernel.mail import write_mail

#: Under this name our own id travels in a provider's metadata and comes back in its receipts.
METADATA_NAME = "message"

# Source: anymail.signals.EventType. None: known, and moves nothing.
FATES: dict[str, Fate | None] = {
    "queued": Fate.TAKEN,
    "sent": Fate.TAKEN,
    "rejected": Fate.REJECTED,
    "failed": Fate.REJECTED,
    "bounced": Fate.BOUNCED,
    "deferred": Fate.DEFERRED,
    "delivered": Fate.DELIVERED,
    "autoresponded": None,
    "opened": Fate.OPENED,
    "clicked": Fate.CLICKED,
    "complained": Fate.COMPLAINED,
    "unsubscribed": Fate.UNSUBSCRIBED,
    "subscribed": Fate.RESUBSCRIBED,
    "inbound": None,
    "inbound_failed": None,
    "unknown": None,
}

Settings = Callable[[Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What sets one provider apart. Settings are anymail's own names, made of our credentials.

    `placeholders` lets a web-hook view be made without secrets, to parse only. `is_hard(event)` tells from the
    provider's own record whether a bounce is for good: anymail's words do not.
    """

    module: str  # of anymail.backends and anymail.webhooks
    view: str
    settings: Settings
    webhook_settings: Settings
    placeholders: Mapping[str, str]
    is_hard: Callable[[Mapping[str, Any]], bool]
    headers: tuple[tuple[str, str], ...] = ()


def request(provider: Provider, attempt: Attempt) -> OutboundRequest:
    """Describe the call that hands a letter to a provider, which signs it itself.

    :raises Unsendable: not an e-mail, or one the provider's interface cannot carry.
    :raises MailUnwritable: see `kernel.mail.write_mail`.
    """
    import requests
    from anymail.exceptions import AnymailError
    from anymail.message import AnymailMessage

    email = attempt.outgoing
    if not isinstance(email, Email):
        raise Unsendable("a mail provider carries e-mails only")
    # Written only to be checked: the walls against smuggled headers are the same for every channel.
    write_mail(email, at=attempt.at)
    message = AnymailMessage(
        subject=email.subject,
        body=email.text,
        from_email=formataddr((email.sender.name, email.sender.address)),
        to=[formataddr((email.to_name, email.to))],
        reply_to=[email.sender.reply_to] if email.sender.reply_to else None,
        headers=_headers(email) | dict(provider.headers),
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    message.metadata = {METADATA_NAME: email.reference or attempt.idempotency_key}
    try:
        backend = import_module(f"anymail.backends.{provider.module}").EmailBackend(
            **provider.settings(attempt.credentials)
        )
        payload = backend.build_message_payload(message, backend.send_defaults)
        prepared = requests.Request(**payload.get_request_params(backend.api_url)).prepare()
    except (AnymailError, ValueError) as error:
        raise Unsendable(without_people(str(error).partition("\n")[0])) from None
    body = prepared.body or b""
    assert isinstance(body, str | bytes)  # no file is attached that would have to be streamed
    return OutboundRequest(
        method=str(prepared.method),
        url=str(prepared.url),
        headers={
            str(name): value if isinstance(value, str) else value.decode("latin-1")
            for name, value in prepared.headers.items()
            if name.lower() != "content-length"  # the client counts for itself
        },
        body=body.encode() if isinstance(body, str) else body,
    )


def verify(provider: Provider, asked: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Judge a call-back as anymail does: by the provider's signature, or by the password in our address."""
    from anymail.exceptions import AnymailWebhookValidationFailure

    settings = provider.webhook_settings(credentials)
    if not all(settings.values()):
        return Refused(why="the connection has no key or password to check receipts with")
    try:
        _view(provider, settings).run_validators(_django_request(asked.body, asked.headers))
    except AnymailWebhookValidationFailure as failure:
        return Refused(why=str(failure).partition("\n")[0])
    except (ValueError, TypeError, AttributeError, LookupError):
        # The signature stands in the body, and the body is none: nothing proves who sent it.
        return Refused(why="the body cannot be read, so nothing in it proves who sent it")
    return Accepted()


def receipts(provider: Provider, record: RawRecord) -> tuple[Receipt, ...]:
    """Read a call-back into receipts.

    :raises Unreadable: not the provider's JSON.
    """
    from anymail.exceptions import AnymailError

    try:
        view = _view(provider, dict(provider.placeholders))
        events = view.parse_events(_django_request(record.body, {"content-type": "application/json"}))
        return tuple(_receipt(provider, event, record) for event in events)
    except (AnymailError, ValueError, TypeError, AttributeError, LookupError, OverflowError) as error:
        # Anymail reads what providers document, and stumbles over anything else.
        raise Unreadable(f"not a receipt of this provider: {type(error).__name__}") from None


def _receipt(provider: Provider, event: Any, record: RawRecord) -> Receipt:
    fate = FATES.get(str(event.event_type))
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    at = event.timestamp or record.received_at
    external_id, address = str(event.message_id or ""), str(event.recipient or "")
    told = "\n".join(
        str(part)
        for part in (event.event_id, external_id, event.event_type, event.timestamp, address, event.click_url)
    )
    return Receipt(
        fate=fate,
        occurred_at=(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC),
        identity=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32],
        reference=str(metadata.get(METADATA_NAME, "")),
        external_id=external_id.strip("<>"),
        code=" ".join(str(word) for word in (event.event_type, event.reject_reason) if word)[:100],
        detail=without_people(str(event.mta_response or event.description or "")),
        address=address[:320],
        address_is_dead=fate in {Fate.BOUNCED, Fate.REJECTED} and provider.is_hard(raw),
    )


def _headers(email: Email) -> dict[str, str]:
    headers = {"Message-ID": f"<{email.message_id}>", "Auto-Submitted": "auto-generated"}
    if email.one_click_url:
        headers["List-Unsubscribe"] = f"<{email.one_click_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if email.feedback_id:
        headers["Feedback-ID"] = email.feedback_id
    return headers | dict(email.headers)


def _view(provider: Provider, settings: dict[str, Any]) -> Any:
    return getattr(import_module(f"anymail.webhooks.{provider.module}"), provider.view)(**settings)


def _django_request(body: bytes, headers: Mapping[str, str]) -> Any:
    from django.core.handlers.wsgi import WSGIRequest

    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "receipts",
        "SERVER_PORT": "443",
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "https",
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return WSGIRequest(environ)
