"""What Royal Mail's event codes mean.

Source: Royal Mail Tracking API v2 and Tracking Event Specification (event codes by stage: outward and
inward mail centers, regional centers, export, import, delivery office, customer service point, post
office), with `statusCategory` of the API's summary.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus


def _all(codes: str, word: SubStatus | None) -> dict[str, SubStatus | None]:
    return dict.fromkeys(codes.split(), word)


# `None`: known, and moves nothing.
BY_EVENT: Mapping[str, SubStatus | None] = {
    # The sender has announced it.
    **_all("EVAIE EVAIP EVPPB", SubStatus.LABEL_CREATED),
    # Taken in at a post office, a customer service point or the first mail center.
    **_all("EVPPA EVNPB EVOAC EVOBC EVOCO EVHAC", SubStatus.ACCEPTED),
    **_all(
        "EVDAA EVDAC EVDAV EVDAW EVDDM EVDOF EVDPL EVDPM EVDPR EVDRO EVDRS EVDSD EVDSL EVDSM EVDSR EVDSS",
        SubStatus.ACCEPTED,
    ),
    # Inward mail centers and regional centers.
    **_all(
        "EVIAV EVIDM EVIMC EVIMS EVIOF EVIPD EVIPR EVIPS EVIPW EVIRM EVIRO EVCAH EVCAV EVCDM EVCOF EVCPD"
        " EVCPS EVCPW EVCRS EVCRW EVORC EVORI EVOLB EVOOC EVORW EVOVB EVGDM EVGDO",
        SubStatus.ARRIVED_AT_FACILITY,
    ),
    **_all("EVODO EVNDO EVNMC", SubStatus.DEPARTED_FACILITY),
    **_all("EVOUF", SubStatus.IN_TRANSIT),
    # Sent astray and sent on.
    **_all("EVNMI EVDMI EVIMI EVIPI EVCMI EVCPI EVGMI EVOMI EVNWA EVNRD EVNRC", SubStatus.FORWARDED),
    # Abroad.
    **_all("EVHOE EVJDU EVJJV EVJLV EVJMV EVILC", SubStatus.DEPARTED_FACILITY),
    **_all("EVJOE", SubStatus.ARRIVED_IN_DESTINATION_COUNTRY),
    **_all("EVJIC", SubStatus.CUSTOMS_STARTED),
    **_all("EVJAP EVJBA EVJCA EVJCC EVJES EVJPA", SubStatus.CUSTOMS_DELAY),
    **_all("EVJCD EVJCO EVJEM EVJIN EVJML EVJSR", SubStatus.DOCUMENTS_MISSING),
    **_all("EVJDP EVJEA EVJFC EVJIA EVJNT", SubStatus.CUSTOMS_CLEARED),
    **_all("EVHAP", SubStatus.HELD_FOR_PAYMENT),
    **_all("EVHFM EVHNC", SubStatus.HELD),
    **_all("EVHAR EVHSR EVHCA EVHCR EVHDI EVHID", SubStatus.RETURNING),
    # On the round.
    **_all("EVGPD EVOFD", SubStatus.OUT_FOR_DELIVERY),
    **_all("EVKNA EVKNR EVNBA EVNSA EVPON EVPXN", SubStatus.ADDRESSEE_UNAVAILABLE),
    **_all("EVKAA EVKSU EVNIL EVNIO EVPOA EVPXA EVNAA EVNDN", SubStatus.ATTEMPT_FAILED),
    **_all("EVNUL EVNUO EVPOU EVPXU", SubStatus.ADDRESS_ISSUE),
    **_all("EVKOP EVKSF EVNFS EVNLP EVNPO EVNOI ENKDN", SubStatus.DELIVERED),
    **_all("EVKSP", SubStatus.SIGNED),
    **_all("EVKDN EVKNS", SubStatus.LEFT_WITH_NEIGHBOR),
    # Waiting for the shopper, and fetched.
    **_all("EVKLC EVKLS EVPLA EVNLC EVNDA EVNAE EVNKS", SubStatus.AVAILABLE_FOR_PICKUP),
    **_all("EVNCE EVNCO EVNOC EVNSC EVPLC EVPLF", SubStatus.PICKED_UP_BY_SHOPPER),
    **_all("EVNCF", SubStatus.HELD_FOR_PAYMENT),
    **_all("EVNRT", SubStatus.HELD),
    **_all("EVNSR RSRXS", SubStatus.APPOINTMENT_SCHEDULED),
    # Going back.
    **_all(
        "EVKAI EVKGA EVKRF EVNAB EVNAC EVNAD EVNAI EVNGA EVNGL EVNHE EVNHR EVNLA EVNLG EVNLI EVNLR EVNRE EVNRF"
        " EVNRL EVNRN EVNRO EVNRR EVNRS EVNSI EVNUK EVORR EVORT EVPLI EVPLN EVPLR EVPLU EVPLX EVPOG EVPOI EVPOR"
        " EVPUX EVPXG EVPXI EVPXR EVIPA EVCPA EVCRA EVCRB EVDRA EVDRB EVDRW EVDSA EVDSW",
        SubStatus.RETURNING,
    ),
    # Lost, and taken out.
    **_all("EVDLS EVNCL", SubStatus.LOST),
    **_all("EVNDL EVSGD", SubStatus.DISPOSED),
    **_all("EVSUS EVSGS", SubStatus.HELD),
    # The system's own notes.
    **_all("EVNDS EVNOU EVZAM EVZBF EVZDM EVZDR EVZLM EVZRD EVZRM EVZSO", None),
}

BY_CATEGORY: Mapping[str, SubStatus | None] = {
    "WE'RE EXPECTING IT": SubStatus.LABEL_CREATED,
    "WE'VE GOT IT": SubStatus.ACCEPTED,
    "WE HAVE YOUR ITEM": SubStatus.ACCEPTED,
    "IN TRANSIT": SubStatus.IN_TRANSIT,
    "IN CUSTOMS": SubStatus.CUSTOMS_STARTED,
    "RELEASED FROM CUSTOMS": SubStatus.CUSTOMS_CLEARED,
    "READY FOR DELIVERY": SubStatus.OUT_FOR_DELIVERY,
    "OUT FOR DELIVERY": SubStatus.OUT_FOR_DELIVERY,
    "DELIVERY ATTEMPTED": SubStatus.ATTEMPT_FAILED,
    "AVAILABLE FOR COLLECTION": SubStatus.AVAILABLE_FOR_PICKUP,
    "READY FOR COLLECTION": SubStatus.AVAILABLE_FOR_PICKUP,
    "COLLECTED": SubStatus.PICKED_UP_BY_SHOPPER,
    "DELIVERED": SubStatus.DELIVERED,
    "RETURNED TO SENDER": SubStatus.RETURNING,
    "RESTRICTED OR PROHIBITED CONTENTS": SubStatus.HELD,
    "PENDING": None,  # from "held for a fee" to "redelivery asked for": says nothing by itself
    "NOT APPLICABLE": None,
}


class KnownUnmoving:
    """The codes that are known to move nothing: those above, and every note on a notification sent.

    Notifications are `N`, two letters for what, one for the stage (device, operator, request, sender) and
    `F` or `S` for how it went: `NDESS`.
    """

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, str):
            return False
        word = code.upper()
        return (word in BY_EVENT and BY_EVENT[word] is None) or (
            len(word) == 5 and word[0] == "N" and word[3] in "DORS" and word[4] in "FS"
        )


UNMOVING = KnownUnmoving()

# Source: Royal Mail Tracking API v2, "Error codes".
PROBLEMS: Mapping[str, ProblemKind] = {
    "E1142": ProblemKind.NOT_FOUND,  # barcode not recognized
    "E1144": ProblemKind.NOT_FOUND,
    "E1205": ProblemKind.NOT_FOUND,  # no events for it yet
    "E1283": ProblemKind.INVALID_NUMBER,
    "E1307": ProblemKind.INVALID_NUMBER,
    "E0010": ProblemKind.RATE_LIMITED,
    "E0013": ProblemKind.UNAUTHORIZED,
    "E0014": ProblemKind.UNAUTHORIZED,
    "E0000": ProblemKind.UNAVAILABLE,
    "E0001": ProblemKind.UNAVAILABLE,
    "E0004": ProblemKind.UNAVAILABLE,
    "E0009": ProblemKind.UNAVAILABLE,
}
