"""What Hermes Germany's event codes mean.

Source: Hermes Germany, shipment information interface, event code list ("Eventcodes"): four digits, the
first of which is the stretch of the way (0 announced, 1 taken over, 2 arrived, 3 delivery, 4 back at the
depot, 6 sent back, 7 arrived at the sender).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    "0000": SubStatus.LABEL_CREATED,
    "1000": SubStatus.ACCEPTED,  # has left the sender's warehouse
    "1510": SubStatus.ARRIVED_AT_FACILITY,  # sorted in a logistics center
    "1520": SubStatus.RETURNING,  # a return, sorted
    "1610": SubStatus.IN_TRANSIT,  # abroad
    "1710": SubStatus.CUSTOMS_STARTED,
    "1720": SubStatus.CUSTOMS_CLEARED,
    "1730": SubStatus.CUSTOMS_DELAY,
    "1751": SubStatus.CUSTOMS_DELAY,  # turned down by customs
    "1810": SubStatus.IN_TRANSIT,  # handed to a partner
    "1820": SubStatus.IN_TRANSIT,
    "1900": SubStatus.ACCEPTED,  # collected
    "1901": SubStatus.ACCEPTED,  # brought in
    "1910": SubStatus.ACCEPTED,  # taken along on tour
    "2000": SubStatus.ARRIVED_AT_FACILITY,
    "2100": SubStatus.ARRIVED_AT_FACILITY,  # without an announcement
    "2300": SubStatus.ARRIVED_AT_FACILITY,  # automatic
    "2400": SubStatus.ACCEPTED,  # handed in at a parcel shop
    "3000": SubStatus.OUT_FOR_DELIVERY,
    "3010": SubStatus.OUT_FOR_DELIVERY,
    "3300": SubStatus.OUT_FOR_DELIVERY,  # sorted for the tour
    "3410": SubStatus.AVAILABLE_FOR_PICKUP,
    "3430": SubStatus.IN_TRANSIT,  # handed to the island's carrier
    "3500": SubStatus.DELIVERED,
    "3510": SubStatus.DELIVERED,
    "3511": SubStatus.DELIVERED,  # in the letter box
    "3520": SubStatus.DELIVERED,
    "3530": SubStatus.PICKED_UP_BY_SHOPPER,
    "3710": SubStatus.REFUSED,
    "3715": SubStatus.HELD_FOR_PAYMENT,  # cash on delivery not paid
    "3720": SubStatus.ADDRESS_ISSUE,
    **dict.fromkeys(("3731", "3732", "3733", "3734"), SubStatus.ADDRESSEE_UNAVAILABLE),
    "3740": SubStatus.DAMAGED,
    "3750": SubStatus.DELAYED,  # the tour was broken off
    **dict.fromkeys(("3751", "3752", "3753", "3754"), SubStatus.ATTEMPT_FAILED),  # wrong TAN
    "3760": SubStatus.RETURNING,  # a return, collected
    "3761": SubStatus.RETURNING,
    "3780": SubStatus.DELAYED,  # misdirected
    **dict.fromkeys(("3782", "3783", "3784", "3785", "3786", "3787"), SubStatus.ATTEMPT_FAILED),  # identity
    "3795": SubStatus.HELD,  # stopped
    "4010": SubStatus.REFUSED,
    "4015": SubStatus.HELD_FOR_PAYMENT,
    "4020": SubStatus.ADDRESS_ISSUE,
    "4024": SubStatus.DELAYED,  # too large for the parcel shop
    "4025": SubStatus.ARRIVED_AT_FACILITY,  # back at the depot
    **dict.fromkeys(("4031", "4032", "4033", "4034"), SubStatus.ADDRESSEE_UNAVAILABLE),
    "4035": SubStatus.PICKUP_MISSED,
    "4040": SubStatus.DAMAGED,
    "4050": SubStatus.DELAYED,
    **dict.fromkeys(("4051", "4052", "4053", "4054"), SubStatus.ATTEMPT_FAILED),
    **dict.fromkeys(("4060", "4061", "4062"), SubStatus.RETURNING),
    "4070": SubStatus.DELAYED,
    "4080": SubStatus.DELAYED,
    **dict.fromkeys(("4081", "4082", "4083", "4084", "4085", "4086", "4087"), SubStatus.ATTEMPT_FAILED),
    "4095": SubStatus.HELD,
    "4100": SubStatus.HELD,  # stored
    "4500": SubStatus.HELD,  # stocktaking
    "4610": SubStatus.DELAYED,  # the parcel shop is full
    **dict.fromkeys(("6080", "6081", "6082", "6083", "6084", "6085", "6086", "6087"), SubStatus.RETURNING),
    "6088": SubStatus.FORWARDED,  # redirected as the recipient asked
    **dict.fromkeys(("6089", "6092", "6093", "6094", "6096", "6098", "6099"), SubStatus.RETURNING),
    "6090": SubStatus.IN_TRANSIT,  # forwarded to the logistics center
    "7500": SubStatus.RETURNED,
}
# Reminders that an announced parcel has not come (0600 to 0900), and corrections of records.
INFORMATIONAL = frozenset({"0600", "0700", "0800", "0900", "4072", "4620", "4630", "4690"})
