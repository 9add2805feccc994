from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "aftermile.capabilities.brands"
    label = "brands"
    verbose_name = "Brands"

    def ready(self) -> None:
        import_module("aftermile.capabilities.brands.events")
        import_module("aftermile.capabilities.brands.tasks")
