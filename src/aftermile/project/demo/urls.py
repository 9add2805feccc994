"""Addresses that exist in a demonstration only."""

from __future__ import annotations

from django.urls import path

from aftermile.project.demo import views

urlpatterns = [
    path("demo/pictures/<slug:name>.svg", views.show_picture, name="demo-picture"),
    path("demo/time", views.move_time, name="demo-time"),
    # Under the console's address: sessions are its alone.
    path("console/demo/sign-in", views.sign_in, name="demo-sign-in"),
]
