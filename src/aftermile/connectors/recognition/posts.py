"""Which post gives out a country's international numbers (UPU S10: the last two letters).

Sources: the Universal Postal Union's list of designated operators; the slugs are our connectors', else
those AfterShip uses, else the post's own name.
"""

from __future__ import annotations

from collections.abc import Mapping

# Country, slug, name.
_TABLE = """
AE emirates-post Emirates Post
AF afghan-post Afghan Post
AG antigua-post Antigua Post
AL posta-shqiptare Posta Shqiptare
AM haypost Haypost
AO correios-de-angola Correios de Angola
AR correo-argentino Correo Argentino
AT austrian-post Austrian Post
AU australia-post Australia Post
AW post-aruba Post Aruba
AX aland-post Åland Post
AZ azarpoct Azarpoçt
BA bh-posta BH Pošta
BB barbados-post Barbados Post
BD bangladesh-post Bangladesh Post
BE bpost bpost
BF sonapost SONAPOST
BG bgpost Bulgarian Posts
BH bahrain-post Bahrain Post
BI burundi-post Burundi Post
BJ la-poste-du-benin La Poste du Bénin
BM bermuda-post Bermuda Post
BN brunei-postal-services Brunei Postal Services
BO correos-de-bolivia Correos de Bolivia
BR brazil-correios Correios
BS bahamas-postal-service Bahamas Postal Service
BT bhutan-post Bhutan Post
BW botswanapost BotswanaPost
BY belpost Belpochta
BZ belize-postal-service Belize Postal Service
CA canada-post Canada Post
CD dr-congo-post DR Congo Post
CF central-african-post Central African Post
CG congo-post Congo Post
CH swiss-post Swiss Post
CI la-poste-de-cote-divoire La Poste de Côte d'Ivoire
CL correos-chile Correos de Chile
CM campost Campost
CN china-post China Post
CO 4-72 4-72
CR correos-de-costa-rica Correos de Costa Rica
CU correos-de-cuba Correos de Cuba
CV correios-de-cabo-verde Correios de Cabo Verde
CW cpost Cpost International
CY cyprus-post Cyprus Post
CZ ceska-posta Česká pošta
DE dhl-parcel-de Deutsche Post DHL
DJ la-poste-de-djibouti La Poste de Djibouti
DK postnord PostNord
DM dominica-post Dominica Post
DO inposdom Inposdom
DZ algerie-poste Algérie Poste
EC correos-del-ecuador Correos del Ecuador
EE omniva Omniva
EG egypt-post Egypt Post
ER eritrean-postal-service Eritrean Postal Service
ES spain-correos-es Correos
ET ethiopian-post Ethiopian Post
FI posti Posti
FJ post-fiji Post Fiji
FO posta-faroe Posta Faroe Islands
FR la-poste La Poste
GA la-poste-du-gabon La Poste du Gabon
GB royal-mail Royal Mail
GD grenada-postal-corporation Grenada Postal Corporation
GE georgian-post Georgian Post
GG guernsey-post Guernsey Post
GH ghana-post Ghana Post
GI gibraltar-post Royal Gibraltar Post Office
GL tusass Tusass Greenland
GM gampost Gampost
GN guinea-post Guinea Post
GQ equatorial-guinea-post Equatorial Guinea Post
GR elta-courier ELTA Hellenic Post
GT el-correo-de-guatemala El Correo de Guatemala
GW correios-da-guine-bissau Correios da Guiné-Bissau
GY guyana-post Guyana Post
HK hong-kong-post Hong Kong Post
HN honducor Honducor
HR hrvatska-posta Hrvatska pošta
HT poste-dhaiti Poste d'Haïti
HU magyar-posta Magyar Posta
ID pos-indonesia-int Pos Indonesia
IE an-post An Post
IL israel-post Israel Post
IN india-post-int India Post
IQ iraqi-post Iraqi Post
IR iran-post Iran Post
IS postur-is Íslandspóstur
IT poste-italiane Poste Italiane
JE jersey-post Jersey Post
JM jamaica-post Jamaica Post
JO jordan-post Jordan Post
JP japan-post Japan Post
KE posta-kenya Posta Kenya
KG kyrgyz-post Kyrgyz Post
KH cambodia-post Cambodia Post
KI kiribati-post Kiribati Post
KM comoros-post Comoros Post
KN st-kitts-and-nevis-post St. Kitts and Nevis Post
KP korea-post-dprk Korea Post (DPRK)
KR kpost Korea Post
KW kuwait-post Kuwait Post
KY cayman-post Cayman Islands Post
KZ kazpost Kazpost
LA lao-post Lao Post
LB libanpost LibanPost
LC saint-lucia-postal-service Saint Lucia Postal Service
LI liechtenstein-post Liechtenstein Post
LK sri-lanka-post Sri Lanka Post
LR liberia-post Liberia Post
LS lesotho-post Lesotho Post
LT lietuvos-pastas Lietuvos paštas
LU post-luxembourg Post Luxembourg
LV latvijas-pasts Latvijas Pasts
LY libya-post Libya Post
MA barid-al-maghrib Barid Al-Maghrib
MC la-poste-monaco La Poste Monaco
MD posta-moldovei Poșta Moldovei
ME posta-crne-gore Pošta Crne Gore
MG paositra-malagasy Paositra Malagasy
MK north-macedonia-post North Macedonia Post
ML mali-post Mali Post
MM myanmar-post Myanmar Post
MN mongol-post Mongol Post
MO macau-post Macau Post
MR mauripost Mauripost
MT malta-post Malta Post
MU mauritius-post Mauritius Post
MV maldives-post Maldives Post
MW malawi-posts-corporation Malawi Posts Corporation
MX correos-de-mexico Correos de México
MY malaysia-post-posdaftar Pos Malaysia
MZ correios-de-mocambique Correios de Moçambique
NA nampost NamPost
NC opt-nc OPT Nouvelle-Calédonie
NE niger-poste Niger Poste
NG nipost NIPOST
NI correos-de-nicaragua Correos de Nicaragua
NL postnl PostNL
NO posten-norge Posten Norge
NP nepal-post Nepal Post
NR nauru-post Nauru Post
NZ new-zealand-post New Zealand Post
OM oman-post Oman Post
PA correos-de-panama Correos de Panamá
PE serpost Serpost
PF fare-rata Fare Rata
PG post-png Post PNG
PH phlpost PHLPost
PK pakistan-post Pakistan Post
PL poczta-polska Poczta Polska
PS palestine-post Palestine Post
PT portugal-ctt CTT
PY correo-paraguayo Correo Paraguayo
QA qatar-post Qatar Post
RO posta-romana Poșta Română
RS post-serbia Pošta Srbije
RU russian-post Russian Post
RW iposita-rwanda Iposita Rwanda
SA saudi-post Saudi Post
SB solomon-post Solomon Post
SC seychelles-postal-service Seychelles Postal Service
SD sudapost Sudapost
SE postnord PostNord
SG singapore-post SingPost
SI post-slovenia Pošta Slovenije
SK sk-posta Slovenská pošta
SL sierra-leone-postal-services Sierra Leone Postal Services
SM poste-san-marino Poste San Marino
SN la-poste-du-senegal La Poste du Sénégal
SO somali-post Somali Post
SR surpost SURPOST
SS south-sudan-post South Sudan Post
ST correios-de-sao-tome Correios de São Tomé
SV correos-de-el-salvador Correos de El Salvador
SY syrian-post Syrian Post
SZ eswatini-post Eswatini Post
TD chad-post Chad Post
TG la-poste-du-togo La Poste du Togo
TH thailand-post Thailand Post
TJ tajik-post Tajik Post
TL correios-de-timor-leste Correios de Timor Leste
TM turkmenpost Turkmenpost
TN la-poste-tunisienne La Poste Tunisienne
TO tonga-post Tonga Post
TR ptt-posta PTT
TT ttpost TTPost
TV tuvalu-post Tuvalu Post
TW taiwan-post Chunghwa Post
TZ tanzania-posts-corporation Tanzania Posts Corporation
UA ukrposhta Ukrposhta
UG posta-uganda Posta Uganda
US usps USPS
UY correo-uruguayo Correo Uruguayo
UZ uzbekistan-post Uzbekistan Post
VA vatican-post Vatican post
VC svg-postal SVG Postal
VE ipostel Ipostel
VN vnpost Vietnam Post
VU vanuatu-post Vanuatu Post
WS samoa-post Samoa Post
YE yemen-post Yemen Post
ZA sapo South African Post Office
ZM zampost Zampost
ZW zimpost Zimpost
"""
POSTS: Mapping[str, tuple[str, str]] = {
    country: (slug, name)
    for country, slug, name in (row.split(" ", 2) for row in _TABLE.strip().splitlines())
}
