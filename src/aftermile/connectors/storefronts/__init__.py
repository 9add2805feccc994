"""Readers of storefront payloads, one folder each, found by `aftermile.connectors.registry`."""
