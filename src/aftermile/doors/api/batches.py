"""Batches: every item has its own result, and an odd one costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from aftermile.doors.api.fields import Given, Odd
from aftermile.doors.api.problems import ItemError, RequestInvalid, item_error
from aftermile.kernel.errors import Refusal

MOST_ITEMS = 500

F = TypeVar("F")
R = TypeVar("R")


class BatchResult(Given):
    """What became of one item. Each resource adds its `id`."""

    status: Literal["recorded", "refused"]
    error: ItemError | None = None


def record_each(
    items: Sequence[Any], *, fact_of: Callable[[Any], F], act: Callable[[Sequence[F]], Sequence[R]]
) -> list[R | Refusal]:
    """Have an act take in what it can of a batch; return what each item came to, in order.

    The act checks all of its facts before it writes any, and names the one it refuses in
    `details["index"]`: that one is taken out, and the act called anew.
    """
    results: list[R | Refusal | None] = [None] * len(items)
    facts: list[tuple[int, F]] = []
    for place, item in enumerate(items):
        if isinstance(item, Odd):
            results[place] = RequestInvalid(details={"problems": item.problems})
            continue
        try:
            facts.append((place, fact_of(item)))
        except Refusal as refusal:
            results[place] = refusal
    while facts:
        try:
            done = act([fact for _, fact in facts])
        except Refusal as refusal:
            index = refusal.details.get("index")
            if not isinstance(index, int):
                raise
            place, _ = facts.pop(index)
            results[place] = refusal
            continue
        for (place, _), result in zip(facts, done, strict=True):
            results[place] = result
        break
    return [result for result in results if result is not None]


def batch_result(result: Any) -> dict[str, Any]:
    """Return the fields of a result for an id or a refusal."""
    if isinstance(result, Refusal):
        return {"status": "refused", "error": item_error(result)}
    return {"status": "recorded", "id": result}
