"""Durable acceptance of signed webhooks, against `pgbench` inserting the same row."""

from __future__ import annotations

from statistics import median

from bench.database import Inserted, empty, insert_statement, literal, pgbench, scoped
from bench.load import Load, closed_loop, open_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import ShopifyWebhooks, shopify_order
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "acceptance"
_CLIENTS = (16, 64)
_WRITTEN = ("intake_record", "pgqueuer", "pgqueuer_log")


def run(options: Options) -> Report:
    """Measure accepted webhooks a second and their latency at half of that."""
    report = Report(NAME, "Durable acceptance of signed webhooks")
    with serving("web") as tree:
        shop = tree.open_shop("shopify")
        requests = ShopifyWebhooks(shop.addresses["shopify"], shopify_order())
        sent = closed_loop(tree.address, requests, clients=4, count=200).expect(200).count
        bare, walled = _scripts(tree, shop)
        rates = {}
        for clients in _CLIENTS:
            rates[clients] = _throughput(report, options, tree, requests, sent, bare, walled, clients)
            sent += 10_000_000
        _latency(report, options, tree, requests, rates[_CLIENTS[0]] / 2, sent, "")
        empty(tree, *_WRITTEN)
        tree.start_worker()
        _latency(report, options, tree, requests, rates[_CLIENTS[0]] / 2, sent + 10_000_000, ", worker busy")
    report.notes += [
        (
            "Web server and database, no worker (it reads records later) but where said. Same server, same table with"
            " its walls and indexes, same row; the load generator runs on the same cores."
        ),
        (
            "bare insert: one INSERT a transaction by a superuser whom row-level security does not hold."
            " walled insert: BEGIN, SET LOCAL app.merchant_id, INSERT, COMMIT by the application's role."
        ),
    ]
    return report


def _throughput(
    report: Report, options: Options, tree: Tree, requests: ShopifyWebhooks, first: int, bare: str, walled: str,
    clients: int,
) -> float:  # fmt: skip
    ours: list[Load] = []
    cpu, client_cpu, others = [], [], []
    bares: list[Inserted] = []
    planned: list[Inserted] = []
    walls: list[Inserted] = []
    superuser = tree.urls.superuser
    assert superuser is not None
    for turn in range(options.rounds):
        empty(tree, *_WRITTEN)
        meter = Meter.start(tree.roots)
        load = closed_loop(
            tree.address, requests, clients=clients, seconds=options.seconds, first=first + turn * 1_000_000
        ).expect(200)
        meter.stop()
        _assert_kept(tree, load)
        ours.append(load)
        cpu.append(meter.cpu_seconds / load.count * 1000)
        client_cpu.append(meter.client_cpu_seconds / load.count * 1000)
        others.append(meter.other_cores)
        for script, role, protocol, into in (
            (bare, superuser, "simple", bares),
            (bare, superuser, "prepared", planned),
            (walled, tree.urls.app, "simple", walls),
        ):
            empty(tree, *_WRITTEN)
            into.append(
                pgbench(tree, script, clients=clients, seconds=options.seconds, role=role, protocol=protocol)
            )
    report.add(
        f"accepted / bare insert, {clients} clients",
        "x",
        [load.per_second / one.per_second for load, one in zip(ours, bares, strict=True)],
        against=f"pgbench with {clients} clients, the bare INSERT of the same row",
        at_least=0.5,
    )
    tell = report.tell
    walled_ratios = [load.per_second / one.per_second for load, one in zip(ours, walls, strict=True)]
    planned_ratios = [load.per_second / one.per_second for load, one in zip(ours, planned, strict=True)]
    tell(f"accepted / walled insert, {clients} clients", "x", walled_ratios)
    tell(f"accepted / bare insert planned once, {clients} clients", "x", planned_ratios)
    tell(f"accepted, {clients} clients", "/s", [load.per_second for load in ours])
    tell(f"bare inserts, {clients} clients", "/s", [one.per_second for one in bares])
    tell(f"walled inserts, {clients} clients", "/s", [one.per_second for one in walls])
    tell(f"CPU per webhook, {clients} clients", "ms", cpu)
    tell(
        f"database CPU per bare insert, {clients} clients",
        "ms",
        [one.database_cpu_seconds * 1000 for one in bares],
    )
    tell(f"load generator's CPU per webhook, {clients} clients", "ms", client_cpu)
    tell(f"p99 at full load, {clients} clients", "ms", [load.latency(99) * 1000 for load in ours])
    tell(f"cores busy with something else, {clients} clients", "cores", others)
    return median(load.per_second for load in ours)


def _latency(
    report: Report, options: Options, tree: Tree, requests: ShopifyWebhooks, rate: float, first: int, when: str
) -> None:  # fmt: skip
    loads, others = [], []
    for turn in range(options.rounds):
        if not when:
            empty(tree, *_WRITTEN)
        meter = Meter.start(tree.roots)
        load = open_loop(
            tree.address, requests, per_second=rate, seconds=options.seconds, clients=64,
            first=first + turn * 1_000_000,
        ).expect(200)  # fmt: skip
        others.append(meter.stop().other_cores)
        loads.append(load)
    p99 = [load.latency(99) * 1000 for load in loads]
    if when:
        report.tell(f"p99 at half that load{when}", "ms", p99)
    else:
        against = f"{rate:,.0f} webhooks/s arriving at a fixed rate, half of what 16 clients got through"
        report.add("p99 at half that load", "ms", p99, against=against, at_most=50)
    report.tell(f"p50 at half that load{when}", "ms", [load.latency(50) * 1000 for load in loads])
    report.tell(f"cores busy with something else at half load{when}", "cores", others)


def _scripts(tree: Tree, shop: Shop) -> tuple[str, str]:
    """Write the inserts of a row that the application stored, with an id and a repeat key of its own each."""
    columns = (
        "merchant_id", "connection_id", "origin", "kind", "headers", "body", "status", "reason",
    )  # fmt: skip
    with tree.superuser() as connection:
        row = connection.execute(
            f"SELECT {', '.join(columns).replace('headers', 'headers::text')} FROM intake_record LIMIT 1"
        ).fetchone()
    assert row is not None
    values = {name: literal(value) for name, value in zip(columns, row, strict=True)}
    values |= {
        "id": "uuidv7()",
        "repeat_key": "'id' || gen_random_uuid()",
        "received_at": "now()",
    }
    bare = insert_statement("intake_record", values)
    return bare, scoped(shop.merchant_id, bare)


def _assert_kept(tree: Tree, load: Load) -> None:
    with tree.superuser() as connection:
        row = connection.execute("SELECT count(*) FROM intake_record").fetchone()
    if row != (load.count,):
        raise RuntimeError(f"{load.count} webhooks were acknowledged and {row} are there")
