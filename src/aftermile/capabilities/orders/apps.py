from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "aftermile.capabilities.orders"
    label = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        import_module("aftermile.capabilities.orders.events")
        import_module("aftermile.capabilities.orders.reactions")
        import_module("aftermile.capabilities.orders.picture_reactions")
