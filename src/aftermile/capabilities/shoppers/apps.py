from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ShoppersConfig(AppConfig):
    name = "aftermile.capabilities.shoppers"
    label = "shoppers"
    verbose_name = "Shoppers"

    def ready(self) -> None:
        import_module("aftermile.capabilities.shoppers.events")
