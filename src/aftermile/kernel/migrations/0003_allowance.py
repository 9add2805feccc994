"""Allowances: nobody's table, without walls and without a model, because only `kernel.allowance` touches it."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_walls_and_queue")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE kernel_allowance (bucket bytea PRIMARY KEY, spent integer NOT NULL, ends_at timestamptz NOT NULL);"
            "CREATE INDEX allowances_by_end ON kernel_allowance (ends_at)",
            "DROP TABLE kernel_allowance",
        ),
    ]
