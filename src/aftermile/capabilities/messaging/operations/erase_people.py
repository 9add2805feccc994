"""Take what is personal out of messages; what is counted stays. And follow shoppers who turned out to be one."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote_plus
from uuid import UUID

from aftermile.capabilities.messaging.models import (
    Content,
    Message,
    Preference,
    PushSubscription,
    ReceiptRecord,
    ReceiptRow,
)
from aftermile.capabilities.messaging.policy import CheckName
from aftermile.capabilities.messaging.states import ReceiptStatus, Status


def erase_messages(*, shopper_ids: Collection[UUID]) -> int:
    """Blank what messages to these shoppers said, where they went and what was told of it in words; return how many.

    What was planned is withheld. Purpose, medium, moments and fate stay for counting, digests of suppressed
    addresses for keeping. Again: nothing changes.
    """
    messages = Message.rows().filter(shopper_id__in=shopper_ids)
    ids = list(messages.values_list("id", flat=True))
    Preference.rows().filter(id__in=shopper_ids).delete()
    PushSubscription.rows().filter(shopper_id__in=shopper_ids).delete()
    if not ids:
        return 0
    _erase_records(set(messages.exclude(address="").values_list("address", flat=True)))
    Content.rows().filter(id__in=ids).delete()
    ReceiptRow.rows().filter(message_id__in=ids).update(text="", detail="")
    messages.filter(status=Status.PLANNED).update(status=Status.WITHHELD, withheld_for=CheckName.ERASED)
    return messages.update(address="", values={}, content={}, about={}, cause={}, detail="", external_id="")


def _erase_records(addresses: Collection[str]) -> None:
    """Empty what channels told, as it came, where it names one of these addresses, as text or in a form."""
    for address in addresses:
        for written in {address, quote_plus(address), address.removeprefix("+")}:
            naming = ReceiptRecord.rows().extra(
                where=["position(%s::bytea in body) > 0"], params=[written.encode()]
            )
            naming.update(body=b"", status=ReceiptStatus.ERASED, reason="", reference="")


def follow_merged_shopper(*, shopper_id: UUID, merged_id: UUID) -> None:
    """Give the messages and choices of a shopper who was merged away to who it is now; a choice already made stays."""
    Message.rows().filter(shopper_id=merged_id).update(shopper_id=shopper_id)
    PushSubscription.rows().filter(shopper_id=merged_id).update(shopper_id=shopper_id)
    theirs = Preference.rows().filter(id=merged_id)
    if Preference.rows().filter(id=shopper_id).exists():
        theirs.delete()
    else:
        theirs.update(id=shopper_id)
