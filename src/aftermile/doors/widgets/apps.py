from __future__ import annotations

from django.apps import AppConfig


class WidgetsConfig(AppConfig):
    name = "aftermile.doors.widgets"
    label = "widgets"
    verbose_name = "Widgets"
