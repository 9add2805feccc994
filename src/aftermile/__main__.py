"""`python -m aftermile`: the command, where its script is not on the path."""

from __future__ import annotations

from aftermile.project.cli import main

main()
