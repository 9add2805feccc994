"""With which service parcels go where, and how long that takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from aftermile.project.demo import carriers
from aftermile.project.demo.carriers import Carrier
from aftermile.project.demo.places import BEHIND_CUSTOMS, COUNTRIES, Place, place

#: A way that takes longer than this many times its usual days is another story (`routes`).
LONGEST_FACTOR = 2.5


@dataclass(frozen=True, slots=True)
class Lane:
    """A way parcels take: one service of a carrier to one country.

    `days` are counted on the delivery days of the country, from the hand-over to the delivery: the median.
    Around it the times lie log-normally; `spread` is the standard deviation of their logarithm.
    """

    carrier: Carrier
    service: str
    country: str
    hub: Place  # where parcels are sorted near the destination
    days: int
    spread: float
    saturdays: bool = False  # delivers on them
    is_collected: bool = False  # ends in a locker or shop instead of at the door

    @property
    def has_customs(self) -> bool:
        return self.country in BEHIND_CUSTOMS

    @property
    def fewest_days(self) -> int:
        return 4 if self.has_customs else 1

    @property
    def promised_days(self) -> tuple[int, int]:
        """The window shown at checkout, in delivery days from the hand-over."""
        return max(1, self.days - 1), self.days + 2

    def days_taken(self, dice: Random) -> int:
        """Draw how long one parcel takes."""
        drawn = round(dice.lognormvariate(math.log(self.days), self.spread))
        return max(self.fewest_days, min(drawn, math.ceil(self.days * LONGEST_FACTOR)))


# Carrier; service; country; hub; days; spread; marks: s delivers on Saturdays, c is collected.
_TABLE = """
DHL_PAKET; DHL Paket; DE; DE|Hannover|30159|NI; 2; 0.25; s
DPD; DPD Classic; DE; DE|Hamburg|20095|HH; 2; 0.3;
GLS; GLS Parcel; DE; DE|Neuenstein|36286|HE; 2; 0.35;
HERMES; Hermes Standard; DE; DE|Langenhagen|30851|NI; 3; 0.35; s
DHL_PAKET; DHL Paket International; AT; AT|Wals-Siezenheim|5071; 3; 0.25;
DPD; DPD Classic International; AT; AT|Leopoldsdorf|2333; 3; 0.3;
DHL_PAKET; DHL Paket International; CH; CH|Frauenfeld|8500|TG; 5; 0.25;
COLISSIMO; Colissimo; FR; FR|Roissy|95700; 4; 0.3; s
CHRONOPOST; Chronopost 13; FR; FR|Chilly-Mazarin|91380; 2; 0.2; s
POSTNL; PostNL Parcel; NL; NL|Amersfoort|3812; 3; 0.25; s
POSTNL; PostNL Parcel; BE; BE|Willebroek|2830; 3; 0.3;
ROYAL_MAIL; Royal Mail Tracked 48; GB; GB|Langley|SL3 8XX; 5; 0.3; s
UPS_EXPRESS; UPS Worldwide Express; GB; GB|Castle Donington|DE74 2SA; 4; 0.15;
POSTNORD; PostNord MyPack Home; SE; SE|Malmö|211 20; 4; 0.25;
POSTNORD; PostNord MyPack Collect; SE; SE|Malmö|211 20; 3; 0.25; c
POSTNORD; PostNord MyPack Collect; DK; DK|Taulov|7000; 2; 0.25; c
INPOST; InPost Paczkomat; PL; PL|Łódź|90-001; 3; 0.25; sc
GLS; GLS EuroBusiness; ES; ES|San Fernando de Henares|28830; 4; 0.3;
UPS_STANDARD; UPS Standard; ES; ES|Vitoria-Gasteiz|01015; 4; 0.2;
GLS; GLS EuroBusiness; IT; IT|San Giuliano Milanese|20098; 4; 0.3;
UPS_STANDARD; UPS Standard; IT; IT|Bergamo|24126; 4; 0.2;
DPD; DPD Classic International; PT; PT|Alverca|2615; 5; 0.3;
UPS_EXPRESS; UPS Worldwide Express; US; US|Louisville|40213|KY; 4; 0.15;
FEDEX; FedEx International Priority; US; US|Memphis|38118|TN; 4; 0.15;
USPS; USPS Ground Advantage; US; US|Jersey City|07097|NJ; 8; 0.25; s
CANADA_POST; Canada Post Expedited Parcel; CA; CA|Mississauga|L5P 1B2|ON; 8; 0.25;
FEDEX; FedEx International Priority; CA; CA|Mississauga|L5P 1B2|ON; 5; 0.15;
DHL_EXPRESS; DHL Express Worldwide; JP; JP|大阪市|559-0032|大阪府; 5; 0.2;
DHL_EXPRESS; DHL Express Worldwide; AE; AE|دبي|00000; 5; 0.25;
DHL_EXPRESS; DHL Express Worldwide; US; US|Cincinnati|45275|OH; 4; 0.15;
"""


def _lane(line: str) -> Lane:
    carrier, service, country, hub, days, spread, marks = (part.strip() for part in line.split(";"))
    return Lane(
        getattr(carriers, carrier),
        service,
        country,
        place(hub),
        int(days),
        float(spread),
        saturdays="s" in marks,
        is_collected="c" in marks,
    )


LANES = tuple(_lane(line) for line in _TABLE.strip().splitlines())
LANES_TO: Mapping[str, tuple[Lane, ...]] = {
    country: tuple(lane for lane in LANES if lane.country == country) for country in COUNTRIES
}
SERVICES = tuple(dict.fromkeys(lane.service for lane in LANES))
