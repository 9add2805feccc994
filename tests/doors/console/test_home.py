"""The console's home: what needs a person is seen, worked through and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.exceptions.public import (
    Group,
    Kind,
    State,
    dismiss,
    exceptions_of,
    thresholds,
    watch,
)
from aftermile.capabilities.search.public import Filters, find_orders
from aftermile.capabilities.shipments.public import parcels_by_number
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.intake.models import InboundRecord
from aftermile.intake.public import Arrival, ConnectionView, RecordStatus, digest, keep_all
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day
from tests.doors.console.conftest import base, make_person, signed_in
from tests.doors.console.home_shop import NOW, Case, hub, open_shop
from tests.intake.shop import connect_shopify

DeskClient = Callable[[Role], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Monday morning."""
    monkeypatch.setattr("aftermile.doors.console.staff_only.now", lambda: NOW)


@pytest.fixture
def shop(merchant: Any) -> Any:
    open_shop(merchant, delivered=False)
    return merchant


@pytest.fixture
def four_weeks(merchant: Any) -> Any:
    """The same shop with four weeks of deliveries behind it."""
    open_shop(merchant)
    return merchant


@pytest.fixture
def nadia(shop: Any) -> Client:
    return signed_in(make_person("Nadia", (shop, Role.CARE)))


def shown(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def headings(html: str) -> list[tuple[str, int]]:
    return [
        (name, int(count)) for name, count in re.findall(r'<h2 id="[^"]+">([^<]+)<span class="n">(\d+)', html)
    ]


def rows(html: str) -> list[str]:
    """The orders in the list, from the top."""
    return re.findall(r'form="bulk" aria-label="Choose (MF-[^"]+)"', html)


def box(html: str, order: str) -> str:
    """What the form sends for a row that is chosen."""
    found = re.search(rf'value="(exc_[^"]+)" form="bulk" aria-label="Choose {order}"', html)
    assert found is not None
    return found.group(1)


def do(client: Client, shop: Any, act: str, *chosen: str, **fields: str) -> Any:
    data = {"act": act, "chosen": chosen, "back": base(shop), **fields}
    return client.post(f"{base(shop)}exceptions/act/", data)


def exceptions_on(shop: Any, order: str) -> list[Any]:
    with merchant_scope(shop.id):
        (entry,) = find_orders(Filters(words=order)).entries
        return exceptions_of(order_ids=[entry.id])


def said(client: Client, shop: Any) -> str:
    (toast,) = re.findall(r'<div class="toast".*?</div>', shown(client, base(shop)), re.DOTALL)
    return plain(toast)


class TestWhatIsSeen:
    def test_the_sentence_the_figures_and_the_groups(self, four_weeks: Any) -> None:
        nadia = signed_in(make_person("Nadia", (four_weeks, Role.CARE)))
        html = shown(nadia, base(four_weeks))
        assert "<h1>19 things need a person</h1>" in html
        assert headings(html) == [
            ("Late", 7), ("Waiting for the shopper", 3), ("Stuck", 3), ("Held at customs", 1),
            ("Not handed over", 2), ("Lost, damaged or coming back", 3),
        ]  # fmt: skip
        assert re.findall(r"(Everything|Mine|Nobody’s|Put off until later|Done today) (\d+)</a>", html) == [
            ("Everything", "19"), ("Mine", "0"), ("Nobody’s", "19"), ("Put off until later", "0"), ("Done today", "0"),
        ]  # fmt: skip
        text = plain(html)
        for words in ("Promises kept 68.6 %", "Order to door, median 4.1 days", "24 of 35 promised parcels"):
            assert words in text
        assert 'id="n-home">19</span>' in html

    def test_a_row_says_what_happened_and_the_drawing_says_it_in_words(
        self, nadia: Client, shop: Any
    ) -> None:
        text = plain(shown(nadia, base(shop)))
        for words in (
            "5 days late due by Mar 13 MF-20301 Priya Raman In Louisville yesterday; UPS says Wednesday. Not told yet",
            "Promised Mar 11–13, now expected Mar 18",
            "UPS yesterday in Denver: “The address has no unit number.”",
            "Probably lost silent 10 days MF-20311 Eleanor Voss Last seen on Mar 6 in Elizabeth, with FedEx.",
            "Silent for 5 days; unusual from 5 days on",
            "Never picked up label 7 days old",
            "Linen tablecloth. Nothing of it was shipped yet.",
        ):
            assert words in text

    def test_a_group_goes_on_where_the_first_five_end(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, base(shop))
        assert "2 more" in html
        (more,) = re.findall(r'class="more" href="([^"]+)"', html)
        assert more == f"{base(shop)}?group=tell_the_shopper"
        assert rows(shown(nadia, more)) == [
            "MF-20301", "MF-20306", "MF-20307", "MF-20303", "MF-20302", "MF-20305", "MF-20304",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=priya", ["MF-20301"]),
            ("q=MF-20311", ["MF-20311"]),
            ("q=1Z20315", ["MF-20315"]),
            ("carrier=dhl", ["MF-20314"]),
            ("q=voss&carrier=ups", []),
            ("tab=mine", []),
            ("group=send_papers", ["MF-20314"]),
            ("group=nonsense&tab=nonsense&after=nonsense&carrier=dhl", ["MF-20314"]),
        ],
    )
    def test_the_address_says_what_is_shown(
        self, nadia: Client, shop: Any, query: str, found: list[str]
    ) -> None:
        html = shown(nadia, f"{base(shop)}?{query}")
        assert rows(html) == found
        assert found or "Nothing matches" in html or "Nothing is yours" in html

    def test_nothing_needs_you(self, merchant: Any) -> None:
        client = signed_in(make_person("Nadia", (merchant, Role.CARE)))
        html = shown(client, base(merchant))
        assert "<h1>Nothing needs you</h1>" in html
        assert "No parcel is on its way." in html
        assert "Nothing was delivered in the past 7 days" in html
        open_shop(merchant, (Case("Priya Raman", (hub(13.9),)),), delivered=False)
        assert "1 parcel on the way, and all need nothing from you." in shown(client, base(merchant))

    def test_each_figure_leads_to_its_parcels_and_days(self, four_weeks: Any) -> None:
        nadia = signed_in(make_person("Nadia", (four_weeks, Role.CARE)))
        html = shown(nadia, base(four_weeks))
        links = re.findall(r'<a href="([^"]+/figures/[^"]+)">', html)
        assert len(links) == 4
        counted = []
        for link in links:
            page = shown(nadia, link)
            counted.append(page.count('<th scope="row">') - 28)
        assert counted == [11, 35, 3, 0]
        assert nadia.get(f"{base(four_weeks)}figures/nonsense/").status_code == 404


class TestWhoMayWhat:
    @pytest.mark.parametrize("role", [Role.ANALYST, Role.READ_ONLY, Role.MARKETING])
    def test_those_who_only_read_see_no_act(self, shop: Any, desk_client: DeskClient, role: Role) -> None:
        client = desk_client(role)
        html = shown(client, base(shop))
        assert rows(html) == []
        assert 'id="bulk"' not in html
        with merchant_scope(shop.id):
            before = exceptions_of(order_ids=[])
        assert do(client, shop, "dismiss", "exc_x.1").status_code == 403
        with merchant_scope(shop.id):
            assert exceptions_of(order_ids=[]) == before

    def test_the_warehouse_works_without_shoppers_names(self, shop: Any, desk_client: DeskClient) -> None:
        client = desk_client(Role.WAREHOUSE)
        html = shown(client, base(shop))
        assert "Priya" not in html
        assert "Denver, US" in html
        (link,) = re.findall(
            r'href="([^"]+)"[^>]*data-open>Tell the shopper<span class="vh">, MF-20301', html
        )
        panel = shown(client, link.replace("&amp;", "&"))
        assert "Priya" not in panel
        assert "20301@example.com" not in panel

    def test_another_shops_rows_are_nobodys(self, shop: Any, other_merchant: Any, nadia: Client) -> None:
        stranger = signed_in(make_person("Omar", (other_merchant, Role.OWNER)))
        chosen = box(shown(nadia, base(shop)), "MF-20301")
        assert stranger.get(base(shop)).status_code == 404
        assert stranger.get(f"{base(other_merchant)}exceptions/{chosen.split('.')[0]}/").status_code == 404
        do(stranger, other_merchant, "dismiss", chosen, note="mine now")
        (view,) = exceptions_on(shop, "MF-20301")
        assert view.state is State.OPEN


class TestOneException:
    def panel(self, client: Client, shop: Any, order: str, **headers: str) -> str:
        html = shown(client, base(shop))
        key = box(html, order).split(".")[0]
        return shown(client, f"{base(shop)}exceptions/{key}/", **headers)

    def test_words_for_the_shopper_are_prepared(self, nadia: Client, shop: Any) -> None:
        html = self.panel(nadia, shop, "MF-20301")
        (mail,) = re.findall(r'class="btn" href="(mailto:[^"]+)"', html)
        address = urlsplit(mail.replace("&amp;", "&"))
        assert address.path == "20301%40example.com" or address.path == "20301@example.com"
        assert "Your%20order%20MF-20301" in address.query
        text = plain(html)
        assert "We told you Mar 11–13. UPS expects it on Wednesday now." in text
        assert "tel:+15550100" in html
        assert "Nadia" in text

    def test_words_for_the_carrier_are_prepared(self, nadia: Client, shop: Any) -> None:
        text = plain(self.panel(nadia, shop, "MF-20311"))
        assert "Parcel 1Z20311: where is it?" in text
        assert "Its last scan was on Mar 6 in Elizabeth. It holds goods worth $184.00." in text

    def test_every_kind_has_its_panel(self, nadia: Client, shop: Any) -> None:
        address, seen = base(shop), set()
        for group in Group:
            html = shown(nadia, f"{address}?group={group.value}")
            for order in rows(html):
                key = box(html, order).split(".")[0]
                assert order in shown(nadia, f"{address}exceptions/{key}/")
                aimed = {"HX-Request": "true", "HX-Target": f"work-{key}"}
                part = shown(nadia, f"{address}exceptions/{key}/", **aimed)
                assert part.startswith('<div class="panel"')
                seen |= {view.kind for view in exceptions_on(shop, order)}
        assert set(Kind) - seen == {Kind.PAYMENT_DUE, Kind.LOST, Kind.REJECTED, Kind.DELAY_PREDICTED}

    def test_what_people_did_is_told(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, base(shop))
        do(nadia, shop, "snooze", box(html, "MF-20301"), until="2026-03-18", note="asked UPS")
        key = box(shown(nadia, f"{base(shop)}?tab=put_off"), "MF-20301").split(".")[0]
        text = plain(shown(nadia, f"{base(shop)}exceptions/{key}/"))
        assert "Nadia put it off: asked UPS" in text

    def test_a_mistyped_one_is_not_there(self, nadia: Client, shop: Any) -> None:
        for key in ("exc_nonsense", public_id("exc", shop.id), public_id("ord", shop.id)):
            assert nadia.get(f"{base(shop)}exceptions/{key}/").status_code == 404


class TestActs:
    @pytest.mark.parametrize(
        ("act", "fields", "told", "state"),
        [
            ("contact", {"how": "phone"}, "Marked as told.", State.DONE),
            ("snooze", {"until": "2026-03-18"}, "Put off until Wednesday.", State.SNOOZED),
            (
                "snooze",
                {"until": "2026-03-18", "until_day": "2026-03-20"},
                "Put off until Friday.",
                State.SNOOZED,
            ),
            ("dismiss", {"note": "the shopper knows"}, "Settled.", State.DONE),
            ("dismiss", {"reason": "A new one goes out"}, "Settled.", State.DONE),
            ("mark_lost", {}, "Marked as lost.", State.DONE),
        ],
    )
    def test_each_does_what_it_says_and_can_be_undone(
        self, nadia: Client, shop: Any, act: str, fields: dict[str, str], told: str, state: State
    ) -> None:
        answer = do(nadia, shop, act, box(shown(nadia, base(shop)), "MF-20301"), **fields)
        assert (answer.status_code, answer["Location"]) == (303, base(shop))
        (view,) = exceptions_on(shop, "MF-20301")
        assert view.state is state
        html = shown(nadia, base(shop))
        assert told in plain(html)
        assert "MF-20301" not in rows(html)
        (action,) = re.findall(r'name="action" value="([0-9a-f]{32})"', html)
        nadia.post(f"{base(shop)}exceptions/undo/", {"action": action, "back": base(shop)})
        assert said(nadia, shop) == "Undone."
        assert exceptions_on(shop, "MF-20301")[0].state is State.OPEN
        with merchant_scope(shop.id):
            (parcel,) = parcels_by_number(["1Z20301"], with_events=False)
            assert parcel.milestone == "in_transit"

    def test_what_is_given_to_me_is_mine(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, base(shop))
        (me,) = re.findall(r'<option value="(usr_[^"]+)">Me</option>', html)
        do(nadia, shop, "assign", box(html, "MF-20301"), to=me)
        assert said(nadia, shop) == "Given to you. Undo"
        assert rows(shown(nadia, f"{base(shop)}?tab=mine")) == ["MF-20301"]
        assert "MF-20301" not in rows(shown(nadia, f"{base(shop)}?tab=nobodys"))

    def test_many_at_once_and_only_to_the_team(self, nadia: Client, shop: Any, other_merchant: Any) -> None:
        html = shown(nadia, base(shop))
        chosen = [box(html, order) for order in ("MF-20301", "MF-20306", "MF-20311")]
        do(nadia, shop, "contact", *chosen)
        assert said(nadia, shop) == "Marked as told: 3. Undo"
        stranger = make_person("Omar", (other_merchant, Role.OWNER))
        do(nadia, shop, "assign", box(html, "MF-20308"), to=public_id("usr", stranger.id))
        assert said(nadia, shop) == "This person is no longer in the team."

    def test_the_second_is_told_who_was_faster(self, nadia: Client, shop: Any) -> None:
        omar = signed_in(make_person("Omar", (shop, Role.CARE)))
        html = shown(omar, base(shop))
        first, second = box(html, "MF-20301"), box(html, "MF-20306")
        do(nadia, shop, "contact", first)
        do(omar, shop, "contact", first, second)
        assert said(omar, shop) == "Marked as told. Nadia had done that already. Undo"
        do(nadia, shop, "assign", box(html, "MF-20303"), to="")
        do(omar, shop, "dismiss", box(html, "MF-20303"), note="no")
        assert said(omar, shop) == "Nadia changed one in the meantime; look again."

    @pytest.mark.parametrize(
        ("act", "chosen", "fields", "told"),
        [
            ("contact", (), {}, "Choose a row first."),
            ("dismiss", ("MF-20301",), {}, "Say why, so that others know."),
            ("snooze", ("MF-20301",), {"until": "someday"}, "Name the day on which it shall come back."),
            ("snooze", ("MF-20301",), {"until": "2020-01-01"}, "Put it off until a moment to come, at most 90 days ahead."),
            ("explode", ("MF-20301",), {}, "This form could not be read. Load the page anew and try again."),
            ("contact", ("MF-20301",), {"how": "pigeon"}, "This form could not be read. Load the page anew and try again."),
            ("mark_lost", ("MF-20316",), {}, "An order without a parcel cannot be lost."),
        ],
    )  # fmt: skip
    def test_what_cannot_be_done_is_said_and_changes_nothing(
        self, nadia: Client, shop: Any, act: str, chosen: tuple[str, ...], fields: dict[str, str], told: str
    ) -> None:
        html = shown(nadia, base(shop))
        do(nadia, shop, act, *(box(html, order) for order in chosen), **fields)
        assert said(nadia, shop) == told
        assert exceptions_on(shop, "MF-20301")[0].state is State.OPEN

    def test_with_htmx_the_list_and_the_number_are_renewed_in_place(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, f"{base(shop)}?group=tell_the_shopper")
        answer = nadia.post(
            f"{base(shop)}exceptions/act/",
            {
                "act": "contact",
                "chosen": box(html, "MF-20301"),
                "back": f"{base(shop)}?group=tell_the_shopper",
            },
            headers={"HX-Request": "true", "HX-Target": "home"},
        )
        piece = answer.content.decode()
        assert answer.status_code == 200
        assert piece.startswith('<div id="home">')
        assert rows(piece) == ["MF-20306", "MF-20307", "MF-20303", "MF-20302", "MF-20305", "MF-20304"]
        assert '<span class="n" id="n-home" hx-swap-oob="true">18</span>' in piece
        assert "Marked as told." in piece

    def test_what_is_done_can_be_opened_again_the_same_day(self, nadia: Client, shop: Any) -> None:
        do(nadia, shop, "dismiss", box(shown(nadia, base(shop)), "MF-20301"), note="a mistake")
        html = shown(nadia, f"{base(shop)}?tab=done_today")
        assert "Settled 5 days late MF-20301 Priya Raman" in plain(html)
        assert "a mistake" in plain(html)
        (chosen,) = re.findall(r'name="chosen" value="(exc_[^"]+)"', html)
        do(nadia, shop, "reopen", chosen)
        assert exceptions_on(shop, "MF-20301")[0].state is State.OPEN

    def test_acts_are_in_the_audit_log_without_a_name(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, base(shop))
        do(nadia, shop, "dismiss", box(html, "MF-20301"), note="Priya called")
        with merchant_scope(shop.id):
            (entry,) = audit_log(limit=9, act="exception")
        assert (entry.act, entry.summary) == ("exception.dismiss", "Settled: 1 exception")
        assert entry.subject == box(html, "MF-20301").split(".")[0]
        assert "Priya" not in str(entry)

    def test_back_leads_only_to_pages_of_the_shop(self, nadia: Client, shop: Any) -> None:
        html = shown(nadia, base(shop))
        for wrong in ("https://elsewhere.example/", "//elsewhere.example/", "/api/v1/"):
            answer = do(nadia, shop, "assign", box(shown(nadia, base(shop)), "MF-20301"), to="", back=wrong)
            assert answer["Location"] == base(shop)
        key = box(html, "MF-20306").split(".")[0]
        page = shown(nadia, f"{base(shop)}exceptions/{key}/?back=https://elsewhere.example/")
        assert "elsewhere" not in page


class TestThresholds:
    def test_they_are_tried_before_they_are_saved(self, shop: Any, desk_client: DeskClient) -> None:
        client, address = desk_client(Role.OPERATIONS), f"{base(shop)}settings/thresholds/"
        html = shown(client, address)
        numbers = dict(re.findall(r'name="(\w+)" value="(\d+)"', html))
        assert len(numbers) == 11
        numbers["lost_domestic_days"] = "12"
        tried = client.get(address, numbers, headers={"HX-Request": "true", "HX-Target": "effect"})
        assert "Probably lost 1 0" in plain(tried.content.decode())
        assert "Silent 1 2" in plain(tried.content.decode())
        with merchant_scope(shop.id):
            assert thresholds().lost_domestic_days == 7
        client.post(f"{address}save/", numbers)
        with merchant_scope(shop.id):
            assert thresholds().changed == {"lost_domestic_days": 12}
            (entry,) = audit_log(limit=9, act="exception.thresholds")
        assert entry.details["changed"] == {"lost_domestic_days": 12}

    def test_what_is_wrong_stands_beside_the_field(self, shop: Any, desk_client: DeskClient) -> None:
        client, address = desk_client(Role.OPERATIONS), f"{base(shop)}settings/thresholds/"
        numbers = dict(re.findall(r'name="(\w+)" value="(\d+)"', shown(client, address)))
        answer = client.post(f"{address}save/", numbers | {"late_by_days": "0", "lost_domestic_days": "2"})
        assert answer.status_code == 422
        assert 'value="0"' in answer.content.decode()
        answer = client.post(f"{address}save/", numbers | {"lost_domestic_days": "2"})
        assert "Not before it counts as stalled." in answer.content.decode()
        with merchant_scope(shop.id):
            assert thresholds().changed == {}

    def test_care_may_not_set_them(self, shop: Any, desk_client: DeskClient) -> None:
        assert desk_client(Role.CARE).get(f"{base(shop)}settings/thresholds/").status_code == 403


@pytest.mark.parametrize(
    "query", ["", "?group=tell_the_shopper", "?tab=done_today", "?q=shopper&carrier=ups"]
)
def test_a_page_costs_the_same_with_one_row_three_and_fifty(merchant: Any, query: str) -> None:
    client = signed_in(make_person("Nadia", (merchant, Role.CARE)))
    costs = []
    told = 0
    for upto in (1, 3, 50):
        cases = tuple(Case(f"Shopper {index}", (hub(13),), (9, 11), 16) for index in range(told, upto))
        open_shop(merchant, cases, delivered=False, first=told)
        told = upto
        if query == "?tab=done_today":
            with merchant_scope(merchant.id):
                (first,) = {view.id for view in exceptions_on_all(merchant)[:1]}
                dismiss(ids=[first], reason="no", by="staff:usr_x", at=NOW - timedelta(minutes=1))
        shown(client, f"{base(merchant)}{query}")  # fills what is kept between requests
        with CaptureQueriesContext(connection) as queries:
            shown(client, f"{base(merchant)}{query}")
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 40


def exceptions_on_all(merchant: Any) -> list[Any]:
    numbers = [f"1Z{20301 + index}" for index in range(60)]
    found = parcels_by_number(numbers, with_events=False)
    views = exceptions_of(parcel_ids=[view.id for view in found])
    return [view for view in views if view.state is State.OPEN and view.kind is Kind.LATE]


def test_a_day_later_what_was_put_off_is_back(
    nadia: Client, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(nadia, shop, "snooze", box(shown(nadia, base(shop)), "MF-20308"), until="2026-03-17")
    watch(shop.id, at=day(15.5))
    monkeypatch.setattr("aftermile.doors.console.staff_only.now", lambda: day(15.5))
    assert "MF-20308" in rows(shown(nadia, base(shop)))


class TestWhatCouldNotBeRead:
    def broken(self, shop: Any, count: int = 2) -> ConnectionView:
        view = connect_shopify(shop)
        keep_all(
            shop.id,
            [
                Arrival(
                    merchant_id=shop.id, connection_id=view.id, origin="webhook", kind="orders/create",
                    external_id=f"w{number}", headers={}, body=b"{not json", received_at=NOW,
                )
                for number in range(count)
            ],
        )  # fmt: skip
        digest(shop.id)
        return view

    def test_a_line_a_connection_that_leaves_by_itself(self, merchant: Any) -> None:
        view = self.broken(merchant)
        ada = signed_in(make_person("Ada", (merchant, Role.OPERATIONS)))
        html = shown(ada, base(merchant))
        assert f"2 records of {view.name} could not be read" in html
        assert "<h1>Something could not be read</h1>" in html
        assert "Nothing needs you" not in plain(html)
        (link,) = re.findall(r'<a class="btn" href="([^"]+records/[^"]+)"', html)
        assert shown(ada, link.replace("&amp;", "&")).count('class="row mono"') == 2
        (query,) = re.findall(r'name="query" value="([^"]+)"', html)
        begun = ada.post(base(merchant) + "records/replays/all/", {"query": query.replace("&amp;", "&")})
        assert "/records/replays/" in begun.headers["Location"]
        with merchant_scope(merchant.id):
            InboundRecord.rows().update(status=RecordStatus.DIGESTED)
        assert "could not be read" not in shown(ada, base(merchant))

    def test_beside_the_other_groups_and_in_no_narrower_list(self, shop: Any) -> None:
        self.broken(shop, count=1)
        ada = signed_in(make_person("Ada", (shop, Role.OPERATIONS)))
        assert headings(shown(ada, base(shop)))[-1] == ("Could not be read", 1)
        for narrowed in ("?tab=mine", "?q=MF", "?group=ask_the_carrier"):
            assert "could not be read" not in shown(ada, base(shop) + narrowed)

    def test_only_for_those_who_see_records(self, shop: Any, other_merchant: Any) -> None:
        self.broken(shop)
        assert "could not be read" not in shown(signed_in(make_person("Bo", (shop, Role.CARE))), base(shop))
        analyst = shown(signed_in(make_person("Cy", (shop, Role.ANALYST))), base(shop))
        assert ("could not be read" in analyst, "Read again" in analyst) == (True, False)
        theirs = signed_in(make_person("Di", (other_merchant, Role.OWNER)))
        assert "could not be read" not in shown(theirs, base(other_merchant))

    def test_queries_do_not_grow(self, merchant: Any) -> None:
        ada = signed_in(make_person("Ada", (merchant, Role.OPERATIONS)))
        counted = []
        for _ in range(3):
            self.broken(merchant)
            shown(ada, base(merchant))
            with CaptureQueriesContext(connection) as queries:
                shown(ada, base(merchant))
            counted.append(len(queries))
        assert len(set(counted)) == 1
