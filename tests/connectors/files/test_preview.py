from __future__ import annotations

from aftermile.connectors.contracts.facts import OrderFact, UnknownWord
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping
from aftermile.connectors.files.preview import Preview, preview
from aftermile.connectors.files.problems import RowProblem
from tests.connectors.files.sources import EUROS, table

CONTENT = "order_id,order date,status,internal\n1,2026-11-02,odd,x\n2,soon,paid,x\n3,2026-11-02,paid,x\n"
MAPPING = ColumnMapping(
    kind=FileKind.ORDERS, columns={"order_id": "order_id", "placed_at": "order date", "status": "status"}
)


def test_a_preview_shows_the_first_rows_and_what_is_wrong_or_left_over() -> None:
    found = preview(table(CONTENT), MAPPING, rows=2, conventions=EUROS)

    assert [fact.external_id for fact in found.facts if isinstance(fact, OrderFact)] == ["1"]
    assert found.problems == (
        RowProblem(
            file="shop.csv",
            line=3,
            reason="'soon' is no date such as 2026-11-21 or 21.11.2026 14:30",
            column="order date",
        ),
    )
    assert (found.unmapped_columns, found.missing_required) == (("internal",), ())
    assert found.unknown == (UnknownWord(what="order status", word="odd"),)


def test_a_preview_says_what_is_missing_instead_of_refusing() -> None:
    mapping = ColumnMapping(kind=FileKind.TRACKING_EVENTS, columns={})
    assert preview(table(CONTENT), mapping) == Preview(
        unmapped_columns=("order_id", "order date", "status", "internal"),
        missing_required=("tracking_numbers or shipment_id", "occurred_at"),
    )
