"""Shipments, their parcels, and what carriers say of them."""
