"""Rows of shipments: what was handed over, the boxes, and each scan."""

from __future__ import annotations

from django.db import models

from aftermile.connectors.contracts.facts import Direction, TimeBasis, TimePrecision
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.tenancy import MerchantModel


class Shipment(MerchantModel):
    """One hand-over to a carrier, as its source tells it."""

    source = models.TextField()
    external_id = models.TextField()
    order_id = models.UUIDField(null=True)
    direction = models.TextField(default=Direction.OUTBOUND)
    carrier = models.TextField(default="")
    carrier_name = models.TextField(default="")
    service = models.TextField(default="")
    source_status = models.TextField(default="")
    cancelled = models.BooleanField(default=False)
    shipped_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list)  # [{"line": external id, "quantity": n}]
    origin = models.JSONField(default=dict)
    destination = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    version_at = models.DateTimeField(null=True)  # the source's own; older never wins
    digest = models.BinaryField(default=b"")  # of the fact last taken in: the same again changes nothing
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "shipments_shipment"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "external_id"], name="one_shipment_per_source_and_id"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "order_id"], name="shipments_of_order")]

    def __str__(self) -> str:
        return self.external_id


class Parcel(MerchantModel):
    """One box with one tracking number, and the reading of its scans.

    A parcel without a number (a storefront that reports scans but no number) has its shipment's id for a
    key until the number is told.
    """

    number_key = models.TextField()
    tracking_number = models.TextField(default="")
    carrier = models.TextField(default="")
    carrier_name = models.TextField(default="")
    service = models.TextField(default="")
    direction = models.TextField(default=Direction.OUTBOUND)
    milestone = models.TextField(default=Milestone.PENDING)
    sub_status = models.TextField(default=Milestone.PENDING)
    cause = models.TextField(default="")
    reached_at = models.DateTimeField(null=True)
    event_count = models.IntegerField(default=0)
    first_event_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    first_attempted_at = models.DateTimeField(null=True)
    attempt_count = models.IntegerField(default=0)
    summary = models.TextField(default="")
    summary_code = models.TextField(default="")
    summary_at = models.DateTimeField(null=True)
    estimate_earliest = models.TextField(default="")  # ISO 8601, a day or a moment: as the carrier gave it
    estimate_latest = models.TextField(default="")
    signed_by = models.TextField(default="")
    proofs = models.JSONField(default=list)
    weight_grams = models.IntegerField(null=True)
    origin = models.JSONField(default=dict)
    destination = models.JSONField(default=dict)
    title = models.TextField(default="")
    note = models.TextField(default="")
    attributes = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "shipments_parcel"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "number_key"], name="one_parcel_per_number"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "milestone", "-id"], name="parcels_by_milestone"),
            models.Index(fields=["merchant_id", "updated_at", "id"], name="parcels_by_change"),
            models.Index(
                fields=["merchant_id", "delivered_at"],
                name="parcels_by_delivery",
                condition=models.Q(delivered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number


class ShipmentParcel(MerchantModel):
    """Which boxes a shipment went in. Two orders may share a box, and a box once named is never replaced."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, db_constraint=False, db_index=False)
    parcel = models.ForeignKey(Parcel, models.CASCADE, db_constraint=False, db_index=False)
    position = models.IntegerField(default=0)
    listed = models.BooleanField(default=True)  # whether the source's newest word still names it

    class Meta(MerchantModel.Meta):
        db_table = "shipments_shipment_parcel"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "shipment", "parcel"], name="a_parcel_once_per_shipment"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "parcel"], name="shipments_of_parcel")]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.parcel_id}"


class TrackingEvent(MerchantModel):
    """One scan as reported, its true moment and our reading of its code (empty: unknown, moves nothing)."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, db_constraint=False, db_index=False)
    identity = models.BinaryField(max_length=16)
    occurred_at = models.DateTimeField()
    reported_time = models.TextField(default="")
    time_basis = models.TextField(default=TimeBasis.STATED)
    time_precision = models.TextField(default=TimePrecision.MOMENT)
    code = models.TextField(default="")
    description = models.TextField(default="")
    sub_status = models.TextField(default="")
    city = models.TextField(default="")
    state = models.TextField(default="")
    postal_code = models.TextField(default="")
    country = models.TextField(default="")
    place_name = models.TextField(default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    external_id = models.TextField(default="")
    signed_by = models.TextField(default="")
    source = models.TextField(default="")
    recorded_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "shipments_tracking_event"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "parcel", "identity"], name="one_row_per_scan_of_a_parcel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at} {self.code}"
