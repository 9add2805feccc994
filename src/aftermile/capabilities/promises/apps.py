from __future__ import annotations

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "aftermile.capabilities.promises"
    label = "promises"
    verbose_name = "Promises"

    def ready(self) -> None:
        from aftermile.capabilities.promises import events, reactions, tasks  # noqa: F401 - registers them
