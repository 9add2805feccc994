"""Messages to shoppers: what became of them."""

from __future__ import annotations

import base64

from ninja import Router

from aftermile.capabilities.messaging.public import Told, keep_receipts, record_receipts
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.shapes.messages import ReceiptsKept, ReceiptsTaken, receipt_of
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Messages"])

#: Reads mails that come back, whichever channel carried what they answer.
_MAIL = "smtp"


@endpoint(router, "POST", "/messages/receipts", scope="messages:write", returns=ReceiptsKept)
def tell_receipts(caller: Caller, told: ReceiptsTaken) -> ReceiptsKept:
    """Tell what became of messages.

    Delivered, bounced, complained of, opened, answered: in any order, each as often as you like. Dead addresses and
    complaints are not written to again. Providers that we know tell it themselves, at their sender's address.
    """
    at = now()
    new = record_receipts(
        receipts=[receipt_of(each) for each in told.receipts], source=f"api:{caller.name}", at=at
    )
    mails = [base64.b64decode(each) for each in told.mails]
    kept = [keep_receipts(Told(channel=_MAIL, kind="mail", body=mail), at=at) for mail in mails]
    return ReceiptsKept(receipts=new, mails=sum(kept))
