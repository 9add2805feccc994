"""What happened to a shop's look."""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.kernel.events import event


@event(
    "brand.changed",
    outside="How the shop's pages look, sound or are addressed changed; `changed` names the parts.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class BrandChanged:
    changed: tuple[str, ...]
