"""Rows of search: entries of lists, kept views, exports."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from aftermile.kernel.tenancy import MerchantModel


class OrderEntry(MerchantModel):
    """What the list of orders shows of one order; its id is the order's. `words`: all it is found by, folded."""

    number = models.TextField(default="")
    source = models.TextField(default="")
    state = models.TextField(default="")
    standing = models.TextField(default="")  # the milestone of its foremost parcel, "" without parcels
    placed_at = models.DateTimeField()
    shopper_id = models.UUIDField(null=True)
    name = models.TextField(default="")
    email = models.TextField(default="")
    country = models.TextField(default="")
    currency = models.TextField(default="")
    total_minor = models.BigIntegerField(null=True)
    carrier = models.TextField(default="")  # of the first parcel
    parcel_count = models.IntegerField(default=0)
    promised_latest_date = models.DateField(null=True)
    # One a line, with a line's end before the first and behind the last: LIKE is what the walls let use an index.
    label_lines = models.TextField(default="", db_default="")
    words = models.TextField(default="")

    class Meta(MerchantModel.Meta):
        db_table = "search_order"
        indexes = [
            models.Index(fields=["merchant_id", "-placed_at", "-id"], name="orders_newest_first"),
            models.Index(fields=["merchant_id", "standing", "-placed_at", "-id"], name="orders_by_standing"),
            models.Index(fields=["merchant_id", "state", "-placed_at", "-id"], name="order_entries_by_state"),
            models.Index(fields=["merchant_id", "country", "-placed_at", "-id"], name="orders_by_country"),
            models.Index(fields=["merchant_id", "carrier", "-placed_at", "-id"], name="orders_by_carrier"),
            models.Index(fields=["merchant_id", "shopper_id"], name="order_entries_of_shopper"),
            GinIndex(
                fields=["merchant_id", "words"],
                opclasses=["uuid_ops", "gin_trgm_ops"],
                name="orders_by_words",
            ),
            GinIndex(
                fields=["merchant_id", "label_lines"],
                opclasses=["uuid_ops", "gin_trgm_ops"],
                name="orders_by_label",
                condition=~models.Q(label_lines=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.label_lines.split("\n")[1:-1])


class ParcelEntry(MerchantModel):
    """What the list of parcels shows of one parcel; its id is the parcel's."""

    tracking_number = models.TextField(default="")
    order_id = models.UUIDField(null=True)
    order_number = models.TextField(default="")
    name = models.TextField(default="")
    direction = models.TextField(default="")
    milestone = models.TextField(default="")
    sub_status = models.TextField(default="")
    cause = models.TextField(default="")
    carrier = models.TextField(default="")
    service = models.TextField(default="")
    country = models.TextField(default="")
    shipped_at = models.DateTimeField()  # else when it was first heard of: the list's order
    reached_at = models.DateTimeField(null=True)
    words = models.TextField(default="")

    class Meta(MerchantModel.Meta):
        db_table = "search_parcel"
        indexes = [
            models.Index(fields=["merchant_id", "-shipped_at", "-id"], name="parcels_newest_first"),
            models.Index(
                fields=["merchant_id", "milestone", "-shipped_at", "-id"], name="parcel_entries_by_milestone"
            ),
            models.Index(fields=["merchant_id", "carrier", "-shipped_at", "-id"], name="parcels_by_carrier"),
            models.Index(fields=["merchant_id", "country", "-shipped_at", "-id"], name="parcels_by_country"),
            models.Index(fields=["merchant_id", "order_id"], name="parcel_entries_of_order"),
            GinIndex(
                fields=["merchant_id", "words"],
                opclasses=["uuid_ops", "gin_trgm_ops"],
                name="parcels_by_words",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number


class SavedView(MerchantModel):
    """A named set of filters: the query of a list's address. Without an owner it is everybody's."""

    listing = models.TextField()
    name = models.TextField()
    query = models.TextField()
    owner_id = models.UUIDField(null=True)
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "search_view"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "listing", "owner_id", "name"],
                name="one_view_per_name_and_owner",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Export(MerchantModel):
    """A file of rows: asked for, being written, ready. Its content is in parts."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        WRITING = "writing"
        READY = "ready"
        FAILED = "failed"

    listing = models.TextField()
    query = models.TextField()
    status = models.TextField(choices=Status, default=Status.WAITING)
    wanted_by = models.TextField()
    row_count = models.BigIntegerField(default=0)
    expected_count = models.BigIntegerField(default=0)
    byte_count = models.BigIntegerField(default=0)
    behind = models.TextField(default="")  # the cursor behind the last row written
    problem = models.TextField(default="")
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "search_export"
        indexes = [models.Index(fields=["merchant_id", "wanted_by", "-id"], name="exports_of_person")]

    def __str__(self) -> str:
        return f"{self.listing} {self.status}"


class ExportPart(MerchantModel):
    """Some thousand rows of an export, as they stand in the file."""

    export = models.ForeignKey(Export, models.CASCADE, db_constraint=False, db_index=False)
    position = models.IntegerField()
    content = models.BinaryField()

    class Meta(MerchantModel.Meta):
        db_table = "search_export_part"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "export", "position"], name="one_part_per_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.position}"
