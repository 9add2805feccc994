from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("intake_connection"),
        wall("intake_record", {"connection_id": "intake_connection"}),
        wall("intake_unknown", {"connection_id": "intake_connection"}),
        wall("intake_problem", {"connection_id": "intake_connection"}),
        wall("intake_refusal", {"connection_id": "intake_connection"}),
        wall("intake_polled_parcel", {"connection_id": "intake_connection"}),
        wall("intake_import"),
        wall("intake_import_file", {"run_id": "intake_import"}),
        wall("intake_import_problem", {"run_id": "intake_import"}),
    ]
