from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "aftermile.capabilities.journeys"
    label = "journeys"
    verbose_name = "Journeys"

    def ready(self) -> None:
        from aftermile.capabilities.journeys import events, reactions, tasks  # noqa: F401 - registers them
