from __future__ import annotations

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "aftermile.kernel"
    label = "kernel"
    verbose_name = "Kernel"
