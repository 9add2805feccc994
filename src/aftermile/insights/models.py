"""Rows of counts: nothing in them is about a person, and all of it is in the event log."""

from __future__ import annotations

from django.db import models

from aftermile.kernel.tenancy import MerchantModel

LANE = (
    "week",
    "carrier",
    "service",
    "origin_country",
    "origin_region",
    "destination_country",
    "destination_region",
)


class _OfALane(MerchantModel):
    """By whom, from where to where, in which week (its Monday, by the shop's clock)."""

    week = models.DateField()
    carrier = models.TextField()
    service = models.TextField()
    origin_country = models.TextField()
    origin_region = models.TextField()
    destination_country = models.TextField()
    destination_region = models.TextField()

    class Meta(MerchantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.week} {self.carrier} {self.destination_country}"


class DeliveryWeek(_OfALane):
    """Promises that were due in a week, and parcels that came in it."""

    kept = models.BigIntegerField()
    broken = models.BigIntegerField()
    came = models.BigIntegerField()
    from_order = models.BigIntegerField()  # how many of those that came say when they were ordered
    from_order_hours = models.FloatField()  # their hours from the order to the door, added up
    from_hand_over = models.BigIntegerField()
    from_hand_over_hours = models.FloatField()

    class Meta(_OfALane.Meta):
        db_table = "insights_delivery_week"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", *LANE], name="one_count_per_lane_and_week"),
        ]


class LatenessWeek(_OfALane):
    """How many parcels came so many days outside their promised window."""

    days_off = models.IntegerField()
    came = models.BigIntegerField()

    class Meta(_OfALane.Meta):
        db_table = "insights_lateness_week"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", *LANE, "days_off"], name="one_count_per_lane_week_and_days_off"
            ),
        ]


class EstimateWeek(_OfALane):
    """How far off estimates were, made on reaching a stage, of parcels that came in a week."""

    stage = models.TextField()
    source = models.TextField()
    beside_carrier = models.BooleanField()  # whether both we and the carrier had said something
    estimates = models.BigIntegerField()
    error_hours = models.FloatField()  # came after likely: positive; added up
    absolute_error_hours = models.FloatField()
    inside = models.BigIntegerField()  # came between earliest and latest
    width_hours = models.FloatField()

    class Meta(_OfALane.Meta):
        db_table = "insights_estimate_week"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", *LANE, "stage", "source", "beside_carrier"],
                name="one_count_per_lane_week_stage_and_source",
            ),
        ]
