"""Every address of a shop's own domain: its pages for shoppers, at the root the look-up, and nothing else."""

from __future__ import annotations

from django.urls import include, path

from aftermile.doors.assets import serve
from aftermile.doors.shopper.find import find
from aftermile.doors.shopper.help import shelf as help_page

urlpatterns = [
    path("", find, name="find-at-root"),
    path("t/", include("aftermile.doors.shopper.urls")),
    path("find/", include("aftermile.doors.shopper.find_urls")),
    path("help/", help_page, name="help-at-root"),
    path("help/", include("aftermile.doors.shopper.help_urls")),
    path("", include("aftermile.doors.shopper.file_urls")),
    path("", include("aftermile.doors.shopper.message_urls")),
    path("w/", include("aftermile.doors.widgets.urls")),
    path("assets/<str:name>", serve, name="asset"),
]

handler404 = "aftermile.doors.shopper.answers.no_such_page"
handler500 = "aftermile.doors.shopper.answers.failed"
