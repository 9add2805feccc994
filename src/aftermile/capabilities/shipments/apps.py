from __future__ import annotations

from django.apps import AppConfig


class ShipmentsConfig(AppConfig):
    name = "aftermile.capabilities.shipments"
    label = "shipments"
    verbose_name = "Shipments"

    def ready(self) -> None:
        from aftermile.capabilities.shipments import events, reactions  # noqa: F401 - registers them
