"""The outbox: keeps every message and sends none. What is in it is read in the console."""

from __future__ import annotations

from aftermile.connectors.contracts.channels import Channel, Medium

channel = Channel(slug="outbox", name="Outbox", media=tuple(Medium), keeps=True)
