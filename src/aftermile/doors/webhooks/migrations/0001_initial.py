import django.db.models.deletion
from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Endpoint",
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
                ("url", models.TextField()),
                ("description", models.TextField(default="")),
                ("format", models.TextField(default="standard")),
                ("event_types", models.JSONField(default=list)),
                ("sealed_secrets", models.BinaryField()),
                ("previous_signs_until", models.DateTimeField(null=True)),
                ("sealed_headers", models.BinaryField()),
                (
                    "status",
                    models.TextField(default="active"),
                ),
                ("disabled_reason", models.TextField(default="")),
                ("disabled_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("failures", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_attempt_at", models.DateTimeField(null=True)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("resting_until", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("wake_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "webhooks_endpoint",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                ("event_id", models.UUIDField()),
                ("type", models.TextField()),
                ("body", models.TextField()),
                (
                    "status",
                    models.TextField(default="pending"),
                ),
                ("tries", models.IntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
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
            options={
                "db_table": "webhooks_message",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("begun_at", models.DateTimeField()),
                ("duration_ms", models.IntegerField()),
                ("status_code", models.IntegerField(null=True)),
                ("error", models.TextField(default="")),
                ("detail", models.TextField(default="")),
                ("response_excerpt", models.TextField(default="")),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="webhooks.message",
                    ),
                ),
            ],
            options={
                "db_table": "webhooks_attempt",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["merchant_id", "endpoint", "next_attempt_at", "id"],
                name="messages_due",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["merchant_id", "endpoint", "id"], name="messages_of_endpoint"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["merchant_id", "created_at"], name="messages_by_age"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "endpoint", "event_id"), name="one_message_per_endpoint_and_event"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["merchant_id", "message", "id"], name="attempts_of_message"),
        ),
    ]
