"""Tracking page and order read: as fast with a million shipments as with ten thousand."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bench.database import disk_bytes
from bench.filling import Sample, fill
from bench.load import Load, closed_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import api_request
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "reads"
_FEW = 10_000
_SAMPLES = 2_000
_LIST = "/api/v1/orders?limit=50"


def run(options: Options) -> Report:
    """Measure two installations, one small and one large, in turn."""
    few = min(_FEW, max(1, options.rows // 10))
    report = Report(NAME, f"Reads with {options.rows:,} shipments against {few:,}")
    with serving("web") as small, serving("web") as large:
        places = []
        for tree, shipments in ((small, few), (large, options.rows)):
            shop = tree.open_shop()
            began = time.perf_counter()
            samples = fill(tree, shop, shipments=shipments, samples=options.of(_SAMPLES))
            took = time.perf_counter() - began
            places.append((tree, shop, samples))
            report.notes.append(
                f"{shipments:,} shipments with their orders, shoppers, lines, parcels and scans:"
                f" {disk_bytes(tree) / 1e6:,.0f} MB, written in {took:.0f} s."
            )
        for name, requests_of in (
            ("tracking page", _pages),
            ("order by API", _orders),
            ("list of orders", _lists),
        ):
            _compare(report, options, name, places, requests_of)
        _count_queries(report, places)
    report.notes.append(
        "One client, one request after the other; the orders asked for lie all over the table, so that hardly one is in"
        " the 32 MB that PostgreSQL keeps in memory itself. p50 of each round; the two are asked in turn."
    )
    return report


Place = tuple[Tree, Shop, list[Sample]]


def _compare(
    report: Report, options: Options, name: str, places: Sequence[Place],
    requests_of: Callable[[Shop, Sequence[Sample]], list[bytes]],
) -> None:  # fmt: skip
    p50: list[list[float]] = [[], []]
    p99: list[list[float]] = [[], []]
    cpu: list[list[float]] = [[], []]
    others = []
    for turn in range(options.rounds):
        for place, (tree, shop, samples) in enumerate(places):
            requests = requests_of(shop, samples)
            load, meter = _ask(tree, requests, options.seconds / 2, first=turn * 101)
            p50[place].append(load.latency(50) * 1000)
            p99[place].append(load.latency(99) * 1000)
            cpu[place].append(meter.cpu_seconds / load.count * 1000)
            others.append(meter.other_cores)
    ratios = [large / small for small, large in zip(*p50, strict=True)]
    report.add(
        f"{name}: p50, large / small",
        "x",
        ratios,
        against="the same with the small installation",
        at_most=1.3,
    )
    for size, place in (("small", 0), ("large", 1)):
        report.tell(f"{name}, {size}: p50", "ms", p50[place])
        report.tell(f"{name}, {size}: p99", "ms", p99[place])
        report.tell(f"{name}, {size}: CPU", "ms", cpu[place])
    report.tell(f"{name}: cores busy with something else", "cores", others)


def _ask(tree: Tree, requests: Sequence[bytes], seconds: float, *, first: int) -> tuple[Load, Meter]:
    ask = lambda number: requests[number % len(requests)]  # noqa: E731
    closed_loop(tree.address, ask, clients=1, count=20, first=first).expect(200)
    meter = Meter.start(tree.roots)
    load = closed_loop(tree.address, ask, clients=1, seconds=seconds, first=first).expect(200)
    return load, meter.stop()


def _pages(_shop: Shop, samples: Sequence[Sample]) -> list[bytes]:
    return [api_request("GET", sample.page, "-") for sample in samples]


def _orders(shop: Shop, samples: Sequence[Sample]) -> list[bytes]:
    return [api_request("GET", sample.order, shop.api_key) for sample in samples]


def _lists(shop: Shop, _samples: Sequence[Sample]) -> list[bytes]:
    return [api_request("GET", _LIST, shop.api_key)]


def _count_queries(report: Report, places: Sequence[Place]) -> None:
    counts = []
    for tree, shop, samples in places:
        paths = [samples[0].page, samples[0].order, _LIST]
        counts.append(tree.inside("count_queries", paths=paths, api_key=shop.api_key))
    for index, name in enumerate(("tracking page", "order by API", "list of orders")):
        small, large = counts[0][index], counts[1][index]
        report.add(
            f"{name}: statements, large / small", "x", [large / small],
            against=f"{small} statements with the small installation", at_most=1,
        )  # fmt: skip
