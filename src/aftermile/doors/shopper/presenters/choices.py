"""The page on which a shopper chooses what they hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from aftermile.capabilities.messaging.public import OPTIONAL, Choices, Purpose
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.shopper.presenters.hearing import MEDIA, PURPOSES, place_of
from aftermile.doors.shopper.presenters.zones import zone_choices
from aftermile.kernel.languages import LANGUAGES, Tongue

#: How quiet hours are chosen: as the shop has them, one's own, none.
AS_THE_SHOP, OWN, NONE = "shop", "own", "none"


@dataclass(frozen=True, slots=True)
class Tick:
    """One medium for one purpose."""

    name: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One purpose, and on which media it may come."""

    name: str
    hint: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesPage:
    kinds: tuple[Kind, ...]
    shown: tuple[str, ...]  # the media there are ticks for
    dead: tuple[str, ...]  # media from which messages came back
    media: tuple[Option, ...]
    languages: tuple[Option, ...]
    zones: tuple[Option, ...]
    quiet: str
    quiet_of_shop: str
    quiet_from: str
    quiet_until: str
    hears_optional: bool


def choices_page(choices: Choices, tongue: Tongue, *, at: datetime) -> ChoicesPage:
    """Lay out what a shopper hears now."""
    wishes = choices.wishes
    first = choices.ways[0].medium if choices.ways else None
    own = wishes.quiet_from is not None and wishes.quiet_until is not None
    shop_hours = _hours(choices.quiet.start, choices.quiet.end, at, tongue)
    written_in = LANGUAGES.get(choices.languages[0][:2].lower(), "") if choices.languages else ""
    return ChoicesPage(
        kinds=tuple(
            Kind(
                tongue.say(PURPOSES[purpose][0]),
                tongue.say(PURPOSES[purpose][1]),
                tuple(
                    Tick(
                        field_of(way.medium, purpose),
                        place_of(tongue, way.medium, way.address),
                        way.allows[purpose],
                    )
                    for way in choices.ways
                ),
            )
            for purpose in OPTIONAL
        ),
        shown=tuple(way.medium.value for way in choices.ways),
        dead=tuple(place_of(tongue, way.medium, way.address) for way in choices.ways if way.is_dead),
        media=tuple(
            Option(way.medium.value, tongue.say(MEDIA[way.medium]), way.medium is first)
            for way in choices.ways
        )
        if len(choices.ways) > 1
        else (),
        languages=(
            Option("", tongue.say("Automatic: {what}", what=written_in), not wishes.language)
            if not wishes.language and written_in
            else Option("", tongue.say("Automatic"), not wishes.language),
            *(Option(code, name, code == wishes.language) for code, name in LANGUAGES.items()),
        ),
        zones=(
            Option(
                "",
                tongue.say("Automatic: {what}", what=tongue.city_of(ZoneInfo(choices.time_zone))),
                not wishes.time_zone,
            ),
            *(
                Option(zone, label, zone == wishes.time_zone)
                for zone, label in zone_choices(tongue, at=at, chosen=wishes.time_zone)
            ),
        ),
        quiet=AS_THE_SHOP if not own else NONE if wishes.quiet_from == wishes.quiet_until else OWN,
        quiet_of_shop=shop_hours,
        quiet_from=_written(wishes.quiet_from if own else choices.quiet.start),
        quiet_until=_written(wishes.quiet_until if own else choices.quiet.end),
        hears_optional=any(way.allows[purpose] for way in choices.ways for purpose in OPTIONAL),
    )


def field_of(medium: Medium, purpose: Purpose) -> str:
    """Name the form's field for a medium and a purpose."""
    return f"{medium.value}-{purpose.value}"


def _hours(start: time, end: time, at: datetime, tongue: Tongue) -> str:
    if start == end:
        return ""
    return " – ".join(
        tongue.time(datetime.combine(at.date(), each, ZoneInfo("UTC"))) for each in (start, end)
    )


def _written(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment is not None else ""
