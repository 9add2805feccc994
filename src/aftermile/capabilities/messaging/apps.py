from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "aftermile.capabilities.messaging"
    label = "messaging"
    verbose_name = "Messaging"

    def ready(self) -> None:
        from aftermile.capabilities.messaging import events, reactions, tasks  # noqa: F401 - registers them
