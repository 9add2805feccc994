from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("segments", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [wall("segments_profile"), wall("segments_segment")]
