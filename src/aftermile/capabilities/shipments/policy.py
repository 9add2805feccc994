"""Decisions about identity: which texts mean the same number, which scans are the same scan."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from aftermile.connectors.contracts.facts import TrackingEventFact


def number_key(tracking_number: str) -> str:
    """Return the form in which tracking numbers are compared: upper case, letters and digits only."""
    return "".join(filter(str.isalnum, tracking_number.upper()))


def scan_identity(scan: TrackingEventFact) -> bytes:
    """Return 16 bytes that are the same for the same scan however it was formatted.

    The true moment to the second, the carrier's code and words, and the place; not our reading of the
    code, so that a scan read again after its table was mended is still the same scan.
    """
    words = (scan.code, scan.description, scan.place.city or scan.place.name, scan.place.postal_code)
    said = "\x1f".join(_plain(word) for word in words)
    if not scan.code and not scan.description:
        said += f"\x1f{scan.sub_status or ''}"
    moment = int(scan.time.occurred_at.timestamp())
    return hashlib.blake2b(f"{moment}\x1f{said}".encode(), digest_size=16).digest()


@lru_cache(maxsize=20_000)  # carriers have few words, and say them again and again
def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold()))
