from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TeamConfig(AppConfig):
    name = "aftermile.capabilities.team"
    label = "team"
    verbose_name = "Team"

    def ready(self) -> None:
        from aftermile.capabilities.team import tasks  # noqa: F401 - registers them

        # Roles are a table of ours (states.py); Django's own permissions would be rows that nobody reads.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
