"""`kill -9` of everything in turn, under load: what was acknowledged is there once, and had its effects once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from aftermile.kernel.events import reactions
from tests.scenarios.installation import Installation, Shop, installation, migrated
from tests.scenarios.senders import Senders, sending
from tests.scenarios.webhooks import tracking_number

pytestmark = [pytest.mark.kill, pytest.mark.slow]

#: Acknowledged under load before each blow, and after it.
ENOUGH = 60


#: Counts what a reaction does, where its own unique key would hide a second time: this trigger fires before
#: the key is looked at. What was rolled back is rolled back here, too.
WITNESS = (
    "CREATE SCHEMA witness",
    "CREATE TABLE witness.message (event_id uuid)",
    """CREATE FUNCTION witness.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    'BEGIN INSERT INTO witness.message VALUES (NEW.event_id); RETURN NEW; END'""",
    "CREATE TRIGGER witness BEFORE INSERT ON webhooks_message FOR EACH ROW EXECUTE FUNCTION witness.see()",
)


@pytest.fixture(scope="module")
def survivor() -> Iterator[tuple[Installation, Shop, Senders]]:
    """An installation that was hit in every part while webhooks came in, and has caught up since."""
    with installation(copy_of=migrated()) as hit:
        for statement in WITNESS:
            hit.sql(statement)
        shop = hit.open_shop()
        with sending(hit, shop) as senders:
            senders.wait_for_more(ENOUGH)

            hit.kill_program("web")
            senders.wait_for_more(ENOUGH)
            hit.kill_web_process()
            senders.wait_for_more(ENOUGH)

            hit.kill_program("worker")
            senders.wait_for_more(ENOUGH)

            hit.kill_program("database")
            senders.wait_for_more(ENOUGH)
            hit.kill_backend()
            senders.wait_for_more(ENOUGH)

            former = hit.processes()
            hit.kill_supervisor()
            hit.start()
            assert [each for each in former if each.is_running()] == []
            senders.wait_for_more(ENOUGH)
        hit.wait_until_drained()
        yield hit, shop, senders
        assert hit.stop() == 0
        assert hit.processes() == []


def test_every_acknowledged_record_is_there_once_and_read(
    survivor: tuple[Installation, Shop, Senders],
) -> None:
    hit, _, senders = survivor
    kept = Counter(
        (connector, key.removeprefix("id:"))
        for connector, key in hit.sql(
            "SELECT c.connector, r.repeat_key FROM intake_record r JOIN intake_connection c ON c.id = r.connection_id"
        )
    )
    assert {key for key, times in kept.items() if times > 1} == set()
    assert senders.acknowledged - kept.keys() == set()
    assert kept.keys() - senders.sent == set()
    assert hit.sql("SELECT DISTINCT status, reason FROM intake_record") == [("digested", "")]


def test_every_order_parcel_and_scan_is_there_once(survivor: tuple[Installation, Shop, Senders]) -> None:
    hit, _, senders = survivor
    orders = Counter(hit.sql("SELECT external_id FROM orders_order WHERE heard_at IS NOT NULL"))
    lines = Counter(
        hit.sql("SELECT o.external_id FROM orders_line l JOIN orders_order o ON o.id = l.order_id")
    )
    acknowledged = _by_kind(senders.acknowledged)
    sent = _by_kind(senders.sent)
    placed = {(str(5_000_000 + number),) for number in acknowledged["order"]}
    assert set(orders.values()) == {1}
    assert placed - orders.keys() == set()
    assert {lines[order] for order in placed} == {2}
    assert len(orders) <= len(sent["order"])

    parcels = Counter(hit.sql("SELECT tracking_number FROM shipments_parcel"))
    shipped = {(tracking_number(number),) for number in acknowledged["fulfilment"]}
    assert set(parcels.values()) == {1}
    assert shipped - parcels.keys() == set()

    scans = {
        number: (told, distinct, folded, milestone)
        for number, told, distinct, folded, milestone in hit.sql(
            "SELECT p.tracking_number, count(e.id), count(DISTINCT e.external_id), p.event_count, p.milestone"
            " FROM shipments_parcel p JOIN shipments_tracking_event e ON e.parcel_id = p.id"
            " GROUP BY p.tracking_number, p.event_count, p.milestone"
        )
    }
    delivered = acknowledged["tracking"]
    assert {scans[tracking_number(number)] for number in delivered} == {(3, 3, 3, "delivered")}


def test_every_event_had_each_reaction_once(survivor: tuple[Installation, Shop, Senders]) -> None:
    hit, shop, _ = survivor
    events = hit.sql("SELECT position, type FROM kernel_event WHERE merchant_id = %s", shop.id)
    assert sorted(position for position, _ in events) == list(range(1, len(events) + 1))
    took_effect: dict[str, Counter[int]] = defaultdict(Counter)
    for reaction, first, last, status in hit.sql(
        "SELECT reaction, first_position, last_position, status FROM kernel_reaction_run WHERE merchant_id = %s",
        shop.id,
    ):
        assert status == "done", reaction
        took_effect[reaction].update(range(first, last + 1))
    # Journeys hear only where one listens, and here is none.
    for name, reaction in reactions().items():
        if name == "capabilities.journeys.move_journeys":
            assert not took_effect[name]
            continue
        heard = {position for position, type_ in events if type_ in reaction.types}
        assert {took_effect[name][position] for position in heard} <= {1}, name
        assert max(took_effect[name].values(), default=1) == 1, name
    assert set(took_effect["webhooks.announce"]) == {position for position, _ in events}


def test_every_event_has_one_message_to_the_outside(survivor: tuple[Installation, Shop, Senders]) -> None:
    hit, shop, _ = survivor
    events = hit.sql("SELECT id, 1 FROM kernel_event WHERE merchant_id = %s ORDER BY id", shop.id)
    assert len(events) > 5 * ENOUGH
    for table in ("webhooks_message", "witness.message"):
        found = hit.sql(f"SELECT event_id, count(*) FROM {table} GROUP BY event_id ORDER BY event_id")
        assert found == events, table


def test_the_blows_were_felt(survivor: tuple[Installation, Shop, Senders]) -> None:
    _, _, senders = survivor
    assert set(senders.answers) <= {200, 503, 0}
    assert senders.answers[0] > 0
    assert senders.answers[503] > 0
    assert senders.answers[200] > len(senders.acknowledged)


def _by_kind(ids: set[tuple[str, str]]) -> dict[str, set[int]]:
    """Numbers of orders by what was told of them; under "tracking" those whose last scan was told."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for _, name in ids:
        kind, number, *scan = name.split("-")
        if scan in ([], ["3"]):
            numbers[kind].add(int(number))
    return numbers
