from __future__ import annotations

from django.db import migrations

# Asked of every change of an order, so it is asked by the trigger's condition, which costs nothing where nothing differs.
_STAYS = """
CREATE FUNCTION orders_promise_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was promised of an order is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER orders_promise_stays BEFORE UPDATE ON orders_order FOR EACH ROW
    WHEN (OLD.promised_set_at IS NOT NULL
        AND (OLD.promised_earliest_date, OLD.promised_latest_date, OLD.promised_set_at)
            IS DISTINCT FROM (NEW.promised_earliest_date, NEW.promised_latest_date, NEW.promised_set_at))
    EXECUTE FUNCTION orders_promise_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_labels")]

    operations = [
        migrations.RunSQL(
            _STAYS, "DROP TRIGGER orders_promise_stays ON orders_order; DROP FUNCTION orders_promise_stays()"
        )
    ]
