"""What UPS's codes mean.

Source: UPS Developer Portal, Tracking API, appendix "API codes" (`statusCode`, three digits; `type`) and
Track Alert API, "Status types" and "Status codes" (`code`, two letters). The two letters are the finest,
so they are asked first; UPS adds to them often, so the three digits and then the type stand behind.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

# `None`: known, and moves nothing.
BY_CODE: Mapping[str, SubStatus | None] = {
    "MP": SubStatus.LABEL_CREATED,
    "MV": SubStatus.CANCELLED,
    "VP": SubStatus.CANCELLED,
    "PU": SubStatus.ACCEPTED,
    "XD": SubStatus.ACCEPTED,  # dropped off
    "OR": SubStatus.ACCEPTED,  # origin scan
    "DP": SubStatus.DEPARTED_FACILITY,
    "AR": SubStatus.ARRIVED_AT_FACILITY,
    "DS": SubStatus.ARRIVED_AT_FACILITY,  # destination scan
    "YP": SubStatus.ARRIVED_AT_FACILITY,  # processing at a facility
    "EP": SubStatus.DEPARTED_FACILITY,  # export scan
    "IP": SubStatus.ARRIVED_IN_DESTINATION_COUNTRY,  # import scan
    "SR": SubStatus.CUSTOMS_CLEARED,
    "LD": SubStatus.IN_TRANSIT,  # loaded on the delivery vehicle, which has not left
    "OF": SubStatus.OUT_FOR_DELIVERY,
    "OT": SubStatus.OUT_FOR_DELIVERY,
    "FS": SubStatus.DELIVERED,
    "KB": SubStatus.DELIVERED,
    "KM": SubStatus.DELIVERED,
    "9E": SubStatus.DELIVERED,
    "2W": SubStatus.AVAILABLE_FOR_PICKUP,  # at an Access Point
}

BY_STATUS_CODE: Mapping[str, SubStatus | None] = {
    "000": None,  # status not available
    "003": SubStatus.LABEL_CREATED,
    "005": SubStatus.IN_TRANSIT,
    "006": SubStatus.IN_TRANSIT,  # on the vehicle
    "007": SubStatus.CANCELLED,  # information voided
    "010": SubStatus.IN_TRANSIT,
    "011": SubStatus.DELIVERED,
    "012": SubStatus.CUSTOMS_STARTED,
    "013": SubStatus.EXCEPTION,
    "014": SubStatus.CUSTOMS_CLEARED,
    "016": SubStatus.HELD,  # in a warehouse
    "017": SubStatus.AVAILABLE_FOR_PICKUP,
    "018": None,  # shopper asked to hold it for pickup
    "019": SubStatus.HELD,  # for a later delivery
    "020": None,  # a later delivery was asked for
    "021": SubStatus.OUT_FOR_DELIVERY,
    "022": SubStatus.ATTEMPT_FAILED,  # first attempt
    "023": SubStatus.ATTEMPT_FAILED,  # second
    "024": SubStatus.ATTEMPT_FAILED,  # last
    "025": SubStatus.FORWARDED,  # to the post office for delivery
    "026": SubStatus.DELIVERED,  # by the post office
    "027": None,  # a change of address was asked for
    "028": SubStatus.FORWARDED,  # address changed
    "029": SubStatus.EXCEPTION,  # action required
    "030": SubStatus.EXCEPTION,  # at the post office
    "032": SubStatus.WEATHER_DELAY,
    "033": SubStatus.RETURNING,
    "034": SubStatus.RETURNED,
    "035": SubStatus.RETURNING,
    "036": SubStatus.RETURNING,
    "037": SubStatus.RETURNING,
    "038": SubStatus.ACCEPTED,
    "039": SubStatus.IN_TRANSIT,  # with the post office
    "040": SubStatus.AVAILABLE_FOR_PICKUP,  # at an Access Point
    "041": None,  # upgrade of service asked for
    "042": None,  # service upgraded
    "043": None,  # voided pickup: of the truck, not of the parcel
    "044": SubStatus.LABEL_CREATED,  # on its way to UPS
    "045": SubStatus.LABEL_CREATED,
    "046": SubStatus.DELAYED,
    "047": SubStatus.DELAYED,
    "048": SubStatus.DELAYED,
    "049": SubStatus.DELAYED,
    "050": SubStatus.ADDRESS_ISSUE,
    "051": SubStatus.WEATHER_DELAY,
    "052": SubStatus.WEATHER_DELAY,
    "053": SubStatus.WEATHER_DELAY,
    "054": None,  # a change was asked for
    "055": SubStatus.APPOINTMENT_SCHEDULED,
    "056": None,
    "057": SubStatus.FORWARDED,  # to an Access Point
    "058": SubStatus.DOCUMENTS_MISSING,
    "059": SubStatus.DAMAGED,
    "060": SubStatus.ATTEMPT_FAILED,
    "061": SubStatus.ADDRESSEE_UNAVAILABLE,  # an adult must sign
    "062": SubStatus.HELD_FOR_PAYMENT,
    "063": None,  # the change was made
    "064": SubStatus.REFUSED,
    "065": None,  # pickup at the merchant attempted
    "066": SubStatus.ATTEMPT_FAILED,  # by the post office
    "067": SubStatus.RETURNED,  # by the post office
    "068": SubStatus.LOST,
}

BY_TYPE: Mapping[str, SubStatus | None] = {
    "M": SubStatus.LABEL_CREATED,
    "MV": SubStatus.CANCELLED,
    "P": SubStatus.ACCEPTED,
    "I": SubStatus.IN_TRANSIT,
    "W": SubStatus.IN_TRANSIT,  # warehousing
    "O": SubStatus.OUT_FOR_DELIVERY,
    "D": SubStatus.DELIVERED,
    "DO": SubStatus.IN_TRANSIT,  # delivered to the freight station at the origin
    "DD": SubStatus.IN_TRANSIT,  # and at the destination
    "X": SubStatus.EXCEPTION,
    "RS": SubStatus.RETURNING,
    "U": None,  # delivery day or time updated
    "NA": None,
}
# Track Alert files "loaded" and "out for delivery" under D as well: there it does not say delivered.
BY_ALERT_TYPE: Mapping[str, SubStatus | None] = {**BY_TYPE, "D": None}

UNMOVING = frozenset(
    code for table in (BY_CODE, BY_STATUS_CODE, BY_TYPE) for code, word in table.items() if word is None
)

# Source: UPS Developer Portal, Tracking API and Track Alert API, "Error codes".
PROBLEMS: Mapping[str, ProblemKind] = {
    "TW0001": ProblemKind.NOT_FOUND,
    "TV1002": ProblemKind.INVALID_NUMBER,
    "TV0001": ProblemKind.INVALID_NUMBER,
    "TV0002": ProblemKind.INVALID_NUMBER,
    "151018": ProblemKind.INVALID_NUMBER,
    "151044": ProblemKind.NOT_FOUND,
    "250002": ProblemKind.UNAUTHORIZED,
    "250003": ProblemKind.UNAUTHORIZED,
    "250004": ProblemKind.UNAUTHORIZED,
    "250005": ProblemKind.UNAUTHORIZED,
    "250006": ProblemKind.UNAUTHORIZED,
    "250007": ProblemKind.UNAUTHORIZED,
    "251004": ProblemKind.UNAUTHORIZED,
    "UJ0001": ProblemKind.UNAUTHORIZED,
    "10401": ProblemKind.UNAUTHORIZED,
    "10429": ProblemKind.RATE_LIMITED,
    "250009": ProblemKind.RATE_LIMITED,
    "10004": ProblemKind.UNAVAILABLE,
    "VSS100": ProblemKind.UNAVAILABLE,
    "190001": ProblemKind.UNAVAILABLE,
    "190002": ProblemKind.UNAVAILABLE,
}
