"""Where a staff member sits: who they are, at which shop, and what they may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from aftermile.capabilities.team.public import Permission, PersonView, Role
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import MerchantView


@dataclass(frozen=True, slots=True)
class Health:
    """How the shop's sources fare, in one sentence."""

    tone: str  # marks.py
    text: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every page of the console is given; plain values, made before the page is."""

    person: PersonView
    merchant: MerchantView
    role: Role | None  # none: an operator of the installation
    permissions: frozenset[Permission]
    shops: int  # how many they work for; an operator may enter more
    at: datetime  # the moment of the request: acts take it as theirs
    counts: Mapping[str, int]  # beside the navigation's entries, by their name
    health: Health | None = None  # of the shop's sources, at the foot of the navigation

    def may(self, permission: Permission) -> bool:
        """Tell whether the person may do something here."""
        return permission in self.permissions

    @property
    def by(self) -> str:
        """The person as actor of an act."""
        return self.person.by

    @cached_property
    def merchant_key(self) -> str:
        """The shop as it stands in addresses: `mer_...`."""
        return public_id("mer", self.merchant.id)

    def url(self, name: str, *args: object) -> str:
        """Return the address of a page of this shop by its name: `desk.url("console-order", order_key)`."""
        return reverse(name, args=[self.merchant_key, *args])

    @cached_property
    def base(self) -> str:
        """Where this shop's pages begin: `/console/mer_.../`."""
        return f"{reverse('console')}{self.merchant_key}/"

    @property
    def can_switch(self) -> bool:
        """Whether there is another shop to go to."""
        return self.person.is_operator or self.shops > 1
