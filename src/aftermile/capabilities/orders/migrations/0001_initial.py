from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0002_walls_and_queue"), ("shoppers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=aftermile.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(default=aftermile.kernel.tenancy.current_merchant_id, editable=False),
                ),
                ("source", models.TextField()),
                ("external_id", models.TextField()),
                ("page_token", models.TextField()),
                ("number", models.TextField(blank=True, default="")),
                ("shopper_id", models.UUIDField(null=True)),
                ("placed_at", models.DateTimeField(null=True)),
                ("source_updated_at", models.DateTimeField(null=True)),
                ("currency", models.TextField(blank=True, default="")),
                ("subtotal_minor", models.BigIntegerField(null=True)),
                ("shipping_minor", models.BigIntegerField(null=True)),
                ("tax_minor", models.BigIntegerField(null=True)),
                ("discount_minor", models.BigIntegerField(null=True)),
                ("total_minor", models.BigIntegerField(null=True)),
                ("foreign_amounts", models.JSONField(default=dict)),
                ("refunded_minor", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("announced", "Announced"),
                            ("open", "Open"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("deleted", "Deleted"),
                        ]
                    ),
                ),
                ("source_status", models.TextField(blank=True, default="")),
                ("financial_status", models.TextField(blank=True, default="")),
                ("fulfilment_status", models.TextField(blank=True, default="")),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.TextField(blank=True, default="")),
                ("shipping_address", models.JSONField(default=dict)),
                ("billing_address", models.JSONField(default=dict)),
                ("shipping_method", models.TextField(blank=True, default="")),
                ("promised_earliest_date", models.DateField(null=True)),
                ("promised_latest_date", models.DateField(null=True)),
                ("promised_set_at", models.DateTimeField(null=True)),
                ("language", models.TextField(blank=True, default="")),
                ("tags", models.JSONField(default=list)),
                ("note", models.TextField(blank=True, default="")),
                ("attributes", models.JSONField(default=dict)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                ("lines_version", models.TextField(blank=True, default="")),
                ("digest", models.TextField(blank=True, default="")),
                ("erased_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "orders_order",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "number"], name="orders_by_number"),
                    models.Index(fields=["merchant_id", "shopper_id", "id"], name="orders_of_shopper"),
                    models.Index(fields=["merchant_id", "state", "id"], name="orders_by_state"),
                    models.Index(fields=["merchant_id", "changed_at"], name="orders_by_change"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "source", "external_id"), name="one_order_per_source_and_id"
                    ),
                    models.UniqueConstraint(fields=("merchant_id", "page_token"), name="one_order_per_page"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=aftermile.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(default=aftermile.kernel.tenancy.current_merchant_id, editable=False),
                ),
                ("external_id", models.TextField()),
                ("position", models.IntegerField()),
                ("title", models.TextField(blank=True, default="")),
                ("variant_title", models.TextField(blank=True, default="")),
                ("sku", models.TextField(blank=True, default="")),
                ("product_external_id", models.TextField(blank=True, default="")),
                ("variant_external_id", models.TextField(blank=True, default="")),
                ("quantity", models.BigIntegerField(default=0)),
                ("cancelled_quantity", models.BigIntegerField(default=0)),
                ("unit_price_minor", models.BigIntegerField(null=True)),
                ("total_minor", models.BigIntegerField(null=True)),
                ("currency", models.TextField(blank=True, default="")),
                ("image_url", models.TextField(blank=True, default="")),
                ("requires_shipping", models.BooleanField(default=True)),
                ("attributes", models.JSONField(default=dict)),
                ("removed", models.BooleanField(default=False)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "orders_line",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "order", "external_id"), name="a_line_once_per_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=aftermile.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "merchant_id",
                    models.UUIDField(default=aftermile.kernel.tenancy.current_merchant_id, editable=False),
                ),
                ("external_id", models.TextField()),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("refunded_at", models.DateTimeField(null=True)),
                ("lines", models.JSONField(default=list)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "orders_refund",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "order", "external_id"), name="a_refund_once_per_order"
                    )
                ],
            },
        ),
        wall("orders_order", {"shopper_id": "shoppers_shopper"}, on_delete="RESTRICT"),
        wall("orders_line", {"order_id": "orders_order"}),
        wall("orders_refund", {"order_id": "orders_order"}),
    ]
