"""Journeys in the console: the list, the story with who is where, what can be done, runs and tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.brands.public import change_brand
from aftermile.capabilities.journeys.public import (
    STANDARD,
    State,
    create_journey,
    journey,
    list_journeys,
    list_runs,
    open_tasks,
    publish_draft,
    save_draft,
    versions,
)
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, Shop, message, placed
from tests.doors.console.conftest import base, counted, make_person, signed_in

pytestmark = pytest.mark.django_db

WAITS = placed(
    {"id": "days", "do": "wait", "days": 3},
    message("check_in"),
    hold_out_percent=0,
    goal={"event": "order.placed", "within_days": 30},
)


@pytest.fixture
def shop(merchant: Any) -> Shop:
    return Shop(merchant)


@pytest.fixture
def owner_client(desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def at(merchant: Any, made: Any, rest: str = "") -> str:
    return f"{base(merchant)}journeys/{public_id('jny', made)}/{rest}"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_shop_without_journeys_is_offered_the_standard_set(merchant: Any, owner_client: Client) -> None:
    page = text(owner_client, base(merchant) + "journeys/")

    assert "No journey yet" in page
    assert "Switch on the standard set" in page
    assert {each.name for each in STANDARD.values() if each.name not in page.replace("&#x27;", "'")} == set()

    owner_client.post(base(merchant) + "journeys/standard/")

    with merchant_scope(merchant.id):
        made = {view.standard: view.state for view in list_journeys()}
    assert made == {each.slug: State.LIVE for each in STANDARD.values() if each.recommended}


def test_one_ready_made_journey_is_switched_on_alone(merchant: Any, owner_client: Client) -> None:
    owner_client.post(base(merchant) + "journeys/standard/", {"slug": "confirmation"})

    with merchant_scope(merchant.id):
        assert [view.standard for view in list_journeys()] == ["confirmation"]
        assert [each.act for each in audit_log(limit=5)] == ["journey.standard"]


def test_the_list_asks_as_often_for_three_journeys_as_for_one(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    shop.journey(WAITS)
    owner_client.get(base(merchant) + "journeys/")
    _, once = counted(owner_client, base(merchant) + "journeys/")
    shop.journey(WAITS, "Second")
    shop.journey(WAITS, "Third")
    shop.order("1")
    shop.hear()

    page, thrice = counted(owner_client, base(merchant) + "journeys/")

    assert thrice == once
    assert "Third" in page
    assert "When an order is placed" in page


def test_the_story_shows_who_waits_where(merchant: Any, owner_client: Client, shop: Shop) -> None:
    made = shop.journey(WAITS, "Caring")
    shop.order("1")
    shop.order("2", shopper="tomas")
    shop.hear()

    page = text(owner_client, at(merchant, made))

    assert "When an order is placed" in page
    assert "Wait 3 days" in page
    assert "<b>2</b> here now" in page
    assert "It is for this: an order is placed within 30 days." in page
    listed = text(owner_client, at(merchant, made, "runs/?state=waiting&step=days"))
    assert listed.count("data-open") == 2
    assert "Nadia" in listed
    assert "Only those who are at: Wait 3 days" in listed
    assert "Nobody here" in text(owner_client, at(merchant, made, "runs/?state=done"))


def test_the_pages_of_a_journey_ask_as_often_for_three_people_as_for_one(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    made = shop.journey(placed({"id": "card", "do": "task", "title": "A card"}, *WAITS["steps"]))
    pages = [at(merchant, made), at(merchant, made, "runs/"), base(merchant) + "tasks/"]
    costs = []
    for people in (["ada"], ["tomas", "yuki"]):
        for each in people:
            shop.order(each, shopper=each)
        shop.hear()
        [owner_client.get(page) for page in pages]
        costs.append([counted(owner_client, page)[1] for page in pages])

    assert costs[0] == costs[1]
    assert max(costs[0]) < 30


@pytest.mark.parametrize(
    ("to", "state", "undone"),
    [("paused", State.PAUSED, True), ("draining", State.DRAINING, True), ("stopped", State.STOPPED, False)],
)
def test_a_journey_is_moved_and_where_that_can_be_the_way_back_is_offered(
    merchant: Any, owner_client: Client, shop: Shop, to: str, state: State, undone: bool
) -> None:
    made = shop.journey(WAITS)

    response = owner_client.post(at(merchant, made, "move/"), {"to": to}, follow=True)

    assert ('name="to" value="live"' in response.content.decode().split('class="toasts"')[1]) is undone
    with merchant_scope(merchant.id):
        assert journey(made).state is state
        assert [each.act for each in audit_log(limit=5)] == ["journey.move"]


def test_a_move_that_is_none_changes_nothing_and_says_so(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    made = shop.journey(WAITS)

    answers = [
        owner_client.post(at(merchant, made, "move/"), {"to": to}, follow=True).content.decode()
        for to in ("archived", "nowhere", "")
    ]

    assert ["cannot be archived" in answers[0], "no such state" in answers[1]] == [True, True]
    with merchant_scope(merchant.id):
        assert journey(made).state is State.LIVE
        assert audit_log(limit=5) == []


def test_a_draft_is_shown_beside_what_is_published_and_moves_those_who_can(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    made = shop.journey(WAITS)
    shop.order("1")
    shop.hear()
    changed = {**WAITS, "steps": [{"id": "days", "do": "wait", "days": 5}, message("check_in")]}
    with merchant_scope(merchant.id):
        save_draft(journey_id=made, definition=changed, by=BY, at=shop.at)

    page = text(owner_client, at(merchant, made))

    assert "<del>Wait 3 days</del>" in page
    assert "<ins>Wait 5 days</ins>" in page
    assert "The 1 who is under way" in page
    assert "Everybody waits at a step that is still there." in page
    owner_client.post(at(merchant, made, "publish/"), {"note": "Less haste", "under_way": "move"})
    with merchant_scope(merchant.id):
        assert [(each.number, each.note) for each in versions(made)] == [(2, "Less haste"), (1, "")]
        assert [run.version for run in list_runs(journey_id=made)] == [2]
    assert "Less haste" in text(owner_client, at(merchant, made, "versions/"))
    assert "<del>Wait 3 days</del>" in text(owner_client, at(merchant, made, "versions/?version=2"))


def test_a_journey_that_sells_tells_of_a_missing_postal_address_before_it_is_published(
    merchant: Any, owner_client: Client, desk_client: Callable[[Role], Client], shop: Shop
) -> None:
    told = "your shop’s postal address is missing"
    with merchant_scope(merchant.id):
        sells = create_journey(
            name="Sells",
            definition=placed(
                {
                    "id": "first",
                    "do": "branch",
                    "if": {"field": "order.rank", "is": "equals", "value": 1},
                    "then": [message("win_back")],
                }
            ),
            by=BY,
            at=shop.at,
        ).id
        serves = create_journey(name="Serves", definition=WAITS, by=BY, at=shop.at).id
    assert f"This is marketing, and {told}" in text(owner_client, at(merchant, sells))
    assert told not in text(owner_client, at(merchant, serves))
    assert told not in text(desk_client(Role.ANALYST), at(merchant, sells))
    assert f"Some of these journeys send marketing, and {told}" in text(
        owner_client, base(merchant) + "journeys/"
    )

    with merchant_scope(merchant.id):
        change_brand(support_address="1 Quay", by=BY, at=shop.at)
    assert told not in text(owner_client, at(merchant, sells))
    assert told not in text(owner_client, base(merchant) + "journeys/")


def test_the_first_version_is_published_and_switched_on_in_one_step(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    with merchant_scope(merchant.id):
        made = create_journey(name="New", definition=WAITS, by=BY, at=shop.at).id

    owner_client.post(at(merchant, made, "publish/"), {"switch_on": "1"})

    with merchant_scope(merchant.id):
        assert (journey(made).state, journey(made).version) == (State.LIVE, 1)


def test_what_happened_before_lets_people_in_only_when_asked(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    shop.order("1")
    made = shop.journey(WAITS)

    nothing = owner_client.post(at(merchant, made, "backfill/"), {"days": "12"}, follow=True)
    # The page's moment is today's; the order lies in the shop's own past.
    asked = owner_client.post(at(merchant, made, "backfill/"), {"days": "90"}, follow=True)

    assert "Choose how many days" in nothing.content.decode()
    assert re.search(r"\d+ events of the last 90 days|Nothing happened in that time", asked.content.decode())


def test_a_run_tells_its_story_with_its_message_and_why(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    asks = {"field": "order.total", "is": "at_least", "value": 20}
    shop.journey(placed(message("confirmation"), entry=asks), "Thanks")
    shop.order("1")
    shop.hear()
    with merchant_scope(merchant.id):
        (run,) = list_runs()

    page = text(owner_client, f"{base(merchant)}journey-runs/{public_id('jrn', run.id)}/")

    assert "Nadia on “Thanks”" in page
    assert "Because an order is placed" in page
    assert "the order&#x27;s total: at least 20: <b>49.9" in page
    assert "Asked for a message" in page
    assert re.search(r'href="[^"]*/messages/mes_', page)


def test_tasks_are_done_and_undone(merchant: Any, desk_client: Callable[[Role], Client], shop: Shop) -> None:
    shop.journey(placed({"id": "card", "do": "task", "title": "Write a card"}), "Cards")
    shop.order("1")
    shop.hear()
    with merchant_scope(merchant.id):
        (task,) = open_tasks()
    care, tasks = desk_client(Role.CARE), base(merchant) + "tasks/"

    assert "Write a card" in text(care, tasks)
    care.post(f"{tasks}{public_id('tsk', task.id)}/done/")
    with merchant_scope(merchant.id):
        assert open_tasks() == []
    assert "Nothing to do" in text(care, tasks)
    care.post(f"{tasks}{public_id('tsk', task.id)}/reopening/")
    with merchant_scope(merchant.id):
        assert [each.id for each in open_tasks()] == [task.id]


def test_a_warehouse_sees_the_task_and_not_the_name(
    merchant: Any, desk_client: Callable[[Role], Client], shop: Shop
) -> None:
    shop.journey(placed({"id": "card", "do": "task", "title": "Write a card"}))
    shop.order("1")
    shop.hear()

    page = text(desk_client(Role.WAREHOUSE), base(merchant) + "tasks/")

    assert ("Write a card" in page, "Nadia" in page, "journey-runs/" in page) == (True, False, False)


def test_who_only_reads_is_offered_no_acts_and_no_names_without_leave(
    merchant: Any, desk_client: Callable[[Role], Client], shop: Shop
) -> None:
    made = shop.journey(WAITS)
    shop.order("1")
    shop.hear()

    reader, analyst = desk_client(Role.READ_ONLY), desk_client(Role.ANALYST)

    page = text(reader, at(merchant, made))
    assert ("/move/" in page, "/edit/" in page, "/backfill/" in page, "Nadia" in page) == (
        False,
        False,
        False,
        True,
    )
    plain = text(analyst, at(merchant, made))
    assert ("Nadia" in plain, "<b>1</b> here now" in plain) == (False, True)
    assert reader.post(at(merchant, made, "move/"), {"to": "paused"}).status_code == 403


def test_another_shops_journey_run_and_task_are_not_there(merchant: Any, other_merchant: Any) -> None:
    theirs = Shop(other_merchant)
    made = theirs.journey(placed({"id": "card", "do": "task", "title": "Write a card"}), "Lamps only")
    theirs.order("1")
    theirs.hear()
    with merchant_scope(other_merchant.id):
        (run,), (task,) = list_runs(), open_tasks()
    client = signed_in(make_person("Astrid", (merchant, Role.OWNER)))

    paths = [
        *(at(merchant, made, rest) for rest in ("", "runs/", "versions/", "edit/", "play/")),
        f"{base(merchant)}journey-runs/{public_id('jrn', run.id)}/",
    ]

    assert {client.get(path).status_code for path in paths} == {404}
    client.post(f"{base(merchant)}tasks/{public_id('tsk', task.id)}/done/")
    client.post(at(merchant, made, "move/"), {"to": "stopped"})
    with merchant_scope(other_merchant.id):
        assert journey(made).state is State.LIVE
        assert [each.id for each in open_tasks()] == [task.id]
    assert "Lamps only" not in text(client, base(merchant) + "journeys/")


def test_names_are_never_markup(merchant: Any, owner_client: Client, shop: Shop) -> None:
    name = "<script>alert(1)</script>"
    made = shop.journey(placed({"id": "x", "do": "task", "title": name, "note": name}), name)
    shop.order("1")
    shop.hear()

    pages = [base(merchant) + "journeys/", base(merchant) + "tasks/"]
    pages += [at(merchant, made, rest) for rest in ("", "edit/", "runs/", "versions/", "play/?play=1")]

    assert [path for path in pages if "<script>alert" in text(owner_client, path)] == []


def test_a_journey_whose_template_is_gone_says_so_and_stays_readable(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    from aftermile.capabilities.journeys.models import Version

    made = shop.journey(WAITS)
    with merchant_scope(merchant.id):
        broken = {**WAITS, "steps": [message("gone_for_good")]}
        Version.rows().filter(journey_id=made).update(definition=broken)

    assert "This journey cannot be read any more" in text(owner_client, at(merchant, made))
    assert "There is no template for" in text(owner_client, at(merchant, made, "edit/"))


def test_the_map_is_fetched_alone_while_people_move(merchant: Any, owner_client: Client, shop: Shop) -> None:
    made = shop.journey(WAITS)

    whole = text(owner_client, at(merchant, made))
    piece = owner_client.get(
        at(merchant, made), headers={"HX-Request": "true", "HX-Target": "map"}
    ).content.decode()

    assert 'hx-trigger="every 20s"' in whole
    assert piece.lstrip().startswith('<section id="map"')
    with merchant_scope(merchant.id):
        publish_draft(journey_id=made, by=BY, at=shop.at + timedelta(minutes=1))
    owner_client.post(at(merchant, made, "move/"), {"to": "paused"})
    assert "every 20s" not in text(owner_client, at(merchant, made))
