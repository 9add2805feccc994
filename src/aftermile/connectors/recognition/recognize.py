"""Tell from a tracking number alone which carriers it may belong to."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from aftermile.connectors.recognition.couriers import courier_name
from aftermile.connectors.recognition.formats import BY_LENGTH, Format
from aftermile.connectors.recognition.posts import POSTS

# The longest number we know has 41 characters; people write spaces between all of them.
_LONGEST_WRITTEN = 128
# A wrong check digit is a typing error far more often than a number of that shape from elsewhere.
_INVALID_FACTOR = 0.1
_SEPARATORS = dict.fromkeys(map(ord, " \t\r\n\v\f-‐‑‒–—―−\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Verdict(StrEnum):
    """What the check digit says."""

    VALID = "valid"
    INVALID = "invalid"
    NONE = "none"  # numbers of this format carry none


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A carrier the number may belong to.

    `countries` are those the carrier delivers in with such numbers (empty: anywhere); `origin_country`,
    `destination_country` and `destination_postal_code` are filled where the number itself says so.
    `confidence` orders candidates, 0 to 1; it is no probability.
    """

    carrier: str
    carrier_name: str
    format_name: str
    check_digit: Verdict
    confidence: float
    tracking_number: str  # upper case, without spaces and dashes
    service: str = ""
    countries: tuple[str, ...] = ()
    origin_country: str = ""
    destination_country: str = ""
    destination_postal_code: str = ""


def normalized(number: str) -> str:
    """Return a tracking number in upper-case ASCII without spaces and dashes; "" when it cannot be one."""
    if len(number) > _LONGEST_WRITTEN:
        number = number.strip()
        if len(number) > _LONGEST_WRITTEN:
            return ""
    if not number.isascii():
        # Full-width digits, non-breaking spaces, digits of other scripts.
        folded = unicodedata.normalize("NFKC", number)
        number = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded)
    written = number.translate(_SEPARATORS)
    return written.upper() if written.isascii() else ""


def recognize(number: str) -> tuple[Candidate, ...]:
    """Return every format the number fits, most likely first; empty when none is known.

    A wrong check digit does not drop a candidate, it puts it behind (`Verdict.INVALID`).
    """
    written = normalized(number)
    found = [
        candidate
        for row in BY_LENGTH.get(len(written), ())
        if (candidate := _candidate(row, written)) is not None
    ]
    found.sort(key=lambda candidate: -candidate.confidence)
    return tuple(found)


def candidates_for(
    number: str, *, connected: Collection[str] = (), destination_country: str = ""
) -> tuple[Candidate, ...]:
    """Return one candidate per carrier, where the merchant's carriers and the destination decide ties.

    A candidate whose check digit is wrong stays behind all others. Among the rest, carriers in
    `connected` (slugs) come first, then those that deliver in `destination_country` (alpha-2), then
    the more distinctive format.
    """
    destination = destination_country.strip().upper()

    def rank(candidate: Candidate) -> tuple[bool, bool, bool, float]:
        return (
            candidate.check_digit is Verdict.INVALID,
            candidate.carrier not in connected,
            not _delivers(candidate, destination),
            -candidate.confidence,
        )

    best: dict[str, Candidate] = {}
    for candidate in sorted(recognize(number), key=rank):
        best.setdefault(candidate.carrier, candidate)
    return tuple(best.values())


def _delivers(candidate: Candidate, destination: str) -> bool:
    if not destination:
        return True
    if candidate.destination_country:
        return candidate.destination_country == destination
    return not candidate.countries or destination in candidate.countries


def _candidate(row: Format, written: str) -> Candidate | None:
    match = row.pattern.fullmatch(written)
    if match is None:
        return None
    parts = match.groupdict()
    origin = parts.get("origin") or ""
    carrier, name = row.carrier, ""
    if not carrier:
        if origin not in POSTS:
            return None
        carrier, name = POSTS[origin]
    verdict = _verdict(row, parts)
    return Candidate(
        carrier=carrier,
        carrier_name=name or courier_name(carrier),
        format_name=row.name,
        check_digit=verdict,
        confidence=row.confidence * _INVALID_FACTOR if verdict is Verdict.INVALID else row.confidence,
        tracking_number=written,
        service=row.services.get(parts.get("service") or "", ""),
        countries=row.countries,
        origin_country=origin,
        destination_country=row.destinations.get(parts.get("destination") or "", ""),
        destination_postal_code=parts.get("zip") or "",
    )


def _verdict(row: Format, parts: dict[str, str | None]) -> Verdict:
    if row.check_digit is None:
        return Verdict.NONE
    serial = parts["serial"] or ""
    if not serial.startswith(row.serial_prefix):
        serial = row.serial_prefix + serial
    return Verdict.VALID if row.check_digit(serial) == parts["check"] else Verdict.INVALID
