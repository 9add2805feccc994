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
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from aftermile.capabilities.promises.learning.forecasting import Delivery

#: Training on 25,000 deliveries may take a gigabyte; libraries reserve more addresses than they use.
MOST_ADDRESS_SPACE_BYTES = 4 * 1024**3
#: The newest weeks are kept from a model that is judged by them.
JUDGED_BY = timedelta(days=28)
#: A model that has not seen so much gives way without a judgment.
OUTLIVED = timedelta(days=56)
FEWEST_DELIVERIES = 50

_DELIVERY = TypeAdapter(Delivery)


def write_deliveries(deliveries: Iterable[Delivery]) -> Iterable[bytes]:
    """Write deliveries as the process reads them, a line each."""
    for delivery in deliveries:
        yield _DELIVERY.dump_json(delivery) + b"\n"


def train_and_judge(lines: Iterable[bytes]) -> Mapping[str, Any]:
    """Train a model, and judge its kind against the one that answers by the newest weeks, of which neither is told.

    The model that is handed back has learned from all; what is judged is one that was made in the same way four weeks
    before. An old one that has not seen two months gives way when too little came to judge by.
    """
    from aftermile.capabilities.promises.learning.training import train

    told = iter(lines)
    head = json.loads(next(told))
    as_of = datetime.fromisoformat(head["as_of"])
    deliveries = [_DELIVERY.validate_json(line) for line in told]
    goes_live, verdict = _judge(deliveries, as_of, head["old"])
    model = train(deliveries, as_of=as_of)
    return {
        "model": base64.b64encode(model.write()).decode(),
        "card": asdict(model.card),
        "goes_live": goes_live,
        "verdict": verdict,
    }


def _judge(deliveries: list[Delivery], as_of: datetime, old: str | None) -> tuple[bool, str]:
    from aftermile.capabilities.promises.learning.choosing import better
    from aftermile.capabilities.promises.learning.model import ModelUnreadable, read_model
    from aftermile.capabilities.promises.learning.training import NotEnoughHistory, train

    if old is None:
        return True, "The first model: until now only rules answered."
    try:
        before = read_model(base64.b64decode(old))
    except ModelUnreadable:
        return True, "The one before could not be read any more."
    is_old = before.as_of < as_of - OUTLIVED
    began = as_of - JUDGED_BY
    try:
        tried = train(deliveries, as_of=began)
    except NotEnoughHistory:
        return is_old, "There is too little history to judge by."
    judged = better(tried, before, [each for each in deliveries if each.ordered_at >= began])
    if judged.new_error_days is None or judged.old_error_days is None:
        why = (
            f"Only {judged.deliveries} deliveries came since the one before was trained: too few to judge by."
        )
        return is_old, f"{why} It had not seen the newest two months." if is_old else why
    figures = (
        f"{judged.new_error_days:.2f} days off, the one before {judged.old_error_days:.2f}, on the"
        f" {judged.deliveries} newest deliveries that neither had seen."
    )
    if judged.goes_live:
        return True, f"Better: {figures}"
    if is_old and judged.new_error_days <= judged.old_error_days:
        return True, f"No worse, and the one before had not seen the newest two months: {figures}"
    return False, f"No better, counting how sure it was: {figures}"


def main() -> None:
    """Do as the process does."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE_BYTES, MOST_ADDRESS_SPACE_BYTES))
    json.dump(train_and_judge(sys.stdin.buffer), sys.stdout)


if __name__ == "__main__":
    main()
