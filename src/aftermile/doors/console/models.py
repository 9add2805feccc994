"""Rows of the console: what was asked for about a shopper's data, and what came of it."""

from __future__ import annotations

from django.db import models

from aftermile.kernel.tenancy import MerchantModel


class ShopperRequest(MerchantModel):
    """A copy of a shopper's data, or its erasure. Holds no name; `content` is a copy's file, kept for a while."""

    class Kind(models.TextChoices):
        COPY = "copy"
        ERASURE = "erasure"

    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"

    kind = models.TextField(choices=Kind)
    shopper_id = models.UUIDField()
    wanted_by = models.TextField()
    status = models.TextField(choices=Status, default=Status.WAITING)
    done = models.IntegerField(default=0)  # rooms, of ROOMS
    counts = models.JSONField(default=dict)  # what was found, by what it is
    content = models.BinaryField(null=True)  # a ZIP file
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "console_shopper_request"
        indexes = [
            models.Index(fields=["merchant_id", "shopper_id", "id"], name="requests_of_shopper"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
