"""Readers of tracking aggregators, one folder each, found by `aftermile.connectors.registry`."""
