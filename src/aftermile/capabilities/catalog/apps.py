from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "aftermile.capabilities.catalog"
    label = "catalog"
    verbose_name = "Catalog"

    def ready(self) -> None:
        import_module("aftermile.capabilities.catalog.events")
        import_module("aftermile.capabilities.catalog.reactions")
        import_module("aftermile.capabilities.catalog.tasks")
