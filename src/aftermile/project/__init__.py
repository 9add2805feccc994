"""Wiring: settings, addresses, worker, the command line, the demo shop."""
