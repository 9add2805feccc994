"""The only places with HTML and JSON."""
