from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("packing", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [wall("packing_box"), wall("packing_item_size"), wall("packing_order")]
