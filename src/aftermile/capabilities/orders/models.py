"""Rows of orders: the order, its lines, its refunds."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.orders.states import State
from aftermile.kernel.tenancy import MerchantModel


class Order(MerchantModel):
    """An order. Most fields are folded from facts (`kernel.versions`); the promise is written once."""

    source = models.TextField()
    external_id = models.TextField()
    page_token = models.TextField()  # the unguessable end of the tracking page's address
    number = models.TextField(default="", blank=True)
    shopper_id = models.UUIDField(null=True)
    placed_at = models.DateTimeField(null=True)
    source_updated_at = models.DateTimeField(null=True)
    currency = models.TextField(default="", blank=True)
    subtotal_minor = models.BigIntegerField(null=True)
    shipping_minor = models.BigIntegerField(null=True)
    tax_minor = models.BigIntegerField(null=True)
    discount_minor = models.BigIntegerField(null=True)
    total_minor = models.BigIntegerField(null=True)
    foreign_amounts = models.JSONField(default=dict)  # amounts in another currency than the order's
    refunded_minor = models.BigIntegerField(default=0)  # the refunds in the order's currency
    state = models.TextField(choices=State)
    source_status = models.TextField(default="", blank=True)
    financial_status = models.TextField(default="", blank=True)
    fulfilment_status = models.TextField(default="", blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(default="", blank=True)
    shipping_address = models.JSONField(default=dict)
    billing_address = models.JSONField(default=dict)
    shipping_method = models.TextField(default="", blank=True)
    promised_earliest_date = models.DateField(null=True)
    promised_latest_date = models.DateField(null=True)
    promised_set_at = models.DateTimeField(null=True)
    language = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list)  # the source's own words, folded like the rest
    labels = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField())
    )  # ours: see Label
    note = models.TextField(default="", blank=True)
    attributes = models.JSONField(default=dict)
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)
    lines_version = models.TextField(default="", blank=True)  # of the newest fact that named all lines
    digest = models.TextField(default="", blank=True)  # of the fact last taken in: the same again is skipped
    erased_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # first told by its source; until then only referred to
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "orders_order"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "external_id"], name="one_order_per_source_and_id"
            ),
            models.UniqueConstraint(fields=["merchant_id", "page_token"], name="one_order_per_page"),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "number"], name="orders_by_number"),
            models.Index(fields=["merchant_id", "shopper_id", "id"], name="orders_of_shopper"),
            models.Index(fields=["merchant_id", "state", "id"], name="orders_by_state"),
            models.Index(fields=["merchant_id", "changed_at"], name="orders_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class OrderLine(MerchantModel):
    """What was bought. A line the source no longer names is marked, never deleted."""

    order = models.ForeignKey(Order, models.CASCADE, db_constraint=False, db_index=False)
    external_id = models.TextField()
    position = models.IntegerField()
    title = models.TextField(default="", blank=True)
    variant_title = models.TextField(default="", blank=True)
    sku = models.TextField(default="", blank=True)
    product_external_id = models.TextField(default="", blank=True)
    variant_external_id = models.TextField(default="", blank=True)
    quantity = models.BigIntegerField(default=0)
    cancelled_quantity = models.BigIntegerField(default=0)
    unit_price_minor = models.BigIntegerField(null=True)
    total_minor = models.BigIntegerField(null=True)
    currency = models.TextField(default="", blank=True)
    image_url = models.TextField(default="", blank=True)
    requires_shipping = models.BooleanField(default=True)
    attributes = models.JSONField(default=dict)
    removed = models.BooleanField(default=False)
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)

    class Meta(MerchantModel.Meta):
        db_table = "orders_line"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "external_id"], name="a_line_once_per_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.external_id}"


class Refund(MerchantModel):
    """Money given back, as the source tells it."""

    order = models.ForeignKey(Order, models.CASCADE, db_constraint=False, db_index=False)
    external_id = models.TextField()
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    refunded_at = models.DateTimeField(null=True)
    lines = models.JSONField(
        default=list
    )  # [{"line": external id, "quantity": n, "amount_minor": n, "currency": c}]
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "orders_refund"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order", "external_id"], name="a_refund_once_per_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.external_id}"


class Label(MerchantModel):
    """A label that is on at least one order: its one spelling, and how many orders have it."""

    name = models.TextField()
    folded = models.TextField()
    order_count = models.BigIntegerField()

    class Meta(MerchantModel.Meta):
        db_table = "orders_label"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "folded"], name="one_spelling_per_label"),
        ]

    def __str__(self) -> str:
        return self.name
