from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_walls")]

    operations = [
        migrations.RemoveConstraint(model_name="unknownseen", name="one_row_per_unknown_word"),
        migrations.AlterField(
            model_name="unknownseen",
            name="connection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="intake.connection",
            ),
        ),
        migrations.AddConstraint(
            model_name="unknownseen",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "connection", "what", "word"),
                name="one_row_per_unknown_word",
                nulls_distinct=False,
            ),
        ),
    ]
