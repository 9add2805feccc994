"""Train one model in a process of its own: deliveries in on stdin, a model and its verdict out on stdout.

The process has no database and no secret; it may use a bounded amount of memory, and what it took is given back to the
machine when it ends, which a long-running worker that imported these libraries would never do.

In: a line `{"as_of": ..., "old": base64 or null}`, then one delivery a line. Out: one line of JSON.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from aftermile.capabilities.promises.learning.forecasting import Delivery

#: Training on 25,000 deliveries may take a gigabyte; libraries reserve more addresses than they use.
MOST_ADDRESS_SPACE_BYTES = 4 * 1024**3
#: The newest weeks are kept from a model that is judged by them.
JUDGED_BY = timedelta(days=28)
FEWEST_DELIVERIES = 50

_DELIVERY = TypeAdapter(Delivery)


def write_deliveries(deliveries: Iterable[Delivery]) -> Iterable[bytes]:
    """Write deliveries as the process reads them, a line each."""
    for delivery in deliveries:
        yield _DELIVERY.dump_json(delivery) + b"\n"


def train_and_judge(lines: Iterable[bytes]) -> Mapping[str, Any]:
    """Train a model, and judge its kind against the one that answers by the newest weeks, of which it is not told.

    The model that is handed back has learned from all; what is judged is one that was made in the same way four weeks
    before. Without a model that answers, and while there is nothing to judge by, it goes live.
    """
    from aftermile.capabilities.promises.learning import public as learning

    told = iter(lines)
    head = json.loads(next(told))
    as_of = datetime.fromisoformat(head["as_of"])
    deliveries = [_DELIVERY.validate_json(line) for line in told]
    model = learning.train(deliveries, as_of=as_of)
    goes_live, verdict = _judge(learning, deliveries, as_of, head["old"])
    return {
        "model": base64.b64encode(model.write()).decode(),
        "card": model.card.told(),
        "goes_live": goes_live,
        "verdict": verdict,
    }


def _judge(learning: Any, deliveries: list[Delivery], as_of: datetime, old: str | None) -> tuple[bool, str]:
    if old is None:
        return True, "The first model: until now only rules answered."
    try:
        before = learning.read_model(base64.b64decode(old))
    except learning.ModelUnreadable:
        return True, "The model before could not be read any more."
    began = as_of - JUDGED_BY
    newest = [each for each in deliveries if each.ordered_at >= began]
    try:
        tried = learning.train(deliveries, as_of=began)
    except learning.NotEnoughHistory:
        return True, "There is too little history to judge by; the newer one knows more."
    if learning.better(tried, before, newest):
        return True, f"Nearer than the one before on the {len(newest)} deliveries of the newest four weeks."
    return (
        False,
        f"Not nearer than the one that answers on the {len(newest)} deliveries of the newest four weeks.",
    )


def main() -> None:
    """Do as the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE_BYTES, MOST_ADDRESS_SPACE_BYTES))
    json.dump(train_and_judge(sys.stdin.buffer), sys.stdout)


if __name__ == "__main__":
    main()
