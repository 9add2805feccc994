"""What the demonstration remembers between two starts, in one file of the data folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from aftermile.doors.shopper.start import DEMO_FILE


@dataclass(slots=True)
class Memory:
    """The shop made for the demonstration, and how far its time has been told."""

    merchant_id: str
    shop: str
    api_key: str
    addresses: dict[str, str]  # by sender
    secrets: dict[str, str]  # by sender
    connections: dict[str, str]  # by sender
    seed: int
    start: str
    told_until: str = ""
    tales: list[dict[str, str]] = field(default_factory=list)

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
    """Read what was saved; None before the first start."""
    try:
        return Memory(**json.loads((data_dir / DEMO_FILE).read_text()))
    except FileNotFoundError:
        return None
