"""What sleeps costs the due nothing, and segments of a million shoppers are counted while one waits."""

from __future__ import annotations

from bench.database import disk_bytes
from bench.options import Options
from bench.report import Report
from bench.tree import Tree, serving

NAME = "journeys"
_DUE = 1_000


def run(options: Options) -> Report:
    """Claim due steps beside few and beside many that sleep; count segments."""
    report = Report(NAME, f"Journeys with {options.rows:,} asleep, segments of {options.rows:,} shoppers")
    few = min(_DUE, options.rows)
    with serving("worker") as tree:
        shop = str(tree.open_shop().merchant_id)
        journey = tree.inside("sleepers", merchant_id=shop, due=few, asleep=few)
        _settle(tree)
        small = tree.inside("claim", merchant_id=shop, journey_id=journey, due=few, times=20)
        tree.inside("more_sleepers", merchant_id=shop, journey_id=journey, asleep=options.rows - few)
        _settle(tree)
        ratios, large = [], []
        for _ in range(options.rounds):
            large.append(tree.inside("claim", merchant_id=shop, journey_id=journey, due=few, times=20))
            ratios.append(large[-1]["median"] / small["median"])
        tree.inside("fill_profiles", merchant_id=shop, count=options.rows)
        _settle(tree)
        counted = [tree.inside("count_segments", merchant_id=shop) for _ in range(options.rounds)]
        report.notes.append(f"{disk_bytes(tree) / 1e6:,.0f} MB.")
    report.add(
        f"claiming {few:,} due steps, {options.rows:,} asleep / {few:,} asleep", "x", ratios,
        against="the same rows with few asleep, in the same run", at_most=1.3,
    )  # fmt: skip
    report.add(
        "the slowest of the segments", "s", [max(each.values()) for each in counted],
        against=f"{options.rows:,} shoppers, counted live", at_most=2,
    )  # fmt: skip
    report.tell("claiming, few asleep", "ms", [small["median"] * 1000])
    report.tell("claiming, many asleep", "ms", [each["median"] * 1000 for each in large])
    for name in counted[0]:
        report.tell(f"segment: {name}", "s", [each[name] for each in counted])
    report.tell("CPU of one claim, both sides", "ms", [each["cpu"] * 1000 for each in large])
    return report


def _settle(tree: Tree) -> None:
    """Let the database come to rest after a million rows at once: as it does by itself within minutes."""
    with tree.superuser() as connection:
        connection.execute("VACUUM ANALYZE journeys_run, segments_profile")
        connection.execute("CHECKPOINT")
