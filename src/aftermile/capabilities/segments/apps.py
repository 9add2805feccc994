from __future__ import annotations

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "aftermile.capabilities.segments"
    label = "segments"
    verbose_name = "Segments"

    def ready(self) -> None:
        from aftermile.capabilities.segments import events, reactions  # noqa: F401 - registers them
