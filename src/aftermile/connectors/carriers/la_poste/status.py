"""What La Poste's event codes mean.

Source: La Poste, "API Suivi v2" guide, table of event codes (letters, Colissimo and Chronopost alike).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    "DR1": SubStatus.LABEL_CREATED,  # declaration received
    "DR2": SubStatus.LABEL_CREATED,
    "PC1": SubStatus.ACCEPTED,
    "PC2": SubStatus.ACCEPTED,  # in the country of dispatch
    "ET1": SubStatus.IN_TRANSIT,
    "ET2": SubStatus.IN_TRANSIT,  # in the country of dispatch
    "ET3": SubStatus.ARRIVED_IN_DESTINATION_COUNTRY,
    "ET4": SubStatus.IN_TRANSIT,  # in a country on the way
    "EP1": SubStatus.IN_TRANSIT,  # waiting to be presented
    "DO1": SubStatus.CUSTOMS_STARTED,
    "DO2": SubStatus.CUSTOMS_CLEARED,
    "DO3": SubStatus.CUSTOMS_DELAY,
    "PB1": SubStatus.EXCEPTION,
    "PB2": SubStatus.PROBLEM_RESOLVED,
    "MD1": SubStatus.OUT_FOR_DELIVERY,
    "MD2": SubStatus.OUT_FOR_DELIVERY,
    "ND1": SubStatus.ATTEMPT_FAILED,
    "AG1": SubStatus.AVAILABLE_FOR_PICKUP,
    "RE1": SubStatus.RETURNING,
    "DI0": SubStatus.DELIVERED,  # part of a batch
    "DI1": SubStatus.DELIVERED,
    "DI2": SubStatus.RETURNED,  # delivered to the sender
    "DI3": SubStatus.DELIVERED,
}
