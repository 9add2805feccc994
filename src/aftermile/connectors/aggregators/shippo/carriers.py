"""Shippo's carrier tokens whose name is not ours, lower case.

Source: Shippo API, carrier tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
asendia asendia_us
canada-post canada_post
chronopost chronopost
dhl-express dhl_express
dhl-global-mail dhl_ecommerce
dhl-parcel-de dhl_germany dhl_germany_c2c deutsche_post
dpd dpd_de dpd_uk
evri hermes_uk evri_uk
gls gls_de gls_fr gls_us
hermes hermes_germany hermes_germany_b2c
la-poste colissimo
postnl postnl_international
royal-mail royal_mail royal_mail_sf
ups ups_surepost ups_mail_innovations
"""

CARRIERS: Mapping[str, str] = {
    theirs: ours for ours, *all_theirs in map(str.split, _TABLE.strip().splitlines()) for theirs in all_theirs
}
