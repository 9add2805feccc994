"""Lists: what they show, what they are found by, and that they keep up."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import label_orders, record_orders
from aftermile.capabilities.search import queries
from aftermile.capabilities.search.filters import read_filters, write_query
from aftermile.capabilities.search.models import ExportPart, OrderEntry
from aftermile.capabilities.search.operations.exports import write_export
from aftermile.capabilities.search.operations.rebuild import rebuild_orders, rebuild_parcels
from aftermile.capabilities.search.policy import folded, forgiving, standing
from aftermile.capabilities.search.public import (
    CursorUnreadable,
    ExportNotFound,
    Filters,
    Listing,
    ViewUnusable,
    carriers_and_countries,
    count,
    count_by_standing,
    drop_export,
    drop_view,
    export,
    export_part,
    exports_of,
    find_orders,
    find_parcels,
    keep_view,
    order_export,
    saved_views,
)
from aftermile.capabilities.shipments.public import record_fulfilments, record_tracking
from aftermile.capabilities.shoppers.public import erase_shopper
from aftermile.connectors.contracts.facts import (
    Address,
    FulfilmentFact,
    ScanTime,
    ShopperFact,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.kernel import jobs
from aftermile.kernel.events import reactions, read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.orders.orders import ORDER, line
from tests.conftest import NOON

BERLIN = ZoneInfo("Europe/Berlin")
ANNA = ("Anna Müller", "anna@example.com", "DE")
PEOPLE = (ANNA, ("Jörgen Svensson", "jorgen@example.com", "SE"), ("Łucja Nowak", "lucja@example.com", "PL"))


def tell_orders(shop: Merchant, count: int = 3, *, first: int = 1001) -> None:
    facts = []
    for place in range(count):
        name, email, country = PEOPLE[place % len(PEOPLE)]
        number = first + place
        facts.append(
            replace(
                ORDER,
                external_id=str(number),
                number=f"#{number}",
                placed_at=NOON + timedelta(hours=place),
                shopper=ShopperFact(external_id=f"s{place % len(PEOPLE)}", name=name, email=email),
                shipping_address=Address(name=name, city="Stad", country=country),
                lines=(line("a"),),
            )
        )
    with merchant_scope(shop.id):
        record_orders(facts=facts, source="con_1", by="connection:con_1", at=NOON)


def ship(shop: Merchant, order: int, *numbers: str, carrier: str = "dhl") -> None:
    fact = FulfilmentFact(
        external_id=f"f{order}", order_external_id=str(order), tracking_numbers=numbers, carrier=carrier
    )
    with merchant_scope(shop.id):
        record_fulfilments(facts=[fact], source="con_1", by="connection:con_1", at=NOON)


def scan(shop: Merchant, number: str, sub_status: SubStatus, *, hours: int = 1) -> None:
    at = NOON + timedelta(hours=hours)
    event = TrackingEventFact(
        time=ScanTime(occurred_at=at, reported=at.isoformat(), basis=TimeBasis.STATED),
        code=str(sub_status),
        sub_status=sub_status,
    )
    with merchant_scope(shop.id):
        record_tracking(
            reports=[TrackingReport(tracking_number=number, events=(event,))],
            source="con_1",
            by="connection:con_1",
            at=at,
        )


def catch_up(shop: Merchant) -> None:
    """Let this room hear the whole log, as the worker would."""
    with merchant_scope(shop.id):
        heard = read(after=0)
        for name, reaction in reactions().items():
            if name.startswith("capabilities.search."):
                reaction.run([each for each in heard if each.type in reaction.types])


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    tell_orders(merchant)
    ship(merchant, 1001, "00340434161094042557")
    ship(merchant, 1002, "1Z12345E0205271688", "1Z12345E6605272234", carrier="ups")
    scan(merchant, "00340434161094042557", SubStatus.IN_TRANSIT)
    scan(merchant, "1Z12345E0205271688", SubStatus.DELIVERED)
    scan(merchant, "1Z12345E6605272234", SubStatus.LOST)
    catch_up(merchant)
    return merchant


def numbers(**given: object) -> list[str]:
    return [each.number for each in find_orders(Filters(**given)).entries]  # type: ignore[arg-type]


@pytest.mark.django_db
class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("", ["#1003", "#1002", "#1001"]),
            ("#1002", ["#1002"]),
            ("1002", ["#1002"]),
            ("anna", ["#1001"]),
            ("ANNA muell", ["#1001"]),
            ("Müller", ["#1001"]),
            ("nowak lucja", ["#1003"]),
            ("jorgen@example", ["#1002"]),
            ("1Z12345E6605272234", ["#1002"]),
            ("1z12345e66", ["#1002"]),
            ("00340434161094042557", ["#1001"]),
            ("%", []),
            ("\x00", ["#1003", "#1002", "#1001"]),
        ],
    )
    def test_by_anything(self, shop: Merchant, typed: str, found: list[str]) -> None:
        with merchant_scope(shop.id):
            assert numbers(words=typed) == found

    @pytest.mark.parametrize("typed", ["Svenson", "jorgn", "swensson", "anna mueler"])
    def test_typing_errors_are_forgiven(self, shop: Merchant, typed: str) -> None:
        with merchant_scope(shop.id):
            page = find_orders(Filters(words=typed))
        expected = "#1001" if "anna" in typed else "#1002"
        assert ([each.number for each in page.entries], page.similar) == ([expected], True)

    def test_what_is_nowhere_is_not_found(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            page = find_orders(Filters(words="qqqqqq"))
        assert (page.entries, page.after, page.similar) == ((), "", False)

    def test_an_order_is_listed_under_its_worst_parcel(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            assert {
                each.number: (each.standing, each.parcel_count) for each in find_orders(Filters()).entries
            } == {
                "#1001": ("in_transit", 1),
                "#1002": ("exception", 2),
                "#1003": ("", 0),
            }

    @pytest.mark.parametrize(
        ("narrowed", "found"),
        [
            ({"standing": ("exception",)}, ["#1002"]),
            ({"standing": ("none", "in_transit")}, ["#1003", "#1001"]),
            ({"country": ("PL", "DE")}, ["#1003", "#1001"]),
            ({"carrier": ("ups",)}, ["#1002"]),
            ({"since": NOON + timedelta(minutes=1)}, ["#1003", "#1002"]),
            ({"until": NOON + timedelta(minutes=1)}, ["#1001"]),
            ({"late": date(2026, 3, 20)}, ["#1003", "#1002", "#1001"]),
            ({"late": date(2026, 3, 2)}, []),
            ({"words": "a", "standing": ("delivered",)}, []),
        ],
    )
    def test_filters(self, shop: Merchant, narrowed: dict[str, object], found: list[str]) -> None:
        with merchant_scope(shop.id):
            assert numbers(**narrowed) == found

    def test_what_the_other_list_is_narrowed_to_narrows_nothing(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            assert len(numbers(cause=("carrier",), direction="return")) == 3
            of_orders = Filters(state=("open",), late=date(2026, 3, 20), label=("VIP",))
            assert len(find_parcels(of_orders).entries) == 3
            assert count(Listing.PARCELS, of_orders) == 3

    def test_labels(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            found = {each.number: each.id for each in find_orders(Filters()).entries}
            label_orders(order_ids=[found["#1001"], found["#1003"]], add=["VIP"], by="staff:1", at=NOON)
            label_orders(order_ids=[found["#1003"]], add=["50% off", "VIP two"], by="staff:1", at=NOON)
        catch_up(shop)
        with merchant_scope(shop.id):
            assert [each.labels for each in find_orders(Filters()).entries] == [
                ("50% off", "VIP", "VIP two"), (), ("VIP",),
            ]  # fmt: skip
            narrowed = {
                label: numbers(label=(label,)) for label in ("VIP", "VIP two", "50% off", "VI", "%", "")
            }
            assert numbers(label=("VIP", "50% off"), country=("PL",)) == ["#1003"]
            assert count(Listing.ORDERS, Filters(label=("VIP",))) == 2
            assert numbers(label=("VIP",), words="anna") == ["#1001"]
            label_orders(order_ids=list(found.values()), remove=["vip"], by="staff:1", at=NOON)
        assert narrowed == {
            "VIP": ["#1003", "#1001"], "VIP two": ["#1003"], "50% off": ["#1003"], "VI": [], "%": [], "": [],
        }  # fmt: skip
        catch_up(shop)
        with merchant_scope(shop.id):
            assert numbers(label=("VIP",)) == []

    def test_parcels(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            (lost,) = find_parcels(Filters(standing=("exception",))).entries
            assert (lost.tracking_number, lost.order_number, lost.name, lost.sub_status) == (
                "1Z12345E6605272234",
                "#1002",
                "Jörgen Svensson",
                "lost",
            )
            assert len(find_parcels(Filters(words="svensson")).entries) == 2

    def test_counts(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            by_standing = count_by_standing(Listing.ORDERS, Filters(standing=("delivered",)))
            assert {name: each for name, each in by_standing.items() if each} == {
                "": 1, "in_transit": 1, "exception": 1,
            }  # fmt: skip
            assert count(Listing.PARCELS, Filters()) == 3
            assert carriers_and_countries(Listing.ORDERS) == (("dhl", "ups"), ("DE", "PL", "SE"))

    def test_pages_hold_every_order_once(self, shop: Merchant) -> None:
        tell_orders(shop, 20, first=2001)
        catch_up(shop)
        seen, after = [], ""
        with merchant_scope(shop.id):
            while True:
                page = find_orders(Filters(), after=after, limit=4)
                seen += [each.number for each in page.entries]
                if not (after := page.after):
                    break
        assert len(seen) == 23
        assert len(set(seen)) == 23

    def test_pages_of_what_is_spelled_alike(self, shop: Merchant) -> None:
        tell_orders(shop, 9, first=2001)
        catch_up(shop)
        with merchant_scope(shop.id):
            first = find_orders(Filters(words="Svenson"), limit=2)
            rest = find_orders(Filters(words="Svenson"), after=first.after, limit=2)
        assert (first.similar, rest.similar, len(first.entries), len(rest.entries)) == (True, True, 2, 2)

    @pytest.mark.parametrize("cursor", ["x", "~", "2026-01-01~x", "similar~", "~~~"])
    def test_a_broken_cursor_says_so(self, shop: Merchant, cursor: str) -> None:
        with merchant_scope(shop.id), pytest.raises(CursorUnreadable):
            find_orders(Filters(words="x"), after=cursor)

    @pytest.mark.parametrize("orders", [1, 3, 50])
    def test_statements_do_not_grow(
        self, merchant: Merchant, django_assert_max_num_queries: DjangoAssertNumQueries, orders: int
    ) -> None:
        tell_orders(merchant, orders)
        catch_up(merchant)
        with merchant_scope(merchant.id), django_assert_max_num_queries(2):
            assert len(find_orders(Filters()).entries) == orders


@pytest.mark.django_db
class TestKeepingUp:
    def test_an_erased_shopper_is_in_no_list(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            (entry,) = find_orders(Filters(words="anna")).entries
            assert entry.shopper_id is not None
            erase_shopper(shopper_id=entry.shopper_id, by="staff:1", at=NOON)
        for reaction in (
            "capabilities.orders.erase_from_orders",
            "capabilities.shipments.erase_from_shipments",
        ):
            with merchant_scope(shop.id):
                told = reactions()[reaction]
                told.run([each for each in read(after=0) if each.type in told.types])
        catch_up(shop)
        with merchant_scope(shop.id):
            assert numbers(words="anna") == []
            assert OrderEntry.rows().filter(words__contains="anna").count() == 0

    def test_a_change_of_parcels_is_seen(self, shop: Merchant) -> None:
        scan(shop, "00340434161094042557", SubStatus.DELIVERED, hours=9)
        catch_up(shop)
        with merchant_scope(shop.id):
            assert numbers(standing=("delivered",)) == ["#1001"]

    def test_made_again_they_are_the_same(self, shop: Merchant) -> None:
        record = TrackingReport(tracking_number="H1000730000024301038", events=())
        with merchant_scope(shop.id):
            record_tracking(reports=[record], source="con_1", by="connection:con_1", at=NOON)
        catch_up(shop)
        with merchant_scope(shop.id):
            before = find_orders(Filters()), find_parcels(Filters())
            OrderEntry.rows().delete()
        for make in (rebuild_orders, rebuild_parcels):
            after = None
            while True:
                with merchant_scope(shop.id):
                    after = make(after=after, limit=2)
                if after is None:
                    break
        with merchant_scope(shop.id):
            assert (find_orders(Filters()), find_parcels(Filters())) == before

    def test_another_shop_sees_none_of_it(self, shop: Merchant, other_merchant: Merchant) -> None:
        with merchant_scope(other_merchant.id):
            assert find_orders(Filters()).entries == ()
            assert find_parcels(Filters(words="svensson")).entries == ()
            assert carriers_and_countries(Listing.PARCELS) == ((), ())


@pytest.mark.django_db
class TestViews:
    def test_a_view_is_kept_once_per_name_and_owner(self, merchant: Merchant) -> None:
        owner, other = uuid7(), uuid7()
        with merchant_scope(merchant.id):
            keep_view(listing=Listing.ORDERS, name=" My  view", query="?late=1", owner_id=owner, at=NOON)
            kept = keep_view(
                listing=Listing.ORDERS, name="My view", query="late=1&country=SE", owner_id=owner, at=NOON
            )
            everybodys = keep_view(listing=Listing.ORDERS, name="My view", query="", owner_id=None, at=NOON)
            keep_view(listing=Listing.ORDERS, name="My view", query="", owner_id=None, at=NOON)
            assert {view.id for view in saved_views(Listing.ORDERS, owner_id=owner)} == {
                kept.id,
                everybodys.id,
            }
            assert saved_views(Listing.ORDERS, owner_id=other) == [everybodys]
            assert drop_view(view_id=kept.id, owner_id=other) is None
            assert drop_view(view_id=kept.id, owner_id=owner) == kept
            assert saved_views(Listing.ORDERS, owner_id=owner) == [everybodys]

    @pytest.mark.parametrize("name", ["", "   ", "x" * 61])
    def test_a_view_needs_a_name(self, merchant: Merchant, name: str) -> None:
        with merchant_scope(merchant.id), pytest.raises(ViewUnusable):
            keep_view(listing=Listing.ORDERS, name=name, query="", owner_id=None, at=NOON)


@pytest.mark.django_db
class TestExports:
    def test_a_file_holds_the_rows_of_its_query(
        self, shop: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("aftermile.capabilities.search.operations.exports._ROWS_AT_ONCE", 2)
        with merchant_scope(shop.id):
            (first,) = find_orders(Filters(words="1001")).entries
            label_orders(order_ids=[first.id], add=["VIP", "gift wrap"], by="staff:1", at=NOON)
        catch_up(shop)
        with merchant_scope(shop.id):
            asked = order_export(
                listing=Listing.ORDERS, query="?country=PL,DE,SE", wanted_by="staff:1", at=NOON
            )
        assert (asked.status, asked.expected_count) == ("waiting", 3)
        lots = 0
        more = True
        while more:
            with merchant_scope(shop.id):
                more = write_export(export_id=asked.id, at=NOON)
            lots += 1
        with merchant_scope(shop.id):
            done = export(asked.id)
            assert write_export(export_id=asked.id, at=NOON) is False
            content = b"".join(part for place in range(3) if (part := export_part(asked.id, place)))
            assert exports_of("staff:1") == [done]
            assert exports_of("staff:2") == []
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
        assert (lots, done.status, done.row_count, done.byte_count) == (2, "ready", 3, len(content))
        assert [(row["number"], row["total"], row["name"], row["labels"]) for row in rows][2] == (
            "#1001",
            "32.90",
            "Anna Müller",
            "gift wrap, VIP",
        )

    def test_cells_are_no_formulas(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            evil = replace(ORDER, shopper=ShopperFact(external_id="x", name="=HYPERLINK(1)"))
            record_orders(facts=[evil], source="con_1", by="connection:con_1", at=NOON)
        catch_up(merchant)
        with merchant_scope(merchant.id):
            asked = order_export(listing=Listing.ORDERS, query="", wanted_by="staff:1", at=NOON)
            write_export(export_id=asked.id, at=NOON)
            (row,) = csv.DictReader((export_part(asked.id, 0) or b"").decode("utf-8-sig").splitlines())
        assert row["name"] == "'=HYPERLINK(1)"

    def test_one_that_cannot_be_written_says_so_and_is_not_tried_for_ever(
        self, shop: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(*_: object, **__: object) -> bytes:
            raise ZeroDivisionError

        with merchant_scope(shop.id):
            asked = order_export(listing=Listing.ORDERS, query="", wanted_by="staff:1", at=NOON)
        job = ("search.export", jobs.encode(shop.id, {"export": str(asked.id)}))
        monkeypatch.setattr("aftermile.capabilities.search.operations.exports._csv", break_down)
        with pytest.raises(ZeroDivisionError):
            jobs.run(*job)
        jobs.run(*job)
        with merchant_scope(shop.id):
            done = export(asked.id)
        assert (done.status, done.problem) == ("failed", "Something went wrong on our side.")

    def test_the_job_writes_to_the_end(self, shop: Merchant) -> None:
        with merchant_scope(shop.id):
            asked = order_export(listing=Listing.PARCELS, query="", wanted_by="staff:1", at=NOON)
        jobs.run("search.export", jobs.encode(shop.id, {"export": str(asked.id)}))
        with merchant_scope(shop.id):
            assert export(asked.id).status == "ready"
            drop_export(export_id=asked.id, wanted_by="staff:1")
            assert ExportPart.rows().count() == 0
            with pytest.raises(ExportNotFound):
                drop_export(export_id=asked.id, wanted_by="staff:1")


class TestAddresses:
    @given(
        st.builds(
            Filters,
            words=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=50).map(
                str.strip
            ),
            standing=st.lists(st.sampled_from(Milestone), unique=True, max_size=3).map(tuple),
            country=st.lists(st.sampled_from(["DE", "SE"]), unique=True).map(tuple),
            label=st.lists(st.sampled_from(["VIP", "50% off & more"]), unique=True).map(tuple),
            direction=st.sampled_from(["", "return"]),
            since=st.none() | st.just(datetime(2026, 3, 1, tzinfo=BERLIN)),
            until=st.none() | st.just(datetime(2026, 3, 30, tzinfo=BERLIN)),
            late=st.none() | st.just(date(2026, 3, 5)),
        )
    )
    def test_filters_stand_in_an_address(self, filters: Filters) -> None:
        assert read_filters(write_query(filters, zone=BERLIN), today=date(2026, 3, 5), zone=BERLIN) == filters

    @given(st.text(max_size=200))
    def test_any_query_is_read(self, query: str) -> None:
        read_filters(query, today=date(2026, 3, 5), zone=BERLIN)


@pytest.mark.parametrize(
    ("milestones", "listed"),
    [
        ([], ""),
        (["delivered"], "delivered"),
        (["delivered", "in_transit"], "in_transit"),
        (["unheard_of"], "unheard_of"),
    ],
)
def test_standing(milestones: list[str], listed: str) -> None:
    assert standing(milestones) == listed


@example("𝐴")
@example("ǽ")
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("words", "alike", "exact"),
    [
        (["anderson"], ["anderson"], []),
        (["rae", "ekberg"], ["rae", "ekberg"], []),
        (["rae.ekberg12@example.org"], ["rae", "ekberg"], ["12"]),
        (["mf-10482"], [], ["mf", "10482"]),
        (["jd00000000012345"], [], ["jd", "00000000012345"]),
        (["东京"], [], ["东京"]),
    ],
)
def test_names_may_be_misspelled_and_numbers_may_not(
    words: list[str], alike: list[str], exact: list[str]
) -> None:
    assert forgiving(words) == (alike, exact)


def test_counts_with_words_stop_together(in_scope: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNTED_AT_MOST", 3)
    for milestone in ["delivered", "in_transit"] * 4:
        OrderEntry(standing=milestone, placed_at=NOON, words="vase").save()
    assert sum(count_by_standing(Listing.ORDERS, Filters(words="vase")).values()) == 3
    unlimited = count_by_standing(Listing.ORDERS, Filters())
    assert (unlimited["delivered"], unlimited["in_transit"]) == (3, 3)
