"""Labels on orders: in the list, on an order's page, in the address, in views."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import labels_in_use
from aftermile.capabilities.search.public import Filters, find_orders
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.search.test_search import catch_up, tell_orders
from tests.doors.console.conftest import base, make_person, signed_in
from tests.doors.console.test_lists import labels as numbers
from tests.doors.console.test_lists import shown

DeskClient = Callable[[Role], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    """Three orders, of which no parcel is known."""
    tell_orders(merchant)
    catch_up(merchant)
    return merchant


def keys(shop: Merchant) -> dict[str, str]:
    with merchant_scope(shop.id):
        return {each.number: public_id("ord", each.id) for each in find_orders(Filters()).entries}


def labels_of(shop: Merchant) -> dict[str, tuple[str, ...]]:
    catch_up(shop)
    with merchant_scope(shop.id):
        return {each.number: each.labels for each in find_orders(Filters()).entries if each.labels}


def undo_of(page: str) -> tuple[str, dict[str, list[str]]]:
    """Read the form that takes the last act back."""
    address, inside = re.findall(
        r'<div class="toast".*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.S
    )[-1]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', inside):
        fields.setdefault(name, []).append(html.unescape(value))
    return address, fields


class TestActs:
    def test_put_on_in_bulk_and_back_again(self, shop: Merchant, desk_client: DeskClient) -> None:
        client, order = desk_client(Role.CARE), keys(shop)
        address = base(shop) + "orders/label/"
        client.post(address, {"chosen": [order["#1001"]], "label": "VIP"})
        answer = client.post(
            address, {"chosen": [*order.values(), "par_x", "ord_nonsense"], "label": "vip"}, follow=True
        )
        page = answer.content.decode()
        assert "Put “VIP” on 2 orders." in page
        assert shown(client, base(shop) + "orders/").count('class="label-of"') == 3
        assert labels_of(shop) == {"#1003": ("VIP",), "#1002": ("VIP",), "#1001": ("VIP",)}
        undo, fields = undo_of(page)
        assert sorted(fields["chosen"]) == sorted([order["#1002"], order["#1003"]])
        assert "Took “VIP” off 2 orders." in client.post(undo, fields, follow=True).content.decode()
        assert labels_of(shop) == {"#1001": ("VIP",)}
        with merchant_scope(shop.id):
            noted = [(each.act, each.subject, each.summary) for each in audit_log(limit=5)]
        assert noted == [
            ("orders.unlabel", "", "Took “VIP” off 2 orders."),
            ("orders.label", "", "Put “VIP” on 2 orders."),
            ("orders.label", order["#1001"], "Put “VIP” on 1 order."),
        ]

    def test_what_is_there_already_is_said_and_not_noted(
        self, shop: Merchant, desk_client: DeskClient
    ) -> None:
        client, chosen = desk_client(Role.OPERATIONS), [keys(shop)["#1001"]]
        client.post(base(shop) + "orders/label/", {"chosen": chosen, "label": "VIP"})
        again = client.post(
            base(shop) + "orders/label/", {"chosen": chosen, "label": "VIP"}, follow=True
        ).content.decode()
        assert "“VIP” is there already" in again
        with merchant_scope(shop.id):
            assert [each.act for each in audit_log(limit=5)] == ["orders.label"]

    @pytest.mark.parametrize("label", ["", "a,b", "x" * 41])
    def test_what_is_no_label_is_refused_kindly(
        self, shop: Merchant, desk_client: DeskClient, label: str
    ) -> None:
        answer = desk_client(Role.CARE).post(
            base(shop) + "orders/label/", {"chosen": list(keys(shop).values()), "label": label}, follow=True
        )
        assert "A label is 1 to 40 characters long and has no comma." in answer.content.decode()
        assert labels_of(shop) == {}

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.READ_ONLY, Role.MARKETING, Role.ANALYST])
    def test_who_does_not_work_on_orders_may_not(
        self, shop: Merchant, desk_client: DeskClient, role: Role
    ) -> None:
        client, order = desk_client(role), keys(shop)
        for address in ("orders/label/", "orders/unlabel/"):
            answer = client.post(base(shop) + address, {"chosen": list(order.values()), "label": "VIP"})
            assert answer.status_code == 403
        assert labels_of(shop) == {}
        assert 'name="chosen"' not in shown(client, base(shop) + "orders/")
        assert "Put on" not in shown(client, f"{base(shop)}orders/{order['#1001']}/")

    def test_another_shops_orders_are_left_alone(self, shop: Merchant, other_merchant: Merchant) -> None:
        client = signed_in(make_person("Ada", (other_merchant, Role.OWNER)))
        chosen = {"chosen": list(keys(shop).values()), "label": "VIP"}
        client.post(base(other_merchant) + "orders/label/", chosen)
        assert client.post(base(shop) + "orders/label/", chosen).status_code == 404
        assert labels_of(shop) == {}
        with merchant_scope(other_merchant.id):
            assert labels_in_use() == []

    def test_queries_do_not_grow(
        self,
        merchant: Merchant,
        desk_client: DeskClient,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        tell_orders(merchant, 50)
        catch_up(merchant)
        client, chosen = desk_client(Role.CARE), list(keys(merchant).values())
        for count in (1, 3, 50):
            with django_assert_max_num_queries(28):
                client.post(
                    base(merchant) + "orders/label/", {"chosen": chosen[:count], "label": f"for {count}"}
                )


class TestWhereTheyAreSeen:
    def test_in_the_list_its_filter_and_a_view(self, shop: Merchant, desk_client: DeskClient) -> None:
        client, order = desk_client(Role.CARE), keys(shop)
        client.post(base(shop) + "orders/label/", {"chosen": [order["#1002"]], "label": "50% & more"})
        catch_up(shop)
        page = shown(client, base(shop) + "orders/")
        (link,) = re.findall(r'<a class="label-of" href="([^"]+)">', page)
        assert "50% &amp; more (1)" in page
        narrowed = shown(client, link)
        assert (numbers(narrowed), "labeled 50% &amp; more" in narrowed) == (["#1002"], True)
        query = link.partition("?")[2]
        kept = client.post(base(shop) + "orders/views/", {"name": "Cheap", "query": query})
        assert numbers(shown(client, kept.headers["Location"])) == ["#1002"]

    def test_on_the_orders_page_with_its_story(self, shop: Merchant, desk_client: DeskClient) -> None:
        client, order = desk_client(Role.CARE), keys(shop)
        address = f"{base(shop)}orders/{order['#1002']}/"
        client.post(
            base(shop) + "orders/label/",
            {"chosen": [order["#1002"]], "label": "VIP"},
            headers={"Referer": address},
        )
        page = shown(client, address)
        assert ("Put “VIP” on 1 order." in page, 'aria-label="Take VIP off"' in page) == (True, True)
        assert 'aria-label="Take VIP off"' not in shown(desk_client(Role.READ_ONLY), address)

    @pytest.mark.parametrize("orders", [1, 3, 50])
    def test_the_list_asks_no_more_for_labels(
        self,
        merchant: Merchant,
        desk_client: DeskClient,
        django_assert_max_num_queries: DjangoAssertNumQueries,
        orders: int,
    ) -> None:
        tell_orders(merchant, orders)
        catch_up(merchant)
        client = desk_client(Role.CARE)
        client.post(
            base(merchant) + "orders/label/", {"chosen": list(keys(merchant).values()), "label": "VIP"}
        )
        catch_up(merchant)
        with django_assert_max_num_queries(28):
            page = shown(client, base(merchant) + "orders/?label=VIP")
        assert page.count('class="label-of"') == orders
