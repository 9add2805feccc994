"""The open merchant's brand row, locked, and how a change of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from aftermile.capabilities.brands.events import BrandChanged
from aftermile.capabilities.brands.models import Brand
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import insert_rows
from aftermile.kernel.tenancy import current_merchant_id

LOGO = ("logo_digest", "logo_type", "logo_width", "logo_height", "logo_ground")
#: What a change is made of, and what taking one back restores.
VALUES = (
    *("accent", "radius_px", "font", "tone", "logo_alt", *LOGO),
    *("footer_links", "texts", "languages"),
    *("support_name", "support_email", "support_phone", "support_url", "support_hours", "support_address"),
)


def locked_brand(at: datetime) -> Brand:
    """Return the merchant's row, locked; made with the defaults where it has none."""
    row_id = current_merchant_id()
    found = Brand.rows().select_for_update(no_key=True).filter(id=row_id).first()
    if found is None:
        fresh = {field.attname: field.get_default() for field in Brand._meta.concrete_fields}
        del fresh["merchant_id"], fresh["previous"]
        insert_rows(
            Brand,
            list(fresh),
            [fresh | {"id": row_id, "changed_at": at}],
            on_conflict="ON CONFLICT (merchant_id, id) DO NOTHING",
        )
        found = Brand.rows().select_for_update(no_key=True).get(id=row_id)
    return found


def keep(row: Brand, values: Mapping[str, Any], *, by: str, at: datetime) -> None:
    """Write new values into a locked row, remember the ones before, and say what changed; nothing new, nothing done."""
    before = {name: getattr(row, name) for name in VALUES}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if not changed:
        return
    for name in changed:
        setattr(row, name, values[name])
    row.previous, row.changed_at = before, at
    row.save(update_fields=[*changed, "previous", "changed_at"])
    publish(BrandChanged(changed=tuple(parts_of(changed))), by=by, at=at)


def parts_of(columns: list[str]) -> list[str]:
    """Name the parts of a brand that columns belong to."""
    return sorted({"logo" if name in LOGO else name for name in columns})


def set_host(host: str, *, by: str, at: datetime) -> None:
    """Note the verified domain, or its end, beside the brand: pages read one row."""
    row = locked_brand(at)
    if row.host == host:
        return
    row.host, row.changed_at = host, at
    row.save(update_fields=["host", "changed_at"])
    publish(BrandChanged(changed=("host",)), by=by, at=at)


def forget_old_logos(keep_digests: set[str], *, most: int) -> None:
    """Delete all but the newest logos; mails and pages that left us may still show one of those."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM brands_logo WHERE merchant_id = %s AND NOT digest = ANY(%s) AND id NOT IN"
            " (SELECT id FROM brands_logo WHERE merchant_id = %s ORDER BY created_at DESC, id DESC LIMIT %s)",
            [current_merchant_id(), sorted(keep_digests), current_merchant_id(), most],
        )
