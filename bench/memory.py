"""Idle memory of everything `aftermile serve` starts."""

from __future__ import annotations

import time

from bench.load import closed_loop
from bench.machine import Meter, tree_memory_bytes
from bench.options import Options
from bench.payloads import api_order, api_request, api_scan
from bench.report import Report
from bench.tree import Tree, serving

NAME = "memory"
_MEGABYTE = 1_000_000


def run(options: Options) -> Report:
    """Measure a fresh tree, and the same after it has worked."""
    report = Report(NAME, "Idle memory of everything `aftermile serve` starts")
    with serving() as tree:
        shop = tree.open_shop("shopify")
        meter = Meter.start(tree.roots)
        time.sleep(options.idle_seconds)
        meter.stop()
        fresh = _read(tree)
        closed_loop(
            tree.address,
            lambda number: api_request(
                "PUT", f"/api/v1/orders/by-external-id/{number}", shop.api_key, api_order(number)
            ),
            clients=8,
            count=300,
        ).expect(200)
        closed_loop(
            tree.address,
            lambda number: api_request(
                "POST", "/api/v1/tracking-events", shop.api_key, {"events": [api_scan(number, 0)]}
            ),
            clients=8,
            count=300,
        ).expect(200)
        tree.wait_for_queue()
        time.sleep(options.idle_seconds / 2)
        worked = _read(tree)
    report.add(
        f"all processes after {options.idle_seconds:.0f} s idle", "MB", [sum(fresh.values())],
        against="290 to 620 MB of other projects for less", at_most=300,
    )  # fmt: skip
    report.tell("the same after 600 requests", "MB", [sum(worked.values())])
    for name, megabytes in sorted(fresh.items(), key=lambda item: -item[1]):
        report.tell(f"of it: {name}", "MB", [megabytes])
    report.tell("CPU while idle", "% of a core", [meter.cpu_seconds / meter.seconds * 100])
    report.notes.append(
        "Proportional set size: pages shared by processes are divided among them (resident set size where the"
        " system does not tell it)."
    )
    return report


def _read(tree: Tree) -> dict[str, float]:
    _, by_name = tree_memory_bytes(tree.roots)
    return {name: value / _MEGABYTE for name, value in by_name.items()}
