"""A shopper's data: found, told, copied, erased everywhere, and nobody named in what stays."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.shoppers.public import shopper, shopper_ids
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.doors.console import tasks
from aftermile.doors.console.models import ShopperRequest
from aftermile.doors.console.pages import privacy
from aftermile.doors.webhooks.models import Attempt, Message
from aftermile.doors.webhooks.operations.announce import write_message
from aftermile.doors.webhooks.operations.keep_endpoint import make_endpoint
from aftermile.doors.webhooks.operations.send_again import MessageErased, send_again
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.jobs import run as run_job
from aftermile.kernel.models import EventRecord, Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.search.test_search import catch_up, ship, tell_orders
from tests.conftest import NOON
from tests.doors.console.conftest import base, make_person, signed_in

pytestmark = pytest.mark.django_db

EMAIL, NUMBER = "anna@example.com", "00340434161094042557"


@pytest.fixture
def shop(merchant: Merchant) -> Merchant:
    tell_orders(merchant)
    ship(merchant, 1001, NUMBER)
    catch_up(merchant)
    return merchant


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def at(merchant: Merchant, rest: str = "") -> str:
    return f"{base(merchant)}settings/privacy/{rest}"


def anna(shop: Merchant) -> tuple[str, str]:
    """Return the key and the e-mail address of who placed the first order."""
    with merchant_scope(shop.id):
        order = next(each for each in list_orders(limit=9) if each.number == "#1001")
        assert order.shopper is not None
        return public_id("shp", order.shopper.id), order.shopper.email


def run_waiting(name: str) -> None:
    """Run the jobs of a kind that wait, as the worker does."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint = %s RETURNING payload", [name])
        waiting = [bytes(row[0]) for row in cursor.fetchall()]
    for payload in waiting:
        run_job(name, payload)


@pytest.mark.parametrize("of", ["email", "number", "bare"])
def test_a_shopper_is_found_by_what_they_gave(shop: Merchant, client: Client, of: str) -> None:
    key, email = anna(shop)
    about = {"email": f" {email.upper()} ", "number": "#1001", "bare": "1001"}[of]
    page = client.post(at(shop, "find/"), {"about": about})
    assert (page.status_code, f"settings/privacy/{key}/" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("", "Write what you have"),
        ("nobody@example.com", "Nobody here has this"),
        ("#9999", "Nobody here has"),
    ],
)
def test_nobody_found_is_said_beside_the_field(shop: Merchant, client: Client, about: str, said: str) -> None:
    answer = client.post(at(shop, "find/"), {"about": about})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_looking_for_many_ends(shop: Merchant, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "LOOK_UPS", 2)
    _, email = anna(shop)
    answers = [client.post(at(shop, "find/"), {"about": email}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_what_is_held_is_told_room_by_room(shop: Merchant, client: Client) -> None:
    key, email = anna(shop)
    page = client.get(at(shop, f"{key}/")).content.decode()
    assert [
        each in page for each in (email, "1 order with addresses", "1 parcel with 0 scans", "Raw records")
    ] == [True] * 4


def test_a_copy_is_made_in_the_background_for_people_and_programs(shop: Merchant, client: Client) -> None:
    key, email = anna(shop)
    client.post(at(shop, f"{key}/copy/"))
    client.post(at(shop, f"{key}/copy/"))  # one is under way
    assert "Step 0 of 2" in client.get(at(shop, f"{key}/")).content.decode()

    run_waiting("console.copy_shopper")
    with merchant_scope(shop.id):
        request = public_id("exp", ShopperRequest.rows().get().id)
    assert "Holds 1 order, 1 parcel." in client.get(at(shop, f"{key}/")).content.decode()

    packed = client.get(at(shop, f"files/{request}.zip"))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as file:
        assert sorted(file.namelist()) == ["shopper.html", "shopper.json"]
        page = file.read("shopper.html").decode()
    told = json.loads(client.get(at(shop, f"files/{request}.json")).content)
    assert (told["shopper"]["email"], told["orders"][0]["number"]) == (email, "#1001")
    assert told["shipments"][0]["parcels"][0]["tracking_number"] == NUMBER
    assert [each in page for each in (email, "Order #1001", NUMBER)] == [True] * 3


def test_nothing_is_erased_without_the_right_word(shop: Merchant, client: Client) -> None:
    key, email = anna(shop)
    answer = client.post(at(shop, f"{key}/erasure/"), {"typed": "erase"})
    assert (answer.status_code, "Nothing was erased." in answer.content.decode()) == (422, True)
    with merchant_scope(shop.id):
        assert shopper_ids(email=email) != []


def test_an_erasure_reaches_messages_files_and_records(shop: Merchant, client: Client) -> None:
    key, email = anna(shop)
    with merchant_scope(shop.id):
        order = next(each for each in list_orders(limit=9) if each.number == "#1001")
        endpoint, _ = make_endpoint(url="https://shop.example/hooks", by="staff:1", at=NOON)
        written = {
            of: write_message(
                endpoint_id=endpoint.id, event_id=uuid7(), type_="x", body=json.dumps({"about": of}), at=NOON
            )
            for of in (public_id("ord", order.id), NUMBER, "somebody else")
        }
        about_order, about_parcel, _ = written.values()
        Message.rows().filter(id=about_order).update(status="sent")
        Attempt(message_id=about_order, begun_at=NOON, duration_ms=1, response_excerpt=email).save(
            force_insert=True
        )
    client.post(at(shop, f"{key}/copy/"))
    run_waiting("console.copy_shopper")

    assert client.post(at(shop, f"{key}/erasure/"), {"typed": email.upper()}).status_code == 303
    page = client.get(at(shop, f"{key}/")).content.decode()
    assert "1 order still to be blanked" in page
    for _ in range(2):
        run_waiting("kernel.react")
    run_waiting("console.erase_shopper")

    page = client.get(at(shop, f"{key}/")).content.decode()
    assert ("Everything personal was erased" in page, "still to be blanked" in page, email in page) == (
        True,
        False,
        False,
    )
    with merchant_scope(shop.id):
        assert shopper_ids(email=email) == []
        states = {str(row.id): (row.body, row.status) for row in Message.rows()}
        assert Attempt.rows().get().response_excerpt == ""
        with pytest.raises(MessageErased):
            send_again(endpoint_id=endpoint.id, message_id=about_order, at=NOON)
        assert ShopperRequest.rows().exclude(content=None).count() == 0
        entries = audit_log(limit=9)
        events = json.dumps(list(EventRecord.rows().values_list("payload", flat=True)))
    assert (states[str(about_order)], states[str(about_parcel)]) == (("", "sent"), ("", "failed"))
    assert sum(body != "" for body, _ in states.values()) >= 1
    assert [(entry.act, entry.subject) for entry in entries] == [
        ("shopper.erase", key),
        ("shopper.copy", key),
    ]
    told = str([(entry.summary, entry.details) for entry in entries]) + events
    assert email not in told
    assert "Anna" not in told


def test_the_queue_names_nobody(shop: Merchant, client: Client) -> None:
    from django.db import connection

    key, email = anna(shop)
    client.post(at(shop, f"{key}/erasure/"), {"typed": email})
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer")
        assert email.encode() not in b"".join(bytes(row[0]) for row in cursor.fetchall())


def test_erasing_again_does_nothing(shop: Merchant, client: Client) -> None:
    key, email = anna(shop)
    for _ in range(2):
        client.post(at(shop, f"{key}/erasure/"), {"typed": email})
    with merchant_scope(shop.id):
        assert ShopperRequest.rows().count() == 1
        assert shopper(ShopperRequest.rows().get().shopper_id).erased_at is not None


def test_another_shops_shopper_is_not_there(shop: Merchant, other_merchant: Merchant, client: Client) -> None:
    key, email = anna(shop)
    client.post(at(shop, f"{key}/copy/"))
    run_waiting("console.copy_shopper")
    with merchant_scope(shop.id):
        request = public_id("exp", ShopperRequest.rows().get().id)
    theirs = signed_in(make_person("Chidi", (other_merchant, Role.OWNER)))

    answers = [
        theirs.get(at(other_merchant, f"{key}/")).status_code,
        theirs.get(at(other_merchant, f"files/{request}.zip")).status_code,
        theirs.post(at(other_merchant, "find/"), {"about": email}).status_code,
    ]
    theirs.post(at(other_merchant, f"{key}/erasure/"), {"typed": email})
    assert answers == [404, 404, 422]
    with merchant_scope(shop.id):
        assert shopper_ids(email=email) != []


@pytest.mark.parametrize("rest", ["{key}/", "files/{request}.zip"])
def test_reading_asks_who_one_is_again(shop: Merchant, rest: str) -> None:
    from tests.doors.console.conftest import PASSWORD

    person = make_person("Astrid", (shop, Role.OWNER), password=PASSWORD)
    key, _ = anna(shop)
    address = at(shop, rest.format(key=key, request=public_id("exp", uuid7())))
    assert signed_in(person, fresh=False).get(address).status_code == 302


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_may(shop: Merchant, desk_client: Callable[[Role], Client], role: Role) -> None:
    key, email = anna(shop)
    client = desk_client(role)
    answers = [
        client.get(at(shop)).status_code,
        client.post(at(shop, "find/"), {"about": email}).status_code,
        client.get(at(shop, f"{key}/")).status_code,
        client.post(at(shop, f"{key}/erasure/"), {"typed": email}).status_code,
    ]
    assert answers == [403] * 4


@pytest.mark.parametrize("count", [1, 3, 20])
def test_queries_do_not_grow(
    merchant: Merchant, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    with merchant_scope(merchant.id):
        for _ in range(count):
            ShopperRequest(kind="copy", shopper_id=uuid7(), wanted_by="staff:1", created_at=NOON).save(
                force_insert=True
            )
    client.get(at(merchant))
    with django_assert_max_num_queries(22):
        page = client.get(at(merchant)).content.decode()
    assert page.count("<b>Copy</b>") == count


def test_files_go_with_retention(shop: Merchant, client: Client) -> None:
    key, _ = anna(shop)
    client.post(at(shop, f"{key}/copy/"))
    run_waiting("console.copy_shopper")
    with merchant_scope(shop.id):
        ShopperRequest.rows().update(created_at=NOON)
    tasks.prune()
    assert "The file is gone; it can be made again." in client.get(at(shop, f"{key}/")).content.decode()
