from __future__ import annotations

from django.apps import AppConfig


class PackingConfig(AppConfig):
    name = "aftermile.capabilities.packing"
    label = "packing"
    verbose_name = "Packing"

    def ready(self) -> None:
        from aftermile.capabilities.packing import events  # noqa: F401 - registers them
