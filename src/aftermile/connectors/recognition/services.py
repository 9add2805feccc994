"""What the digits inside a tracking number say: the service, the kind of container, the country.

Sources: UPS, USPS Publication 199 and UPU S10 service indicators, DPD Parcel Label Specification 2.4.1,
ISO 3166-1 numeric codes; SSCC extension digits as FedEx Ground uses them.
"""

from __future__ import annotations

from string import ascii_uppercase

UPS_SERVICES = {
    "01": "Next Day Air",
    "02": "Second Day Air",
    "03": "Ground",
    "12": "Three-Day Select",
    "13": "Next Day Air Saver",
    "15": "Next Day Air Early",
    "22": "Ground, Returns Plus, three pickup attempts",
    "32": "Next Day Air Early, cash on delivery",
    "33": "Next Day Air Early, Saturday, cash on delivery",
    "41": "Next Day Air Early, Saturday",
    "42": "Ground, signature required",
    "44": "Next Day Air, Saturday",
    "66": "Worldwide Express",
    "72": "Ground, cash on delivery",
    "78": "Ground, Returns Plus, one pickup attempt",
    "90": "Ground, return label printed and mailed by UPS",
    "A0": "Next Day Air Early, adult signature",
    "A1": "Next Day Air Early, Saturday, adult signature",
    "A2": "Next Day Air, adult signature",
    "A8": "Ground, adult signature",
    "A9": "Next Day Air Early, adult signature, cash on delivery",
    "AA": "Next Day Air Early, Saturday, adult signature, cash on delivery",
    "YW": "SurePost, delivered by USPS",
}
UPS_WAYBILL_SERVICES = {"J": "Next Day Express", "K": "Ground", "V": "Worldwide Express Saver"}

USPS_CONFIRMATIONS = {
    **dict.fromkeys(("01", "02", "03", "04", "05", "06", "07", "08", "14"), "Delivery Confirmation"),
    **dict.fromkeys(("21", "22", "23", "24", "25", "26", "34"), "Signature Confirmation"),
    "50": "Electronic file header",
    "56": "Passive en-route scan",
    "73": "Insured Mail",
    **dict.fromkeys(("82", "83", "85"), "Merchandise Return"),
}
USPS_IMPB_SERVICES = {"612": "Parcel Select"}

SSCC_CONTAINERS = {
    "00": "case or carton",
    "01": "pallet",
    "02": "larger than a pallet",
    "04": "defined inside the company",
}


def _s10_services() -> dict[str, str]:
    by_letter = {
        "E": "EMS",
        "L": "Letter post, express",
        "M": "M-bag",
        "R": "Letter post, registered",
        "U": "Letter post",
        "V": "Letter post, insured",
        "C": "Parcel post",
        "H": "Parcel post, e-commerce",
        **dict.fromkeys("BDNPZ", "Domestic"),
    }
    services = {first + second: name for first, name in by_letter.items() for second in ascii_uppercase}
    services |= {f"Q{second}": "International business reply" for second in "ABCDEFGHIJKLM"}
    services |= dict.fromkeys(("AV", "AW", "AX", "AY", "AZ", "GA", "GD"), "Domestic")
    return services


S10_SERVICES = _s10_services()

DPD_SERVICES = {
    "101": "Parcel",
    "102": "Parcel, hazardous goods",
    "105": "Parcel, ex works",
    "106": "Parcel, ex works, hazardous goods",
    "109": "Parcel, cash on delivery",
    "110": "Parcel, cash on delivery, hazardous goods",
    "113": "Parcel, exchange",
    "136": "Small parcel",
    "154": "Parcel letter",
    "155": "Guarantee",
    "161": "Guarantee, cash on delivery",
    "179": "DPD 10:00",
    "191": "DPD 10:00, cash on delivery",
    "225": "DPD 12:00",
    "237": "DPD 12:00, cash on delivery",
    "350": "DPD 8:30",
}

# Numeric code and alpha-2. DPD writes 991 for the Canary Islands, 530 and 736 are codes ISO has withdrawn.
_NUMERIC = (
    "004AF 008AL 010AQ 012DZ 016AS 020AD 024AO 028AG 031AZ 032AR 036AU 040AT 044BS 048BH 050BD 051AM "
    "052BB 056BE 060BM 064BT 068BO 070BA 072BW 074BV 076BR 084BZ 086IO 090SB 092VG 096BN 100BG 104MM "
    "108BI 112BY 116KH 120CM 124CA 132CV 136KY 140CF 144LK 148TD 152CL 156CN 158TW 162CX 166CC 170CO "
    "174KM 175YT 178CG 180CD 184CK 188CR 191HR 192CU 196CY 203CZ 204BJ 208DK 212DM 214DO 218EC 222SV "
    "226GQ 231ET 232ER 233EE 234FO 238FK 239GS 242FJ 246FI 248AX 250FR 254GF 258PF 260TF 262DJ 266GA "
    "268GE 270GM 275PS 276DE 288GH 292GI 296KI 300GR 304GL 308GD 312GP 316GU 320GT 324GN 328GY 332HT "
    "334HM 336VA 340HN 344HK 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI 388JM 392JP "
    "398KZ 400JO 404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 438LI 440LT 442LU "
    "446MO 450MG 454MW 458MY 462MV 466ML 470MT 474MQ 478MR 480MU 484MX 492MC 496MN 498MD 499ME 500MS "
    "504MA 508MZ 512OM 516NA 520NR 524NP 528NL 530AN 531CW 533AW 534SX 535BQ 540NC 548VU 554NZ 558NI "
    "562NE 566NG 570NU 574NF 578NO 580MP 581UM 583FM 584MH 585PW 586PK 591PA 598PG 600PY 604PE 608PH "
    "612PN 616PL 620PT 624GW 626TL 630PR 634QA 638RE 642RO 643RU 646RW 652BL 654SH 659KN 660AI 662LC "
    "663MF 666PM 670VC 674SM 678ST 682SA 686SN 688RS 690SC 694SL 702SG 703SK 704VN 705SI 706SO 710ZA "
    "716ZW 724ES 728SS 729SD 732EH 736SD 740SR 744SJ 748SZ 752SE 756CH 760SY 762TJ 764TH 768TG 772TK "
    "776TO 780TT 784AE 788TN 792TR 795TM 796TC 798TV 800UG 804UA 807MK 818EG 826GB 831GG 832JE 833IM "
    "834TZ 840US 850VI 854BF 858UY 860UZ 862VE 876WF 882WS 887YE 894ZM 991ES "
)
DPD_COUNTRIES = {pair[:3]: pair[3:] for pair in _NUMERIC.split()}
