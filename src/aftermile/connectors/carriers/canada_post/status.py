"""What Canada Post's event identifiers mean.

Source: Canada Post Developer Program, "Messages and code tables", tracking scan events; and the Automated
Parcel Tracking specification for the groups "delivered", "returned to sender", "address", "delay" and
"notice card". Identifiers come with or without a leading zero (`0174`, `174`); the tables leave it out.
`event-type` is that of the tracking summary.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus


def _all(identifiers: str, word: SubStatus) -> dict[str, SubStatus]:
    return dict.fromkeys(identifiers.split(), word)


BY_EVENT: Mapping[str, SubStatus] = {
    **_all("3000 3002", SubStatus.LABEL_CREATED),
    **_all("1300 1301 1302", SubStatus.ACCEPTED),
    **_all("100 170 4600", SubStatus.ARRIVED_AT_FACILITY),
    **_all("4500", SubStatus.IN_TRANSIT),
    **_all("4310", SubStatus.ARRIVED_IN_DESTINATION_COUNTRY),
    **_all("174 500", SubStatus.OUT_FOR_DELIVERY),
    **_all("1407 2407", SubStatus.ATTEMPT_FAILED),
    **_all("1435 1436 1437 1438 1479 1488 1701", SubStatus.AVAILABLE_FOR_PICKUP),
    **_all("120 171 173 179 1412 1450 1483 1493 2412 4650", SubStatus.ADDRESS_ISSUE),
    **_all(
        "117 121 125 159 160 161 162 163 172 621 622 623 624 625 626 627 628"
        " 1411 1414 1443 1444 1484 1494 2411 2414 4625 4700",
        SubStatus.DELAYED,
    ),
    **_all(
        "610 611 612 613 614 615 616 617 618 619 620 1405 1408 1409 1421 1422 1423 1424 1425 1426 1427 1428"
        " 1429 1430 1431 1432 1433 1434 1441 1442 1461 1462 1463 1465 1466 1467 1468 1469 1471 1472 1473"
        " 1475 1476 1496 1497 1498 1499 5300",
        SubStatus.DELIVERED,
    ),
    # A signature is recorded where a parcel is handed over.
    **_all("20", SubStatus.SIGNED),
    **_all(
        "167 168 169 181 182 183 184 1100 1415 1416 1417 1418 1419 1420 1481 1482 1491 1492 2600 2802 3001",
        SubStatus.RETURNING,
    ),
}

BY_TYPE: Mapping[str, SubStatus | None] = {
    "INFO": None,
    "INDUCTION": SubStatus.ACCEPTED,
    "VEHICLE_INFO": SubStatus.IN_TRANSIT,
    "OUT": SubStatus.OUT_FOR_DELIVERY,
    "ATTEMPTED": SubStatus.ATTEMPT_FAILED,
    "TO_RETAIL": SubStatus.AVAILABLE_FOR_PICKUP,
    "DELIVERED": SubStatus.DELIVERED,
    "SIGNATURE": SubStatus.SIGNED,
    "RETURN_TO_SENDER": SubStatus.RETURNING,
}
UNMOVING = frozenset(kind for kind, word in BY_TYPE.items() if word is None)

# The zones its abbreviations name. It writes "EST" in summer too, so they name a zone and no offset.
ZONES: Mapping[str, str] = {
    **dict.fromkeys(("NST", "NDT"), "America/St_Johns"),
    **dict.fromkeys(("AST", "ADT"), "America/Halifax"),
    **dict.fromkeys(("EST", "EDT"), "America/Toronto"),
    **dict.fromkeys(("CST", "CDT"), "America/Winnipeg"),
    **dict.fromkeys(("MST", "MDT"), "America/Edmonton"),
    **dict.fromkeys(("PST", "PDT"), "America/Vancouver"),
}

PROBLEMS: Mapping[str, ProblemKind] = {
    "004": ProblemKind.NOT_FOUND,  # no PIN history
    "0004": ProblemKind.NOT_FOUND,
    "005": ProblemKind.NOT_FOUND,  # no history under this reference
    "001": ProblemKind.INVALID_NUMBER,
    "002": ProblemKind.INVALID_NUMBER,
    "003": ProblemKind.INVALID_NUMBER,
    "E002": ProblemKind.UNAUTHORIZED,
    **dict.fromkeys(("AA001", "AA002", "AA003", "AA004", "AA005", "AA006"), ProblemKind.UNAUTHORIZED),
    # `Server` with "Rejected by SLM Monitor": over the limit of the key.
    "Server": ProblemKind.RATE_LIMITED,
    "9999": ProblemKind.UNAVAILABLE,
}
