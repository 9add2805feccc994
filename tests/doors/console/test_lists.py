"""The lists of orders and shipments, the order's page, and what is done from there."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.search.public import Filters, find_orders, find_parcels
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel import jobs
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.search.test_search import catch_up, scan, ship, tell_orders
from tests.doors.console.conftest import base, make_person, signed_in

DeskClient = Callable[[Role], Client]


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    """Three orders: one on its way, one in two parcels of which one is lost, one not shipped."""
    tell_orders(merchant)
    ship(merchant, 1001, "00340434161094042557")
    ship(merchant, 1002, "1Z12345E0205271688", "1Z12345E6605272234", carrier="ups")
    scan(merchant, "00340434161094042557", SubStatus.IN_TRANSIT)
    scan(merchant, "1Z12345E0205271688", SubStatus.DELIVERED)
    scan(merchant, "1Z12345E6605272234", SubStatus.LOST)
    catch_up(merchant)
    return merchant


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def labels(html: str) -> list[str]:
    return re.findall(r'<a class="row[^"]*" href="[^"]+" data-open>([^<]+)</a>', html)


def order_key(shop: Merchant, number: str) -> str:
    with merchant_scope(shop.id):
        (entry,) = find_orders(Filters(words=number)).entries
        return public_id("ord", entry.id)


def parcel_keys(shop: Merchant) -> dict[str, str]:
    with merchant_scope(shop.id):
        return {each.tracking_number: public_id("par", each.id) for each in find_parcels(Filters()).entries}


@pytest.mark.django_db
class TestLists:
    def test_orders_newest_first_with_where_they_are(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.READ_ONLY), base(shop) + "orders/")
        assert labels(html) == ["#1003", "#1002", "#1001"]
        assert [
            each in html for each in ("Exception", "in 2 parcels", "Not shipped", "Anna Müller", "€32.90")
        ] == [True] * 5

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?standing=exception", ["#1002"]),
            ("?words=Svenson", ["#1002"]),
            ("?country=PL&country=DE", ["#1003", "#1001"]),
            ("?carrier=ups", ["#1002"]),
            ("?words=nobody-at-all", []),
            ("?since=not-a-day&standing=&nonsense=1", ["#1003", "#1002", "#1001"]),
        ],
    )
    def test_filters_stand_in_the_address(
        self, shop: Merchant, desk_client: DeskClient, query: str, found: list[str]
    ) -> None:
        assert labels(shown(desk_client(Role.CARE), base(shop) + "orders/" + query)) == found

    def test_a_misspelled_word_says_so(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.CARE), base(shop) + "orders/?words=Svenson")
        assert "These are spelled alike." in html

    def test_a_piece_alone_for_htmx(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.CARE).get(
            base(shop) + "orders/", headers={"HX-Request": "true", "HX-Target": "list"}
        )
        assert (b"<html" in answer.content, labels(answer.content.decode())) == (
            False,
            ["#1003", "#1002", "#1001"],
        )

    def test_a_broken_cursor_is_told_kindly(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.CARE).get(base(shop) + "orders/?after=broken")
        assert answer.status_code == 422
        assert "Nothing is lost" in answer.content.decode()

    def test_shipments(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.WAREHOUSE), base(shop) + "shipments/?cause=carrier")
        assert labels(html) == ["1Z12345E6605272234"]

    @pytest.mark.parametrize("listing", ["orders/", "shipments/", "shoppers/"])
    def test_an_empty_list_says_what_comes_next(
        self, merchant: Merchant, desk_client: DeskClient, listing: str
    ) -> None:
        html = shown(desk_client(Role.CARE), base(merchant) + listing)
        assert 'class="empty"' in html

    @pytest.mark.parametrize("listing", ["orders/", "shipments/", "shoppers/"])
    @pytest.mark.parametrize("orders", [1, 3, 50])
    def test_queries_do_not_grow(
        self,
        merchant: Merchant,
        desk_client: DeskClient,
        django_assert_max_num_queries: DjangoAssertNumQueries,
        listing: str,
        orders: int,
    ) -> None:
        tell_orders(merchant, orders)
        for number in range(1001, 1001 + orders):
            ship(merchant, number, f"H10007300000243{number:05}")
        catch_up(merchant)
        client = desk_client(Role.READ_ONLY)
        shown(client, base(merchant) + listing)
        with django_assert_max_num_queries(26):
            shown(client, base(merchant) + listing)

    def test_another_shops_list_is_not_there(
        self, shop: Merchant, other_merchant: Merchant, desk_client: DeskClient
    ) -> None:
        assert desk_client(Role.OWNER).get(base(other_merchant) + "orders/").status_code == 404


@pytest.mark.django_db
class TestSearch:
    def test_one_order_is_gone_to_at_once(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.CARE).get(base(shop) + "search/?q=%231002")
        assert answer.headers["Location"] == f"{base(shop)}orders/{order_key(shop, '1002')}/"

    def test_several_are_listed(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.CARE).get(base(shop) + "search/?q=example.com")
        assert answer.headers["Location"] == f"{base(shop)}orders/?words=example.com"


@pytest.mark.django_db
class TestTracking:
    def test_parcels_are_stopped_and_the_way_back_works(
        self, shop: Merchant, desk_client: DeskClient
    ) -> None:
        client, keys = desk_client(Role.WAREHOUSE), parcel_keys(shop)
        chosen = [keys["1Z12345E0205271688"], keys["1Z12345E6605272234"], "par_nonsense"]
        answer = client.post(base(shop) + "shipments/stop-tracking/", {"chosen": chosen}, follow=True)
        html = answer.content.decode()
        assert "2 parcels no longer tracked." in html
        catch_up(shop)
        with merchant_scope(shop.id):
            (entry,) = find_orders(Filters(words="1002")).entries
            assert (entry.standing, entry.parcel_count) == ("", 0)
            assert [each.act for each in audit_log(limit=1)] == ["parcels.stop_tracking"]
        (undo,) = re.findall(r'<form[^>]+action="([^"]+resume-tracking/)"', html)
        assert client.post(undo, {"chosen": chosen[:2]}).status_code == 303
        catch_up(shop)
        with merchant_scope(shop.id):
            (entry,) = find_orders(Filters(words="1002")).entries
            assert (entry.standing, entry.parcel_count) == ("exception", 2)

    def test_who_may_only_look_may_not(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.READ_ONLY).post(
            base(shop) + "shipments/stop-tracking/", {"chosen": list(parcel_keys(shop).values())}
        )
        assert answer.status_code == 403
        with merchant_scope(shop.id):
            assert audit_log(limit=1) == []

    def test_another_shops_parcels_are_left_alone(self, shop: Merchant, other_merchant: Merchant) -> None:
        client = signed_in(make_person("Ada", (other_merchant, Role.OWNER)))
        client.post(
            base(other_merchant) + "shipments/stop-tracking/", {"chosen": list(parcel_keys(shop).values())}
        )
        catch_up(shop)
        with merchant_scope(shop.id):
            assert {each.parcel_count for each in find_orders(Filters()).entries} == {0, 1, 2}


@pytest.mark.django_db
class TestViews:
    def test_kept_used_dropped_and_kept_again(self, shop: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.CARE)
        address = base(shop) + "orders/views/"
        answer = client.post(address, {"name": "To Poland", "query": "country=PL&nonsense=1"})
        assert answer.headers["Location"] == f"{base(shop)}orders/?country=PL"
        html = shown(client, base(shop) + "orders/?country=PL")
        assert 'aria-current="page"><svg class="icon" aria-hidden="true"' in html
        (drop,) = re.findall(r'action="([^"]+/drop/)"', html)
        html = client.post(drop, follow=True).content.decode()
        assert "View “To Poland” dropped." in html
        assert 'name="query" value="country=PL"' in html

    def test_for_everybody_only_by_those_who_may(self, shop: Merchant, desk_client: DeskClient) -> None:
        address = base(shop) + "orders/views/"
        desk_client(Role.CARE).post(address, {"name": "Mine", "query": "", "for_all": "1"})
        desk_client(Role.OPERATIONS).post(address, {"name": "Ours", "query": "", "for_all": "1"})
        html = shown(desk_client(Role.READ_ONLY), base(shop) + "orders/")
        assert ("Ours" in html, "Mine" in html) == (True, False)

    def test_a_list_there_is_not(self, shop: Merchant, desk_client: DeskClient) -> None:
        answer = desk_client(Role.CARE).post(base(shop) + "dreams/views/", {"name": "x"}, follow=True)
        assert "There is no such list" in answer.content.decode()


@pytest.mark.django_db
class TestExports:
    def test_begun_written_downloaded_removed(self, shop: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.ANALYST)
        html = client.post(
            base(shop) + "orders/export/", {"query": "country=PL"}, follow=True
        ).content.decode()
        assert ("Waiting for its turn" in html, "Poland" in html) == (True, True)
        (key,) = re.findall(r"exp_[0-9a-z]{26}", html)[:1]
        assert client.get(f"{base(shop)}exports/{key}/file/").status_code == 404
        with merchant_scope(shop.id):
            from aftermile.capabilities.search.models import Export

            export_id = Export.rows().get().id
        jobs.run("search.export", jobs.encode(shop.id, {"export": str(export_id)}))
        html = shown(client, base(shop) + "exports/")
        assert "1 rows" in html
        answer = client.get(f"{base(shop)}exports/{key}/file/")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer.headers["Content-Length"] == str(len(content))
        assert [row["name"] for row in csv.DictReader(content.decode("utf-8-sig").splitlines())] == [
            "Łucja Nowak"
        ]
        client.post(f"{base(shop)}exports/{key}/remove/")
        assert client.get(f"{base(shop)}exports/{key}/file/").status_code == 404

    def test_a_file_is_its_owners_alone(self, shop: Merchant, desk_client: DeskClient) -> None:
        desk_client(Role.ANALYST).post(base(shop) + "orders/export/", {"query": ""})
        with merchant_scope(shop.id):
            from aftermile.capabilities.search.models import Export

            row = Export.rows().get()
        jobs.run("search.export", jobs.encode(shop.id, {"export": str(row.id)}))
        address = f"{base(shop)}exports/{public_id('exp', row.id)}/file/"
        assert desk_client(Role.OWNER).get(address).status_code == 404

    def test_care_takes_none(self, shop: Merchant, desk_client: DeskClient) -> None:
        assert desk_client(Role.CARE).post(base(shop) + "orders/export/", {"query": ""}).status_code == 403


@pytest.mark.django_db
class TestOrderPage:
    def test_the_whole_story(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.CARE), f"{base(shop)}orders/{order_key(shop, '1002')}/")
        for said in (
            "Order #1002",
            "Order placed",
            "Promised:",
            "Packed in 2 parcels",
            "Delivered",
            "Lost",
            "Exception",
        ):
            assert said in html, said
        assert "jorgen<wbr>@example.com" in html

    def test_one_part_of_it(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.CARE), f"{base(shop)}orders/{order_key(shop, '1002')}/?part=money")
        assert "Nothing of this kind has happened to this order." in html

    def test_the_warehouse_sees_no_e_mail_address(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.WAREHOUSE), f"{base(shop)}orders/{order_key(shop, '1002')}/")
        assert ("Jörgen Svensson" in html, "jorgen<wbr>@example.com" in html) == (True, False)

    @pytest.mark.parametrize("key", ["ord_nonsense", "x", "ord_01jh8x7v1mf3qav9c2tnyw5zke"])
    def test_no_such_order(self, shop: Merchant, desk_client: DeskClient, key: str) -> None:
        answer = desk_client(Role.CARE).get(f"{base(shop)}orders/{key}/")
        assert answer.status_code == 404

    def test_another_shops_order_is_not_there(self, shop: Merchant, other_merchant: Merchant) -> None:
        client = signed_in(make_person("Ada", (other_merchant, Role.OWNER)))
        key = order_key(shop, "1002")
        assert client.get(f"{base(other_merchant)}orders/{key}/").status_code == 404
        assert client.get(f"{base(shop)}orders/{key}/").status_code == 404

    def test_a_parcel_without_an_order(self, shop: Merchant, desk_client: DeskClient) -> None:
        scan(shop, "H1000730000024301038", SubStatus.IN_TRANSIT)
        catch_up(shop)
        html = shown(
            desk_client(Role.CARE), f"{base(shop)}parcels/{parcel_keys(shop)['H1000730000024301038']}/"
        )
        assert "No order here names this parcel." in html

    def test_a_shopper_with_all_of_theirs(self, shop: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.CARE)
        html = shown(client, f"{base(shop)}orders/{order_key(shop, '1001')}/")
        (address,) = set(re.findall(r'href="([^"]+/shoppers/shp_[^"]+)"', html))
        html = shown(client, address)
        assert ("anna<wbr>@example.com" in html, "#1001" in html, "#1002" in html) == (True, True, False)

    def test_shoppers_are_found_by_their_orders(self, shop: Merchant, desk_client: DeskClient) -> None:
        html = shown(desk_client(Role.CARE), base(shop) + "shoppers/?words=1003")
        assert ("Łucja Nowak" in html, "Anna Müller" in html) == (True, False)
