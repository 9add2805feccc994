"""What a demonstration writes down for the pages that show it: one file of the data folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: {"shop", "api_key", "days", "days_told", "is_settled",
#: "tales": [{"title", "about", "path", "order", "name", "email", "country", "picture"}],
#: "staff": [{"role", "name", "email", "about"}]}, and what only the demonstration itself needs.
DEMO_FILE = "demo.json"


def told(data_dir: Path) -> Mapping[str, Any]:
    """Read what the demonstration has written so far; nothing while it is still being set up."""
    try:
        read = json.loads((data_dir / DEMO_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
