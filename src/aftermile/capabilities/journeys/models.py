"""Rows of journeys: the journey, its versions, each shopper's way through it, and what happened on the way."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aftermile.capabilities.journeys.states import RunState, State
from aftermile.kernel.tenancy import MerchantModel


class Journey(MerchantModel):
    """A rule for when to speak. What it does is its versions' to say."""

    name = models.TextField()
    description = models.TextField(default="")
    standard = models.TextField(default="")  # of which ready-made journey it was made
    state = models.TextField(default=State.DRAFT.value)
    version = models.IntegerField(default=0)  # the published one; 0: none
    listens_to = ArrayField(models.TextField(), default=list)  # event types of all versions somebody is on
    live_since = models.DateTimeField(null=True)  # what happened before lets nobody in
    next_round_at = models.DateTimeField(null=True)  # of a daily one or a date
    created_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "journeys_journey"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "standard"],
                name="one_journey_per_standard_one",
                condition=~models.Q(standard=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(MerchantModel):
    """What a journey does. Number 0 is the draft; the others were published and never change."""

    journey = models.ForeignKey(
        Journey, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    number = models.IntegerField()
    definition = models.JSONField(default=dict)
    note = models.TextField(default="")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "journeys_version"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "journey", "number"], name="one_version_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.number}"


class Run(MerchantModel):
    """One shopper's way through a journey. Narrow: there may be millions asleep."""

    journey = models.ForeignKey(
        Journey, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    version = models.IntegerField()
    entry_key = models.TextField()  # the same is entered once
    shopper_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    parcel_id = models.UUIDField(null=True)
    state = models.TextField(default=RunState.WAITING.value)
    step = models.TextField(default="")  # at which it waits
    wake_at = models.DateTimeField(null=True)  # None: nothing to wake for
    wait_from = models.DateTimeField(null=True)  # since when it waits at this step
    heard = models.JSONField(default=dict)  # step id, "exit" -> since when what it listens for has happened
    cause = models.JSONField(default=dict)  # what let it in, and the conditions as they were
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_for = models.TextField(default="")
    goal_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "journeys_run"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "journey", "entry_key"], name="one_run_per_entry"),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "journey", "wake_at", "id"],
                name="sleeping_runs",
                condition=models.Q(state="waiting", wake_at__isnull=False),
            ),
            models.Index(
                fields=["merchant_id", "journey", "step"],
                name="runs_by_step",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["merchant_id", "shopper_id", "entered_at"], name="runs_of_shopper"),
            models.Index(fields=["merchant_id", "journey", "entered_at"], name="runs_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id} {self.state}"


class Passage(MerchantModel):
    """One step taken: what a run's story is told from."""

    run = models.ForeignKey(Run, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    step = models.TextField()
    what = models.TextField()
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "journeys_passage"
        indexes = [
            models.Index(fields=["merchant_id", "run", "id"], name="passages_of_run"),
            models.Index(fields=["merchant_id", "at"], name="passages_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.what}"


class StaffTask(MerchantModel):
    """Something a journey asks staff to do about a shopper."""

    run = models.ForeignKey(Run, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    step = models.TextField()
    title = models.TextField()
    shopper_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(default="")

    class Meta(MerchantModel.Meta):
        db_table = "journeys_task"
        verbose_name = "task for staff"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "run", "step"], name="one_task_per_run_and_step"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "id"], name="open_tasks", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return self.title
