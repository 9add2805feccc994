"""What a shop offers to ship by and how long that takes: its tables as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from functools import cached_property

from aftermile.capabilities.shipping.areas import Area, Place, narrowest
from aftermile.kernel.working_calendar import USUAL_WEEK, Span


class Table(StrEnum):
    """The tables a merchant edits, each as a whole."""

    METHODS = "methods"
    ZONES = "zones"
    RATES = "rates"
    TRANSIT = "transit"
    CARRIERS = "carriers"
    PEAKS = "peaks"
    ORIGINS = "origins"
    RETURNS = "returns"


class Kind(StrEnum):
    """How goods reach the shopper."""

    DELIVERY = "delivery"
    PICKUP = "pickup"  # the shopper comes for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way of shipping that a shopper can choose. No carrier: the shop's own people, on the days the shop works."""

    key: str
    name: str
    kind: Kind = Kind.DELIVERY
    carrier: str = ""
    service: str = ""
    is_active: bool = True
    names: Mapping[str, str] = field(default_factory=dict, hash=False)  # by language, where it is another one

    def name_in(self, language: str) -> str:
        """Return its name in a language ("pt-BR" is content with "pt"); "": as the merchant calls it."""
        return self.names.get(language.replace("_", "-").partition("-")[0].lower(), self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Areas that cost the same."""

    key: str
    name: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A line of the price list: the first one that fits counts. Bounds are inclusive, None is no bound."""

    method: str = ""  # its key; "" for any
    zone: str = ""  # its key; "" for anywhere
    weight_from_grams: int | None = None
    weight_to_grams: int | None = None
    value_from_minor: int | None = None
    value_to_minor: int | None = None
    tag: str = ""  # of a product in the cart
    price_minor: int | None = None  # None: not offered
    free_from_minor: int | None = None  # the cart's value from which on it costs nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """How many business days a carrier takes on a lane, from the hand-over. No service: any of the carrier's."""

    carrier: str = ""
    service: str = ""
    to_zone: str = ""  # a zone's key, or else `to`
    to: tuple[Area, ...] = (Area(),)
    origin: Area = field(default_factory=Area)
    least: int
    likely: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierWeek:
    """On which days a carrier works, at both ends. No service: any of the carrier's."""

    carrier: str
    service: str = ""
    weekmask: str = USUAL_WEEK
    observes_holidays: bool = True
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Days on which parcels are handed over that take longer. No carrier: with any."""

    span: Span
    extra_days: int
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """When people work where parcels leave that do not leave from the shop. None and "": as the shop has it."""

    area: Area
    weekmask: str = USUAL_WEEK
    observes_holidays: bool = True
    closed: tuple[Span, ...] = ()
    cut_off: time | None = None
    processing_days: int | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTerms:
    """What is said about returns beside a promise. No days: nothing is said of how long."""

    days: int | None = None
    is_free: bool = False
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)  # by language


@dataclass(frozen=True, kw_only=True)
class ShippingPlan:
    """All tables of a shop."""

    methods: tuple[Method, ...] = ()
    zones: tuple[Zone, ...] = ()
    rates: tuple[Rate, ...] = ()
    transit: tuple[Transit, ...] = ()
    carriers: tuple[CarrierWeek, ...] = ()
    peaks: tuple[Peak, ...] = ()
    origins: tuple[Origin, ...] = ()
    returns: ReturnTerms = field(default_factory=ReturnTerms)

    def method_called(self, name: str) -> Method | None:
        """Find the method of a key, or of a name in any language, however it is cased; of several the first."""
        wanted = name.casefold()
        for method in self.methods:
            if wanted in {each.casefold() for each in (method.key, method.name, *method.names.values())}:
                return method
        return None

    def zone_of(self, place: Place) -> Zone | None:
        """Find the zone that means a place most narrowly; of several the first."""
        fits = [(fit, zone) for zone in self.zones if (fit := narrowest(zone.areas, place)) is not None]
        return max(fits, key=lambda pair: pair[0])[1] if fits else None

    def origin_of(self, place: Place) -> Origin | None:
        """Find the line that means a place most narrowly; of several the first."""
        fits = [(fit, each) for each in self.origins if (fit := each.area.fit(place)) is not None]
        return max(fits, key=lambda pair: pair[0])[1] if fits else None

    def transit_of(self, carrier: str, service: str, origin: Place, to: Place) -> tuple[Transit, int] | None:
        """Find how long a lane takes, and how narrowly that line means it.

        A line for the very service goes before one for all of a carrier's, then the narrower destination, then the
        narrower origin; of several alike the first.
        """
        best: tuple[tuple[bool, int, int], Transit] | None = None
        for line in self._transit_by_carrier.get(carrier, ()):
            if line.service not in ("", service):
                continue
            fit_to, fit_from = narrowest(line.to, to), line.origin.fit(origin)
            if fit_to is None or fit_from is None:
                continue
            rank = (bool(line.service), fit_to, fit_from)
            if best is None or rank > best[0]:
                best = (rank, line)
        return (best[1], best[0][1]) if best else None

    @cached_property
    def _transit_by_carrier(self) -> Mapping[str, Sequence[Transit]]:
        lines: dict[str, list[Transit]] = {}
        for line in self.transit:
            lines.setdefault(line.carrier, []).append(line)
        return lines

    def week_of(self, carrier: str, service: str) -> CarrierWeek | None:
        """Find on which days a carrier works; None where nothing was said."""
        of_carrier = [week for week in self.carriers if week.carrier == carrier]
        exact = next((week for week in of_carrier if week.service and week.service == service), None)
        return exact or next((week for week in of_carrier if not week.service), None)
