"""How a job comes into the queue: a function of the database, so that a statement can do it on a condition."""

from __future__ import annotations

from django.db import migrations

# PgQueuer's own statement as of 1.6, for one job. Its trigger tells every worker of each INSERT, also of one that
# finds its key taken: what is queued already is therefore looked for before.
CREATE = """
CREATE FUNCTION kernel_queue_job(job text, content bytea, wait interval, only_one text) RETURNS void AS $$
BEGIN
    IF only_one IS NOT NULL AND EXISTS (
        SELECT FROM pgqueuer WHERE dedupe_key = only_one AND status IN ('queued', 'picked')
    ) THEN
        RETURN;
    END IF;
    WITH queued AS (
        INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
        VALUES (0, job, content, now() + wait, only_one, 'null', 'queued')
        ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
        RETURNING id
    )
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', job, 0 FROM queued;
END
$$ LANGUAGE plpgsql
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_reaction_cursor")]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION kernel_queue_job(text, bytea, interval, text)"),
    ]
