"""Journeys and segments by API: written, published, switched, played; who is on them; what cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aftermile.capabilities.journeys.public import STANDARD
from aftermile.capabilities.segments.public import refresh_profiles
from aftermile.capabilities.shoppers.public import list_shoppers
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import Shop, message, placed
from tests.doors.api.conftest import Program, key_of

pytestmark = pytest.mark.django_db

DEFINITION = placed({"id": "card", "do": "task", "title": "Write a card"}, message("confirmation"))


@pytest.fixture
def shop(merchant: Any) -> Shop:
    return Shop(merchant, now() - timedelta(hours=1))


def test_a_journey_from_its_draft_to_somebody_on_it(program: Program, shop: Shop) -> None:
    made = program.post("/journeys", {"name": "Thanks", "definition": DEFINITION}).json()
    assert (made["state"], made["version"], made["draft"], made["definition"]) == ("draft", 0, DEFINITION, {})
    path = f"/journeys/{made['id']}"

    too_soon = program.post(f"{path}/switching-on")
    assert (too_soon.status_code, too_soon.json()["error"]["code"]) == (409, "journey_busy")
    published = program.post(f"{path}/publication", {"note": "first"}).json()
    assert (published["version"], published["draft"], published["has_draft"]) == (1, None, False)
    assert program.post(f"{path}/switching-on").json()["state"] == "live"
    shop.at = now()
    shop.order("1")
    shop.hear()

    (run,) = program.get(f"{path}/runs").json()["data"]
    told = program.get(f"/journey-runs/{run['id']}").json()
    assert (told["because"], told["state"]) == ("an order is placed", "done")
    assert {each["said"] for each in told["story"]} == {
        "Asked the team: Write a card",
        "Asked for a message",
        "Came to the end",
    }
    (task,) = program.get("/tasks").json()["data"]
    assert (task["title"], task["run_id"]) == ("Write a card", run["id"])
    assert program.post(f"/tasks/{task['id']}/completion").json()["done_by"].startswith("api_key:")
    assert program.get("/tasks").json()["data"] == []
    assert program.post(f"/tasks/{task['id']}/reopening").json()["done_at"] is None
    assert program.get(path).json()["figures"]["done"] == 1
    assert [each["note"] for each in program.get(f"{path}/versions").json()["data"]] == ["first"]
    assert program.get("/journeys").json()["data"][0]["name"] == "Thanks"


def test_a_journey_is_moved_through_all_its_states(program: Program) -> None:
    made = program.post("/journeys", {"name": "Thanks", "definition": DEFINITION}).json()
    path = f"/journeys/{made['id']}"
    program.post(f"{path}/publication", {})
    moves = {
        "switching-on": "live",
        "pausing": "paused",
        "draining": "draining",
        "stopping": "stopped",
        "archiving": "archived",
        "restoring": "draft",
    }

    assert {way: program.post(f"{path}/{way}").json()["state"] for way in moves} == moves
    assert program.post(f"{path}/archiving").json()["state"] == "archived"
    assert program.get("/journeys").json()["data"] == []
    assert [each["id"] for each in program.get("/journeys", archived="true").json()["data"]] == [made["id"]]


def test_the_same_key_makes_one_journey(program: Program) -> None:
    body = {"name": "Thanks", "definition": DEFINITION}

    first, again = (program.post("/journeys", body, key="once") for _ in range(2))

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert len(program.get("/journeys").json()["data"]) == 1


def test_a_draft_changes_nothing_until_it_is_published(program: Program) -> None:
    made = program.post("/journeys", {"name": "Thanks", "definition": DEFINITION}).json()
    path = f"/journeys/{made['id']}"
    program.post(f"{path}/publication", {})
    changed = {**DEFINITION, "per": "shopper"}

    drafted = program._send("PUT", f"{path}/draft", {"definition": changed, "name": "Thank you"}).json()

    assert (drafted["name"], drafted["definition"], drafted["draft"]) == ("Thank you", DEFINITION, changed)


@pytest.mark.parametrize(
    ("definition", "where"),
    [
        ({}, "trigger"),
        ({"trigger": {"event": "order.placed"}, "steps": [{"id": "a", "do": "explode"}]}, "steps[0]"),
        ({"trigger": {"event": "order.placed"}, "entry": {"expression": "[0..9999]"}}, "entry"),
        ({"trigger": {"event": "order.placed"}, "x": "y" * 70_000}, "journey"),
        (
            {"trigger": {"event": "order.placed"}, "steps": [message("nothing_like_it")]},
            "steps[0].touchpoint",
        ),
    ],
    ids=["empty", "no such step", "bomb", "huge", "no template"],
)
def test_what_is_no_journey_is_refused_with_its_place(
    definition: dict[str, Any], where: str, program: Program
) -> None:
    answer = program.post("/journeys", {"name": "Thanks", "definition": definition})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["details"]) == (
        422,
        "journey_unreadable",
        {"where": where},
    )


def test_a_play_writes_nothing(program: Program, shop: Shop) -> None:
    shop.order("1")
    made = program.post("/journeys", {"name": "Thanks", "definition": DEFINITION}).json()
    path = f"/journeys/{made['id']}"

    played = program.post(f"{path}/plays", {"days": 1, "of": "draft"}).json()

    assert (played["entered"], played["ended"], played["message_count"], played["cut_off"]) == (
        1,
        {"done": 1},
        1,
        False,
    )
    (letter,) = played["messages"]
    assert (letter["touchpoint"], letter["decision"], letter["why_not"]) == ("confirmation", "send", "")
    assert program.get(f"{path}/runs").json()["data"] == []
    nothing = program.post(f"{path}/plays", {"of": "published"})
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (409, "nothing_to_play")


def test_ready_made_journeys(program: Program) -> None:
    offered = program.get("/standard-journeys").json()["data"]
    assert [each["slug"] for each in offered] == list(STANDARD)

    assert program.post("/standard-journeys", {"slugs": ["nothing"]}).status_code == 404
    one = program.post("/standard-journeys", {"slugs": ["confirmation"]}).json()["data"]
    assert [(each["standard"], each["state"]) for each in one] == [("confirmation", "live")]
    rest = program.post("/standard-journeys", {}).json()["data"]
    assert {each["standard"] for each in rest} == {
        each.slug for each in STANDARD.values() if each.recommended
    } - {"confirmation"}


def test_a_backfill_says_how_much_it_looks_at(program: Program, shop: Shop) -> None:
    shop.order("1")
    made = program.post("/journeys", {"name": "Thanks", "definition": DEFINITION}).json()
    path = f"/journeys/{made['id']}"
    since = (now() - timedelta(days=1)).isoformat()
    assert program.post(f"{path}/backfills", {"since": since}).status_code == 409
    program.post(f"{path}/publication", {})
    program.post(f"{path}/switching-on")

    assert program.post(f"{path}/backfills", {"since": since}).json()["events"] > 0
    assert program.post(f"{path}/starts", {}).json()["error"]["code"] == "journey_busy"


def test_segments(program: Program, shop: Shop) -> None:
    shop.order("1")
    shop.order("2")
    shop.order("3", shopper="tomas")
    with merchant_scope(shop.merchant.id):
        refresh_profiles(shopper_ids=[each.id for each in list_shoppers()], at=shop.at)
    twice = {"field": "shopper.orders_count", "is": "at_least", "value": 2}

    made = program.post("/segments", {"name": "Came back", "condition": twice}).json()
    path = f"/segments/{made['id']}"

    assert (made["said"], made["archived"]) == ("orders by the shopper: at least 2", False)
    assert program.get(f"{path}/count").json() == {"count": 1, "everybody": 2}
    everybody = program.put(path, {"name": "All", "condition": {}}).json()
    assert (everybody["id"], everybody["said"]) == (made["id"], "always")
    first = program.get(f"{path}/members", limit=1).json()
    second = program.get(f"{path}/members", limit=1, cursor=first["next_cursor"]).json()
    assert (len(first["data"]), len(second["data"]), second["next_cursor"]) == (1, 1, None)
    assert first["data"] < second["data"]
    assert program.post(f"{path}/archiving").json()["archived"] is True
    assert program.get("/segments").json()["data"] == []
    wrong = program.post("/segments", {"name": "x", "condition": {"expression": "shopper.orders_count > 1"}})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "condition_unreadable")


@pytest.mark.parametrize(("scope", "path"), [("journeys:read", "/journeys"), ("segments:read", "/segments")])
def test_a_key_needs_its_scope(scope: str, path: str, merchant: Any) -> None:
    assert Program(key_of(merchant, "orders:read")).get(path).status_code == 403
    reader = Program(key_of(merchant, scope))
    assert reader.get(path).status_code == 200
    assert reader.post(path, {"name": "x", "definition": DEFINITION}).status_code == 403
