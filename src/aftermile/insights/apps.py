from __future__ import annotations

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "aftermile.insights"
    label = "insights"
    verbose_name = "Insights"

    def ready(self) -> None:
        from aftermile.insights import reactions  # noqa: F401 - registers them
