"""Every address of the house; each door brings its own."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from aftermile.doors.assets import serve
from aftermile.doors.shopper.start import start
from aftermile.doors.webhooks.receipts import receive_receipts
from aftermile.project import health

urlpatterns = [
    path("", start, name="start"),
    # Early: programs ask far more often than people.
    path("", include("aftermile.doors.api.urls")),
    path("in/", include("aftermile.doors.webhooks.urls")),
    path("receipts/<str:address>", receive_receipts, name="receipts"),
    path("t/", include("aftermile.doors.shopper.urls")),
    path("find/", include("aftermile.doors.shopper.find_urls")),
    path("help/", include("aftermile.doors.shopper.help_urls")),
    path("", include("aftermile.doors.shopper.file_urls")),
    path("", include("aftermile.doors.shopper.message_urls")),
    path("w/", include("aftermile.doors.widgets.urls")),
    path("console/", include("aftermile.doors.console.urls")),
    path("assets/<str:name>", serve, name="asset"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
if settings.CONFIG.demo:
    # First: it has an address under the console's, where sessions are.
    urlpatterns.insert(0, path("", include("aftermile.project.demo.urls")))

# For people; the API and the gate answer for themselves.
handler404 = "aftermile.project.answers.no_such_page"
handler500 = "aftermile.project.answers.failed"
