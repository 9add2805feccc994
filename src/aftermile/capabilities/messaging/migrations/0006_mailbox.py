from __future__ import annotations

from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_receipt_records")]

    operations = [
        migrations.CreateModel(
            name="MailboxRow",
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
                ("next_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("came", models.IntegerField(default=0)),
                ("came_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(default="")),
                ("failures", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "messaging_mailbox",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id",), name="one_mailbox_per_merchant")
                ],
            },
        ),
        wall("messaging_mailbox"),
    ]
