"""What DHL Express's checkpoint codes mean.

Source: DHL XML Services "Tracking" guide, appendix "Shipment events and checkpoints", and the `typeCode`
values of the MyDHL API's tracking answer; both name the same two-letter checkpoints.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    "AD": SubStatus.APPOINTMENT_SCHEDULED,  # agreed delivery
    "AF": SubStatus.ARRIVED_AT_FACILITY,
    "AR": SubStatus.ARRIVED_AT_FACILITY,  # at the delivery facility
    "BA": SubStatus.ADDRESS_ISSUE,
    "BL": SubStatus.HELD,  # in bond
    "BN": SubStatus.CUSTOMS_STARTED,  # broker notified
    "BR": SubStatus.CUSTOMS_CLEARED,  # handed to the importer's own broker
    "CA": SubStatus.BUSINESS_CLOSED,  # closed on arrival
    "CC": SubStatus.AVAILABLE_FOR_PICKUP,  # awaiting collection by the consignee
    "CD": SubStatus.CUSTOMS_DELAY,  # delay the consignee or shipper can lift
    "CI": SubStatus.ARRIVED_AT_FACILITY,  # facility check-in
    "CM": SubStatus.SHOPPER_MOVED,
    "CR": SubStatus.CUSTOMS_CLEARED,
    "CU": SubStatus.DEPARTED_FACILITY,  # uplift confirmed
    "DD": SubStatus.DELIVERED,  # delivered damaged
    "DF": SubStatus.DEPARTED_FACILITY,
    "DM": SubStatus.DAMAGED,
    "DS": SubStatus.DISPOSED,
    "ES": SubStatus.CUSTOMS_STARTED,  # entry submitted
    "FD": SubStatus.FORWARDED,
    "HI": SubStatus.HELD,  # lodged into held inventory
    "HO": SubStatus.PROBLEM_RESOLVED,  # lodged out of held inventory
    "HP": SubStatus.HELD_FOR_PAYMENT,
    "IC": SubStatus.CUSTOMS_STARTED,
    "MC": SubStatus.DELAYED,  # miscoded, sent the wrong way
    "MD": SubStatus.DELAYED,  # missed the delivery cycle
    "MS": SubStatus.DELAYED,  # missorted
    "ND": SubStatus.ATTEMPT_FAILED,
    "NH": SubStatus.ADDRESSEE_UNAVAILABLE,
    "OH": SubStatus.HELD,
    "OK": SubStatus.DELIVERED,
    "PD": SubStatus.EXCEPTION,  # partial: some pieces could not be delivered
    "PL": SubStatus.IN_TRANSIT,  # processed at a location
    "PO": SubStatus.DEPARTED_FACILITY,  # departing origin
    "PU": SubStatus.ACCEPTED,
    "RD": SubStatus.REFUSED,
    "RR": SubStatus.CUSTOMS_STARTED,  # response received: customs status updated
    "RT": SubStatus.RETURNED,
    "SA": SubStatus.ACCEPTED,
    "SM": SubStatus.IN_TRANSIT,  # scheduled for movement
    "SS": SubStatus.HELD,  # stopped
    "ST": SubStatus.HELD,  # intercepted
    "TD": SubStatus.DELAYED,
    "TP": SubStatus.IN_TRANSIT,  # handed to a partner
    "TR": SubStatus.IN_TRANSIT,
    "UD": SubStatus.CUSTOMS_DELAY,  # delay nobody here can lift
    "WC": SubStatus.OUT_FOR_DELIVERY,
}
# Records about the shipment rather than its way: weighed anew, image filed, service changed, file closed.
INFORMATIONAL = frozenset({"CS", "IA", "RW", "SC"})

# MyDHL's word for the whole shipment. Its usual "Success" speaks of the request.
SUMMARIES: Mapping[str, SubStatus] = {
    "delivered": SubStatus.DELIVERED,
    "transit": SubStatus.IN_TRANSIT,
    "pre-transit": SubStatus.LABEL_CREATED,
}

# Source: MyDHL API reference data, "Global product codes".
PRODUCTS: Mapping[str, str] = {
    "C": "MEDICAL EXPRESS",
    "D": "EXPRESS WORLDWIDE",
    "E": "EXPRESS 9:00",
    "G": "DOMESTIC ECONOMY SELECT",
    "H": "ECONOMY SELECT",
    "I": "EXPRESS DOMESTIC 9:00",
    "K": "EXPRESS 9:00",
    "L": "EXPRESS 10:30",
    "M": "EXPRESS 10:30",
    "N": "EXPRESS DOMESTIC",
    "P": "EXPRESS WORLDWIDE",
    "T": "EXPRESS 12:00",
    "U": "EXPRESS WORLDWIDE",
    "W": "ECONOMY SELECT",
    "Y": "EXPRESS 12:00",
    "1": "EXPRESS DOMESTIC 12:00",
}
