"""What DPD's statuses mean.

Sources: the WSDL of DPD's ParcelLifeCycleService 2.0 (the upper case phases of the whole way), the texts its
answers carry beside the finer words, and DPD's list of scan types (two digits).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    # Phases.
    "SHIPMENT": SubStatus.LABEL_CREATED,
    "ACCEPTED": SubStatus.ACCEPTED,
    "AT_SENDING_DEPOT": SubStatus.ARRIVED_AT_FACILITY,
    "ON_THE_ROAD": SubStatus.IN_TRANSIT,
    "AT_DELIVERY_DEPOT": SubStatus.ARRIVED_AT_FACILITY,
    "OUT_FOR_DELIVERY": SubStatus.OUT_FOR_DELIVERY,
    "DELIVERED": SubStatus.DELIVERED,
    # Finer words.
    "BetweenDepots": SubStatus.IN_TRANSIT,
    "Courier": SubStatus.OUT_FOR_DELIVERY,
    "Delivered": SubStatus.DELIVERED,
    "DeliveryFailure": SubStatus.ATTEMPT_FAILED,
    "Depot": SubStatus.ARRIVED_AT_FACILITY,
    "ParcelShop": SubStatus.AVAILABLE_FOR_PICKUP,
    "PickedUp": SubStatus.ACCEPTED,
    # "After an unsuccessful delivery attempt the parcel is back at the recipient depot."
    "ReturningFromDelivery": SubStatus.ATTEMPT_FAILED,
    # Scan types.
    "01": SubStatus.DEPARTED_FACILITY,  # consolidation
    "02": SubStatus.ARRIVED_AT_FACILITY,  # inbound
    "03": SubStatus.OUT_FOR_DELIVERY,
    "04": SubStatus.ATTEMPT_FAILED,  # driver's return
    "05": SubStatus.ACCEPTED,  # collection
    "06": SubStatus.RETURNING,  # system return
    "08": SubStatus.HELD,  # warehouse
    "09": SubStatus.ARRIVED_AT_FACILITY,  # inbound, exceptional
    "10": SubStatus.ARRIVED_AT_FACILITY,  # hub
    "12": SubStatus.CUSTOMS_STARTED,
    "13": SubStatus.DELIVERED,
    "14": SubStatus.ATTEMPT_FAILED,
    "15": SubStatus.ACCEPTED,  # pick-up
    "17": SubStatus.CUSTOMS_CLEARED,
    "20": SubStatus.DEPARTED_FACILITY,  # loading
    "23": SubStatus.AVAILABLE_FOR_PICKUP,  # handed by the driver to a parcel shop
}
INFORMATIONAL = frozenset({"18"})  # additional information
