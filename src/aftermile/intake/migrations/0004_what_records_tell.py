from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_unknown_words_of_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mention",
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
                ("key", models.BigIntegerField()),
                ("record_id", models.UUIDField()),
            ],
            options={
                "db_table": "intake_mention",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReplayRun",
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
                ("wanted", models.JSONField(default=dict)),
                ("total", models.BigIntegerField()),
                ("read", models.BigIntegerField(default=0)),
                ("quarantined", models.BigIntegerField(default=0)),
                ("at_hand", models.JSONField(default=list)),
                ("behind", models.UUIDField(null=True)),
                ("until", models.UUIDField(null=True)),
                ("by", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "intake_replay",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Tally",
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
                ("day", models.DateField()),
                ("slot", models.SmallIntegerField()),
                ("kept", models.BigIntegerField(default=0)),
                ("quarantined", models.BigIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_tally",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="connection",
            name="history",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="connection",
            name="registration",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddIndex(
            model_name="inboundrecord",
            index=models.Index(fields=["merchant_id", "connection", "id"], name="records_of_connection"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "key", "record_id"), name="one_mention_per_key_and_record"
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="connection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="intake.connection",
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "connection", "day", "slot"), name="one_tally_per_slot"
            ),
        ),
        wall("intake_mention"),
        wall("intake_tally", {"connection_id": "intake_connection"}),
        wall("intake_replay"),
    ]
