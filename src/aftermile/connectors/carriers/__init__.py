"""Readers of carrier payloads, one folder each, found by `aftermile.connectors.registry`."""
