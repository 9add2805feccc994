"""What PostNL's status codes mean.

Source: PostNL developer documentation, "Status API", tables of phases and statuses.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    "1": SubStatus.LABEL_CREATED,
    "2": SubStatus.ACCEPTED,
    "3": SubStatus.ACCEPTED,  # collected
    "4": SubStatus.EXCEPTION,  # not collected from the sender
    "5": SubStatus.ARRIVED_AT_FACILITY,  # sorted
    "6": SubStatus.PROCESSING_DELAY,  # not sorted
    "7": SubStatus.OUT_FOR_DELIVERY,
    "8": SubStatus.ATTEMPT_FAILED,
    "9": SubStatus.CUSTOMS_STARTED,
    "11": SubStatus.DELIVERED,
    "12": SubStatus.AVAILABLE_FOR_PICKUP,
    "13": SubStatus.LABEL_CREATED,  # announced, not received
    "14": SubStatus.EXPIRED,  # announced, never received
    "15": SubStatus.DELAYED,  # missing at collection
    "16": SubStatus.DELAYED,  # missing in sorting
    "17": SubStatus.DELAYED,  # missing in distribution
    "18": SubStatus.LOST,  # definitely missing
    "19": SubStatus.REJECTED_BY_CARRIER,
    "20": SubStatus.CUSTOMS_STARTED,  # in clearance
    "21": SubStatus.HELD,  # in storage
    "22": SubStatus.PICKED_UP_BY_SHOPPER,
    "23": SubStatus.ACCEPTED,  # a pick-up order was carried out
}
INFORMATIONAL = frozenset({"99"})  # "not applicable"
