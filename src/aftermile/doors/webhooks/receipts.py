"""Where channels tell what became of messages: verified by the channel, kept, answered; read later by the worker."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from aftermile.capabilities.messaging.public import (
    OpenSender,
    ReceiptsAddressUnknown,
    Told,
    keep_receipts,
    sender_at,
)
from aftermile.connectors.contracts.sockets import Accepted, Acknowledged, InboundRequest, Refused, Verdict
from aftermile.kernel import metrics
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import run_in_scope
from aftermile.kernel.tokens import BadToken

_REFERENCE = "reference"


@csrf_exempt
def receive_receipts(request: HttpRequest, address: str) -> HttpResponse:
    """Take one call of a channel in.

    Answers 200 with nothing in it when it is on disk or was there already, 401 when the channel cannot have sent it, 404
    at an address nobody has, 413 when it is too large; while the database is away 503, which makes every channel try again.
    """
    if request.method != "POST":
        return _error(405, "method_not_allowed", "Send receipts with POST.", {"Allow": "POST"})
    limit = settings.CONFIG.webhook_body_limit_bytes
    body = request.read(limit + 1)
    if len(body) > limit:
        return _error(413, "body_too_large", f"The body is larger than {limit} bytes.")
    try:
        merchant_id, sender = sender_at(address)
    except (BadToken, ReceiptsAddressUnknown):
        return _error(404, "receipts_address_unknown", "No sender has this address.")
    asked = InboundRequest(
        method="POST",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=body,
        received_at=now(),
    )
    match _verify(sender, asked):
        case Refused():
            # What exactly is wrong stays with us: it would help only who tries.
            _count(sender, "refused")
            return _error(
                401, "signature_refused", "The request is not signed as this sender's channel does."
            )
        case Acknowledged():
            _count(sender, "acknowledged")
        case Accepted() as accepted:
            told = Told(
                channel=sender.channel.slug,
                kind=accepted.kind,
                external_id=accepted.external_id,
                reference=asked.query.get(_REFERENCE, ""),
                body=body,
            )
            is_new = run_in_scope(merchant_id, lambda: keep_receipts(told, at=asked.received_at))
            _count(sender, "accepted" if is_new else "repeated")
    # Twilio reads an answer with words in it as an order to send them.
    return HttpResponse(b"", content_type="text/plain")


def _verify(sender: OpenSender, asked: InboundRequest) -> Verdict:
    if sender.channel.verify is None or sender.channel.receipts is None:
        return Refused(why=f"{sender.channel.name} sends no receipts")
    return sender.channel.verify(asked, sender.credentials)


def _count(sender: OpenSender, outcome: str) -> None:
    metrics.INBOUND_RECORDS.add(connector=f"channel:{sender.channel.slug}", outcome=outcome)


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status, headers=headers)
