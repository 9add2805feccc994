from __future__ import annotations

from django.apps import AppConfig


class ExceptionsConfig(AppConfig):
    name = "aftermile.capabilities.exceptions"
    label = "exceptions"
    verbose_name = "Exceptions"

    def ready(self) -> None:
        from aftermile.capabilities.exceptions import events, reactions, tasks  # noqa: F401 - registers them
