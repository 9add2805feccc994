import django.contrib.postgres.fields
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ItemSize",
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
                ("sku", models.TextField()),
                ("length_mm", models.IntegerField()),
                ("width_mm", models.IntegerField()),
                ("height_mm", models.IntegerField()),
                ("weight_grams", models.IntegerField(null=True)),
                ("this_way_up", models.BooleanField(default=False)),
                ("fragile", models.BooleanField(default=False)),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "packing_item_size",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id", "sku"), name="one_size_per_sku")
                ],
            },
        ),
        migrations.CreateModel(
            name="PackedOrder",
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
                ("order_id", models.UUIDField()),
                (
                    "box_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("used_mm3", models.BigIntegerField()),
                ("items_mm3", models.BigIntegerField(null=True)),
                ("chosen_mm3", models.BigIntegerField(null=True)),
                ("usual_mm3", models.BigIntegerField(null=True)),
                ("packed_by", models.TextField()),
                ("packed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "packing_order",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "packed_at"], name="packed_orders_by_moment")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "order_id"), name="an_order_is_packed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PackingBox",
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
                ("name", models.TextField()),
                ("length_mm", models.IntegerField()),
                ("width_mm", models.IntegerField()),
                ("height_mm", models.IntegerField()),
                ("most_grams", models.IntegerField(null=True)),
                ("empty_grams", models.IntegerField(default=0)),
                ("cost_minor", models.IntegerField(null=True)),
                ("usual", models.BooleanField(default=False)),
                ("archived_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "packing_box",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("merchant_id", "name"),
                        name="one_packing_box_per_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None), ("usual", True)),
                        fields=("merchant_id",),
                        name="one_usual_packing_box",
                    ),
                ],
            },
        ),
    ]
