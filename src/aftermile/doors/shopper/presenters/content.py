"""Articles as pages show them: on an order's page, on the help page, and one by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aftermile.capabilities.content.public import Card, Kind, Opened
from aftermile.capabilities.shipments.public import ShipmentView
from aftermile.connectors.contracts.facts import Direction
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.slots import Slot
from aftermile.kernel.languages import Tongue, msg

#: The kinds as the help page shows them.
HEADINGS: Mapping[Kind, str] = {
    Kind.GUIDE: msg("Guides"),
    Kind.CARE_TIPS: msg("Care tips"),
    Kind.VIDEO: msg("Videos"),
    Kind.FAQ: msg("Questions and answers"),
}
#: Of each kind on the first help page; all of them stand on a page of their own.
FIRST = 6
#: While waiting one reads how to set a thing up; once it is here, how to keep it.
_BEFORE = (Kind.GUIDE, Kind.VIDEO, Kind.CARE_TIPS, Kind.FAQ)
_AFTER = (Kind.CARE_TIPS, Kind.GUIDE, Kind.VIDEO, Kind.FAQ)


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list. `language` is set where it is not the page's own."""

    title: str
    summary: str
    address: str
    picture: str  # an address of this installation, or ""
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """Articles of one kind; `more` leads to all of them, "" where these are all."""

    kind: Kind
    heading: str
    entries: tuple[Entry, ...]
    count: int
    more: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article to be read. `video_site` names who is asked when the video is opened."""

    title: str
    summary: str
    heading: str
    html: str
    language: str
    direction: str
    is_own_language: bool
    picture: str
    video: str
    video_site: str
    changed: str
    changed_iso: str
    data: str  # schema.org, as JSON


def kinds_for(shipments: Sequence[ShipmentView]) -> tuple[Kind, ...]:
    """Order the kinds for where an order is: care tips first once everything sent has arrived."""
    parcels = [
        parcel
        for shipment in shipments
        if shipment.direction == Direction.OUTBOUND and not shipment.cancelled
        for parcel in shipment.parcels
        if parcel.withdrawn_at is None
    ]
    is_here = bool(parcels) and all(parcel.milestone == Milestone.DELIVERED for parcel in parcels)
    return _AFTER if is_here else _BEFORE


def entries_of(
    cards: Sequence[Card],
    tongue: Tongue,
    *,
    address_of: Callable[[Card], str],
    pictures: Mapping[str, str],
) -> tuple[Entry, ...]:
    """Lay out articles in a list.

    :param pictures: where our copies are served, by the shop's own addresses of them.
    """
    return tuple(
        Entry(
            title=card.title,
            summary=card.summary,
            address=address_of(card),
            picture=pictures.get(card.picture_url, ""),
            language=card.language if _base(card.language) != tongue.code else "",
        )
        for card in cards
    )


def slot_of(entries: Sequence[Entry], *, home: str) -> Slot | None:
    """Fill the place for content on an order's page; nothing where there is none.

    :param home: where all help pages are.
    """
    return Slot("shopper/_content.html", {"entries": entries, "home": home}) if entries else None


def groups_of(
    cards: Sequence[Card], tongue: Tongue, *, entries: Mapping[str, Entry], more: Callable[[Kind], str]
) -> tuple[Group, ...]:
    """Lay out the help page by kind, the first of each.

    :param entries: by slug.
    """
    groups = []
    for kind, heading in HEADINGS.items():
        of_kind = [card for card in cards if card.kind is kind]
        if of_kind:
            first = tuple(entries[card.slug] for card in of_kind[:FIRST])
            address = more(kind) if len(of_kind) > FIRST else ""
            groups.append(Group(kind, tongue.say(heading), first, len(of_kind), address))
    return tuple(groups)


def article_page(
    opened: Opened, tongue: Tongue, *, picture: str, changed: str, changed_iso: str
) -> ArticlePage:
    """Lay out one article."""
    card = opened.card
    return ArticlePage(
        title=card.title,
        summary=card.summary,
        heading=tongue.say(HEADINGS[card.kind]),
        html=opened.html,
        language=card.language,
        direction=PHRASES.tongue([card.language]).direction,
        is_own_language=_base(card.language) == tongue.code,
        picture=picture,
        video=card.video_url,
        video_site=(urlsplit(card.video_url).hostname or "").removeprefix("www."),
        changed=changed,
        changed_iso=changed_iso,
        data=_data(opened) if card.kind is Kind.FAQ else "",
    )


def _data(opened: Opened) -> str:
    """Write a question and its answer as search engines read them (schema.org FAQPage)."""
    said = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": opened.card.language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": opened.card.title,
                "acceptedAnswer": {"@type": "Answer", "text": opened.html or opened.card.summary},
            }
        ],
    }
    # It stands in a script element, which nothing but its own end tag ends.
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")


def _base(language: str) -> str:
    return language.partition("-")[0]
