from __future__ import annotations

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "aftermile.capabilities.shipping"
    label = "shipping"
    verbose_name = "Shipping"
