"""Failed messages put back in line in the background."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Resending",
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
                ("total", models.IntegerField()),
                ("put_back", models.IntegerField(default=0)),
                ("behind", models.UUIDField(null=True)),
                ("until", models.UUIDField()),
                ("by", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(default="")),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="webhooks.endpoint",
                    ),
                ),
            ],
            options={"db_table": "webhooks_resending", "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="resending",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("merchant_id", "endpoint"),
                name="one_resending_per_endpoint",
            ),
        ),
        migrations.AddIndex(
            model_name="resending",
            index=models.Index(fields=["merchant_id", "endpoint", "id"], name="resendings_of_endpoint"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", "failed")),
                fields=["merchant_id", "endpoint", "id"],
                name="failed_messages_of_endpoint",
            ),
        ),
        wall("webhooks_resending", {"endpoint_id": "webhooks_endpoint"}),
    ]
