"""Many at once: nothing is lost, nothing is doubled, nobody is turned away, and no sender waits for the worker."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.scenarios.installation import Installation, Shop, installation, migrated
from tests.scenarios.senders import Answer, Client, at_once, sending
from tests.scenarios.webhooks import order_placed, parcel_scanned

pytestmark = [pytest.mark.kill, pytest.mark.slow]

CLIENTS = 64
POOL_SIZE = 4
#: The worker listens for jobs on one connection and fetches them on another, beside its pool.
QUEUE_CONNECTIONS = 2
#: Storefronts hang up after five seconds and send again.
STOREFRONTS_PATIENCE_SECONDS = 5.0


@pytest.fixture(scope="module")
def shop_open() -> Iterator[tuple[Installation, Shop]]:
    """An installation with far more clients and threads than database connections."""
    with installation(copy_of=migrated(), database_pool_size=POOL_SIZE, web_threads=CLIENTS) as it:
        yield it, it.open_shop()


def test_of_40_scans_of_one_parcel_at_once_40_are_kept_in_each_of_50_runs(
    shop_open: tuple[Installation, Shop],
) -> None:
    it, shop = shop_open
    clients = [Client(it, shop, timeout_seconds=30) for _ in range(40)]
    for run in range(50):
        number = f"PARALLEL{run:04d}"
        told = at_once(
            [
                partial(client.call, "POST", "tracking-events", {"events": [_scan(number, place)]})
                for place, client in enumerate(clients)
            ]
        )
        assert [status for status, _ in told] == [200] * 40
        assert {answer["data"][0]["status"] for _, answer in told} == {"recorded"}
        (parcel_id,) = {answer["data"][0]["parcel_id"] for _, answer in told}
        _, parcel = clients[0].call("GET", f"parcels/{parcel_id}")
        assert parcel["event_count"] == 40
    assert it.sql(
        "SELECT count(*), count(DISTINCT parcel_id), count(DISTINCT (parcel_id, external_id))"
        " FROM shipments_tracking_event"
    ) == [(2000, 50, 2000)]


def test_64_clients_share_few_database_connections(shop_open: tuple[Installation, Shop]) -> None:
    it, shop = shop_open

    def shop_life(client: Client, first: int) -> list[int]:
        statuses = []
        for number in range(first, first + 4):
            statuses += [
                client.send(webhook).status for webhook in (order_placed(number), parcel_scanned(number, 3))
            ]
            statuses += [
                client.call("POST", "tracking-events", {"events": [_scan(f"BUSY{number}", 1)]})[0],
                client.call("GET", "orders?limit=5")[0],
            ]
        return statuses

    clients = [Client(it, shop, timeout_seconds=60) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as threads:
        running = [
            threads.submit(shop_life, client, 1_000 * place) for place, client in enumerate(clients, start=1)
        ]
        seen = [_connections(it)]
        while not all(each.done() for each in running):
            seen.append(_connections(it))
    assert [each.result() for each in running] == [[200] * 16] * CLIENTS
    # Two processes have a pool: the web server's and the worker.
    assert max(seen) <= 2 * POOL_SIZE + QUEUE_CONNECTIONS
    it.wait_until_drained()


def test_an_order_sent_twice_at_once_is_one_order(shop_open: tuple[Installation, Shop]) -> None:
    it, shop = shop_open
    clients = [Client(it, shop, timeout_seconds=30) for _ in range(4)]
    numbers = range(900_001, 900_021)
    for number in numbers:
        # Shopify's own repeats carry the same id; those of a shop with two apps carry different ones.
        twice = [
            order_placed(number),
            order_placed(number),
            order_placed(number, webhook_id=f"other-{number}"),
            order_placed(number, webhook_id=f"other-{number}"),
        ]
        answers = at_once(
            [partial(client.send, webhook) for client, webhook in zip(clients, twice, strict=True)]
        )
        assert [answer.status for answer in answers] == [200] * 4
    it.wait_until_drained()
    ids = [str(5_000_000 + number) for number in numbers]
    assert it.sql(
        "SELECT external_id, count(*) FROM orders_order WHERE external_id = ANY(%s) GROUP BY 1 ORDER BY 1",
        ids,
    ) == [(each, 1) for each in ids]
    assert it.one(
        "SELECT count(*) FROM kernel_event e JOIN orders_order o ON o.id = (e.payload->>'order_id')::uuid"
        " WHERE e.type = 'order.placed' AND o.external_id = ANY(%s)",
        ids,
    ) == len(ids)
    keys = [f"id:{kind}-{number}" for number in numbers for kind in ("order", "other")]
    assert it.one("SELECT count(*) FROM intake_record WHERE repeat_key = ANY(%s)", keys) == len(keys)


def test_a_worker_that_stands_still_keeps_no_sender_waiting(shop_open: tuple[Installation, Shop]) -> None:
    it, shop = shop_open
    with sending(it, shop, clients=4) as senders:
        senders.wait_for_more(20)
        # Stopped in the middle of its work, with whatever locks it holds just then.
        with it.paused("worker"):
            before = it.one("SELECT count(*) FROM intake_record WHERE status <> 'pending'")
            clients = [Client(it, shop, timeout_seconds=60) for _ in range(16)]
            answers: list[list[Answer]] = at_once(
                [partial(_send_many, client, 300_000 + 1_000 * place) for place, client in enumerate(clients)]
            )
            assert it.one("SELECT count(*) FROM intake_record WHERE status <> 'pending'") == before
    assert {answer.status for each in answers for answer in each} == {200}
    assert max(answer.seconds for each in answers for answer in each) < STOREFRONTS_PATIENCE_SECONDS
    assert set(senders.answers) == {200}
    it.wait_until_drained()
    assert it.one("SELECT count(*) FROM intake_record WHERE status <> 'digested'") == 0


def _send_many(client: Client, first: int) -> list[Answer]:
    return [client.send(order_placed(number)) for number in range(first, first + 15)]


def _scan(tracking_number: str, place: int) -> dict[str, object]:
    return {
        "tracking_number": tracking_number,
        "carrier": "dhl-express",
        "occurred_at": f"2026-03-02T{place // 60:02d}:{place % 60:02d}:00Z",
        "milestone": "in_transit",
        "description": f"Seen at belt {place}",
        "external_id": f"{tracking_number}-{place}",
    }


def _connections(it: Installation) -> int:
    return int(it.one("SELECT count(*) FROM pg_stat_activity WHERE usename = 'aftermile_app'"))
