from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "aftermile.intake"
    label = "intake"
    verbose_name = "Intake"

    def ready(self) -> None:
        from aftermile.intake import tasks  # noqa: F401 - registers the jobs
