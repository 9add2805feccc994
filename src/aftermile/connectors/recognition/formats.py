"""Every tracking number format we can tell, as a table.

Sources: the public `tracking_number_data` project for the patterns and check digits of the first part,
USPS Publication 199 (IMpb), UPU S10, GS1 General Specifications (SSCC); the carriers' own help pages for
the second part. The order of likelihood (`confidence`) is our judgement: how seldom a number of this
shape belongs to anybody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aftermile.connectors.recognition.check_digits import (
    CheckDigit,
    luhn,
    mod7,
    mod10,
    mod_37_36,
    s10,
    sum_product_with_weightings_and_modulo,
)
from aftermile.connectors.recognition.services import (
    DPD_COUNTRIES,
    DPD_SERVICES,
    S10_SERVICES,
    SSCC_CONTAINERS,
    UPS_SERVICES,
    UPS_WAYBILL_SERVICES,
    USPS_CONFIRMATIONS,
    USPS_IMPB_SERVICES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One shape of tracking number.

    `pattern` must match the whole number (upper case, without spaces and dashes); its named groups are
    `serial` and `check` for the check digit, and where the number tells them `service`, `origin` and
    `destination` (countries) and `zip` (the destination's postal code). `carrier` "" means that the
    country of origin names the carrier, and a country without one is no match.
    """

    name: str
    carrier: str
    pattern: re.Pattern[str]
    lengths: tuple[int, ...]
    confidence: float  # with a valid check digit, or without one where the format has none
    check_digit: CheckDigit | None = None
    serial_prefix: str = ""  # counted in the check digit, whether written or not
    services: Mapping[str, str] = field(default_factory=dict)
    destinations: Mapping[str, str] = field(default_factory=dict)
    countries: tuple[str, ...] = ()  # where parcels with such numbers are delivered; empty: anywhere


def _format(
    name: str,
    carrier: str,
    pattern: str,
    lengths: range | tuple[int, ...],
    confidence: float,
    *,
    check: CheckDigit | None = None,
    prefix: str = "",
    services: Mapping[str, str] | None = None,
    destinations: Mapping[str, str] | None = None,
    countries: str = "",
) -> Format:
    return Format(
        name=name,
        carrier=carrier,
        pattern=re.compile(pattern, re.ASCII),
        lengths=tuple(lengths),
        confidence=confidence,
        check_digit=check,
        serial_prefix=prefix,
        services=services or {},
        destinations=destinations or {},
        countries=tuple(countries.split()),
    )


_GS1_FROM_LEFT = mod10(even=3, odd=1)  # for serials of odd length; the same as GS1's rule from the right
_IMPB_FROM_RIGHT = mod10(even=3, odd=1, from_right=True)
_FEDEX_GROUND = mod10(even=1, odd=3)
_DOUBLED_ODD = mod10(even=1, odd=2)
_DPD = mod_37_36()
_FEDEX_12 = sum_product_with_weightings_and_modulo((3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1), modulo1=11, modulo2=10)
_FEDEX_14 = sum_product_with_weightings_and_modulo(
    (1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1), modulo1=11, modulo2=10
)
_EUROPE = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LI LT LU LV MC MT NL NO PL PT RO RS SE SI SK"

# An IMpb's mailer id has nine digits when it begins with 9, else six; the parcel's own digits fill up.
_IMPB_N = r"94(?P<service>\d{3})(?:9\d{8}(?:\d{15}|\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10}))"
_IMPB_C = (
    r"(?:92(?=\d{3}9)|93(?=\d{3}[0-8])|95)(?P<service>\d{3})"
    r"(?:9\d{8}(?:\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10}))"
)

# fmt: off
_PUBLISHED = (
    # -- UPS -----------------------------------------------------------------------------------------
    _format("UPS", "ups",
            r"1Z(?P<serial>[A-Z0-9]{6}(?P<service>[A-Z0-9]{2})[A-Z0-9]{7})(?P<check>\d)", (18,), 0.99,
            check=_DOUBLED_ODD, services=UPS_SERVICES),
    _format("UPS Waybill", "ups",
            r"(?P<service>[AHJKTV])(?P<serial>\d{9})(?P<check>\d)", (11,), 0.7, check=_DOUBLED_ODD,
            services=UPS_WAYBILL_SERVICES),
    # -- FedEx ---------------------------------------------------------------------------------------
    _format("FedEx Express (12)", "fedex", r"(?P<serial>\d{11})(?P<check>\d)", (12,), 0.6, check=_FEDEX_12),
    _format("FedEx Express (34)", "fedex",
            r"[0-8]\d{14}(?P<zip>\d{5})(?P<serial>\d{13})(?P<check>\d)", (34,), 0.7, check=_FEDEX_14),
    _format("FedEx ASTRA (32)", "fedex",
            r"3\d{15}(?P<serial>\d{11})(?P<check>\d)\d{4}", (32,), 0.7, check=_FEDEX_12),
    _format("FedEx Ground", "fedex", r"(?P<serial>\d{14})(?P<check>\d)", (15,), 0.6, check=_FEDEX_GROUND,
            countries="US CA"),
    _format("FedEx Ground (SSCC-18)", "fedex",
            r"(?P<service>\d{2})(?P<serial>\d{15})(?P<check>\d)", (18,), 0.4, check=_GS1_FROM_LEFT,
            services=SSCC_CONTAINERS, countries="US CA"),
    _format("FedEx Ground 96 (22)", "fedex",
            r"96\d{5}(?P<serial>\d{14})(?P<check>\d)", (22,), 0.9, check=_FEDEX_GROUND, countries="US CA"),
    _format("FedEx Ground GSN", "fedex",
            r"96\d{18}(?P<serial>\d{13})(?P<check>\d)", (34,), 0.95, check=_FEDEX_14, countries="US CA"),
    # -- USPS ----------------------------------------------------------------------------------------
    _format("USPS 20", "usps",
            r"(?P<serial>(?P<service>\d{2})\d{17})(?P<check>\d)", (20,), 0.5, check=_GS1_FROM_LEFT,
            services=USPS_CONFIRMATIONS, countries="US"),
    _format("USPS IMpb N", "usps",
            r"(?:420(?P<zip>\d{5}(?=\d{22}$|\d{26}$))(?:\d{4}(?=\d{22}$))?)?"
            rf"(?P<serial>{_IMPB_N})(?P<check>\d)", (22, 26, 30, 34), 0.97, check=_IMPB_FROM_RIGHT,
            countries="US"),
    _format("USPS Legacy", "usps",
            r"(?:420(?P<zip>\d{5})(?:\d{4})?)?"
            r"(?P<serial>(?:91)?(?P<service>\d{2})\d{17})(?P<check>\d)",
            (20, 22, 28, 30, 32, 34), 0.55, check=_GS1_FROM_LEFT, prefix="91", services=USPS_CONFIRMATIONS,
            countries="US"),
    _format("USPS IMpb C", "usps",
            r"(?:420(?P<zip>\d{5})(?:\d{4}(?=\d{22}$))?)?"
            rf"(?P<serial>{_IMPB_C})(?P<check>\d)",
            (22, 26, 30, 34), 0.97, check=_GS1_FROM_LEFT, services=USPS_IMPB_SERVICES, countries="US"),
    # -- posts of the world ----------------------------------------------------------------------------
    _format("S10", "",
            r"(?P<service>[A-Z]{2})(?P<serial>\d{8})(?P<check>\d)(?P<origin>[A-Z]{2})", (13,), 0.9,
            check=s10(), services=S10_SERVICES),
    _format("Canada Post (16)", "canada-post",
            r"(?P<serial>\d{15})(?P<check>\d)", (16,), 0.6, check=_GS1_FROM_LEFT, countries="CA"),
    # -- DHL -----------------------------------------------------------------------------------------
    _format("DHL Express", "dhl-express", r"(?P<serial>\d{9,10})(?P<check>\d)", (10, 11), 0.6, check=mod7()),
    _format("DHL Express (Piece ID)", "dhl-express", r"J[A-Z]{2,3}\d{9,10}", (12, 13, 14), 0.6),
    _format("DHL E-Commerce", "dhl-global-mail",
            r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)\d[0-9A-Z]{9,38}", range(12, 42), 0.5),
    _format("DHL E-Commerce (14)", "dhl-global-mail", r"\d{14}", (14,), 0.25),
    # -- DPD -----------------------------------------------------------------------------------------
    _format("DPD (28)", "dpd",
            r"(?P<serial>\d{21}(?P<service>\d{3})(?P<destination>\d{3}))(?P<check>[0-9A-Z])", (28,), 0.95,
            check=_DPD, services=DPD_SERVICES, destinations=DPD_COUNTRIES, countries=_EUROPE),
    _format("DPD (14)", "dpd", r"(?P<serial>\d{14})(?P<check>[0-9A-Z])", (15,), 0.7, check=_DPD,
            countries=_EUROPE),
    # -- North America ---------------------------------------------------------------------------------
    _format("Amazon Logistics", "amazon", r"TB[ACM]\d{12}", (15,), 0.98),
    _format("Amazon International", "amazon", r"[AFC]\d{10}", (11,), 0.4),
    _format("Canpar (22)", "canpar", r"[CDKLSUXZ]\d{21}", (22,), 0.9, countries="CA"),
    _format("GOFO Express (US)", "gofo", r"GFUS\d{14}", (18,), 0.97, countries="US"),
    _format("LaserShip LX", "lasership", r"L[AIEHNX][1-3]\d{7}", (10,), 0.8, countries="US"),
    _format("LaserShip 1LS7 (15)", "lasership", r"1LS7[12]\d{10}", (15,), 0.97, countries="US"),
    # Written with a dash before the last digit, which is always 1.
    _format("LaserShip 1LS7 (18)", "lasership", r"1LS7[12]\d{2}01[1-4]\d{6}1", (17,), 0.97, countries="US"),
    _format("LaserShip 1LSCX (15)", "lasership", r"1LSCX[0-9A-Z]{10}", (15,), 0.97, countries="US"),
    _format("Old Dominion", "old-dominion",
            r"(?P<serial>(?:77[78]|072|780)\d{7})(?P<check>\d)", (11,), 0.7, check=luhn(),
            countries="US CA MX"),
    _format("Old Dominion Guaranteed Shipment", "old-dominion",
            r"(?P<serial>80\d{8})(?P<check>\d)", (11,), 0.65, check=luhn(), countries="US CA MX"),
    _format("OnTrac", "ontrac", r"C(?P<serial>\d{13})(?P<check>\d)", (15,), 0.9, check=_DOUBLED_ODD,
            prefix="4", countries="US"),
    _format("OnTrac D", "ontrac", r"D(?P<serial>\d{13})(?P<check>\d)", (15,), 0.9, check=_DOUBLED_ODD,
            prefix="5", countries="US"),
    _format("Purolator (12)", "purolator",
            r"(?P<serial>[0-5]\d{10})(?P<check>\d)", (12,), 0.5, check=luhn(), countries="CA"),
    _format("Purolator (alpha + 9)", "purolator", r"[A-Z]{3}\d{9}", (12,), 0.7, countries="CA"),
    _format("Spee-Dee (20)", "speedee", r"SP\d{18}", (20,), 0.95, countries="US"),
    # -- others ----------------------------------------------------------------------------------------
    _format("Landmark Global LTN", "landmark", r"LTN\d{8}N1", (13,), 0.98),
    _format("Yodel", "yodel", r"JJ?D\d{16}", (18, 19), 0.8, countries="GB IE"),
    _format("YunExpress", "yunexpress", r"YT\d{16}", (18,), 0.97),
)

_OTHERS = (
    # -- DHL -----------------------------------------------------------------------------------------
    _format("DHL Germany (SSCC)", "dhl-parcel-de",
            r"00(?P<serial>3404\d{13})(?P<check>\d)", (20,), 0.95, check=_GS1_FROM_LEFT, countries=_EUROPE),
    # Identcode: Deutsche Post weighs the digits 4, 9, 4, 9, ...
    _format("DHL Germany (Identcode)", "dhl-parcel-de",
            r"(?P<serial>\d{11})(?P<check>\d)", (12,), 0.4, check=mod10(even=4, odd=9), countries="DE"),
    _format("DHL Parcel JJD", "dhl-parcel-de", r"JJD0\d{17}", (21,), 0.9, countries=_EUROPE),
    _format("DHL Parcel JVGL", "dhl-parcel-de", r"JVGL\d{10,20}", range(14, 25), 0.7, countries=_EUROPE),
    # -- United Kingdom and Ireland ------------------------------------------------------------------
    _format("Royal Mail item id", "royal-mail",
            r"0\d{8}(?=\d*[A-F])[0-9A-F]{12}", (21,), 0.8, countries="GB"),
    _format("Parcelforce", "parcel-force", r"PB[A-Z]{2}\d{10}", (14,), 0.85, countries="GB"),
    _format("Evri", "evri", r"[A-Z]\d{2}[0-9A-Z]{3}\d{10}", (16,), 0.75, countries="GB"),
    # -- Netherlands, Belgium ------------------------------------------------------------------------
    _format("PostNL 3S", "postnl", r"3S[A-Z]{4,6}\d{5,13}", range(11, 22), 0.97, countries=_EUROPE),
    _format("bpost", "bpost", r"3232\d{20}", (24,), 0.9, countries="BE"),
    _format("Spring", "spring", r"LX[A-Z]{2}\d{8}NL", (14,), 0.9),
    # -- Germany -------------------------------------------------------------------------------------
    _format("Hermes Germany", "hermes", r"H\d{19}", (20,), 0.95, countries="DE AT"),
    _format("Hermes Germany (14)", "hermes", r"\d{14}", (14,), 0.2, countries="DE"),
    _format("DPD parcel number", "dpd", r"\d{14}", (14,), 0.35, countries=_EUROPE),
    _format("GLS parcel number", "gls", r"\d{11,12}", (11, 12), 0.3, countries=_EUROPE),
    _format("GLS Track ID", "gls", r"(?=[0-9]*[A-Z])(?=[A-Z]*\d)[0-9A-Z]{8}", (8,), 0.4, countries=_EUROPE),
    # -- France --------------------------------------------------------------------------------------
    _format("Chronopost (E, X)", "chronopost",
            r"[EX][A-Z](?P<serial>\d{8})(?P<check>\d)FR", (13,), 0.95, check=s10()),
    _format("Chronopost (13)", "chronopost",
            r"[A-Z]{2}(?P<serial>\d{8})(?P<check>\d)(?:FR|J[BF]|TS)", (13,), 0.5, check=s10()),
    _format("Chronopost (15)", "chronopost",
            r"(?:[A-Z]{2}\d{13}|\d{14}[0-9A-Z])", (15,), 0.2, countries="FR MC"),
    _format("Colissimo", "la-poste", r"\d[A-Z]\d{11}", (13,), 0.85, countries="FR MC BE"),
    # -- southern Europe -----------------------------------------------------------------------------
    _format("Correos", "spain-correos-es", r"P[A-Z][0-9A-Z]{4}\d{16}[A-Z]", (23,), 0.95, countries="ES AD"),
    _format("Poste Italiane (13)", "poste-italiane", r"\d[A-Z][0-9A-Z]{11}", (13,), 0.4,
            countries="IT SM VA"),
    _format("Poste Italiane (12)", "poste-italiane",
            r"(?:05|1[2-8]|6\d|7[2-8])\d{10}", (12,), 0.2, countries="IT SM VA"),
    # -- Poland and the north ------------------------------------------------------------------------
    _format("InPost", "inpost", r"\d{24}", (24,), 0.7, countries="PL"),
    _format("PostNord (SSCC)", "postnord",
            r"00(?P<serial>(?:373|[0-9]57)\d{14})(?P<check>\d)", (20,), 0.9, check=_GS1_FROM_LEFT,
            countries="SE DK NO FI"),
    _format("PostNord (18)", "postnord",
            r"(?P<serial>(?:373|[0-9]57)\d{14})(?P<check>\d)", (18,), 0.8, check=_GS1_FROM_LEFT,
            countries="SE DK NO FI"),
    _format("PostNord item", "postnord", r"\d{11}(?:SE|DK)", (13,), 0.9, countries="SE DK NO FI"),
    _format("Bring (SSCC)", "posten-norge",
            r"(?P<serial>37\d{15})(?P<check>\d)", (18,), 0.7, check=_GS1_FROM_LEFT, countries="NO SE DK FI"),
    # -- further -------------------------------------------------------------------------------------
    # Later pieces of one consignment end in N2, N3, ...; numbers of nine and ten digits were captured.
    _format("Landmark Global LTN (pieces)", "landmark",
            r"LTN(?:\d{8}N[2-9]|\d{9,10}N\d)", (13, 14, 15), 0.95),
    _format("Sendle", "sendle", r"S[0-9A-Z]{7}", (8,), 0.3, countries="AU US CA"),
)
# fmt: on

FORMATS: tuple[Format, ...] = (*_PUBLISHED, *_OTHERS)
LONGEST = max(length for row in FORMATS for length in row.lengths)
BY_LENGTH: Mapping[int, tuple[Format, ...]] = {
    length: tuple(row for row in FORMATS if length in row.lengths) for length in range(LONGEST + 1)
}
