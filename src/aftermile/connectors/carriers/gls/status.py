"""What GLS's event codes and parcel statuses mean.

Source: GLS Group "Track And Trace V1" API (`GET /eventcodes`, `ParcelDTO.status`): events are named
`FAMILY.DETAIL` and have a number beside the name, which older interfaces send instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

EVENTS: Mapping[str, SubStatus] = {
    "INTIAL.PREADVICE": SubStatus.LABEL_CREATED,
    "INTIAL.E48_DATA": SubStatus.LABEL_CREATED,  # laid out for collection
    "INTIAL.NORMAL": SubStatus.ACCEPTED,
    "INBOUD.NORMAL": SubStatus.ARRIVED_AT_FACILITY,
    "OUTBOD.NORMAL": SubStatus.DEPARTED_FACILITY,
    "OUTDEL.NORMAL": SubStatus.OUT_FOR_DELIVERY,
    "DELIVD.NORMAL": SubStatus.DELIVERED,
    "DELIVD.PARCELSHOP": SubStatus.AVAILABLE_FOR_PICKUP,
    "DELIVD.DEL_BY_PSAPP": SubStatus.PICKED_UP_BY_SHOPPER,  # handed over by the parcel shop's app
    "CANCEL.NORMAL": SubStatus.CANCELLED,
    # The numbers of the same events.
    "0.0": SubStatus.ACCEPTED,
    "0.100": SubStatus.LABEL_CREATED,
    "1.0": SubStatus.DEPARTED_FACILITY,
    "2.0": SubStatus.ARRIVED_AT_FACILITY,
    "3.0": SubStatus.DELIVERED,
    "3.120": SubStatus.AVAILABLE_FOR_PICKUP,
    "4.0": SubStatus.ATTEMPT_FAILED,
    "11.0": SubStatus.OUT_FOR_DELIVERY,
    "43.0": SubStatus.CANCELLED,
}
# Families every member of which says the same about where the parcel is.
FAMILIES: Mapping[str, SubStatus] = {
    "INBOUD": SubStatus.ARRIVED_AT_FACILITY,
    "OUTBOD": SubStatus.DEPARTED_FACILITY,
    "TRANSI": SubStatus.IN_TRANSIT,
    "OUTDEL": SubStatus.OUT_FOR_DELIVERY,
    "CANCEL": SubStatus.CANCELLED,
}
SUMMARIES: Mapping[str, SubStatus] = {
    "PLANNEDPICKUP": SubStatus.LABEL_CREATED,
    "INPICKUP": SubStatus.LABEL_CREATED,
    "NOTPICKEDUP": SubStatus.EXCEPTION,
    "PREADVICE": SubStatus.LABEL_CREATED,
    "INTRANSIT": SubStatus.IN_TRANSIT,
    "INWAREHOUSE": SubStatus.ARRIVED_AT_FACILITY,
    "INDELIVERY": SubStatus.OUT_FOR_DELIVERY,
    "DELIVERED": SubStatus.DELIVERED,
    "DELIVEREDPS": SubStatus.AVAILABLE_FOR_PICKUP,
    "NOTDELIVERED": SubStatus.ATTEMPT_FAILED,
    "CANCELED": SubStatus.CANCELLED,
}


def status_of(code: str) -> SubStatus | None:
    """Return what an event means; None when neither it nor its family settles it."""
    return EVENTS.get(code) or FAMILIES.get(code.partition(".")[0])
