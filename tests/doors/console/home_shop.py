"""A shop in the middle of a working day: deliveries behind it, and something of every kind to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aftermile.capabilities.exceptions.public import watch
from aftermile.capabilities.exceptions.reactions import judge_what_moved
from aftermile.capabilities.orders.public import record_orders
from aftermile.capabilities.search.tasks import rebuild
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.connectors.contracts.facts import (
    Address,
    DeliveryEstimate,
    FulfilmentFact,
    OrderFact,
    OrderLineFact,
    OrderState,
    Place,
    PromisedWindow,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import read
from aftermile.kernel.money import Money
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import BY, day

S = SubStatus
#: The moment at which the shop is looked at: a Monday, ten days after the first of the orders.
NOW = day(14.07)


@dataclass(frozen=True)
class Case:
    """An order and what its parcel went through, as (day, sub-status, city, the carrier's words)."""

    name: str
    scans: tuple[tuple[float, SubStatus, str, str], ...]
    promised: tuple[float, float] | None = None
    estimate: float | None = None
    carrier: str = "ups"
    item: str = "Dutch oven, 5 quart"
    cents: int = 12900
    placed: float = 0.0
    ships: bool = True


def hub(count: float, city: str = "Louisville") -> tuple[float, SubStatus, str, str]:
    return count, S.DEPARTED_FACILITY, city, "Departed from facility"


CASES = (
    Case("Priya Raman", (hub(12), (13, S.IN_TRANSIT, "Louisville", "Missed its truck")), (9, 11), 16),
    Case("Marcus Oyelaran", (hub(12.5, "Laramie"),), (10, 12), 15),
    Case("Hannah Weiss", (hub(13, "Fresno"),), (10, 12), 15, "fedex"),
    Case("Jun Takeda", (hub(13.5, "Reno"),), (12, 14), 15, "usps"),
    Case("Noor Haddad", (hub(12.2, "Omaha"),), (9, 12), None, "usps"),
    Case("Ines Carvalho", (hub(13, "Salt Lake City"),), (10, 11), 15),
    Case("Wolfeschlegelsteinhausen-Bergerdorff Featherstonehaugh", (hub(13, "Rancho Cucamonga"),), (10, 13), 16),
    Case("Tomás Arroyo", (hub(12), (13, S.ADDRESS_ISSUE, "Denver", "The address has no unit number")), (12, 14)),
    Case("Mia Lindqvist", (hub(8), (8.5, S.AVAILABLE_FOR_PICKUP, "Austin", "Ready for collection")), None, None, "usps"),
    Case("Ada Okafor", (hub(11), *((day_, S.ADDRESSEE_UNAVAILABLE, "Tulsa", "Nobody home") for day_ in (12, 13)))),
    Case("Eleanor Voss", (hub(4, "Elizabeth"),), (6, 8), None, "fedex", "Chef’s knife", 18400),
    Case("Amara Diallo", (hub(9, "Commerce City"),), None),
    Case("Sven Nyberg", (hub(12), (13, S.HELD, "Memphis", "Held for inspection")), None, None, "fedex"),
    Case("Giulia Conti", (hub(11), (12, S.DOCUMENTS_MISSING, "Leipzig", "A commercial invoice is needed")), None, None, "dhl"),
    Case("Luca Ferri", ((7, S.LABEL_CREATED, "Reno", "Label created"),), None, None, "usps", placed=6),
    Case("Rowan Tate", (), placed=7, ships=False, item="Linen tablecloth"),
    Case("Grace Holloway", (hub(11), (13, S.DAMAGED, "Boise", "Damaged in handling"))),
    Case("Ben Castellano", (hub(10), (13, S.REFUSED, "Miami", "Refused by the receiver"))),
    Case("Omar Farouk", (hub(9), (12, S.RETURNING, "Tampa", "Returning to sender"))),
)  # fmt: skip


def open_shop(
    merchant: Any, cases: tuple[Case, ...] = CASES, *, delivered: bool = True, first: int = 0
) -> None:
    """Tell the shop all of it, and have it judged.

    :param first: how many orders there are already.
    """
    with merchant_scope(merchant.id):
        for index, case in enumerate(cases):
            _tell(20301 + first + index, case)
        if delivered:
            _deliver()
    with merchant_scope(merchant.id):
        tracked = [each for each in read(after=0) if each.type == "parcel.tracked"]
        if tracked:
            judge_what_moved(tracked)
    watch(merchant.id, at=NOW)
    rebuild(merchant.id, {})


def _tell(number: int, case: Case) -> None:
    given, family = case.name.split()[0], case.name.split()[-1]
    order = OrderFact(
        external_id=str(number),
        number=f"MF-{number}",
        placed_at=day(case.placed),
        updated_at=day(case.placed),
        currency="USD",
        state=OrderState.OPEN,
        shopper=ShopperFact(name=case.name, email=f"{number}@example.com", phone="+1 555 0100"),
        lines=(OrderLineFact(external_id="1", title=case.item, quantity=1),),
        total=Money(case.cents, "USD"),
        promised=PromisedWindow(earliest_date=_date(case.promised[0]), latest_date=_date(case.promised[1]))
        if case.promised
        else None,
        shipping_address=Address(name=f"{given} {family}", city="Denver", country="US"),
    )
    record_orders(facts=[order], source="shop", by=BY, at=day(case.placed))
    if not case.ships:
        return
    tracking = f"1Z{number}"
    record_fulfilments(
        facts=[
            FulfilmentFact(
                external_id=f"f{number}",
                order_external_id=str(number),
                tracking_numbers=(tracking,),
                shipped_at=day(case.scans[0][0]),
                updated_at=day(0),
            )
        ],
        source="shop",
        by=BY,
        at=day(case.scans[0][0]),
    )
    report = TrackingReport(
        tracking_number=tracking,
        carrier=case.carrier,
        events=tuple(
            TrackingEventFact(
                time=ScanTime(occurred_at=day(count), reported="", basis=TimeBasis.STATED),
                code=sub_status.value,
                sub_status=sub_status,
                description=said,
                place=Place(city=city, country="US"),
            )
            for count, sub_status, city, said in case.scans
        ),
        estimate=DeliveryEstimate(latest=_date(case.estimate)) if case.estimate else None,
    )
    record_tracking(reports=[report], source="con_test", by=BY, at=day(case.scans[-1][0]))


def _deliver() -> None:
    """Tell of four weeks in which most parcels kept their promise."""
    orders, handed, reports = [], [], []
    for index in range(140):
        number, arrived = 10001 + index, NOW.date() - timedelta(days=1 + index % 28)
        noon = day((arrived - day(0).date()).days + 0.1)
        placed = noon - timedelta(days=2 + index % 5, hours=index % 7)
        is_late = index % 11 == 0 or (index % 28 < 5 and index % 4 == 0)
        orders.append(
            OrderFact(
                external_id=str(number), number=f"MF-{number}", placed_at=placed, updated_at=placed, currency="USD",
                state=OrderState.COMPLETED, shopper=ShopperFact(name=f"Shopper {index}", email=f"{number}@example.com"),
                lines=(OrderLineFact(external_id="1", title="A pan", quantity=1),),
                promised=PromisedWindow(latest_date=arrived - timedelta(days=1 if is_late else 0)),
            )
        )  # fmt: skip
        handed.append(
            FulfilmentFact(
                external_id=f"f{number}", order_external_id=str(number), tracking_numbers=(f"1Z{number}",),
                updated_at=placed,
            )
        )  # fmt: skip
        words = [S.ACCEPTED] + ([S.ADDRESSEE_UNAVAILABLE] if index % 9 == 0 else []) + [S.DELIVERED]
        reports.append(
            TrackingReport(
                tracking_number=f"1Z{number}",
                carrier="ups",
                events=tuple(
                    TrackingEventFact(
                        time=ScanTime(
                            occurred_at=noon - timedelta(hours=8 * (len(words) - 1 - step)),
                            reported="",
                            basis=TimeBasis.STATED,
                        ),
                        code=word.value,
                        sub_status=word,
                    )
                    for step, word in enumerate(words)
                ),
            )
        )
    record_orders(facts=orders, source="shop", by=BY, at=NOW)
    record_fulfilments(facts=handed, source="shop", by=BY, at=NOW)
    record_tracking(reports=reports, source="con_test", by=BY, at=NOW)


def _date(count: float) -> date:
    return day(count).date()
