"""All open estimates of a shop looked at anew, by a model that answers: what that takes, and how it grows."""

from __future__ import annotations

from bench.options import Options
from bench.report import Report
from bench.tree import Tree, serving

NAME = "estimates"
_DELIVERIES = 2_000


def run(options: Options) -> Report:
    """Look at the estimates of half as many and of all, each time six hours later."""
    many = min(20_000, options.rows)
    few = many // 2
    report = Report(NAME, f"Estimates of {few:,} and {many:,} open shipments on 100 lanes, with a live model")
    with serving("web") as tree:
        shop = str(tree.open_shop().merchant_id)
        trained = tree.inside("keep_trained", merchant_id=shop, deliveries=min(_DELIVERIES, options.rows))
        tree.inside("fill_moving", merchant_id=shop, count=few)
        small = _renewals(tree, shop, options.rounds)
        tree.inside("fill_moving", merchant_id=shop, count=many - few, first=few)
        large = _renewals(tree, shop, options.rounds)
    report.add(
        f"{few:,} open shipments estimated anew", "s", [each["seconds"] for each in small],
        against="one process and its database, from the first statement to the last commit", at_most=5,
    )  # fmt: skip
    report.add(
        f"{many:,} / {few:,} of them", "x",
        [large[index]["seconds"] / small[index]["seconds"] for index in range(options.rounds)],
        against="twice as many", at_most=2.4,
    )  # fmt: skip
    report.tell("CPU of our side alone, the fewer", "s", [each["cpu"] for each in small])
    report.tell("CPU of our side alone, all", "s", [each["cpu"] for each in large])
    report.tell("answered by the model", "%", [100 * each["model"] / max(1, each["open"]) for each in large])
    report.tell(f"training on {_DELIVERIES:,} deliveries", "s", [trained["seconds"]])
    return report


def _renewals(tree: Tree, shop: str, rounds: int) -> list[dict[str, float]]:
    # The first look makes the rows; what is measured finds them.
    tree.inside("renew_all", merchant_id=shop, days_ahead=0)
    with tree.superuser() as connection:
        connection.execute("VACUUM ANALYZE promises_estimate")
    return [
        tree.inside("renew_all", merchant_id=shop, days_ahead=0.25 * (index + 1)) for index in range(rounds)
    ]
