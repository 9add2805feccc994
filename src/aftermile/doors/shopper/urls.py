from __future__ import annotations

from django.urls import path

from aftermile.doors.shopper import views

urlpatterns = [
    path("<str:token>", views.tracking, name="tracking-page"),
    path("<str:token>/calendar.ics", views.calendar, name="tracking-calendar"),
]
