"""An order upserted through the API: made, brought up to date, and sent again unchanged."""

from __future__ import annotations

from collections.abc import Callable

from bench.load import closed_loop
from bench.options import Options
from bench.payloads import api_order, api_request
from bench.report import Report
from bench.scans import measured
from bench.tree import Shop, serving

NAME = "orders"
_CLIENTS = 8


def run(options: Options) -> Report:
    """Measure CPU per order, application and database together."""
    report = Report(NAME, "An order upserted through the API")
    with serving() as tree:
        shop = tree.open_shop()
        closed_loop(tree.address, _put(shop, 0), clients=4, count=200).expect(200)
        first = 1_000
        made, updated, repeated, rates, p99, others, programs = [], [], [], [], [], [], []
        for _ in range(options.rounds):
            load, meter = measured(tree, _put(shop, 0), options.seconds, first=first, clients=_CLIENTS)
            made.append(meter.cpu_seconds / load.count * 1000)
            programs.append(meter.ms_by_program(load.count))
            rates.append(load.per_second)
            p99.append(load.latency(99) * 1000)
            others.append(meter.other_cores)
            # The same orders as they are later, and once more unchanged; fewer if time is up before.
            load, meter = measured(tree, _put(shop, 1), options.seconds / 2, first=first, clients=_CLIENTS)
            updated.append(meter.cpu_seconds / load.count * 1000)
            load, meter = measured(tree, _put(shop, 1), options.seconds / 4, first=first, clients=_CLIENTS)
            repeated.append(meter.cpu_seconds / load.count * 1000)
            first += 1_000_000
    report.add(
        "CPU per new order", "ms", made,
        against="52, 140 and 148 ms of three open commerce platforms; the target is about a tenth of the best",
        at_most=5,
    )  # fmt: skip
    report.tell_programs("CPU per new order", programs)
    report.tell("CPU per changed order", "ms", updated)
    report.tell("CPU per order sent again unchanged", "ms", repeated)
    report.tell(f"new orders, {_CLIENTS} clients", "/s", rates)
    report.tell("p99 of one new order", "ms", p99)
    report.tell("cores busy with something else", "cores", others)
    report.notes.append(
        "An order of two lines with its shopper and addresses, PUT by the shop's own id. CPU of web, worker and"
        " database from the first request until the queue is empty."
    )
    return report


def _put(shop: Shop, version: int) -> Callable[[int], bytes]:
    return lambda number: api_request(
        "PUT", f"/api/v1/orders/by-external-id/{number}", shop.api_key, api_order(number, version=version)
    )
