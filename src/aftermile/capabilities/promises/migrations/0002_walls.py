from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall

_NEVER_CHANGED = """
CREATE FUNCTION promises_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision of an estimate is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER promises_revision_stays BEFORE UPDATE ON promises_revision
    FOR EACH ROW EXECUTE FUNCTION promises_revision_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0001_initial"),
        ("shipments", "0002_walls"),
        ("orders", "0001_initial"),
        ("kernel", "0002_walls_and_queue"),
    ]

    operations = [
        wall("promises_estimate", {"parcel_id": "shipments_parcel", "order_id": "orders_order"}),
        wall("promises_revision"),
        wall("promises_model"),
        wall("promises_renewal"),
        migrations.RunSQL(
            _NEVER_CHANGED,
            "DROP TRIGGER promises_revision_stays ON promises_revision; DROP FUNCTION promises_revision_stays()",
        ),
    ]
