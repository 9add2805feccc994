"""Files come in whole, once, and a broken row costs only itself."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from aftermile.capabilities.orders.models import Order, OrderLine
from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.shoppers.models import Shopper
from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.connectors.files.cells import Conventions
from aftermile.intake.models import ImportFile, ImportProblem, ImportRun
from aftermile.intake.operations.prune import prune_imports
from aftermile.intake.public import (
    GivenFile,
    Imported,
    ImportNotFound,
    erase_bodies,
    files_of_import,
    given_file,
    import_run,
    keep_files,
    run_import,
    start_import,
    unknown_words,
)
from aftermile.kernel.events import latest_position
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.shared_data import shared_data

pytestmark = pytest.mark.django_db

ORDERS = b"""order number,created at,currency,total,e-mail,product,quantity,price
100,2026-03-01 10:00,EUR,30.00,rae@example.org,The Long Way,1,10.00
100,2026-03-01 10:00,EUR,30.00,rae@example.org,The Short Cut,2,10.00
101,never,EUR,10.00,lin@example.org,The Long Way,1,10.00
102,2026-03-02 11:00,EUR,ten,ona@example.org,The Long Way,1,10.00
103,2026-03-02 12:00,EUR,10.00,ida@example.org,The Long Way,1,10.00
"""


def bring_in(merchant: Merchant, *files: GivenFile, time_zone: str = "Europe/Berlin") -> Imported:
    with merchant_scope(merchant.id):
        import_id = keep_files(
            name="test",
            files=files,
            by="staff:1",
            at=NOON,
            conventions=Conventions(currency="EUR", time_zone=time_zone),
        )
    return run_import(merchant.id, import_id)


def test_broken_rows_are_told_with_their_line_and_stop_no_other(merchant: Merchant) -> None:
    done = bring_in(merchant, given_file("orders.csv", ORDERS))
    assert [(problem.line, problem.file) for problem in done.problems] == [
        (4, "orders.csv"),
        (5, "orders.csv"),
    ]
    with merchant_scope(merchant.id):
        orders = {each.number: len(each.lines) for each in list_orders(limit=9)}
        stored = list(ImportProblem.rows().order_by("line").values_list("line", "reason"))
    assert orders == {"100": 2, "103": 1}
    assert [line for line, _ in stored] == [4, 5]
    assert all(reason for _, reason in stored)


def test_words_nobody_knows_are_counted(merchant: Merchant) -> None:
    body = b"""order number,created at,currency,total,status
1,2026-03-01,EUR,1.00,being knitted
2,2026-03-01,EUR,1.00,being knitted
3,2026-03-01,EUR,1.00,completed
"""
    word = UnknownWord(what="order status", word="being knitted")
    assert bring_in(merchant, given_file("orders.csv", body)).unknown == {word: 2}
    bring_in(merchant, given_file("orders.csv", body))
    with merchant_scope(merchant.id):
        (seen,) = unknown_words()
    assert (seen.connection_id, seen.what, seen.word, seen.count) == (None, word.what, word.word, 4)


def test_a_second_run_changes_nothing(merchant: Merchant) -> None:
    bring_in(merchant, given_file("orders.csv", ORDERS))
    with merchant_scope(merchant.id):
        before = latest_position()
    bring_in(merchant, given_file("orders.csv", ORDERS))
    with merchant_scope(merchant.id):
        assert latest_position() == before
        assert Order.rows().count() == 2


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_the_olist_sample_comes_in_whole(merchant: Merchant) -> None:
    """Every order, line and shopper of the real tables once; a second run changes nothing."""
    folder = shared_data("olist_relational_sample")
    names = ["customers", "orders", "order_items", "products"]
    paths = {name: folder / f"olist_{name}_dataset.csv" for name in names}
    files = [given_file(path.name, path.read_bytes()) for path in paths.values()]
    done = bring_in(merchant, *files, time_zone="America/Sao_Paulo")
    orders, items = rows_of(paths["orders"]), rows_of(paths["order_items"])
    order_ids = {row["order_id"] for row in orders} | {row["order_id"] for row in items}
    person_of = {row["customer_id"]: row["customer_unique_id"] for row in rows_of(paths["customers"])}
    persons = {person_of[row["customer_id"]] for row in orders if row["customer_id"] in person_of}
    assert done.problems == []
    with merchant_scope(merchant.id):
        assert set(Order.rows().values_list("external_id", flat=True)) == order_ids
        assert Order.rows().count() == len(order_ids)
        assert OrderLine.rows().count() == len(items)
        assert Shopper.rows().count() == len(persons)
        before = latest_position()
    bring_in(merchant, *files, time_zone="America/Sao_Paulo")
    with merchant_scope(merchant.id):
        assert (Order.rows().count(), OrderLine.rows().count(), Shopper.rows().count()) == (
            len(order_ids),
            len(items),
            len(persons),
        )
        assert latest_position() == before


def test_retention_removes_files_and_reports_but_none_that_is_being_read(merchant: Merchant) -> None:
    bring_in(merchant, given_file("orders.csv", ORDERS))
    with merchant_scope(merchant.id):
        waiting = keep_files(name="waiting", files=[given_file("orders.csv", ORDERS)], by="staff:1", at=NOON)
    with merchant_scope(merchant.id):
        assert prune_imports(before=NOON) == 0
        assert prune_imports(before=NOON + timedelta(seconds=1)) == 1
    with merchant_scope(merchant.id):
        assert list(ImportRun.rows().values_list("id", flat=True)) == [waiting]
        assert (ImportFile.rows().count(), ImportProblem.rows().count()) == (1, 0)
        assert Order.rows().count() == 2


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_an_erased_person_is_in_no_kept_file(merchant: Merchant, other_merchant: Merchant, code: str) -> None:
    body = ORDERS.decode().replace("lin@", "Lin@").encode(code)
    for shop in (merchant, other_merchant):
        bring_in(
            shop, given_file("orders.csv", body), given_file("more.csv", ORDERS.replace(b"lin@", b"bo@"))
        )
    with merchant_scope(merchant.id):
        assert erase_bodies(words=["lin@example.org"]) == 1
    with merchant_scope(merchant.id):
        assert list(ImportFile.rows().values_list("name", flat=True)) == ["more.csv"]
        assert set(ImportProblem.rows().values_list("file_name", flat=True)) == {"more.csv"}
    with merchant_scope(other_merchant.id):
        assert ImportFile.rows().count() == 2


def test_an_import_without_its_files_says_so(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        import_id = keep_files(
            name="x", files=[given_file("orders.csv", ORDERS)], by="staff:1", at=NOON, is_draft=True
        )
        erase_bodies(words=["lin@example.org"])
        with pytest.raises(ImportNotFound, match="are gone"):
            start_import(import_id=import_id)
    assert import_run_status(merchant) == "draft"


def import_run_status(merchant: Merchant) -> str:
    with merchant_scope(merchant.id):
        return ImportRun.rows().get().status


def test_a_long_file_is_shown_by_its_first_rows(merchant: Merchant) -> None:
    rows = "".join(f"{n},2026-03-01 10:00,1.00,ünï {n}\n" for n in range(20_000))
    body = ("order number,created at,total,note\n" + rows).encode()
    with merchant_scope(merchant.id):
        import_id = keep_files(
            name="long", files=[given_file("long.csv", body)], by="staff:1", at=NOON, is_draft=True
        )
        view = import_run(import_id)
        (file,) = files_of_import(import_id, conventions=Conventions(currency="EUR"))
    assert (view.row_count, file.byte_count, len(file.facts)) == (20_001, len(body), 20)
    assert (file.samples["note"], file.problems, file.missing) == ("ünï 0", (), ())
