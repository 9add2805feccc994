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
            name="Shopper",
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
                ("name", models.TextField(blank=True, default="")),
                ("email", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("language", models.TextField(blank=True, default="")),
                ("country", models.TextField(blank=True, default="")),
                ("tags", models.JSONField(default=list)),
                ("attributes", models.JSONField(default=dict)),
                ("version", models.TextField(blank=True, default="")),
                ("older", models.JSONField(default=dict)),
                ("merged_into_id", models.UUIDField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "shoppers_shopper",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("merged_into_id__isnull", False)),
                        fields=["merchant_id", "merged_into_id"],
                        name="merged_shoppers",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
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
                (
                    "shopper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="shoppers.shopper",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "identities",
                "db_table": "shoppers_identity",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant_id", "shopper"], name="identities_of_shopper")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "source", "external_id"), name="one_shopper_per_source_and_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedContact",
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
                ("digest", models.TextField()),
                ("erased_at", models.DateTimeField()),
                (
                    "shopper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="shoppers.shopper",
                    ),
                ),
            ],
            options={
                "db_table": "shoppers_erased_contact",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id", "digest"), name="one_erasure_per_contact")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                ("kind", models.TextField(choices=[("email", "Email"), ("phone", "Phone")])),
                ("value", models.TextField()),
                ("as_given", models.TextField()),
                ("identifies", models.BooleanField()),
                (
                    "shopper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="shoppers.shopper",
                    ),
                ),
            ],
            options={
                "db_table": "shoppers_contact_point",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("identifies", False)),
                        fields=["merchant_id", "kind", "value"],
                        name="shared_contact_points",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant_id", "shopper", "kind", "value"),
                        name="a_contact_point_once_per_shopper",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("identifies", True)),
                        fields=("merchant_id", "kind", "value"),
                        name="a_contact_point_identifies_one_shopper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("purpose", models.TextField()),
                ("granted", models.BooleanField()),
                ("source", models.TextField()),
                ("recorded_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField()),
                ("proof", models.TextField(blank=True, default="")),
                (
                    "shopper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="shoppers.shopper",
                    ),
                ),
            ],
            options={
                "db_table": "shoppers_consent",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "merchant_id",
                            "shopper",
                            "channel",
                            "purpose",
                            "source",
                            "granted",
                            "recorded_at",
                        ),
                        name="a_consent_once_per_moment",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        wall("shoppers_shopper", {"merged_into_id": "shoppers_shopper"}, on_delete="NO ACTION"),
        wall("shoppers_identity", {"shopper_id": "shoppers_shopper"}),
        wall("shoppers_contact_point", {"shopper_id": "shoppers_shopper"}),
        wall("shoppers_consent", {"shopper_id": "shoppers_shopper"}),
        wall("shoppers_erased_contact", {"shopper_id": "shoppers_shopper"}),
    ]
