from __future__ import annotations

from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_template_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="senderrow",
            name="receipts_digest",
            field=models.BinaryField(default=b"", max_length=32),
        ),
        migrations.AddField(
            model_name="senderrow",
            name="sealed_receipts",
            field=models.BinaryField(default=b""),
        ),
        migrations.CreateModel(
            name="ReceiptRecord",
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
                ("channel", models.TextField()),
                ("kind", models.TextField(default="")),
                ("repeat_key", models.TextField()),
                ("reference", models.TextField(default="")),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("status", models.TextField(default="pending")),
                ("reason", models.TextField(default="")),
                ("digested_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "messaging_receipt_record",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["merchant_id", "id"],
                        name="receipt_records_to_read",
                    ),
                    models.Index(
                        condition=models.Q(("status", "quarantined")),
                        fields=["merchant_id", "id"],
                        name="receipt_records_unreadable",
                    ),
                    models.Index(fields=["merchant_id", "received_at"], name="receipt_records_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "channel", "repeat_key"),
                        name="one_receipt_record_per_repeat_key",
                    )
                ],
            },
        ),
        wall("messaging_receipt_record"),
    ]
