"""Rows of packing: the shop's boxes, how large its things are, and what orders were packed in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aftermile.kernel.tenancy import MerchantModel


class PackingBox(MerchantModel):
    """A box the shop has, measured inside."""

    name = models.TextField()
    length_mm = models.IntegerField()
    width_mm = models.IntegerField()
    height_mm = models.IntegerField()
    most_grams = models.IntegerField(null=True)  # what may be put into it
    empty_grams = models.IntegerField(default=0)
    cost_minor = models.IntegerField(null=True)  # in the shop's currency
    usual = models.BooleanField(
        default=False
    )  # what would be taken without a choice: savings are counted against it
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "packing_box"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "name"],
                name="one_packing_box_per_name",
                condition=models.Q(archived_at=None),
            ),
            models.UniqueConstraint(
                fields=["merchant_id"],
                name="one_usual_packing_box",
                condition=models.Q(archived_at=None, usual=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ItemSize(MerchantModel):
    """How large one of something is, as the shop measured it. Goes before what its storefront says."""

    sku = models.TextField()
    length_mm = models.IntegerField()
    width_mm = models.IntegerField()
    height_mm = models.IntegerField()
    weight_grams = models.IntegerField(null=True)  # none: the catalog's
    this_way_up = models.BooleanField(default=False)
    fragile = models.BooleanField(default=False)
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "packing_item_size"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "sku"], name="one_size_per_sku"),
        ]

    def __str__(self) -> str:
        return self.sku


class PackedOrder(MerchantModel):
    """What an order was packed in, and what it could have been. Volumes in cubic millimeters."""

    order_id = models.UUIDField()
    box_ids = ArrayField(models.UUIDField())
    used_mm3 = models.BigIntegerField()  # of the boxes it was packed in
    items_mm3 = models.BigIntegerField(null=True)  # none where a size was not known
    chosen_mm3 = models.BigIntegerField(null=True)  # of the boxes that were chosen for it
    usual_mm3 = models.BigIntegerField(null=True)  # of the usual boxes it would have taken
    packed_by = models.TextField()
    packed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "packing_order"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "order_id"], name="an_order_is_packed_once"),
        ]
        indexes = [models.Index(fields=["merchant_id", "packed_at"], name="packed_orders_by_moment")]

    def __str__(self) -> str:
        return str(self.order_id)
