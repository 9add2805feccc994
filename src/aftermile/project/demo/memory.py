"""What the demonstration remembers between two starts, in one file of the data folder.

The doors read it too: the opening page shows what stands in it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from aftermile.doors.shopper.demonstration import DEMO_FILE

#: Raised when the world changes so much that a shop made before cannot go on in it.
VERSION = 2


@dataclass(slots=True)
class Memory:
    """The shop made for the demonstration, and how far its time has been told.

    `tales` are the cast, each with title, about, path, order (its id) and picture. `staff` are the people of its
    console, each with role, name, email and about. `days_told` counts up to `days` while the history is told.
    """

    merchant_id: str
    shop: str
    api_key: str
    addresses: dict[str, str]  # by sender
    secrets: dict[str, str]  # by sender
    connections: dict[str, str]  # by sender
    seed: int
    start: str
    told_until: str = ""
    days: int = 0
    days_told: int = 0
    is_settled: bool = False  # the history is told, and time runs
    tales: list[dict[str, str]] = field(default_factory=list)
    staff: list[dict[str, str]] = field(default_factory=list)
    sign_in_password: str = ""
    version: int = VERSION

    @property
    def merchant(self) -> UUID:
        return UUID(self.merchant_id)

    @property
    def started_at(self) -> datetime:
        return datetime.fromisoformat(self.start)

    @property
    def known_until(self) -> datetime | None:
        return datetime.fromisoformat(self.told_until) if self.told_until else None

    def save(self, data_dir: Path) -> None:
        """Write the file, readable by this user alone: the API key is in it."""
        file = data_dir / DEMO_FILE
        unfinished = file.with_suffix(".unfinished")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(asdict(self), out, indent=1)
        unfinished.replace(file)


def recall(data_dir: Path) -> Memory | None:
    """Read what was saved; None before the first start, and for what another version wrote."""
    try:
        found = json.loads((data_dir / DEMO_FILE).read_text())
    except FileNotFoundError:
        return None
    return Memory(**found) if found.get("version") == VERSION else None
