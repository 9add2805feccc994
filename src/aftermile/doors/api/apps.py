from __future__ import annotations

from django.apps import AppConfig


class ApiDoorConfig(AppConfig):
    name = "aftermile.doors.api"
    label = "api_door"
    verbose_name = "API"
