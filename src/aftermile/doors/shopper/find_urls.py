"""Addresses of the look-up."""

from __future__ import annotations

from django.urls import path

from aftermile.doors.shopper.find import find

urlpatterns = [path("<str:merchant>/", find, name="find")]
