"""Addresses of the console. A module of pages lists its own in `urls`, relative to `/console/mer_.../`."""

from __future__ import annotations

from django.urls import include, path

from aftermile.doors.console import shops
from aftermile.doors.console.accounts import invitation, me
from aftermile.doors.console.pages import (
    audit,
    boxes,
    brand,
    calendars,
    connections,
    content,
    estimates,
    home,
    imports,
    incidents,
    journeys,
    journeys_editor,
    journeys_play,
    journeys_runs,
    keys,
    labels,
    lists,
    message_settings,
    messages,
    order,
    packing,
    privacy,
    receipts,
    records,
    retention,
    scorecards,
    segments,
    senders,
    settings,
    shipping,
    sizes,
    team,
    template_list,
    template_versions,
    templates,
    thresholds,
    webhooks,
)

#: Every module of a shop's pages.
PAGES = (
    audit,
    sizes,  # before `boxes`, whose addresses take any key
    boxes,
    brand,
    calendars,
    connections,
    content,
    estimates,
    home,
    imports,
    incidents,
    journeys_editor,  # before `journeys`, whose addresses take any key
    journeys_play,
    journeys_runs,
    journeys,
    keys,
    labels,
    lists,
    message_settings,
    messages,
    order,
    packing,
    privacy,
    receipts,
    records,
    retention,
    scorecards,
    segments,
    senders,
    settings,
    shipping,
    team,
    template_list,
    template_versions,
    templates,
    thresholds,
    webhooks,
)

urlpatterns = [
    path("", shops.enter, name="console"),
    path("shops/", shops.choose, name="console-shops"),
    path("invitation/<str:token>/", invitation.invitation, name="console-invitation"),
    path("account/", me.me, name="console-me"),
    path("account/", include("aftermile.doors.console.accounts.urls")),
    *(path("<str:merchant>/", include(module.urls)) for module in PAGES),
]
