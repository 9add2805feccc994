"""What an order is, in our words."""

from __future__ import annotations

from django.db.models import TextChoices

from aftermile.connectors.contracts.facts import OrderState


class State(TextChoices):
    """`announced`: something referred to the order (a fulfilment, a refund) before its source told of it."""

    ANNOUNCED = "announced"
    OPEN = OrderState.OPEN.value
    COMPLETED = OrderState.COMPLETED.value
    CANCELLED = OrderState.CANCELLED.value
    DELETED = OrderState.DELETED.value
