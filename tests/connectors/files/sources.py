"""Files written on the spot for these tests."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO

from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.mapping import ColumnMapping, suggest
from aftermile.connectors.files.reading import SourceFile, read_files
from aftermile.connectors.files.table import Limits, Table, open_table

EUROS = Conventions(currency="EUR", country="DE", time_zone="Europe/Berlin")


def opener(content: str | bytes) -> Callable[[], BinaryIO]:
    body = content.encode() if isinstance(content, str) else content
    return lambda: io.BytesIO(body)


def table(content: str | bytes, *, limits: Limits | None = None) -> Table:
    return open_table("shop.csv", opener(content), limits)


def source(content: str, name: str = "shop.csv", **mapping: Any) -> SourceFile:
    """A file with the mapping that is guessed for it, or its kind, constants and columns as given."""
    headers = open_table(name, opener(content)).headers
    guess = suggest(headers, mapping.pop("kind", None))
    assert guess is not None, f"no kind is guessed for {headers}"
    whole = {"kind": guess.kind, "columns": guess.columns, **mapping}
    return SourceFile(name=name, mapping=ColumnMapping(**whole), open=opener(content))


def facts(
    *files: SourceFile | str, conventions: Conventions = EUROS, unknown: Counter[UnknownWord] | None = None
) -> list[Any]:
    given = [source(file) if isinstance(file, str) else file for file in files]
    return list(read_files(given, conventions=conventions, unknown=unknown))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]
