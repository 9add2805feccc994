"""From an event to a mail handed over, and many mails at once."""

from __future__ import annotations

import smtplib
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.load import open_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import api_order, api_request
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "messages"
_ORDERS_PER_SECOND = 50
_LINES = 8


@dataclass(slots=True)
class _Sink:
    port: int
    file: Path
    pid: int

    def taken(self) -> list[tuple[float, str, int]]:
        """Return moment, recipient and size of all that was taken."""
        rows = (line.split(" ") for line in self.file.read_text().splitlines())
        return [(float(at), to, int(size)) for at, to, size in rows]

    def wait_for(self, count: int, *, seconds: float) -> list[tuple[float, str, int]]:
        give_up_at = time.monotonic() + seconds
        while len(taken := self.taken()) < count and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return taken


def run(options: Options) -> Report:
    """Measure the way of single messages while orders come in, then a letter to everybody."""
    report = Report(NAME, "Messages by SMTP, from the event to the server that takes them")
    many = max(100, min(6_000, options.rows))
    rates, cpu, plain_rates, ratios, others, programs = [], [], [], [], [], []
    with serving(outbound_allow_private="127.0.0.1") as tree, _sink(tree.home) as sink:
        shop = tree.open_shop()
        tree.inside("send_by", merchant_id=str(shop.merchant_id), port=sink.port)
        tree.inside("switch_on", merchant_id=str(shop.merchant_id), slugs=["confirmation"])
        _let_orders_come(tree, shop, sink, first=0, seconds=1.0)
        delays = [
            _let_orders_come(tree, shop, sink, first=turn * 1_000_000, seconds=options.seconds)
            for turn in range(1, options.rounds + 1)
        ]
        tree.inside("fill_shoppers", merchant_id=str(shop.merchant_id), count=many)
        size = 0
        for turn in range(options.rounds):
            tree.wait_for_queue()
            before = len(sink.taken())
            meter = Meter.start(tree.roots)
            began = time.monotonic()
            tree.inside("write_to_everybody", merchant_id=str(shop.merchant_id), name=f"letter {turn}")
            taken = sink.wait_for(before + many, seconds=600)[before:]
            meter.stop()
            tree.wait_for_queue()
            if len(taken) < many:
                raise RuntimeError(f"{many - len(taken)} of {many} letters never came")
            ended = max(at for at, _, _ in taken)
            first = min(at for at, _, _ in taken)
            rates.append(many / (ended - first))
            cpu.append(meter.cpu_seconds / many * 1000)
            programs.append(meter.ms_by_program(many))
            others.append(meter.other_cores)
            size = int(statistics.median(size for _, _, size in taken))
            plain = _send_prebuilt(sink, size=size, count=many)
            plain_rates.append(plain)
            ratios.append(rates[-1] / plain)
            assert began < first
    report.add(
        f"order by API to mail taken: p99 at {_ORDERS_PER_SECOND} orders/s", "ms", delays,
        against="orders arriving at a fixed rate; from when each was due", at_most=1_000,
    )  # fmt: skip
    report.add("letters in bulk", "/s", rates, against="an open journey engine: 60/s", at_least=300)
    report.add(
        "CPU per letter in bulk", "ms", cpu,
        against="24 ms of that engine; journey, verdict, template, hand-over and outcome together", at_most=4,
    )  # fmt: skip
    report.tell_programs("CPU per letter in bulk", programs)
    report.tell("letters in bulk / a client that only sends prebuilt bytes", "x", ratios)
    report.tell("prebuilt bytes", "/s", plain_rates)
    report.tell("cores busy with something else", "cores", others)
    report.notes.append(
        f"Letters of {size / 1000:,.0f} kB to {many:,} shoppers, {_LINES} connections at once. A journey started by hand"
        " finds everybody, decides, asks for each letter, writes it and hands it over; the server that takes them is"
        " another process and not counted. CPU of web, worker and database."
    )
    return report


def _let_orders_come(tree: Tree, shop: Shop, sink: _Sink, *, first: int, seconds: float) -> float:
    """Let orders come in at a fixed rate; return the 99th percentile from when one was due to its mail, in ms."""
    before = len(sink.taken())
    began = time.monotonic()
    load = open_loop(
        tree.address,
        lambda number: api_request(
            "PUT", f"/api/v1/orders/by-external-id/{number}", shop.api_key, _fresh(number)
        ),
        per_second=_ORDERS_PER_SECOND,
        seconds=seconds,
        clients=8,
        first=first,
    ).expect(200)
    taken = sink.wait_for(before + load.count, seconds=60)[before:]
    if len(taken) < load.count:
        raise RuntimeError(f"{load.count - len(taken)} of {load.count} confirmations never came")
    came = {to: at for at, to, _ in taken}
    delays = sorted(
        came[f"ada.{first + number}@example.com"] - (began + number / _ORDERS_PER_SECOND)
        for number in range(load.count)
    )
    return delays[min(len(delays) - 1, int(len(delays) * 0.99))] * 1000


def _fresh(number: int) -> dict[str, object]:
    """Return an order placed just now: one from long ago is history, and nobody is written to about it."""
    return api_order(number) | {"placed_at": datetime.now(UTC).isoformat()}


def _send_prebuilt(sink: _Sink, *, size: int, count: int) -> float:
    """Send as many messages of the same size over as many connections, and nothing else; return how many a second."""
    head = b"From: shop@example.com\r\nTo: you@example.com\r\nSubject: A letter\r\n\r\n"
    line = b"x" * 76 + b"\r\n"
    body = head + line * (max(0, size - len(head)) // len(line))
    share = count // _LINES

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", sink.port) as connection:
            for _ in range(share):
                connection.sendmail("shop@example.com", ["you@example.com"], body)

    threads = [threading.Thread(target=send) for _ in range(_LINES)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return share * _LINES / (time.monotonic() - began)


@contextmanager
def _sink(home: Path) -> Iterator[_Sink]:
    file = home / "mail.log"
    program = subprocess.Popen(
        [sys.executable, "-m", "bench.mail_sink", str(file)], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    try:
        yield _Sink(int(program.stdout.readline()), file, program.pid)
    finally:
        program.terminate()
        program.wait()
        program.stdout.close()
