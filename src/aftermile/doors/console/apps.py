from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "aftermile.doors.console"
    label = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from aftermile.doors.console import tasks  # noqa: F401 - registers them
        from aftermile.doors.console.accounts import signals  # noqa: F401 - listens
