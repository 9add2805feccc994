"""What DHL Parcel Germany's event codes mean.

Source: DHL business customer portal, "Parcel DE Tracking" API: `standard-event-code` (two letters, from the
German names of the steps) and the international pair `ice`/`ric` (event and reason). The two-letter code
decides; `ice` helps out where it is missing. Codes not listed in public stay unknown rather than guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STANDARD_EVENTS: Mapping[str, SubStatus] = {
    "AA": SubStatus.ARRIVED_AT_FACILITY,  # worked on in the parcel center of origin
    "AE": SubStatus.ACCEPTED,  # picked up
    "EE": SubStatus.ARRIVED_AT_FACILITY,  # worked on in the destination parcel center
    "ES": SubStatus.ACCEPTED,  # posted
    "PO": SubStatus.OUT_FOR_DELIVERY,  # loaded onto the delivery vehicle
    "VA": SubStatus.LABEL_CREATED,  # announced electronically
    "ZN": SubStatus.ATTEMPT_FAILED,  # delivery not successful
    "ZU": SubStatus.DELIVERED,
}
INTERNATIONAL_EVENTS: Mapping[str, SubStatus] = {
    "DLVRD": SubStatus.DELIVERED,
    "LDTMV": SubStatus.DEPARTED_FACILITY,  # loaded for movement
    "NDELV": SubStatus.ATTEMPT_FAILED,
    "PCKDU": SubStatus.ACCEPTED,  # picked up
    "SHRCU": SubStatus.ACCEPTED,  # received from the customer
    "SRTED": SubStatus.OUT_FOR_DELIVERY,  # sorted for delivery
    "ULFMV": SubStatus.ARRIVED_AT_FACILITY,  # unloaded from movement
}
# On its way back to the sender (`ruecksendung`), the same steps mean something else to the shopper.
ON_THE_WAY_BACK: Mapping[SubStatus, SubStatus] = {
    SubStatus.DELIVERED: SubStatus.RETURNED,
    SubStatus.OUT_FOR_DELIVERY: SubStatus.RETURNING,
    SubStatus.ARRIVED_AT_FACILITY: SubStatus.RETURNING,
    SubStatus.DEPARTED_FACILITY: SubStatus.RETURNING,
}


def status_of(standard_event: str, ice: str, *, returning: bool) -> SubStatus | None:
    """Return what a step means; None when the code that should decide is unknown."""
    status = STANDARD_EVENTS.get(standard_event) if standard_event else INTERNATIONAL_EVENTS.get(ice)
    return ON_THE_WAY_BACK.get(status, status) if status and returning else status
