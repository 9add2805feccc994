from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("exceptions", "0001_initial"),
        ("shipments", "0002_walls"),
        ("orders", "0001_initial"),
        ("kernel", "0002_walls_and_queue"),
    ]

    operations = [
        wall("exceptions_exception", {"parcel_id": "shipments_parcel", "order_id": "orders_order"}),
        wall("exceptions_step", {"exception_id": "exceptions_exception"}),
        wall("exceptions_watch"),
    ]
