from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("webhooks_endpoint"),
        wall("webhooks_message", {"endpoint_id": "webhooks_endpoint"}),
        wall("webhooks_attempt", {"message_id": "webhooks_message"}),
    ]
