from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Preference",
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
                ("media", models.JSONField(default=list)),
                ("language", models.TextField(default="")),
                ("time_zone", models.TextField(default="")),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_preference",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Content",
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
                ("packed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_content",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant_id", "created_at"], name="contents_by_age")],
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
                ("shopper_id", models.UUIDField()),
                ("touchpoint", models.TextField()),
                ("purpose", models.TextField()),
                ("mood", models.TextField()),
                ("medium", models.TextField(default="")),
                ("wanted_medium", models.TextField(default="")),
                ("order_id", models.UUIDField(null=True)),
                ("parcel_id", models.UUIDField(null=True)),
                ("about", models.JSONField(default=dict)),
                ("values", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("cause", models.JSONField(default=dict)),
                ("once_key", models.TextField()),
                ("requested_by", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("status", models.TextField(default="planned")),
                ("withheld_for", models.TextField(default="")),
                ("checks", models.JSONField(default=list)),
                ("checked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("counts_at", models.DateTimeField()),
                ("lease", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("channel", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("external_id", models.TextField(default="")),
                ("taken_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(default="")),
                ("detail", models.TextField(default="")),
                ("fate", models.TextField(default="")),
                ("fates", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "messaging_message",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "planned")),
                        fields=["merchant_id", "due_at", "id"],
                        name="planned_messages",
                    ),
                    models.Index(
                        condition=models.Q(("status", "sending")),
                        fields=["merchant_id", "leased_until", "id"],
                        name="messages_being_sent",
                    ),
                    models.Index(
                        fields=["merchant_id", "shopper_id", "counts_at"], name="messages_of_shopper"
                    ),
                    models.Index(
                        condition=models.Q(("order_id__isnull", False)),
                        fields=["merchant_id", "order_id"],
                        name="messages_of_order",
                    ),
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["merchant_id", "external_id"],
                        name="messages_by_external_id",
                    ),
                    models.Index(fields=["merchant_id", "created_at"], name="own_messages_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "once_key"), name="one_message_per_once_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
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
                ("shopper_id", models.UUIDField()),
                ("endpoint", models.TextField()),
                ("digest", models.TextField()),
                ("p256dh", models.TextField()),
                ("auth", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_push_subscription",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "shopper_id", "id"], name="browsers_of_shopper")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "digest"), name="one_subscription_per_browser"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptRow",
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
                ("message_id", models.UUIDField(null=True)),
                ("source", models.TextField()),
                ("identity", models.TextField()),
                ("external_id", models.TextField(default="")),
                ("fate", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("code", models.TextField(default="")),
                ("detail", models.TextField(default="")),
                ("address_is_dead", models.BooleanField(default=False)),
                ("text", models.TextField(default="")),
                ("heard_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_receipt",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant_id", "message_id", "id"], name="receipts_of_message"),
                    models.Index(
                        condition=models.Q(("message_id", None)),
                        fields=["merchant_id", "external_id"],
                        name="receipts_of_nobody_yet",
                    ),
                    models.Index(fields=["merchant_id", "heard_at"], name="receipts_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "source", "identity"), name="one_receipt_per_fact"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SenderRow",
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
                ("medium", models.TextField()),
                ("channel", models.TextField()),
                ("address", models.TextField(default="")),
                ("name", models.TextField(default="")),
                ("reply_to", models.TextField(default="")),
                ("settings", models.JSONField(default=dict)),
                ("sealed_secrets", models.BinaryField()),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_sender",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id", "medium"), name="one_sender_per_medium")
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
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
                ("medium", models.TextField()),
                ("digest", models.TextField()),
                ("reason", models.TextField()),
                ("scope", models.TextField()),
                ("message_id", models.UUIDField(null=True)),
                ("detail", models.TextField(default="")),
                ("by", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messaging_suppression",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "medium", "digest", "reason"),
                        name="one_suppression_per_address_and_reason",
                    )
                ],
            },
        ),
    ]
