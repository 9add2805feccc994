"""Where a delivered parcel is: with whom or in what it was left, read from what the carrier says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper.presenters.naming import sub_status_of
from aftermile.kernel.languages import msg


class LeftAt(StrEnum):
    HANDS = "hands"
    NEIGHBOR = "neighbor"
    MAILBOX = "mailbox"
    LOCKER = "locker"
    DOOR = "door"
    SAFE_PLACE = "safe_place"
    RECEPTION = "reception"
    COLLECTED = "collected"
    UNKNOWN = "unknown"


#: What a page adds to "Delivered": where to look.
WHERE: Mapping[LeftAt, str] = {
    LeftAt.HANDS: msg("It was handed over in person."),
    LeftAt.NEIGHBOR: msg(
        "It is with a neighbor. Look for a note at your door or in your mailbox: it tells with whom."
    ),
    LeftAt.MAILBOX: msg("It is in your mailbox."),
    LeftAt.LOCKER: msg("It is in a parcel locker. The carrier sends you the code that opens it."),
    LeftAt.DOOR: msg("It was left at the door."),
    LeftAt.SAFE_PLACE: msg("It was left in the place agreed with the carrier."),
    LeftAt.RECEPTION: msg("It was handed in at the reception or mail room."),
    LeftAt.COLLECTED: "",
    LeftAt.UNKNOWN: "",
}

# The words carriers use for the place, in the languages they report in.
_WORDS: tuple[tuple[LeftAt, str], ...] = (
    (LeftAt.NEIGHBOR, r"neighbou?r|nachbar|voisin|vicino|vecino|\bburen\b|granne|sąsiad|vizinh"),
    (LeftAt.MAILBOX, (r"mail ?box|letter ?box|briefkasten|boîte aux lettres|brievenbus|buzón|cassetta|brevlåda|skrzynk"
     r"|caixa de correio")),
    (LeftAt.LOCKER, r"locker|packstation|paketbox|paczkomat|consigne|taquilla"),
    (LeftAt.RECEPTION, r"reception|front desk|mail ?room|concierge|empfang|poststelle|portier"),
    (LeftAt.SAFE_PLACE, r"safe ?place|garage|shed|ablageort|wunschort|abgestellt|porch box|lieu sûr"),
    (LeftAt.DOOR, r"front door|back door|side door|door ?step|at (?:the )?door|porch|haustür|devant la porte|vor der tür"),
    (LeftAt.HANDS, (r"signed|signature|individual|in person|handed to (?:the )?(?:resident|recipient)|persönlich|unterschri"
     r"|en mains? propres?")),
)  # fmt: skip
_PLACES = tuple((place, re.compile(words)) for place, words in _WORDS)
_BY_SUB_STATUS = {
    SubStatus.LEFT_WITH_NEIGHBOR: LeftAt.NEIGHBOR,
    SubStatus.PICKED_UP_BY_SHOPPER: LeftAt.COLLECTED,
    SubStatus.SIGNED: LeftAt.HANDS,
}


def left_at(parcel: ParcelView) -> LeftAt:
    """Tell where a delivered parcel was left, as far as its last scan says so."""
    sub_status = sub_status_of(parcel.sub_status)
    if sub_status in _BY_SUB_STATUS:
        return _BY_SUB_STATUS[sub_status]
    said = next((event.description for event in parcel.events if event.milestone == parcel.milestone), "")
    written = said.casefold()
    return next((place for place, words in _PLACES if words.search(written)), LeftAt.UNKNOWN)
