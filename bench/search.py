"""The console's search over a million orders: by number, name, e-mail, tracking number, and with typing errors."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import urlencode

from bench.database import disk_bytes
from bench.load import closed_loop, request_bytes
from bench.machine import Meter
from bench.options import Options
from bench.report import Report
from bench.tree import Shop, Tree, serving

NAME = "search"
_AT_ONCE = 100_000
_QUESTIONS = 400
_BEGINNINGS = "an ber cla dor el fre gra hen ing jo kar lu mar nor ol pe ro sve tho ul vik wer".split()
_MIDDLES = "a al an ar e el en er i il in ir o ol on or u ul un ur".split()
_ENDS = "berg dal din er feld ga gren ik ina ius ke lund mann na ner off quist ra ri rup sen son stad ta ton uk witz".split()


def run(options: Options) -> Report:
    """Fill the list of orders, then ask what staff would ask."""
    report = Report(NAME, f"The console's search over {options.rows:,} orders")
    with serving("web") as tree:
        shop = tree.open_shop()
        rng = random.Random(7)
        first_names = [_name(rng) for _ in range(600)]
        last_names = [_name(rng) for _ in range(8_000)]
        _fill(tree, shop, options.rows, first_names, last_names)
        report.notes.append(f"{disk_bytes(tree) / 1e6:,.0f} MB.")
        desk = tree.inside("open_desk", merchant_id=str(shop.merchant_id))
        headers = {"Cookie": f"{desk['cookie']}={desk['session']}", "Accept-Encoding": "gzip"}
        each = options.of(_QUESTIONS) // 7
        kinds = _questions(rng, each, options.rows, first_names, last_names)
        kinds["e-mail"] = _addresses(tree, each)
        asked = {
            kind: [
                request_bytes("GET", f"{desk['base']}orders/?{urlencode({'words': words})}", headers)
                for words in some
            ]
            for kind, some in kinds.items()
        }
        everything = [request for some in asked.values() for request in some]
        rng.shuffle(everything)
        ask = lambda number: everything[number % len(everything)]  # noqa: E731
        closed_loop(tree.address, ask, clients=1, count=40).expect(200)
        p95, cpu, others = [], [], []
        for turn in range(options.rounds):
            meter = Meter.start(tree.roots)
            load = closed_loop(
                tree.address, ask, clients=1, count=len(everything), first=turn * len(everything)
            ).expect(200)
            meter.stop()
            p95.append(load.latency(95) * 1000)
            cpu.append(meter.cpu_seconds / load.count * 1000)
            others.append(meter.other_cores)
        report.add("search: p95", "ms", p95, against="the whole page over HTTP, one client", at_most=200)
        report.tell("search: CPU", "ms", cpu)
        for kind, requests in asked.items():
            load = closed_loop(tree.address, requests.__getitem__, clients=1, count=len(requests)).expect(200)
            report.tell(f"by {kind}: p50", "ms", [load.latency(50) * 1000])
            report.tell(f"by {kind}: p95", "ms", [load.latency(95) * 1000])
        report.tell("cores busy with something else", "cores", others)
    return report


def _name(rng: random.Random) -> str:
    return rng.choice(_BEGINNINGS) + rng.choice(_MIDDLES) + rng.choice(_ENDS)


def _fill(tree: Tree, shop: Shop, rows: int, first_names: Sequence[str], last_names: Sequence[str]) -> None:
    with tree.superuser() as connection:
        for table, names in (("first_names", first_names), ("last_names", last_names)):
            connection.execute(f"CREATE TEMP TABLE {table} (n int PRIMARY KEY, name text)")
            connection.execute(
                f"INSERT INTO {table} SELECT n - 1, name FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, n)",
                [list(names)],
            )
            connection.execute(f"ANALYZE {table}")
        # Made at the end, all at once: row by row they would take an hour.
        indexes = connection.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'search_order'::regclass AND NOT indisunique"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for start in range(1, rows + 1, _AT_ONCE):
            connection.execute(
                "INSERT INTO search_order (merchant_id, id, number, source, state, standing, placed_at, name, email,"
                " country, currency, total_minor, carrier, parcel_count, words)"
                " SELECT %s, uuidv7(), '#' || n, 'bench', 'open', (ARRAY['delivered','delivered','delivered','delivered',"
                "'in_transit','','exception'])[1 + n %% 7], now() - (%s - n) * interval '40 seconds', who, mail,"
                " (ARRAY['DE','FR','SE','US'])[1 + n %% 4], 'EUR', 4990, (ARRAY['dhl','ups','gls'])[1 + n %% 3], 1,"
                " n || ' fill-' || n || ' ' || who || ' ' || mail || ' stadt ' || 'jd' || lpad(n::text, 14, '0')"
                " FROM (SELECT n, who, replace(who, ' ', '.') || n || '@example.com' AS mail FROM"
                " (SELECT s.n, f.name || ' ' || l.name AS who FROM generate_series(%s::int, %s::int) AS s(n)"
                " JOIN first_names f ON f.n = (hashint4(s.n) & 65535) %% %s"
                " JOIN last_names l ON l.n = (hashint4(-s.n) & 1048575) %% %s) named) told",
                [
                    shop.merchant_id,
                    rows,
                    start,
                    min(start + _AT_ONCE - 1, rows),
                    len(first_names),
                    len(last_names),
                ],
            )
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE search_order")
        connection.execute("CHECKPOINT")


def _questions(
    rng: random.Random, each: int, rows: int, first_names: Sequence[str], last_names: Sequence[str]
) -> dict[str, list[str]]:
    numbers = [rng.randint(1, rows) for _ in range(each)]
    return {
        "order number": [f"#{number}" for number in numbers],
        "last name": [rng.choice(last_names) for _ in range(each)],
        "both names": [f"{rng.choice(first_names)} {rng.choice(last_names)}" for _ in range(each)],
        "unknown e-mail": [f"{rng.choice(last_names)}{number}@example.com" for number in numbers],
        "tracking number": [f"JD{number:014}" for number in numbers],
        "misspelled name": [_misspelled(rng, rng.choice(last_names)) for _ in range(each)],
    }


def _addresses(tree: Tree, count: int) -> list[str]:
    """Choose e-mail addresses from all over the table."""
    with tree.superuser() as connection:
        found = connection.execute(
            "SELECT email FROM search_order ORDER BY hashtext(email) LIMIT %s", [count]
        )
        return [email for (email,) in found.fetchall()]


def _misspelled(rng: random.Random, name: str) -> str:
    place = rng.randint(1, len(name) - 2)
    return name[:place] + rng.choice("aeioukst") + name[place + 1 :]
