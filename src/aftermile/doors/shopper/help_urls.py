"""Addresses of the help page."""

from __future__ import annotations

from django.urls import path

from aftermile.doors.shopper import help as help_pages

urlpatterns = [
    path("<str:merchant>/", help_pages.shelf, name="help"),
    path("<str:merchant>/<slug:slug>", help_pages.article, name="help-article"),
]
