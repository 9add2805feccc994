"""A quote before the purchase: ten methods, a hundred lanes of transit times and of history, over HTTP."""

from __future__ import annotations

import random

from bench.load import closed_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import api_request
from bench.report import Report
from bench.tree import serving

NAME = "quotes"
_ARTICLES = 500
_REQUESTS = 400
_DELIVERIES = 5_000
_PURE = 2_000
_DESTINATIONS = ("DE", "AT", "FR", "NL", "BE", "ES", "IT", "SE", "PL", "GB")


def run(options: Options) -> Report:
    """Quote by rule, then by a trained model; beside it the pure part without a database."""
    report = Report(NAME, "A quote of ten methods, with a hundred lanes")
    with serving("web") as tree:
        shop = tree.open_shop()
        merchant = str(shop.merchant_id)
        skus = tree.inside("fill_shipping", merchant_id=merchant, articles=options.of(_ARTICLES))
        dice = random.Random(3)
        requests = [
            api_request(
                "POST",
                "/api/v1/promises/quote",
                shop.api_key,
                {
                    "destination": {"country": dice.choice(_DESTINATIONS), "postal_code": "10115"},
                    "items": [{"sku": sku} for sku in dice.sample(skus, dice.randint(1, 5))],
                },
            )
            for _ in range(options.of(_REQUESTS))
        ]
        ask = lambda number: requests[number % len(requests)]  # noqa: E731
        for whose in ("by rule", "by model"):
            if whose == "by model":
                deliveries = min(_DELIVERIES, max(300, options.rows))
                tree.inside("keep_trained", merchant_id=merchant, deliveries=deliveries)
                report.notes.append(f"The model was trained on {deliveries:,} deliveries of a hundred lanes.")
            closed_loop(tree.address, ask, clients=1, count=60).expect(200)
            p50, p99, cpu, others = [], [], [], []
            for turn in range(options.rounds):
                meter = Meter.start(tree.roots)
                load = closed_loop(
                    tree.address, ask, clients=1, seconds=options.seconds, first=turn * 101
                ).expect(200)
                meter.stop()
                p50.append(load.latency(50) * 1000)
                p99.append(load.latency(99) * 1000)
                cpu.append(meter.cpu_seconds / load.count * 1000)
                others.append(meter.other_cores)
            report.add(
                f"a quote {whose}: p99", "ms", p99, against="the whole call over HTTP, one client", at_most=10
            )
            report.tell(f"a quote {whose}: p50", "ms", p50)
            report.tell(f"a quote {whose}: CPU", "ms", cpu)
            report.tell(f"{whose}: cores busy with something else", "cores", others)
        pure = tree.inside("quote_purely", merchant_id=merchant, count=options.of(_PURE))
        report.tell("the pure part, by rule: p50", "ms", [pure["p50"]])
        report.tell("the pure part, by rule: p99", "ms", [pure["p99"]])
    return report
