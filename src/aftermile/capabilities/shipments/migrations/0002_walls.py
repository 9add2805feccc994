from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("shipments", "0001_initial"),
        ("orders", "0001_initial"),
        ("kernel", "0002_walls_and_queue"),
    ]

    operations = [
        wall("shipments_shipment", {"order_id": "orders_order"}, on_delete="RESTRICT"),
        wall("shipments_parcel"),
        wall(
            "shipments_shipment_parcel",
            {"shipment_id": "shipments_shipment", "parcel_id": "shipments_parcel"},
        ),
        wall("shipments_tracking_event", {"parcel_id": "shipments_parcel"}),
    ]
