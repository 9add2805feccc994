"""The addresses that stand in every message, with paths from `capabilities.messaging`; and what their pages need."""

from __future__ import annotations

from django.urls import path

from aftermile.capabilities.messaging.public import PREFERENCES_PATH, UNSUBSCRIBE_PATH, WHY_PATH
from aftermile.doors.shopper.device import device, worker
from aftermile.doors.shopper.preferences import preferences
from aftermile.doors.shopper.unsubscribe import unsubscribe
from aftermile.doors.shopper.why import why

urlpatterns = [
    path(f"{UNSUBSCRIBE_PATH[1:]}<str:link>", unsubscribe, name="unsubscribe"),
    path(f"{PREFERENCES_PATH[1:]}<str:link>", preferences, name="preferences"),
    path(f"{PREFERENCES_PATH[1:]}<str:link>/device", device, name="device"),
    path("device/<str:merchant>/worker.js", worker, name="device-worker"),
    path(f"{WHY_PATH[1:]}<str:link>", why, name="why"),
]
