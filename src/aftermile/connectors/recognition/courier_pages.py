"""Where carriers live on the web, and where they show a parcel's way.

Sources: the carriers' own pages.
"""

from __future__ import annotations

from collections.abc import Mapping

_WEBSITES = """
4px express.4px.com
amazon www.amazon.com
an-post www.anpost.com
asendia www.asendia.com
australia-post auspost.com.au
austrian-post www.post.at
bpost www.bpost.be
brazil-correios www.correios.com.br
canada-post www.canadapost-postescanada.ca
canpar www.canpar.com
china-post www.chinapost.com.cn
chronopost www.chronopost.fr
correos-de-mexico www.correosdemexico.gob.mx
dhl-express www.dhl.com
dhl-global-mail www.dhl.com
dhl-parcel-de www.dhl.de
dhl-poland www.dhl.com.pl
dhl-unified www.dhl.com
dpd www.dpd.com
evri www.evri.com
fedex www.fedex.com
gls gls-group.com
gofo www.gofoexpress.com
hermes www.myhermes.de
hong-kong-post www.hongkongpost.hk
india-post-int www.indiapost.gov.in
inpost inpost.pl
japan-post www.post.japanpost.jp
jersey-post www.jerseypost.com
la-poste www.laposte.fr
landmark landmarkglobal.com
lasership www.ontrac.com
new-zealand-post www.nzpost.co.nz
old-dominion www.odfl.com
omniva www.omniva.ee
ontrac www.ontrac.com
parcel-force www.parcelforce.com
parcelone parcel.one
poczta-polska www.poczta-polska.pl
portugal-ctt www.ctt.pt
poste-italiane www.poste.it
posten-norge www.posten.no
posti www.posti.fi
postnl www.postnl.nl
postnord www.postnord.com
ptt-posta www.ptt.gov.tr
purolator www.purolator.com
royal-mail www.royalmail.com
russian-post www.pochta.ru
sapo www.postoffice.co.za
seko www.sekologistics.com
sendle www.sendle.com
singapore-post www.singpost.com
smartkargo www.smartkargo.com
spain-correos-es www.correos.es
speedee speedeedelivery.com
spring www.spring-gds.com
swiss-post www.post.ch
taiwan-post www.post.gov.tw
teleship teleship.com
thailand-post www.thailandpost.co.th
ukrposhta www.ukrposhta.ua
ups www.ups.com
usps www.usps.com
yodel www.yodel.co.uk
yunexpress www.yunexpress.com
"""

# The number stands where the last capital N does.
_TRACKING_PAGES = """
4px track.4px.com/#/result/0/N
amazon track.amazon.com/tracking/N
an-post www.anpost.com/Post-Parcels/Track/History?item=N
asendia tracking.asendia.com/tracking/N
australia-post auspost.com.au/mypost/track/details/N
austrian-post www.post.at/s/sendungsdetails?snr=N
bpost track.bpost.cloud/btr/web/#/search?itemCode=N
brazil-correios rastreamento.correios.com.br/app/index.php?objetos=N
canada-post www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=N
canpar www.canpar.com/en/track/tracking.jsp?reference=N&locale=en
chronopost www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=N
dhl-express www.dhl.com/global-en/home/tracking.html?tracking-id=N
dhl-global-mail www.dhl.com/global-en/home/tracking.html?tracking-id=N
dhl-parcel-de www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode=N
dhl-poland www.dhl.com/pl-pl/home/tracking.html?tracking-id=N
dhl-unified www.dhl.com/global-en/home/tracking.html?tracking-id=N
dpd tracking.dpd.de/status/en_US/parcel/N
evri www.evri.com/track/parcel/N
fedex www.fedex.com/fedextrack/?trknbr=N
gls gls-group.com/track/N
gofo www.gofoexpress.com/tracking.html?searchID=N
hermes www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#N
hong-kong-post www.hongkongpost.hk/en/mail_tracking/index.html?trackcode=N
inpost inpost.pl/sledzenie-przesylek?number=N
japan-post trackings.post.japanpost.jp/services/srv/search?requestNo1=N&locale=en
la-poste www.laposte.fr/outils/suivre-vos-envois?code=N
landmark track.landmarkglobal.com/?search=N
lasership www.ontrac.com/tracking/?number=N
new-zealand-post www.nzpost.co.nz/tools/tracking?trackid=N
old-dominion www.odfl.com/us/en/tools/trace-track-ltl-freight/trace.html?proNumbers=N
omniva www.omniva.ee/private/track_and_trace?barcode=N
ontrac www.ontrac.com/tracking/?number=N
parcel-force www.parcelforce.com/track-trace?trackNumber=N
poczta-polska emonitoring.poczta-polska.pl/?numer=N
portugal-ctt www.ctt.pt/particulares/index?search=N
poste-italiane www.poste.it/cerca/index.html#/risultati-spedizioni/N
posten-norge sporing.posten.no/sporing/N
posti www.posti.fi/en/tracking#/lahetys/N
postnl postnl.nl/tracktrace/?B=N
postnord www.postnord.se/en/our-tools/track-and-trace?shipmentId=N
ptt-posta gonderitakip.ptt.gov.tr/Track/Verify?q=N
purolator www.purolator.com/en/shipping/tracker?pin=N
royal-mail www.royalmail.com/track-your-item#/tracking-results/N
russian-post www.pochta.ru/tracking?barcode=N
sendle track.sendle.com/tracking?ref=N
singapore-post www.singpost.com/track-items?trackingid=N
spain-correos-es www.correos.es/es/en/tools/tracker/items/details?tracking-number=N
speedee speedeedelivery.com/track/?tracking=N
spring postnl.post/tracktrace?barcodes=N
swiss-post service.post.ch/ekp-web/ui/entry/search/N
thailand-post track.thailandpost.co.th/?trackNumber=N
ukrposhta track.ukrposhta.ua/tracking_EN.html?barcode=N
ups www.ups.com/track?tracknum=N
usps tools.usps.com/go/TrackConfirmAction?tLabels=N
yodel www.yodel.co.uk/tracking/N
yunexpress www.yuntrack.com/parcelTracking?id=N
"""


def _page(template: str) -> str:
    before, _, after = template.rpartition("N")
    return f"https://{before}{{tracking_number}}{after}"


WEBSITES: Mapping[str, str] = {
    slug: f"https://{host}" for slug, host in (row.split() for row in _WEBSITES.strip().splitlines())
}
TRACKING_PAGES: Mapping[str, str] = {
    slug: _page(template) for slug, template in (row.split() for row in _TRACKING_PAGES.strip().splitlines())
}
