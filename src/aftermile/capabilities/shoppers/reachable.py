"""How shoppers can be reached, as they are told apart by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from aftermile.capabilities.shoppers.models import ContactPoint, Shopper

_NOBODY = UUID(int=0)


def contact_values(ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the normalized e-mail addresses and phone numbers of shoppers, by the ids asked for.

    Two statements, even for nobody: whether there was somebody does not show in the work.
    """
    asked = list(ids) or [_NOBODY]
    became = dict(Shopper.rows().filter(id__in=asked).values_list("id", "merged_into_id"))
    now = {each: became.get(each) or each for each in asked}
    values: dict[UUID, set[str]] = defaultdict(set)
    for shopper_id, value in (
        ContactPoint.rows().filter(shopper_id__in=set(now.values())).values_list("shopper_id", "value")
    ):
        values[shopper_id].add(value)
    return {each: frozenset(values[now[each]]) for each in ids}
