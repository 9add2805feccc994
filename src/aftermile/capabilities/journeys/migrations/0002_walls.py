from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("journeys_journey"),
        wall("journeys_version", {"journey_id": "journeys_journey"}),
        wall("journeys_run", {"journey_id": "journeys_journey"}),
        wall("journeys_passage", {"run_id": "journeys_run"}),
        wall("journeys_task", {"run_id": "journeys_run"}),
    ]
