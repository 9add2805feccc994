"""Remove what people wrote about erased shoppers."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.kernel.rowsets import Statement, id_array, ids_in, run
from aftermile.kernel.tenancy import current_merchant_id


def erase_notes(*, order_ids: Collection[UUID]) -> None:
    """Blank the notes and reasons of these orders' exceptions. Repeating it changes nothing."""
    if not order_ids:
        return
    ids = list(ShippingException.rows().filter(order_id__in=order_ids).values_list("id", flat=True))
    ShippingException.rows().filter(id__in=ids).update(note="", snooze_reason="")
    run(
        Statement(
            'UPDATE exceptions_step SET note = \'\', before = before || \'{"note": "", "snooze_reason": ""}\''
            f" WHERE merchant_id = %s AND {ids_in('exception_id')}",
            (current_merchant_id(), id_array(ids)),
            list,
        )
    )
