from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0002_walls_and_queue")]

    operations = [
        migrations.CreateModel(
            name="Product",
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
                ("title", models.TextField(blank=True, default="")),
                ("url", models.TextField(blank=True, default="")),
                ("image_url", models.TextField(blank=True, default="")),
                ("category", models.TextField(blank=True, default="")),
                ("vendor", models.TextField(blank=True, default="")),
                ("tags", models.JSONField(default=list)),
                ("attributes", models.JSONField(default=dict)),
                ("removed", models.BooleanField(default=False)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "catalog_product",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "source", "external_id"), name="one_product_per_source_and_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Variant",
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
                ("title", models.TextField(blank=True, default="")),
                ("sku", models.TextField(blank=True, default="")),
                ("barcode", models.TextField(blank=True, default="")),
                ("price_minor", models.BigIntegerField(null=True)),
                ("currency", models.TextField(blank=True, default="")),
                ("weight_grams", models.BigIntegerField(null=True)),
                ("length_mm", models.BigIntegerField(null=True)),
                ("width_mm", models.BigIntegerField(null=True)),
                ("height_mm", models.BigIntegerField(null=True)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "db_table": "catalog_variant",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["merchant_id", "source", "external_id"], name="variants_by_external_id"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "product", "external_id"), name="a_variant_once_per_product"
                    )
                ],
            },
        ),
        wall("catalog_product"),
        wall("catalog_variant", {"product_id": "catalog_product"}),
    ]
