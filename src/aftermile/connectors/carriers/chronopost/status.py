"""What Chronopost's event codes mean.

Source: Chronopost tracking web service guide (`trackSkybillV2`, event codes), with the labels that answers
carry beside the codes.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    "A2": SubStatus.DELAYED,  # held up at the delivering branch
    "AB": SubStatus.AVAILABLE_FOR_PICKUP,
    "AT": SubStatus.DELAYED,  # held up on the way
    "D": SubStatus.DELIVERED,
    "DB": SubStatus.ACCEPTED,  # dropped off by the sender
    "DC": SubStatus.LABEL_CREATED,
    "DY": SubStatus.ACCEPTED,  # registered by the post office
    "EA": SubStatus.LABEL_CREATED,  # one of several parcels of a shipment
    "EC": SubStatus.ARRIVED_AT_FACILITY,  # sorted at the departing branch
    "EI": SubStatus.ARRIVED_IN_DESTINATION_COUNTRY,
    "I": SubStatus.HELD,  # waiting
    "IA": SubStatus.DELAYED,  # delivery put off by a day
    "IS": SubStatus.IN_TRANSIT,  # to be delivered next Monday
    "O": SubStatus.IN_TRANSIT,
    "P": SubStatus.ADDRESSEE_UNAVAILABLE,
    "PC": SubStatus.ACCEPTED,  # collected from the sender
    "R": SubStatus.RETURNING,
    "RB": SubStatus.OUT_FOR_DELIVERY,  # on its way to the pickup point
    "RI": SubStatus.PICKED_UP_BY_SHOPPER,
    "RO": SubStatus.IN_TRANSIT,  # wrapped anew on the way
    "SC": SubStatus.ARRIVED_AT_FACILITY,  # sorted at the departing branch
    "SD": SubStatus.ARRIVED_AT_FACILITY,  # sorted at the delivering branch
    "SJ": SubStatus.CUSTOMS_CLEARED,  # a trouble with customs is over
    "SK": SubStatus.HELD,  # Chronopost needs to know more
    "T": SubStatus.ARRIVED_AT_FACILITY,
    "TA": SubStatus.OUT_FOR_DELIVERY,
    "TP": SubStatus.IN_TRANSIT,
    "TS": SubStatus.IN_TRANSIT,
    "TT": SubStatus.IN_TRANSIT,  # the pickup point handed it to the driver
}
# The recipient was told, or told Chronopost what to do: no scans of the parcel.
INFORMATIONAL = frozenset({"CL", "SM"})
