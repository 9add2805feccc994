from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_templates")]

    operations = [
        wall("messaging_own_touchpoint"),
        wall("messaging_template"),
        wall("messaging_template_version", {"template_id": "messaging_template"}),
        wall("messaging_trial"),
    ]
