from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class WebhooksConfig(AppConfig):
    name = "aftermile.doors.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        # Events of rooms that come later in the list count too.
        for room in apps.get_app_configs():
            if room.module is not None and module_has_submodule(room.module, "events"):
                import_module(f"{room.name}.events")
        import_module("aftermile.doors.webhooks.tasks")
        import_module("aftermile.doors.webhooks.reactions").listen()
