"""The settings: which there are."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.navigation import sections
from aftermile.doors.console.page import Page
from aftermile.doors.console.staff_only import console_page


@console_page(Permission.ORDERS_READ)
def settings(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List what this person may set."""
    return Page(
        template="console/settings/index.html",
        title="Settings",
        place="settings",
        values={"sections": [(section.label, section.about, url) for section, url in sections(desk)]},
    )


urls = [path("settings/", settings, name="console-settings")]
