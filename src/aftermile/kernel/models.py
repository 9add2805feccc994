"""Rows of the kernel: merchants and their keys, the event log, what reactions did with it."""

from __future__ import annotations

from django.db import models

from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import MerchantModel


class Merchant(models.Model):
    """A shop. The one table that is not a merchant's own: its row is visible to itself and to operators."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=35, default="en")
    country = models.CharField(max_length=2, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_merchant"

    def __str__(self) -> str:
        return self.name


class ApiKey(MerchantModel):
    """A key for programs. Only its digest is kept."""

    name = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32)
    hint = models.CharField(max_length=8)  # the last letters, so that staff can tell keys apart
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to the hour, so that using a key writes nothing
    revoked_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "kernel_api_key"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="one_api_key_per_digest"),
        ]

    def __str__(self) -> str:
        return self.name


class ShopSetting(MerchantModel):
    """What a shop has chosen of one kind (`working_calendar`, `retention`), and what it had chosen before."""

    kind = models.TextField()
    chosen = models.JSONField(default=dict)
    before = models.JSONField(null=True)  # none: nothing had been chosen
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "kernel_shop_setting"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "kind"], name="one_shop_setting_per_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class Pruning(MerchantModel):
    """When a kind of old rows was last removed, and how many went."""

    kept = models.TextField()
    ran_at = models.DateTimeField()
    removed = models.BigIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)  # when something went, the last time

    class Meta(MerchantModel.Meta):
        db_table = "kernel_pruning"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "kept"], name="one_pruning_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kept} {self.removed}"


class EventClock(MerchantModel):
    """The last position in a merchant's event log; locked last in a transaction, so positions have no gaps
    a reader could slip past."""

    position = models.BigIntegerField(default=0)

    class Meta(MerchantModel.Meta):
        db_table = "kernel_event_clock"
        # One clock a merchant, by its key alone: a second unique key would fail two transactions that both
        # insert the first clock, because "ON CONFLICT" watches only one of them.
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=models.F("merchant_id")), name="one_clock_per_merchant"
            )
        ]

    def __str__(self) -> str:
        return str(self.position)


class EventRecord(MerchantModel):
    """One event of the log."""

    position = models.BigIntegerField()
    type = models.CharField(max_length=80)
    payload = models.JSONField()
    by = models.CharField(max_length=120)
    occurred_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "kernel_event"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "position"], name="one_event_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.type}"


class ReactionRun(MerchantModel):
    """What one reaction did with one published batch: the receipt that makes it happen once."""

    class Status(models.TextChoices):
        DONE = "done"
        FAILING = "failing"  # will be tried again
        SPLIT = "split"  # tried again event by event

    reaction = models.CharField(max_length=120)
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    attempts = models.IntegerField(default=1)
    error = models.TextField(default="", blank=True)
    updated_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "kernel_reaction_run"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "reaction", "first_position", "last_position"],
                name="one_run_per_reaction_and_batch",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "reaction"],
                name="failing_reactions",
                condition=models.Q(status="failing"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.first_position}-{self.last_position} {self.status}"


class ReactionCursor(MerchantModel):
    """How far a reaction that gathers has heard the log; locked while it listens."""

    reaction = models.CharField(max_length=120)
    position = models.BigIntegerField(default=0)

    class Meta(MerchantModel.Meta):
        db_table = "kernel_reaction_cursor"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "reaction"], name="one_cursor_per_reaction"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.position}"


class IdempotencyRecord(MerchantModel):
    """The first answer to an idempotency key, stored in the transaction of its effect."""

    operation = models.CharField(max_length=200)  # caller, method and path
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField(max_length=32)
    status = models.IntegerField(default=0)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "kernel_idempotency"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "operation", "key"], name="one_effect_per_idempotency_key"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
