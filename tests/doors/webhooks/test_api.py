"""Webhook endpoints through the API."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, uuid7
from tests.doors.api.conftest import Program, key_of
from tests.doors.webhooks.conftest import Shop
from tests.doors.webhooks.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db

URL = "https://shop.example/hooks"


@pytest.fixture
def program(merchant: Any) -> Program:
    return Program(key_of(merchant))


def made(program: Program, **fields: Any) -> Any:
    response = program.post("/webhook-endpoints", {"url": URL, **fields})
    assert response.status_code == 200, response.content
    return response.json()


def test_an_endpoint_is_made_and_its_secret_shown_once(program: Program) -> None:
    endpoint = made(program, description="The shop", headers={"X-Key": "k"}, event_types=["parcel.tracked"])
    secret = endpoint.pop("secret")
    assert secret.startswith("whsec_")
    assert (endpoint["status"], endpoint["format"], endpoint["header_names"]) == (
        "active",
        "standard",
        ["X-Key"],
    )
    assert program.get(f"/webhook-endpoints/{endpoint['id']}").json() == endpoint
    assert program.get("/webhook-endpoints").json() == {"data": [endpoint], "next_cursor": None}


def test_a_repeat_makes_no_second_one_and_tells_no_secret(program: Program) -> None:
    first, again = (program.post("/webhook-endpoints", {"url": URL}, key="once") for _ in "12")
    assert (again.json()["id"], again.json()["secret"]) == (first.json()["id"], None)
    assert len(program.get("/webhook-endpoints").json()["data"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "ftp://shop.example"}, "webhook_url_unusable"),
        ({"event_types": ["no.such"]}, "webhook_event_type_unknown"),
        ({"headers": {"Host": "x"}}, "webhook_headers_unusable"),
        ({"secret": "not-one-of-standard-webhooks"}, "webhook_secret_unusable"),
        ({"format": "smoke"}, "request_invalid"),
        ({"headers": {f"X-{n}": "y" for n in range(6)}}, "request_invalid"),
    ],
)
def test_what_cannot_be_kept_is_refused(program: Program, body: Any, code: str) -> None:
    response = program.post("/webhook-endpoints", {"url": URL, **body})
    assert (response.status_code, response.json()["error"]["code"]) == (422, code)


def test_an_endpoint_is_changed_switched_and_removed(program: Program) -> None:
    path = f"/webhook-endpoints/{made(program)['id']}"
    changed = program._send("PATCH", path, {"description": "New", "event_types": ["order.placed"]}).json()
    assert (changed["url"], changed["description"], changed["event_types"]) == (URL, "New", ["order.placed"])
    disabled = program.post(f"{path}/disabling").json()
    assert (disabled["status"], disabled["disabled_reason"]) == ("disabled", "by_hand")
    refused = program.post(f"{path}/test-messages")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "webhook_endpoint_disabled")
    assert program.post(f"{path}/enabling").json()["status"] == "active"
    assert program._send("DELETE", path).status_code == 200
    gone = program.get(path)
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "webhook_endpoint_not_found")


def test_a_secret_is_changed(program: Program) -> None:
    endpoint = made(program, format="aftership", secret="the one they all hold")
    assert endpoint["secret"] == "the one they all hold"
    path = f"/webhook-endpoints/{endpoint['id']}/secret-rotation"
    rotated = program.post(path, {"overlap_hours": 2}).json()
    assert rotated["secret"] not in (None, endpoint["secret"])
    assert rotated["previous_secret_signs_until"] is not None
    assert program.post(path, {"overlap_hours": 2.0}).status_code == 200
    assert program.post(path, {"overlap_hours": 200}).status_code == 422
    assert program.post(path, {"overlap_hours": 2.5}).status_code == 422


def test_every_attempt_is_seen_and_a_message_is_sent_again(
    program: Program, shop: Shop, receiver: Receiver
) -> None:
    receiver.answers = [Answer(500, b"no paper")]
    id_, _ = shop.listens(receiver.url)
    path = f"/webhook-endpoints/{public_id('whe', id_)}"
    shop.parcels_are_recorded()
    shop.work()
    (waiting,) = program.get(f"{path}/messages", status="pending").json()["data"]
    ((attempt),) = waiting["attempts"]
    assert (attempt["status_code"], attempt["response_excerpt"]) == (500, "no paper")
    assert program.get(f"{path}/messages", status="sent").json()["data"] == []
    again = program.post(f"{path}/messages/{waiting['id']}/resending").json()
    assert again["body"] == receiver.requests[0].body.decode()
    shop.at = now()  # by which the API put it in line
    shop.work()
    read = program.get(f"{path}/messages/{waiting['id']}").json()
    assert (read["status"], [each["status_code"] for each in read["attempts"]]) == ("sent", [500, 200])
    assert receiver.ids == [read["id"]] * 2


def test_messages_are_listed_newest_first_in_pages(program: Program, shop: Shop, receiver: Receiver) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(5)
    shop.work()
    path = f"/webhook-endpoints/{public_id('whe', id_)}/messages"
    seen, cursor = [], None
    while True:
        page = program.get(path, limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == receiver.ids[::-1]


def test_a_test_message_is_put_in_line(program: Program) -> None:
    path = f"/webhook-endpoints/{made(program)['id']}"
    message = program.post(f"{path}/test-messages").json()
    assert (message["type"], message["status"], message["attempts"]) == (
        "webhook_endpoint.test",
        "pending",
        [],
    )


def test_each_route_wants_its_scope(merchant: Any, program: Program) -> None:
    path = f"/webhook-endpoints/{made(program)['id']}"
    reader = Program(key_of(merchant, "webhooks:read"))
    assert reader.get(path).status_code == 200
    for response in (
        reader.post("/webhook-endpoints", {"url": URL}),
        reader._send("PATCH", path, {}),
        reader._send("DELETE", path),
        *(reader.post(f"{path}/{move}") for move in ("disabling", "enabling", "test-messages")),
        reader.post(f"{path}/secret-rotation", {}),
        reader.post(f"{path}/messages/{public_id('msg', uuid7())}/resending"),
    ):
        assert (response.status_code, response.json()["error"]["code"]) == (403, "scope_missing")
    writer = Program(key_of(merchant, "webhooks:write"))
    assert writer.get("/webhook-endpoints").status_code == 403
    assert writer.get(f"{path}/messages").status_code == 403


def test_another_merchants_endpoint_is_not_there(
    program: Program, other_merchant: Any, shop: Shop, receiver: Receiver
) -> None:
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded()
    shop.work()
    path = f"/webhook-endpoints/{public_id('whe', id_)}"
    message = f"{path}/messages/{receiver.ids[0]}"
    assert program.get(message).status_code == 200
    stranger = Program(key_of(other_merchant))
    assert stranger.get("/webhook-endpoints").json()["data"] == []
    for response in (
        *(stranger.get(each) for each in (path, message, f"{path}/messages")),
        stranger._send("PATCH", path, {"url": URL}),
        stranger._send("DELETE", path),
        *(stranger.post(f"{path}/{move}") for move in ("disabling", "enabling", "test-messages")),
        stranger.post(f"{path}/secret-rotation", {}),
        stranger.post(f"{message}/resending"),
    ):
        assert response.status_code == 404
    assert program.get(path).json()["status"] == "active"
