"""The commands `aftermile merchant domains` and `release-domain`: whose host name is whose, where two shops say so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime

#: The command line as actor of an act.
BY = "command:merchant"


@dataclass(frozen=True, slots=True)
class Claim:
    """A shop's claim to a host name, in words."""

    host: str
    shop: str
    state: str
    claimed_at: datetime
    is_contested: bool


def claims() -> list[Claim]:
    """List what every shop claims. A name is contested while more than one shop claims it."""
    from aftermile.capabilities.brands.public import DomainState, all_claims
    from aftermile.kernel.merchants import list_merchants

    shops = {each.id: each.name for each in list_merchants()}
    found = all_claims()
    alive = Counter(view.host for _, view in found if view.state != DomainState.FAILED)
    return [
        Claim(
            host=view.host,
            shop=shops.get(merchant_id, str(merchant_id)),
            state=view.state.value,
            claimed_at=view.claimed_at,
            is_contested=view.state != DomainState.FAILED and alive[view.host] > 1,
        )
        for merchant_id, view in found
    ]


def release(merchant_id: UUID, *, at: datetime) -> str:
    """Let a shop's domain go, whatever the shop says, and note that in its audit log; return the name.

    :raises DomainNotFound: it has none.
    """
    from aftermile.capabilities.brands.public import DomainNotFound, domain, release_domain
    from aftermile.capabilities.team.public import note
    from aftermile.kernel.tenancy import merchant_scope

    with merchant_scope(merchant_id):
        held = domain()
        if held is None:
            raise DomainNotFound
        release_domain(by=BY, at=at)
        note(
            act="brand.domain_released",
            subject=held.host,
            summary=f"Let the domain {held.host} go, as whoever runs the installation decided",
            by=BY,
            at=at,
        )
    return held.host
