from __future__ import annotations

from django.urls import path

from aftermile.doors.widgets import views
from aftermile.doors.widgets.promise import views as promise

urlpatterns = [
    path("<str:merchant>/look-up.js", views.look_up_script, name="look-up-script"),
    path("<str:merchant>/demo/", views.demonstration, name="look-up-demo"),
    path("<str:merchant>/promise.js", promise.script, name="promise-script"),
    path("<str:merchant>/promise.json", promise.answer, name="promise-answer"),
    path("<str:merchant>/promise/", promise.page, name="promise-page"),
    path("<str:merchant>/promise/demo/", promise.demonstration, name="promise-demo"),
]
