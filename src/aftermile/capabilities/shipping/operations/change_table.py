"""Change one table of what a shop ships by, as a whole; and take the change back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aftermile.capabilities.shipping.plan import Table
from aftermile.capabilities.shipping.queries import kind_of, shipping, table_view
from aftermile.capabilities.shipping.tables import check_table
from aftermile.kernel.errors import Conflict
from aftermile.kernel.shop_settings import choose, choose_the_one_before, read_choice


class ShippingTableChanged(Conflict):
    """Somebody else changed this table since it was shown."""

    code = "shipping_table_changed"
    message = "Somebody else has changed this table meanwhile. Look at it as it is now, then change it."


def change_table(
    *, table: Table, rows: Sequence[Mapping[str, Any]], by: str, at: datetime, seen: str | None = None
) -> bool:
    """Keep a table in place of the one before; return whether anything is other than before.

    :param rows: plain values by column (`tables`); rows of methods and zones without a `key` are new.
    :param seen: the `revision` that was shown; None: whatever is there is meant.
    :raises ShippingTableUnreadable: `details` says by row and column what is wrong.
    :raises ShippingTableChanged: it is no longer the one that was seen.
    """
    if seen is not None and table_view(table).revision != seen:
        raise ShippingTableChanged
    return choose(kind_of(table), {"rows": check_table(table, rows, shipping().plan)}, by=by, at=at)


def restore_table(*, table: Table, by: str, at: datetime) -> bool:
    """Go back to the table before the last change (again: to the changed one); return whether there was one.

    :raises ShippingTableUnreadable: lines of other tables name what it did not have.
    """
    choice = read_choice(kind_of(table))
    if choice is None:
        return False
    check_table(table, (choice.before or {}).get("rows", ()), shipping().plan)
    return choose_the_one_before(kind_of(table), by=by, at=at)
