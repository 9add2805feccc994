"""Addresses of the files that pages show: logos, product pictures, and the proof of a domain."""

from __future__ import annotations

from django.urls import path

from aftermile.doors.shopper import brand_files, pictures

urlpatterns = [
    path("b/<str:merchant>/<str:name>", brand_files.logo, name="brand-logo"),
    path("p/<str:merchant>/<str:name>", pictures.picture, name="product-picture"),
    path(".well-known/aftermile", brand_files.domain_proof, name="domain-proof"),
]
