from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("messaging_message"),
        wall("messaging_content", {"id": "messaging_message"}),
        wall("messaging_receipt", {"message_id": "messaging_message"}),
        wall("messaging_suppression"),
        wall("messaging_preference"),
        wall("messaging_push_subscription"),
        wall("messaging_sender"),
    ]
