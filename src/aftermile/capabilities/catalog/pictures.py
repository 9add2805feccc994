"""The pictures' own words and numbers: which addresses are asked, how large a copy is, when to try again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

#: The copy, in pixels: twice what pages show, for sharp screens.
SIDE = 160
KEPT_BYTES = 12_000
LONGEST_URL = 2_000
#: After so many failures without an answer that counts, a picture is given up.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
#: One that was given up is tried anew when an order names it again after this.
FORGIVEN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to be fetched now."""

    id: UUID
    url: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of fetching one. `problem` "": it is kept; else why not, and whether to try again."""

    picture: Wanted
    problem: str = ""
    again: bool = False
    #: It was not asked at all: its turn comes without counting as a try.
    was_asked: bool = True
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    width: int = 0
    height: int = 0


def usable_urls(urls: Iterable[str]) -> list[str]:
    """Return the addresses that can be fetched, each once, in a fixed order."""
    return sorted({whole for url in urls if (whole := whole_url(url))})


def whole_url(url: str) -> str:
    """Return an address as it is asked ("//cdn.example/a.jpg" is https), "" when it is none that can be."""
    plain = url.strip()
    if plain.startswith("//"):
        plain = f"https:{plain}"
    if not plain.startswith(("https://", "http://")) or len(plain) > LONGEST_URL:
        return ""
    return plain if plain.isprintable() and " " not in plain else ""


def digest_of(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).hexdigest()
