from __future__ import annotations

from django.urls import path

from aftermile.doors.shopper import assets, views

urlpatterns = [
    path("assets/<str:name>", assets.serve, name="shopper-asset"),
    path("<str:token>", views.tracking, name="tracking-page"),
]
