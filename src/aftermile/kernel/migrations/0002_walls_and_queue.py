"""Walls around the kernel's tables, and the queue's own tables."""

from __future__ import annotations

from django.db import migrations
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

from aftermile.kernel.walls import wall, wall_of_merchants


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        wall_of_merchants("kernel_merchant"),
        wall("kernel_api_key"),
        wall("kernel_event_clock"),
        wall("kernel_event"),
        wall("kernel_reaction_run"),
        wall("kernel_idempotency"),
        migrations.RunSQL(
            QueryBuilderEnvironment().build_install_query(),
            QueryBuilderEnvironment().build_uninstall_query(),
        ),
    ]
