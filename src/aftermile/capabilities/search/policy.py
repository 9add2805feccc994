"""How words are compared, and what one word says of an order whose parcels are in several places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from aftermile.connectors.contracts.words import Milestone

# What one letter is commonly written as where it cannot be typed. Source: the transliterations of the
# languages of the shopper pages (German, Nordic, Polish), as passports have them (ICAO 9303, part 3).
_WRITTEN_AS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "å": "aa",
        "æ": "ae",
        "ø": "oe",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
    }
)

#: Of several parcels the one that matters most to whoever looks at a list: trouble, then what moves, then what waits.
_FOREMOST = (
    Milestone.EXCEPTION,
    Milestone.ATTEMPT_FAILED,
    Milestone.RETURNING,
    Milestone.RETURNED,
    Milestone.EXPIRED,
    Milestone.AVAILABLE_FOR_PICKUP,
    Milestone.OUT_FOR_DELIVERY,
    Milestone.IN_TRANSIT,
    Milestone.INFO_RECEIVED,
    Milestone.PENDING,
    Milestone.DELIVERED,
    Milestone.CANCELLED,
)
#: Letters of a script, or digits; what stands between them separates.
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_SHORTEST_NAME = 3
_RANK = {milestone.value: rank for rank, milestone in enumerate(_FOREMOST)}


def folded(text: str) -> str:
    """Write text as it is compared: small letters without marks, "ü" as "ue"; one space between words."""
    if text.isascii():  # as most are
        return " ".join(text.lower().replace("\x00", "").split())
    # Compatibility forms are resolved before the letters are made small: a mathematical "𝐴" has no small
    # form of its own, only the "A" it stands for has.
    written_out = unicodedata.normalize("NFKC", text).casefold().translate(_WRITTEN_AS)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", written_out) if not unicodedata.combining(letter)
    )
    # Once more, for a letter that only now stands bare: "ǽ" is an "æ" with a mark.
    return " ".join(bare.translate(_WRITTEN_AS).replace("\x00", "").split())


def forgiving(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split folded words into those that may be spelled differently and those that must stand as they are.

    Names are misspelled. In a number one digit more or less is another order, and all e-mail addresses of a
    provider are alike: of an address the part before the @ is looked for, its letters and its digits each by
    themselves.
    """
    alike: list[str] = []
    exact: list[str] = []
    for word in words:
        for part in _LETTERS_OR_DIGITS.findall(word.partition("@")[0]):
            (alike if len(part) >= _SHORTEST_NAME and not part.isdigit() else exact).append(part)
    return alike, exact


def standing(milestones: Collection[str]) -> str:
    """Name the milestone an order is listed under; "" when it has no parcel."""
    return min(milestones, key=lambda each: _RANK.get(each, -1), default="")
