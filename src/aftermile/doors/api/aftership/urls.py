"""Addresses of AfterShip's tracking API 2026-07."""

from __future__ import annotations

from django.urls import path, re_path

from aftermile.doors.api.aftership.call import address, no_such_address
from aftermile.doors.api.aftership.couriers import detect_couriers, list_couriers
from aftermile.doors.api.aftership.estimates import predict, predict_batch
from aftermile.doors.api.aftership.trackings import (
    create_tracking,
    delete_tracking,
    list_trackings,
    mark_as_completed,
    read_tracking,
    retrack,
    update_tracking,
)

urlpatterns = [
    path("trackings", address(list_trackings, create_tracking)),
    path("trackings/<tracking_id>", address(read_tracking, update_tracking, delete_tracking)),
    path("trackings/<tracking_id>/retrack", address(retrack)),
    path("trackings/<tracking_id>/mark-as-completed", address(mark_as_completed)),
    path("couriers", address(list_couriers)),
    path("couriers/detect", address(detect_couriers)),
    path("estimated-delivery-date/predict", address(predict)),
    path("estimated-delivery-date/predict-batch", address(predict_batch)),
    re_path("", no_such_address),
]
