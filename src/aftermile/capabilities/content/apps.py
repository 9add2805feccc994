from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "aftermile.capabilities.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        import_module("aftermile.capabilities.content.events")
        import_module("aftermile.capabilities.content.tasks")
