"""What no column can hold: found before the first write, so that one odd fact costs only itself."""

from __future__ import annotations

from aftermile.kernel.errors import Invalid

#: Ids and numbers stand in indexes; PostgreSQL takes about 2,700 bytes there.
LONGEST_ID = 500
LARGEST_COUNT = 10**15


class FactOutOfBounds(Invalid):
    """A fact has an empty or endless id, or a count no shop ever had; `details.index` tells which in the batch."""

    code = "fact_out_of_bounds"


def check_id(text: str, *, what: str, index: int) -> None:
    """Check an id that rows are found by.

    :raises FactOutOfBounds: empty, or longer than `LONGEST_ID`.
    """
    if not 0 < len(text) <= LONGEST_ID:
        raise FactOutOfBounds(
            f"{what} must have 1 to {LONGEST_ID} characters, not {len(text)}.", details={"index": index}
        )


def check_count(count: int | None, *, what: str, index: int) -> None:
    """Check a count or measure.

    :raises FactOutOfBounds: beyond `LARGEST_COUNT` either way.
    """
    if count is not None and not -LARGEST_COUNT <= count <= LARGEST_COUNT:
        raise FactOutOfBounds(f"{what} is beyond any believable count.", details={"index": index})
