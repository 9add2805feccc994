"""What became of messages to shoppers, as the API takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from aftermile.connectors.contracts.channels import Fate, Receipt
from aftermile.doors.api.fields import Given, Line, Moment, PublicId, Taken, example

MessageId = Annotated[UUID, PublicId("mes")]
_LARGEST_MAIL = 1_400_000  # letters of base64: a mail of 1 MB


Mail = Annotated[
    str,
    StringConstraints(
        min_length=4,
        max_length=_LARGEST_MAIL,
        pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    ),
]


class ReceiptTaken(Taken):
    """One thing that became of a message."""

    message_id: MessageId
    fate: Literal[
        "taken", "delivered", "deferred", "bounced", "rejected", "complained", "opened", "clicked", "replied",
        "unsubscribed", "resubscribed",
    ]  # fmt: skip
    occurred_at: Moment
    code: Annotated[str, StringConstraints(max_length=100)] = ""
    detail: Line = Field("", description="In words, for staff. No personal data.")
    text: Annotated[str, StringConstraints(max_length=10_000)] = Field(
        "", description="What the shopper wrote, of a reply."
    )
    address_is_dead: bool = Field(
        False, description="Nothing will ever arrive there: it is not written to again."
    )


class ReceiptsTaken(Taken):
    """What became of messages, and mails that came back."""

    model_config = Taken.model_config | example(
        receipts=[
            {
                "message_id": "mes_01jh8x7v1mf3qav9c2tnyw5zke",
                "fate": "delivered",
                "occurred_at": "2026-03-29T09:30:00+02:00",
            }
        ]
    )

    receipts: list[ReceiptTaken] = Field(
        [],
        max_length=500,
        description="By programs of yours that carry messages, as of the medium `webhook`.",
    )
    mails: list[Mail] = Field(
        [],
        max_length=20,
        description="Mails that came back to the address you write from: delivery reports, complaints and replies, whole, as"
        " they came, in base64. They are kept, read a moment later, and find their message by its Message-ID.",
    )


class ReceiptsKept(Given):
    """How much of it is new."""

    receipts: int
    mails: int


def receipt_of(taken: ReceiptTaken) -> Receipt:
    """Read a receipt; the same told again has the same identity."""
    at: datetime = taken.occurred_at
    return Receipt(
        fate=Fate(taken.fate),
        occurred_at=at,
        identity=f"{taken.message_id} {taken.fate} {at.isoformat()}",
        reference=str(taken.message_id),
        code=taken.code,
        detail=taken.detail,
        text=taken.text.replace("\x00", ""),
        address_is_dead=taken.address_is_dead,
    )
