"""One scan recorded through the API, folded and durable; alone and in batches."""

from __future__ import annotations

from collections.abc import Callable

from bench.database import insert_statement, literal, pgbench, scoped
from bench.load import Load, closed_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import api_request, api_scan, tracking_number
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "scans"
_PATH = "/api/v1/tracking-events"
_CLIENTS = 8
_BATCH = 100
#: Scans in the life of a parcel; each new one is folded with those before it.
_LIFE = 8
#: Parcels on their way at once, which are scanned in turn.
_UNDER_WAY = 1_000
#: A parcel that only pgbench writes to.
_ALONE = 999_999_999


def run(options: Options) -> Report:
    """Measure CPU per scan, application and database together."""
    report = Report(NAME, "A scan recorded through the API")
    with serving() as tree:
        shop = tree.open_shop()
        closed_loop(tree.address, _single(shop), clients=4, count=400).expect(200)
        limit = _insert(tree, shop)
        first = 1_000
        single, batched, batch_rates, rates, p99, bare, others = [], [], [], [], [], [], []
        programs, programs_batched = [], []
        for _ in range(options.rounds):
            load, meter = measured(tree, _single(shop), options.seconds, first=first, clients=_CLIENTS)
            first += load.count
            single.append(meter.cpu_seconds / load.count * 1000)
            programs.append(meter.ms_by_program(load.count))
            rates.append(load.per_second)
            p99.append(load.latency(99) * 1000)
            others.append(meter.other_cores)
            inserted = pgbench(tree, limit, clients=_CLIENTS, seconds=options.seconds, role=tree.urls.app)
            bare.append(inserted.database_cpu_seconds * 1000)
            load, meter = measured(tree, _batch(shop), options.seconds, first=first, clients=_CLIENTS)
            first += load.count
            batched.append(meter.cpu_seconds / load.count / _BATCH * 1000)
            programs_batched.append(meter.ms_by_program(load.count * _BATCH))
            batch_rates.append(load.per_second * _BATCH)
        _assert_all_there(tree)
    report.add(
        "CPU per scan, one a request", "ms", single,
        against="24 ms of an open shipping platform with as many clients; the target is about a tenth", at_most=2.5,
    )  # fmt: skip
    report.add(f"CPU per scan, {_BATCH} a request", "ms", batched, against="the same", at_most=0.4)
    report.tell_programs("CPU of one scan", programs)
    report.tell_programs("CPU of one batched scan", programs_batched)
    report.tell(
        "CPU of one scan / CPU of one walled insert of its row",
        "x",
        [a / b for a, b in zip(single, bare, strict=True)],
    )
    report.tell(
        "CPU of one batched scan / CPU of one walled insert",
        "x",
        [a / b for a, b in zip(batched, bare, strict=True)],
    )
    report.tell("database CPU of one walled insert by pgbench", "ms", bare)
    report.tell(f"scans, {_CLIENTS} clients", "/s", rates)
    report.tell(f"scans in batches, {_CLIENTS} clients", "/s", batch_rates)
    report.tell("p99 of one request", "ms", p99)
    report.tell("cores busy with something else", "cores", others)
    report.notes.append(
        "CPU of web, worker and database from the first request until the queue is empty, so reactions are in it."
        f" {_UNDER_WAY:,} parcels are scanned in turn, {_LIFE} times each, before the next {_UNDER_WAY:,} come: a scan"
        " is new, and its parcel has 0 to 7 others."
    )
    return report


def measured(
    tree: Tree, requests: Callable[[int], bytes], seconds: float, *, first: int, clients: int
) -> tuple[Load, Meter]:
    """Send for some seconds and wait until what follows from it is done, too."""
    meter = Meter.start(tree.roots)
    load = closed_loop(tree.address, requests, clients=clients, seconds=seconds, first=first).expect(200)
    tree.wait_for_queue()
    return load, meter.stop()


def _single(shop: Shop) -> Callable[[int], bytes]:
    return lambda number: api_request("POST", _PATH, shop.api_key, {"events": [_scan(number)]})


def _batch(shop: Shop) -> Callable[[int], bytes]:
    # Far from the numbers of single scans.
    return lambda number: api_request(
        "POST",
        _PATH,
        shop.api_key,
        {"events": [_scan(100_000_000 + number * _BATCH + place) for place in range(_BATCH)]},
    )


def _scan(number: int) -> dict[str, object]:
    generation, place = divmod(number, _UNDER_WAY * _LIFE)
    return api_scan(generation * _UNDER_WAY + place % _UNDER_WAY, place // _UNDER_WAY)


def _insert(tree: Tree, shop: Shop) -> str:
    """Write the insert of a scan's row as the application does it, with an identity of its own each."""
    # On a parcel of its own: the application would fold what pgbench wrote.
    alone = api_request("POST", _PATH, shop.api_key, {"events": [api_scan(_ALONE, 0)]})
    closed_loop(tree.address, lambda _: alone, clients=1, count=1).expect(200)
    with tree.superuser() as connection:
        found = connection.execute(
            "SELECT e.* FROM shipments_tracking_event e JOIN shipments_parcel p ON p.id = e.parcel_id"
            " WHERE p.number_key = %s",
            [tracking_number(_ALONE)],
        )
        names = [column.name for column in found.description or ()]
        row = found.fetchone()
    assert row is not None
    values = {name: literal(value) for name, value in zip(names, row, strict=True) if value is not None} | {
        "id": "uuidv7()",
        "identity": "uuid_send(gen_random_uuid())",
        "source": "'limit'",
    }
    return scoped(shop.merchant_id, insert_statement("shipments_tracking_event", values))


def _assert_all_there(tree: Tree) -> None:
    with tree.superuser() as connection:
        odd = connection.execute(
            "SELECT count(*) FROM shipments_parcel p WHERE event_count <> (SELECT count(*) FROM shipments_tracking_event e"
            " WHERE e.merchant_id = p.merchant_id AND e.parcel_id = p.id AND e.source <> 'limit')"
        ).fetchone()
    if odd != (0,):
        raise RuntimeError(f"{odd} parcels were not folded")
