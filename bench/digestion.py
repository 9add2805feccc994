"""From raw record to folded status and event log: how fast in bulk, how soon when scans trickle in."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from aftermile.kernel.ids import uuid7, uuid7_many
from bench.load import open_loop
from bench.machine import Meter
from bench.options import Options
from bench.payloads import LIFE, aftership_request, aftership_webhook
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "digestion"
_PER_SECOND = 100
_BATCH = 250
#: Ids carry the moment of their making, which is that much before they are committed, at most.
_LOOK_BACK = timedelta(seconds=1.5)
_EVENT = "shipments_tracking_event"


def run(options: Options) -> Report:
    """Measure one worker."""
    report = Report(NAME, "Digestion: from raw record to folded status and event log")
    with serving("web") as tree:
        shop = tree.open_shop("aftership")
        tree.start_worker()
        _digest(tree, shop, first=0, parcels=20, scans_each=LIFE, at_once=False)  # warm
        _bulk(report, options, tree, shop)
        _trickle(report, options, tree, shop)
    report.notes += [
        (
            "A scan is one tracking event that was not known before. Each webhook tells all scans of its parcel so"
            f" far, as aggregators do: in the life of a parcel come {LIFE} webhooks with 1 to {LIFE} scans, one of them"
            " new. In the second shape the first webhook heard of a parcel brings all of them."
        ),
        "One worker process with its four threads; the records lie ready, then its jobs are queued.",
    ]
    return report


def _bulk(report: Report, options: Options, tree: Tree, shop: Shop) -> None:
    first = 1_000
    ratios: dict[bool, list[float]] = {False: [], True: []}
    rates: dict[bool, list[float]] = {False: [], True: []}
    cpu: dict[bool, list[float]] = {False: [], True: []}
    limits, others = [], []
    parcels = max(1, options.scans // LIFE)
    for _ in range(options.rounds):
        limit = _insert_rate(tree, options.scans)
        limits.append(limit)
        for at_once in (False, True):
            meter = _digest(tree, shop, first=first, parcels=parcels, scans_each=LIFE, at_once=at_once)
            first += parcels
            rates[at_once].append(parcels * LIFE / meter.seconds)
            ratios[at_once].append(parcels * LIFE / meter.seconds / limit)
            cpu[at_once].append(meter.cpu_seconds / (parcels * LIFE) * 1000)
            others.append(meter.other_cores)
    against = "the target of 2,000 scans/s"
    report.add("one new scan a record", "scans/s", rates[False], against=against, at_least=2_000)
    report.add("five new scans a record", "scans/s", rates[True], against=against, at_least=2_000)
    report.tell("one new scan a record / rows merely inserted", "x", ratios[False])
    report.tell("five new scans a record / rows merely inserted", "x", ratios[True])
    report.tell(f"scan rows merely inserted, in batches of {_BATCH}", "/s", limits)
    report.tell("CPU per scan, one new a record", "ms", cpu[False])
    report.tell("CPU per scan, five new a record", "ms", cpu[True])
    report.tell("cores busy with something else, bulk", "cores", others)


def _digest(tree: Tree, shop: Shop, *, first: int, parcels: int, scans_each: int, at_once: bool) -> Meter:
    """Lay records ready, let the worker read them and check what became of them."""
    told = [scans_each] if at_once else range(1, scans_each + 1)
    records = [(parcel, scans) for scans in told for parcel in range(first, first + parcels)]
    with tree.superuser() as connection:
        before = _counts(tree)
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY intake_record (merchant_id, id, connection_id, origin, kind, repeat_key, headers, body, received_at,"
                " status, reason) FROM STDIN"
            ) as copy,
        ):
            for record_id, (parcel, scans) in zip(uuid7_many(len(records)), records, strict=True):
                event = f"{parcel}-{scans}"
                copy.write_row(
                    (
                        str(shop.merchant_id), str(record_id), str(shop.connection_ids["aftership"]), "webhook",
                        "tracking_update", f"id:{event}", "{}", aftership_webhook(parcel, scans, event=event),
                        "2026-01-05T12:00:00Z", "pending", "",
                    )
                )  # fmt: skip
        connection.execute("CHECKPOINT")
        meter = Meter.start(tree.roots)
        # As many as arrivals leave behind when they are quicker than the worker, or more than its threads.
        tree.defer("intake.digest", shop.merchant_id, times=8)
        while connection.execute(
            "SELECT EXISTS (SELECT FROM intake_record WHERE status = 'pending')"
        ).fetchone() != (False,):
            time.sleep(0.02)
        meter.stop()
        tree.wait_for_queue()
    after = _counts(tree)
    grown = tuple(now - then for now, then in zip(after, before, strict=True))
    if grown != (parcels, parcels * scans_each, parcels):
        raise RuntimeError(f"parcels, scans and deliveries grew by {grown}")
    return meter


def _counts(tree: Tree) -> tuple[int, int, int]:
    with tree.superuser() as connection:
        row = connection.execute(
            f"SELECT (SELECT count(*) FROM shipments_parcel), (SELECT count(*) FROM {_EVENT}),"
            " (SELECT count(*) FROM shipments_parcel WHERE milestone = 'delivered')"
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _insert_rate(tree: Tree, rows: int) -> float:
    """Insert as many rows of the same table in batches by one connection; they are not kept."""
    columns = (
        "occurred_at, reported_time, time_basis, time_precision, code, description, sub_status, city, state,"
        " postal_code, country, place_name, latitude, longitude, external_id, signed_by, recorded_at"
    )
    with tree.superuser() as connection:
        began = time.perf_counter()
        for _ in range(0, rows, _BATCH):
            connection.execute(
                f"INSERT INTO {_EVENT} (merchant_id, id, parcel_id, identity, source, {columns})"
                f" SELECT merchant_id, uuidv7(), parcel_id, uuid_send(gen_random_uuid()), 'limit', {columns}"
                f" FROM (SELECT * FROM {_EVENT} WHERE source <> 'limit' LIMIT 50) scan, generate_series(1, {_BATCH // 50})"
            )
        seconds = time.perf_counter() - began
        connection.execute(f"DELETE FROM {_EVENT} WHERE source = 'limit'")
        connection.execute(f"VACUUM {_EVENT}")
    return rows / seconds


def _trickle(report: Report, options: Options, tree: Tree, shop: Shop) -> None:
    p99, p50, others, cpu = [], [], [], []
    for turn in range(options.rounds):
        first = 10_000_000 + turn * 100_000
        count = int(_PER_SECOND * options.seconds)
        bodies = [aftership_webhook(first + number, 1, event=f"t{first + number}") for number in range(count)]
        requests = [aftership_request(shop.addresses["aftership"], body) for body in bodies]
        named = [f"{first + number:012x}0" for number in range(count)]
        watch = _Watch(tree, shop.merchant_id, named)
        meter = Meter.start(tree.roots)
        load = open_loop(
            tree.address, requests.__getitem__, per_second=_PER_SECOND, seconds=options.seconds, clients=16
        ).expect(200)
        readable_at = watch.finish()
        meter.stop()
        waits = sorted(readable_at[named[number]] - at for number, at in load.answered_at.items())
        p99.append(waits[min(len(waits) - 1, int(len(waits) * 0.99))] * 1000)
        p50.append(waits[len(waits) // 2] * 1000)
        cpu.append(meter.cpu_seconds / count * 1000)
        others.append(meter.other_cores)
    report.add(
        f"p99 from accepted to readable at {_PER_SECOND}/s", "ms", p99,
        against="scans arriving one by one as signed webhooks, read back every 5 ms", at_most=500,
    )  # fmt: skip
    report.tell("p50 from accepted to readable", "ms", p50)
    report.tell("CPU per webhook, accepted and digested", "ms", cpu)
    report.tell("cores busy with something else, trickle", "cores", others)


class _Watch(threading.Thread):
    """Notes when each new scan can be read."""

    def __init__(self, tree: Tree, merchant_id: UUID, wanted: Collection[str]) -> None:
        super().__init__(daemon=True)
        self._tree, self._merchant_id, self._wanted = tree, merchant_id, set(wanted)
        self._seen: dict[str, float] = {}
        self._give_up_at = float("inf")
        self.start()

    def run(self) -> None:
        with self._tree.superuser() as connection:
            while len(self._seen) < len(self._wanted) and time.monotonic() < self._give_up_at:
                rows = connection.execute(
                    f"SELECT external_id FROM {_EVENT} WHERE merchant_id = %s AND id > %s",
                    [self._merchant_id, uuid7(datetime.now(UTC) - _LOOK_BACK)],
                    prepare=True,
                ).fetchall()
                moment = time.time()
                for (external_id,) in rows:
                    if external_id in self._wanted:
                        self._seen.setdefault(external_id, moment)
                time.sleep(0.005)

    def finish(self) -> dict[str, float]:
        self._give_up_at = time.monotonic() + 30
        self.join()
        if len(self._seen) < len(self._wanted):
            raise RuntimeError(f"{len(self._wanted) - len(self._seen)} scans never became readable")
        return self._seen
