"""Keep what is counted of shoppers true."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.segments.facts import Subject, profile_of, read_material
from aftermile.capabilities.segments.models import Profile
from aftermile.kernel.rowsets import insert, run_later

#: Unknown is "" there.
TEXTS = ("first_order_on", "birthday", "country", "language")
COLUMNS = (
    *("id", "orders_count", "cancelled_count", "spent", "average_order", "first_order_at", "last_order_at"),
    *(
        "last_delivered_at",
        "known_since",
        "first_order_on",
        "birthday",
        "country",
        "language",
        "tags",
        "products",
    ),
    *("marketing_email", "marketing_sms"),
)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])


def refresh_profiles(*, shopper_ids: Collection[UUID], at: datetime) -> int:
    """Count these shoppers anew; return how many there are. Who is erased or merged into another has no profile.

    A constant number of statements. Twice: nothing changes.
    """
    if not shopper_ids:
        return 0
    material = read_material([Subject(shopper_id=each) for each in shopper_ids])
    rows = {}
    for view in material.shoppers.values():
        if view.erased_at is None:
            made = [each for each in material.purchases[view.id] if each.since <= at]
            zone = material.zones.get(view.id, material.shop_zone)
            counted = profile_of(material, view, made, at=at, zone=zone)
            rows[view.id] = {"id": view.id, **counted, **{name: counted[name] or "" for name in TEXTS}}
    gone = [each for each in shopper_ids if each not in rows]
    if gone:
        Profile.rows().filter(id__in=gone).delete()
    run_later(
        insert(
            Profile,
            COLUMNS,
            [rows[key] for key in sorted(rows)],
            on_conflict=f"ON CONFLICT (merchant_id, id) DO UPDATE SET {_CHANGES}",
        )
    )
    return len(rows)
