"""The shops of an installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.kernel.calendars import zone_of
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.money import Money, MoneyUnreadable
from aftermile.kernel.reads import Read, Watched
from aftermile.kernel.rowsets import Statement
from aftermile.kernel.tenancy import current_merchant_id, operator_scope


class MerchantUnreadable(Invalid):
    """A shop's name, time zone or currency that is none."""

    code = "merchant_unreadable"


@dataclass(frozen=True, slots=True)
class MerchantView:
    id: UUID
    name: str
    time_zone: str
    currency: str
    language: str
    country: str


def create_merchant(
    *, name: str, time_zone: str, currency: str, country: str, language: str, at: datetime
) -> MerchantView:
    """Make a shop.

    :raises MerchantUnreadable: no name, or a currency that is none.
    :raises CalendarUnknown: a time zone that is none.
    """
    zone_of(time_zone)
    try:
        Money(0, currency)
    except MoneyUnreadable as problem:
        raise MerchantUnreadable(f"{problem}.") from None
    if not name.strip():
        raise MerchantUnreadable("A shop needs a name.")
    with operator_scope():
        row = Merchant(
            id=uuid7(),
            name=name.strip(),
            time_zone=time_zone,
            currency=currency,
            country=country.upper(),
            language=language,
            created_at=at,
        )
        row.save(force_insert=True)
    return _view(row)


def list_merchants() -> list[MerchantView]:
    """List all shops, oldest first; for operators and background work, outside any scope."""
    with operator_scope():
        return [_view(row) for row in Merchant.objects.order_by("id")]


def current_merchant() -> MerchantView:
    """Return the shop whose scope is open."""
    return _view(Merchant.objects.get(id=current_merchant_id()))


def watching_merchant() -> Watched:
    """Watch the shop whose scope is open."""
    return Watched(
        "SELECT id, xmin::text AS writer FROM kernel_merchant WHERE id = %s", (current_merchant_id(),)
    )


def reading_merchant() -> Read[MerchantView]:
    """Read the shop whose scope is open."""
    columns = "id, name, time_zone, currency, language, country"
    (found,) = yield [
        Statement(f"SELECT {columns} FROM kernel_merchant WHERE id = %s", (current_merchant_id(),), list)
    ]
    if not found:
        raise Merchant.DoesNotExist
    return MerchantView(*found[0])


def _view(row: Merchant) -> MerchantView:
    return MerchantView(row.id, row.name, row.time_zone, row.currency, row.language, row.country)
