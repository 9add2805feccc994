"""Rows of the catalog: products and their variants, as their sources tell them."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.catalog.states import PictureState
from aftermile.kernel.tenancy import MerchantModel


class Product(MerchantModel):
    """A product. The fields are folded from facts (`kernel.versions`)."""

    source = models.TextField()
    external_id = models.TextField()
    title = models.TextField(default="", blank=True)
    url = models.TextField(default="", blank=True)
    image_url = models.TextField(default="", blank=True)
    category = models.TextField(default="", blank=True)
    vendor = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    removed = models.BooleanField(default=False)  # the source no longer has it; old orders still name it
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "catalog_product"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "external_id"], name="one_product_per_source_and_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Variant(MerchantModel):
    """What is in fact put in the box: a size, a color, or the product itself where it has only one."""

    product = models.ForeignKey(Product, models.CASCADE, db_constraint=False, db_index=False)
    source = models.TextField()  # the product's, so that a variant can be found by its own id
    external_id = models.TextField()
    title = models.TextField(default="", blank=True)
    sku = models.TextField(default="", blank=True)
    barcode = models.TextField(default="", blank=True)
    price_minor = models.BigIntegerField(null=True)
    currency = models.TextField(default="", blank=True)
    weight_grams = models.BigIntegerField(null=True)
    length_mm = models.BigIntegerField(null=True)
    width_mm = models.BigIntegerField(null=True)
    height_mm = models.BigIntegerField(null=True)
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)

    class Meta(MerchantModel.Meta):
        db_table = "catalog_variant"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "product", "external_id"], name="a_variant_once_per_product"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "source", "external_id"], name="variants_by_external_id"),
            models.Index(fields=["merchant_id", "sku"], name="variants_by_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Picture(MerchantModel):
    """Our own small copy of a picture at a shop's address, so that its shoppers' browsers ask nobody but us."""

    url_digest = models.CharField(max_length=32)
    url = models.TextField()
    state = models.CharField(max_length=10, choices=[(each, each) for each in PictureState])
    reason = models.TextField(default="", blank=True)  # why there is none, in words
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=32, default="", blank=True)  # of the content; its address
    content = models.BinaryField(null=True)
    content_type = models.CharField(max_length=20, default="", blank=True)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    wanted_at = models.DateTimeField()  # when an order or product last named it, to the week
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "catalog_picture"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "url_digest"], name="one_picture_per_address"),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "next_try_at"],
                name="pictures_to_fetch",
                condition=models.Q(state=PictureState.WAITING),
            ),
            models.Index(
                fields=["merchant_id", "digest"],
                name="pictures_by_digest",
                condition=models.Q(state=PictureState.KEPT),
            ),
            models.Index(fields=["merchant_id", "wanted_at"], name="pictures_by_age"),
        ]

    def __str__(self) -> str:
        return self.url
