"""Walls around the team's tables; who may look over them, and what may never be rewritten."""

from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall

# A signed-in person sees their own places in every shop (`kernel.tenancy.person_scope`), to read only.
OWN_PLACES = """
CREATE POLICY own_places ON team_membership FOR SELECT
USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE INDEX team_places_of_a_person ON team_membership (user_id, merchant_id, role);
"""

APPEND_ONLY = """
CREATE FUNCTION team_audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('app.pruning_audit', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is never rewritten';
END
$$;
CREATE TRIGGER team_audit_entry_is_final BEFORE UPDATE OR DELETE ON team_audit_entry
FOR EACH ROW EXECUTE FUNCTION team_audit_entry_is_final();
"""

# What allauth counts and remembers (used codes, attempts) for all processes: Django's cache as a table.
CACHE = """
CREATE TABLE django_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("team", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("team_membership"),
        wall("team_invitation"),
        wall("team_audit_entry"),
        migrations.RunSQL(OWN_PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "DROP TABLE django_cache"),
    ]
