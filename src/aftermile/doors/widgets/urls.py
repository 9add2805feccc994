from __future__ import annotations

from django.urls import path

from aftermile.doors.widgets import views

urlpatterns = [
    path("<str:merchant>/look-up.js", views.look_up_script, name="look-up-script"),
    path("<str:merchant>/demo/", views.demonstration, name="look-up-demo"),
]
