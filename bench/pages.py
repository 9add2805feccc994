"""The tracking page under load, beside a file of the same size."""

from __future__ import annotations

from bench.filling import fill
from bench.load import closed_loop, open_loop, request_bytes
from bench.machine import Meter
from bench.options import Options
from bench.report import Report
from bench.tree import serving

NAME = "pages"
_CLIENTS = 8
_SHIPMENTS = 10_000
_SAMPLES = 1_000
#: What a shopper's browser sends, as far as it matters.
_BROWSER = {"Accept-Encoding": "gzip", "Accept-Language": "de-DE,de;q=0.9", "Accept": "text/html"}


def run(options: Options) -> Report:
    """Measure pages of orders spread over the tables, then one static file, in turn."""
    report = Report(NAME, f"The tracking page, {_CLIENTS} clients")
    count = options.of(_SAMPLES)
    with serving("web") as tree:
        shop = tree.open_shop()
        samples = fill(tree, shop, shipments=options.of(_SHIPMENTS), samples=count)
        pages = [request_bytes("GET", sample.page, _BROWSER) for sample in samples]
        # The sheet of the console: a static file, and the one nearest in size over the wire.
        file = request_bytes("GET", tree.inside("static_address"), _BROWSER)
        per_core, file_per_core, p99, shares, others, cpu_ms, programs, first_look = (
            [],
            [],
            [],
            [],
            [],
            [],
            [],
            [],
        )
        rate = 0.0
        for turn in range(options.rounds):
            first = turn * 1009
            # Each page once, by somebody who never looked at it.
            strangers = [request_bytes("GET", sample.page, _stranger(turn)) for sample in samples]
            meter = Meter.start(tree.roots)
            seen = closed_loop(tree.address, strangers.__getitem__, clients=_CLIENTS, count=count).expect(200)
            first_look.append(seen.count / meter.stop().cpu_seconds)
            closed_loop(tree.address, pages.__getitem__, clients=_CLIENTS, count=count).expect(200)
            meter = Meter.start(tree.roots)
            load = closed_loop(
                tree.address,
                lambda n: pages[n % len(pages)],
                clients=_CLIENTS,
                seconds=options.seconds,
                first=first,
            ).expect(200)
            cpu = meter.stop()
            rate = load.per_second
            per_core.append(load.count / cpu.cpu_seconds)
            cpu_ms.append(cpu.cpu_seconds / load.count * 1000)
            programs.append(cpu.ms_by_program(load.count))
            others.append(cpu.other_cores)
            meter = Meter.start(tree.roots)
            static = closed_loop(
                tree.address, lambda _: file, clients=_CLIENTS, seconds=options.seconds / 2
            ).expect(200)
            file_per_core.append(static.count / meter.stop().cpu_seconds)
            shares.append(per_core[-1] / file_per_core[-1])
            half = open_loop(
                tree.address, lambda n: pages[n % len(pages)], per_second=rate / 2, seconds=options.seconds,
                clients=32, first=first,
            ).expect(200)  # fmt: skip
            p99.append(half.latency(99) * 1000)
    report.add(
        "pages a second and core",
        "/s",
        per_core,
        against="CPU of application and database together; pages that were looked at before",
        at_least=500,
    )
    report.add(
        "p99 at half that load", "ms", p99, against="the time counts from when a request was due", at_most=50
    )
    report.tell("pages looked at for the first time, a second and core", "/s", first_look)
    report.tell("CPU of a page", "ms", cpu_ms)
    report.tell_programs("CPU of a page", programs)
    report.tell("a static file, a second and core", "/s", file_per_core)
    report.tell("page / static file", "x", shares)
    report.tell("cores busy with something else", "cores", others)
    return report


def _stranger(turn: int) -> dict[str, str]:
    """Say what a browser says that has not been here: a preference for French of its own strength."""
    return _BROWSER | {"Accept-Language": f"fr;q=0.{turn + 1}"}
