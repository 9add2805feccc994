"""Everything that is kept on a shopper, as the API gives it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from aftermile.doors.api.fields import Given, ShopperId
from aftermile.doors.api.shapes.orders import OrderGiven


class ShopperExport(Given):
    """Everything that is kept on a shopper."""

    shopper_id: ShopperId
    shopper: dict[str, Any] = Field(description="With the whole history of consents.")
    orders: list[OrderGiven]
    messages: list[dict[str, Any]] = Field(
        description="Every message to them: what it said, where it went, what was told of it."
    )
    journeys: list[dict[str, Any]] = Field(
        description="Their ways through journeys, and why they were on them."
    )
    preferences: dict[str, Any] = Field(description="How they want to be written to.")
