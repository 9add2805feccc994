"""Carriers as callers write them: our slug, AfterShip's, or any name."""

from __future__ import annotations

from functools import cache, lru_cache

from aftermile.connectors.recognition import Candidate, Courier, Verdict, candidates_for, couriers
from aftermile.connectors.registry import carrier_of


@lru_cache(maxsize=10_000)
def named_carrier(word: str) -> tuple[str, str]:
    """Return (our slug, the name to show); for a carrier nobody knows the slug is "" and the name the word."""
    if not word:
        return "", ""
    slug = carrier_of(word) or (word if word in couriers() else "")
    return (slug, courier_of(slug).name) if slug else ("", word)


def carrier_at_aftership(slug: str) -> tuple[str, str]:
    """Return (our slug, the name to show) for a slug of AfterShip's: its `dhl` is our `dhl-express`."""
    return named_carrier(_by_aftership_slug().get(slug, slug))


def courier_of(slug: str) -> Courier:
    """Return the directory's entry, or one with nothing but the slug."""
    return couriers().get(slug) or Courier(slug=slug, name=slug)


def recognized_carrier(tracking_number: str, *, destination_country: str = "") -> str:
    """Return the carrier a number most likely belongs to, or "" when two are as likely or its check digit is wrong."""
    found = candidates_for(tracking_number, destination_country=destination_country)
    likely = [candidate for candidate in found if candidate.check_digit is not Verdict.INVALID]
    if not likely or (len(likely) > 1 and _as_likely(likely[0], likely[1])):
        return ""
    return likely[0].carrier


def _as_likely(first: Candidate, second: Candidate) -> bool:
    return second.confidence >= first.confidence


@cache
def _by_aftership_slug() -> dict[str, str]:
    return {courier.aftership_slug: slug for slug, courier in couriers().items() if courier.aftership_slug}
