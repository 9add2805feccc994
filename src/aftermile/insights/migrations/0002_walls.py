from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("insights_delivery_week"),
        wall("insights_lateness_week"),
        wall("insights_estimate_week"),
    ]
