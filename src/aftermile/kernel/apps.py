from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "aftermile.kernel"
    label = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        import_module("aftermile.kernel.moments").read_moments_quickly()
        import_module("aftermile.kernel.allowance")  # so that its housekeeping is known
