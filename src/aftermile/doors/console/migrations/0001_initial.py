from __future__ import annotations

from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0002_walls_and_queue")]

    operations = [
        migrations.CreateModel(
            name="ShopperRequest",
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
                ("kind", models.TextField(choices=[("copy", "Copy"), ("erasure", "Erasure")])),
                ("shopper_id", models.UUIDField()),
                ("wanted_by", models.TextField()),
                (
                    "status",
                    models.TextField(
                        choices=[("waiting", "Waiting"), ("ready", "Ready")],
                        default="waiting",
                    ),
                ),
                ("done", models.IntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("content", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "console_shopper_request",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="shopperrequest",
            index=models.Index(fields=["merchant_id", "shopper_id", "id"], name="requests_of_shopper"),
        ),
        wall("console_shopper_request"),
    ]
