"""What USPS's codes mean.

Source: USPS Publication 199, appendix "Event codes", and the USPS APIs, Tracking v3 (`eventCode`,
`statusCategory`).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

# `None`: known, and moves nothing.
BY_EVENT: Mapping[str, SubStatus | None] = {
    "GX": SubStatus.LABEL_CREATED,
    "MA": SubStatus.LABEL_CREATED,
    "89": SubStatus.LABEL_CREATED,
    "GC": None,  # return receipt associated
    "03": SubStatus.ACCEPTED,
    "TM": SubStatus.ACCEPTED,  # with a truck's manifest
    "PA": SubStatus.ACCEPTED,
    "OA": SubStatus.ACCEPTED,
    "UA": SubStatus.ACCEPTED,
    "AD": SubStatus.ACCEPTED,
    "80": SubStatus.ACCEPTED,  # by a shipping partner
    "83": SubStatus.ACCEPTED,  # partner tendered it to USPS
    "07": SubStatus.ARRIVED_AT_FACILITY,
    "10": SubStatus.ARRIVED_AT_FACILITY,
    "19": SubStatus.ARRIVED_AT_FACILITY,
    "41": SubStatus.ARRIVED_AT_FACILITY,
    "81": SubStatus.ARRIVED_AT_FACILITY,
    "A1": SubStatus.ARRIVED_AT_FACILITY,
    "U1": SubStatus.ARRIVED_AT_FACILITY,
    "PC": SubStatus.ARRIVED_AT_FACILITY,
    "T1": SubStatus.DEPARTED_FACILITY,
    "L1": SubStatus.DEPARTED_FACILITY,
    "EF": SubStatus.DEPARTED_FACILITY,
    "SF": SubStatus.DEPARTED_FACILITY,
    "82": SubStatus.DEPARTED_FACILITY,
    "NT": SubStatus.IN_TRANSIT,
    "TL": SubStatus.IN_TRANSIT,
    "06": SubStatus.FORWARDED,
    "42": SubStatus.FORWARDED,  # to a shipping partner
    "08": SubStatus.DELAYED,  # sent astray
    "15": SubStatus.DELAYED,
    "71": SubStatus.DELAYED,  # to the next delivery day
    "LX": SubStatus.DELAYED,
    "DX": None,  # status not updated
    "OF": SubStatus.OUT_FOR_DELIVERY,
    "14": SubStatus.AVAILABLE_FOR_PICKUP,
    "16": SubStatus.AVAILABLE_FOR_PICKUP,
    "01": SubStatus.DELIVERED,
    "17": SubStatus.PICKED_UP_BY_SHOPPER,  # by the shopper's agent
    "43": SubStatus.PICKED_UP_BY_SHOPPER,
    "02": SubStatus.ATTEMPT_FAILED,
    "30": SubStatus.ATTEMPT_FAILED,  # no access
    "51": SubStatus.BUSINESS_CLOSED,
    "52": SubStatus.ATTEMPT_FAILED,
    "53": SubStatus.ATTEMPT_FAILED,  # receptacle blocked
    "54": SubStatus.ATTEMPT_FAILED,  # receptacle full
    "55": SubStatus.ATTEMPT_FAILED,  # no secure place
    "56": SubStatus.ADDRESSEE_UNAVAILABLE,
    "04": SubStatus.REFUSED,
    "05": SubStatus.ADDRESS_ISSUE,
    "11": SubStatus.DISPOSED,  # dead letter
    "44": SubStatus.RETURNING,  # recalled by the sender
    # Reasons under which it goes back to the sender.
    **dict.fromkeys(("09", "21", "22", "23", "24", "25", "26", "27", "28", "29", "31"), SubStatus.RETURNING),
}

BY_CATEGORY: Mapping[str, SubStatus | None] = {
    "pre-shipment": SubStatus.LABEL_CREATED,
    "accepted": SubStatus.ACCEPTED,
    "in transit": SubStatus.IN_TRANSIT,
    "in-transit": SubStatus.IN_TRANSIT,
    "out for delivery": SubStatus.OUT_FOR_DELIVERY,
    "out-for-delivery": SubStatus.OUT_FOR_DELIVERY,
    "delivery attempt": SubStatus.ATTEMPT_FAILED,
    "available for pickup": SubStatus.AVAILABLE_FOR_PICKUP,
    "delivered": SubStatus.DELIVERED,
    "delivered to agent": SubStatus.IN_TRANSIT,
    "alert": None,  # from a notice left to a return: the scan says which
    "return to sender": SubStatus.RETURNING,
}

UNMOVING = frozenset(code for code, word in BY_EVENT.items() if word is None)

# Source: RFC 6749, 5.2, as USPS's gateway answers.
UNAUTHORIZED = frozenset(
    {
        "invalid_client",
        "invalid_token",
        "invalid_grant",
        "unauthorized_client",
        "access_denied",
    }
)
