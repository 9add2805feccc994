"""EasyPost's carrier names whose name is not ours, lower case.

Source: EasyPost API v2, carrier list (one carrier has a name for each kind of account).
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
asendia asendiausa
canada-post canadapost
dhl-express dhlexpress
dhl-global-mail dhlecs dhlecommerce dhlecommerceasia dhlglobalmail dhlglobalmailinternational
dhl-parcel-de dhlpaket
dpd dpduk dpdde dpdie
evri hermes evri
fedex fedexdefault fedexmailview fedexsmartpost fedexsamedaycity
la-poste colissimo
postnl postnlinternational
postnord postnordab
royal-mail royalmail
ups upsdap upsmailinnovations upssurepost upsiparcel
usps uspsreturns uspsship
"""

CARRIERS: Mapping[str, str] = {
    theirs: ours for ours, *all_theirs in map(str.split, _TABLE.strip().splitlines()) for theirs in all_theirs
}
