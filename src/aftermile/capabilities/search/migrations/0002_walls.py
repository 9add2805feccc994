from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("search_order"),
        wall("search_parcel"),
        wall("search_view"),
        wall("search_export"),
        wall("search_export_part", {"export_id": "search_export"}),
    ]
