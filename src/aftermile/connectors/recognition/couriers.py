"""The directory of carriers: names, where to ask, where to track, what AfterShip calls them.

It holds every carrier a tracking number format or a connector names. What a connector says of itself
wins. Sources: the carriers' own pages; AfterShip's public courier list for its slugs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from aftermile.connectors.recognition.courier_pages import TRACKING_PAGES, WEBSITES
from aftermile.connectors.recognition.posts import POSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """One carrier. `tracking_url` holds `{tracking_number}` or is ""; `countries` are where it collects."""

    slug: str
    name: str
    website: str = ""
    phone: str = ""
    tracking_url: str = ""
    countries: tuple[str, ...] = ()
    aftership_slug: str = ""


# Slug, AfterShip's slug, name, where it collects, phone.
_TABLE = """
4px | 4px | 4PX | CN | +86 755 2350 8077
amazon | amazon | Amazon Logistics | US CA GB DE FR IT ES |
an-post | an-post | An Post | IE | +353 1 705 7600
asendia | asendia-usa | Asendia |  | +1 610 461 3661
australia-post | australia-post | Australia Post | AU | +61 3 8847 9045
austrian-post | austrian-post | Austrian Post | AT | +43 810 010 100
bpost | bpost | bpost | BE | +32 2 201 23 45
brazil-correios | brazil-correios | Correios | BR | +55 3003 0100
canada-post | canada-post | Canada Post | CA | +1 866 607 6301
canpar | canpar | Canpar | CA | +1 800 387 9335
china-post | china-post | China Post | CN | +86 20 11185
chronopost | chronopost-france | Chronopost | FR MC | +33 969 391 391
correos-de-mexico | correos-de-mexico | Correos de México | MX | +52 800 701 7000
dhl-express | dhl | DHL Express |  | +1 800 225 5345
dhl-global-mail | dhl-global-mail | DHL eCommerce | US | +1 317 554 5191
dhl-parcel-de | dhl-germany | Deutsche Post DHL | DE | +49 228 4333112
dhl-poland | dhl-poland | DHL Poland | PL | +48 42 634 5345
dhl-unified |  | DHL |  |
dpd | dpd | DPD | AT BE CH CZ DE EE ES FR GB HU IE IT LT LU LV NL PL PT SI SK | +49 1806 373 200
evri | myhermes-uk | Evri | GB | +44 330 333 6556
fedex | fedex | FedEx |  | +1 800 463 3339
gls | gls | GLS | AT BE CZ DE DK ES FI FR HR HU IE IT LU NL PL PT RO SI SK US CA |
gofo | gofoexpress | GOFO Express | US |
hermes | hermes-de | Hermes Germany | DE AT | +49 1806 311211
hong-kong-post | hong-kong-post | Hongkong Post | HK | +852 2921 2222
india-post-int | india-post-int | India Post | IN | +91 1800 11 2011
inpost | inpost-paczkomaty | InPost | PL GB IT FR ES PT BE NL LU | +48 722 444 000
japan-post | japan-post | Japan Post | JP | +81 570 046 111
jersey-post | jersey-post | Jersey Post | JE | +44 1534 616616
la-poste | la-poste-colissimo | La Poste | FR MC | +33 810 82 18 21
landmark | landmark-global | Landmark Global | BE GB US CA NL | +32 2 201 23 45
lasership | lasership | LaserShip | US | +1 800 527 3764
new-zealand-post | new-zealand-post | New Zealand Post | NZ | +64 9 977 0100
old-dominion | old-dominion | Old Dominion Freight Line | US CA MX | +1 800 432 6335
omniva | omniva | Omniva | EE LV LT | +372 661 6616
ontrac | ontrac | OnTrac | US | +1 800 334 5000
parcel-force | parcel-force | Parcelforce Worldwide | GB | +44 344 800 4466
parcelone |  | ParcelOne | DE |
poczta-polska | poczta-polska | Poczta Polska | PL | +48 43 842 0600
portugal-ctt | portugal-ctt | CTT | PT | +351 707 262 626
poste-italiane | poste-italiane | Poste Italiane | IT | +39 803 160
posten-norge | posten-norge | Posten Norge / Bring | NO | +47 21 31 62 60
posti | posti | Posti | FI | +358 600 94320
postnl | postnl-3s | PostNL | NL BE | +31 88 225 5555
postnord | postnord | PostNord | SE DK NO FI | +46 771 33 33 10
ptt-posta | ptt-posta | PTT | TR | +90 444 1788
purolator | purolator | Purolator | CA | +1 888 744 7123
royal-mail | royal-mail | Royal Mail | GB | +44 345 774 0740
russian-post | russian-post | Russian Post | RU | +7 495 956 2067
sapo | sapo | South African Post Office | ZA | +27 860 111 502
seko | sekologistics | SEKO Logistics |  | +852 3195 3195
sendle | sendle | Sendle | AU US CA |
singapore-post | singapore-post | SingPost | SG | +65 6841 2000
smartkargo |  | SmartKargo |  |
spain-correos-es | spain-correos-es | Correos | ES | +34 900 400 004
speedee | speedee | Spee-Dee Delivery | US | +1 320 251 6697
spring | spring-gds | Spring GDS | NL BE GB DE FR ES IT |
swiss-post | swiss-post | Swiss Post | CH | +41 848 888 888
taiwan-post | taiwan-post | Chunghwa Post | TW | +886 2 2703 7527
teleship |  | Teleship |  |
thailand-post | thailand-post | Thailand Post | TH | +66 2831 3131
ukrposhta | ukrposhta | Ukrposhta | UA | +380 800 300 545
ups | ups | UPS |  | +1 800 742 5877
usps | usps | USPS | US | +1 800 275 8777
yodel | yodel | Yodel | GB IE | +44 344 755 0117
yunexpress | yunexpress | YunExpress | CN | +86 400 0262 126
"""
# Posts that AfterShip lists under the slug we use.
_AT_AFTERSHIP = """
belpost bgpost bh-posta cambodia-post ceska-posta correos-chile cyprus-post elta-courier
emirates-post hrvatska-posta israel-post kpost lao-post latvijas-pasts lietuvos-pastas magyar-posta
malaysia-post-posdaftar nipost pos-indonesia-int post-serbia post-slovenia posta-romana postur-is
saudi-post sk-posta vnpost
"""
_POSTS_AT_AFTERSHIP = frozenset(_AT_AFTERSHIP.split())


@cache
def couriers() -> Mapping[str, Courier]:
    """Return every carrier we know by its slug, in alphabetical order of the slugs."""
    known = dict(_own())
    for connector in _connected():
        before = known.get(connector.slug, connector)
        known[connector.slug] = replace(
            connector,
            website=connector.website or before.website,
            phone=connector.phone or before.phone,
            tracking_url=connector.tracking_url or before.tracking_url,
            countries=connector.countries or before.countries,
            aftership_slug=before.aftership_slug,
        )
    return {slug: known[slug] for slug in sorted(known)}


def courier_name(slug: str) -> str:
    """Return a carrier's name, or the slug itself for one that has no entry of its own here."""
    courier = _own().get(slug)
    return courier.name if courier else slug


@cache
def _own() -> Mapping[str, Courier]:
    known: dict[str, Courier] = {}
    for line in _TABLE.strip().splitlines():
        slug, aftership, name, countries, phone = (part.strip() for part in line.split("|"))
        known[slug] = Courier(
            slug=slug,
            name=name,
            website=WEBSITES.get(slug, ""),
            phone=phone,
            tracking_url=TRACKING_PAGES.get(slug, ""),
            countries=tuple(countries.split()),
            aftership_slug=aftership,
        )
    for country, (slug, name) in POSTS.items():
        if slug not in known:
            listed = slug if slug in _POSTS_AT_AFTERSHIP else ""
            known[slug] = Courier(slug=slug, name=name, countries=(country,), aftership_slug=listed)
    return known


def _connected() -> tuple[Courier, ...]:
    # Imported here: connectors may themselves ask who a tracking number belongs to.
    from aftermile.connectors.contracts.sockets import ConnectorKind
    from aftermile.connectors.registry import connectors

    return tuple(
        Courier(
            slug=connector.slug,
            name=connector.name,
            website=connector.website,
            phone=connector.phone,
            tracking_url=connector.tracking_url,
            countries=connector.countries,
        )
        for connector in connectors().values()
        if connector.kind is ConnectorKind.CARRIER
    )
