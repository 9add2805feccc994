"""AfterShip's courier slugs whose name is not ours.

Source: AfterShip's public courier list. Several of its slugs may be one carrier here (a country, a kind
of number); slugs that equal a connector's slug, name or alias need no row.
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
asendia asendia-de asendia-hk asendia-uk asendia-usa
australia-post australia-post-api australia-post-sftp
bpost bpost-international
chronopost chronopost-france chronopost-portugal
dhl-express dhl dhl-pieceid dhl-reference dhl-hk
dhl-parcel-de dhl-germany deutsch-post
dhl-poland dhl-poland
dpd dpd-de dpd-uk dpd-ireland dpd-poland dpd-ro dpd-fr-reference exapaq interlink-express
evri hermes hermes-uk myhermes-uk
fedex fedex-api fedex-fims fedex-freight
gls gls-croatia gls-cz gls-italy gls-netherlands gls-slovakia gls-slovenia gls-spain
hermes hermes-de
inpost inpost-paczkomaty inpost-uk
la-poste la-poste-colissimo colissimo
landmark landmark-global landmark-global-reference
postnl postnl-3s postnl-international
postnord danmark-post sweden-posten
seko sekologistics seko-sftp
spring spring-gds
ups ups-api ups-freight ups-mi
usps usps-webhook usps-api
"""

CARRIERS: Mapping[str, str] = {
    theirs: ours for ours, *all_theirs in map(str.split, _TABLE.strip().splitlines()) for theirs in all_theirs
}
