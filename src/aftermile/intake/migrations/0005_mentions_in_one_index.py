from __future__ import annotations

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    """A mention's id begins with its key from here on; those of before are made anew when a record is read again."""

    dependencies = [("intake", "0004_what_records_tell")]

    operations = [
        migrations.RunSQL("TRUNCATE intake_mention", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="mention", name="one_mention_per_key_and_record"),
        migrations.RemoveField(model_name="mention", name="key"),
        migrations.AddIndex(
            model_name="mention",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["merchant_id", "record_id"], name="mentions_by_age"
            ),
        ),
    ]
