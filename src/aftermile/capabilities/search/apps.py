from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "aftermile.capabilities.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from aftermile.capabilities.search import reactions, tasks  # noqa: F401 - registers them
