"""Rows of segments: what is counted of each shopper, and the segments staff made."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aftermile.kernel.tenancy import MerchantModel


class Profile(MerchantModel):
    """What conditions ask of a shopper, made from what other rooms know. Its id is the shopper's.

    Narrow, and read whole when a segment is counted: a million of them in well under two seconds. Names and
    addresses are not here.
    """

    orders_count = models.IntegerField()
    cancelled_count = models.IntegerField()
    spent = models.FloatField()  # in whole units of the currency of the newest order
    average_order = models.FloatField(null=True)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    last_delivered_at = models.DateTimeField(null=True)
    known_since = models.DateTimeField()
    first_order_on = models.TextField(default="")  # a date by the shopper's clock: its end is compared
    birthday = models.TextField(default="")  # 1990-12-24, or -12-24
    country = models.TextField(default="")
    language = models.TextField(default="")
    tags = ArrayField(models.TextField())
    products = ArrayField(models.TextField())
    marketing_email = models.BooleanField()
    marketing_sms = models.BooleanField()

    class Meta(MerchantModel.Meta):
        db_table = "segments_profile"

    def __str__(self) -> str:
        return str(self.id)


class Segment(MerchantModel):
    """A condition with a name."""

    name = models.TextField()
    condition = models.JSONField(default=dict)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "segments_segment"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "name"],
                name="one_segment_per_name",
                condition=models.Q(archived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
