from __future__ import annotations

from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "aftermile.capabilities.team"
    label = "team"
    verbose_name = "Team"
