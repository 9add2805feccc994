"""Rows of promises: what is expected now, what was expected before, and the models that say so."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.promises.states import ModelState, Outcome
from aftermile.kernel.tenancy import MerchantModel


class Estimate(MerchantModel):
    """When a parcel is expected (or an order nothing of which was handed over): one row, as it stands.

    When it came, the row is closed and kept: what was expected at each stage is what accuracy is measured by.
    """

    subject_id = models.UUIDField()  # of the parcel, or of the order where there is no parcel yet
    parcel_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    stage = models.TextField()
    earliest_at = models.DateTimeField()
    likely_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    precision = models.TextField()
    source = models.TextField()
    confidence = models.TextField()
    late_probability = models.FloatField(null=True)
    basis = models.JSONField(default=dict)  # what a model's word rests on
    reason = models.TextField()  # of the last change
    revision = models.IntegerField(default=1)
    estimated_at = models.DateTimeField()  # when it last changed
    looked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when to look again without a scan; None: it is closed

    seen = models.TextField(default="")  # what it was made of, so that each change has its reason
    carrier_word = models.TextField(default="")
    model = models.TextField(default="")
    rule = models.TextField(default="")
    trust = models.TextField(default="")

    promised_latest = models.DateField(null=True)
    stages = models.JSONField(default=dict)  # stage -> what was expected when it was reached
    delay_days = models.IntegerField(null=True)  # as last told; None: no delay is told
    delay_basis = models.TextField(default="")
    delay_predicted_at = models.DateTimeField(null=True)  # first told, and not taken back
    outcome = models.TextField(default=Outcome.WAITING)
    came_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "promises_estimate"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "subject_id"], name="one_estimate_per_subject"),
            models.CheckConstraint(
                condition=models.Q(
                    earliest_at__lte=models.F("likely_at"), likely_at__lte=models.F("latest_at")
                ),
                name="an_estimate_contains_its_likely_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="estimates_due",
            ),
            models.Index(
                fields=["merchant_id", "order_id"],
                condition=models.Q(order_id__isnull=False),
                name="estimates_of_order",
            ),
            models.Index(
                fields=["merchant_id", "-came_at"],
                condition=models.Q(came_at__isnull=False),
                name="estimates_that_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.likely_at}"


class EstimateRevision(MerchantModel):
    """One estimate people saw, and why it took the place of the one before. Never changed."""

    subject_id = models.UUIDField()
    revision = models.IntegerField()
    stage = models.TextField()
    earliest_at = models.DateTimeField()
    likely_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    precision = models.TextField()
    source = models.TextField()
    confidence = models.TextField()
    basis = models.JSONField(default=dict)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "promises_revision"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subject_id", "revision"], name="one_row_per_revision_of_an_estimate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.revision}"


class ModelVersion(MerchantModel):
    """A trained model: bytes that are data, never code, and the card that says how good it is."""

    number = models.IntegerField()
    state = models.TextField(choices=ModelState)
    content = models.BinaryField()
    size_bytes = models.IntegerField()
    card = models.JSONField(default=dict)
    deliveries = models.IntegerField()
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    verdict = models.TextField(default="")  # why it went live, or did not
    trained_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "promises_model"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number"], name="one_model_per_number"),
            models.UniqueConstraint(
                fields=["merchant_id"], condition=models.Q(state="live"), name="one_live_model_per_merchant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Renewal(MerchantModel):
    """How a merchant's estimates are renewed: one row, which whoever renews locks, so that one follows the other."""

    swept_on = models.DateField(null=True)  # when parcels without an estimate were last looked for
    training_since = models.DateTimeField(null=True)
    training_failed = models.TextField(default="")  # what the last training ended with, where it failed
    trained_at = models.DateTimeField(null=True)
    accuracy = models.JSONField(default=dict)  # source -> stage -> how far off, of what came of late
    measured_on = models.DateField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "promises_renewal"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=models.F("merchant_id")), name="one_renewal_per_merchant"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
