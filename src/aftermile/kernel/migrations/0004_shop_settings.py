"""What a shop has chosen, when old rows last went, and when a key was last used."""

from __future__ import annotations

from django.db import migrations, models

import aftermile.kernel.ids
import aftermile.kernel.tenancy
from aftermile.kernel.walls import wall


def _keys() -> list[tuple[str, models.Field]]:
    return [
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
    ]


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_allowance")]

    operations = [
        migrations.AddField(model_name="apikey", name="last_used_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="ShopSetting",
            fields=[
                *_keys(),
                ("kind", models.TextField()),
                ("chosen", models.JSONField(default=dict)),
                ("before", models.JSONField(null=True)),
                ("changed_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={"db_table": "kernel_shop_setting", "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="shopsetting",
            constraint=models.UniqueConstraint(
                fields=["merchant_id", "kind"], name="one_shop_setting_per_kind"
            ),
        ),
        migrations.CreateModel(
            name="Pruning",
            fields=[
                *_keys(),
                ("kept", models.TextField()),
                ("ran_at", models.DateTimeField()),
                ("removed", models.BigIntegerField(default=0)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "kernel_pruning", "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="pruning",
            constraint=models.UniqueConstraint(fields=["merchant_id", "kept"], name="one_pruning_per_kind"),
        ),
        wall("kernel_shop_setting"),
        wall("kernel_pruning"),
    ]
