from __future__ import annotations

from django.urls import path

from aftermile.doors.webhooks import inbound

urlpatterns = [path("<str:address>", inbound.receive, name="inbound")]
